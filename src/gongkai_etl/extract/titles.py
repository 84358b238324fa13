"""A report's title among its first lines, and the unit that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from gongkai_etl.extract.around import around, ending
from gongkai_etl.extract.dates import YEAR
from gongkai_etl.model import Document
from gongkai_etl.text import squeeze

_FACTS = 40

_YEAR = r"(?:20[0-3]\d年?(?:度)?)?"
_REPORT = re.compile(
    rf"(?:政府|政务)?信息公开(?:工作)?{_YEAR}(?:年度)?(?:工作)?(?:年度)?(?:报告|年报)|信息公开工作年度报告"
)
TITLE = re.compile(
    r"(?P<before>[^。；;，,：:]{0,60}?)"
    rf"(?P<name>(?:政府|政务)?信息公开(?:工作)?{_YEAR}(?:年度工作|年度|工作)?(?:报告|年报))(?:[（(][^）)]*[)）])?$"
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,15}(?:省|市|县|区|州|盟|旗|人民政府|[镇乡局])")


def title_of(texts: Sequence[str], metadata: object) -> tuple[str | None, int]:
    """The title, put together from up to four lines, and the index of its last line."""
    best: tuple[str | None, int] = (None, -1)
    for start in range(len(texts)):
        for size in range(1, 5):
            part = texts[start : start + size]
            if len(part) < size:
                break
            whole = squeeze("".join(part)).strip("#*《》")
            match = TITLE.fullmatch(whole)
            if match is None or _REPORT.search(match["before"]):  # two titles are none
                continue
            if "关于印发" in whole or "格式" in whole or len(whole) > 80:
                continue
            if size > 1 and any(len(squeeze(text)) > 45 for text in part):
                continue
            if _better(whole, best[0]) or (_as_good(whole, best[0]) and not _places(part, best[0])):
                best = (whole, start + size - 1)
    if best[0] is None and isinstance(metadata, dict):
        for key in ("article_title", "title"):
            whole = squeeze(metadata.get(key, ""))
            match = re.match(r"[^-_|]*?信息公开[^-_|]*?(?:报告|年报)", whole)
            if match:
                return match[0], -1
    return best


def _worth(title: str | None) -> tuple[bool, bool]:
    return (bool(YEAR.search(title)), len(unit_part(title)) > 1) if title else (False, False)


def _better(whole: str, known: str | None) -> bool:
    """A title with unit and year beats one with less."""
    return known is None or _worth(whole) > _worth(known)


def _as_good(whole: str, known: str | None) -> bool:
    return _worth(whole) == _worth(known)


def _places(part: Sequence[str], known: str | None) -> bool:
    """Whether the lines of ``known`` before ``part`` belong to the title: only names of places and organs do."""
    before = (known or "").removesuffix(squeeze("".join(part)))
    return before == known or _PLACE.fullmatch(before) is not None


def titled(document: Document) -> str | None:
    """The title in the table of facts above a web page's text."""
    for grid in document.grids[:1]:
        for cell in grid.cells[:_FACTS]:
            whole = squeeze(cell.text)
            if TITLE.fullmatch(whole) and all(_worth(whole)):
                return whole
    return None


def published_unit(texts: Sequence[str]) -> str | None:
    """The unit that the opening names in full (现公布某县教育局2025年政府信息公开工作年度报告)."""
    for text in texts:
        match = _published().search(squeeze(text))
        if match and ending("organs").search(match["unit"]) and not match["unit"].startswith(around("shortened")):
            return match["unit"]
    return None


@cache
def _published() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{'|'.join(around('announcing'))})(?:了|的)?《?(?:20\d\d年度?)?(?P<unit>[\u4e00-\u9fff]{{4,30}}?)(?:20\d\d年度?)?"
        r"(?:的)?政府信息公开(?:工作)?(?:年度)?报告"
    )


def unit_part(title: str) -> str:
    """What a title says besides the year and the words for the report: the unit."""
    part = YEAR.sub("", _REPORT.sub("", title, count=1))
    return re.sub(r"^(?:关于|发布)|(?:关于|的|年度|报告)$", "", part).strip('《》“”"—-_()（） ')

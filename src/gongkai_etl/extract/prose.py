"""The text around the tables: paragraphs, the six sections, title, unit, year, signature and date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from gongkai_etl.extract.around import around, beginning, ending
from gongkai_etl.extract.furniture import without_furniture
from gongkai_etl.extract.headings import bracketed, section_of, whole_headings
from gongkai_etl.extract.loose import TABLED, is_table_line, outside_tables
from gongkai_etl.extract.numbers import chinese_number
from gongkai_etl.extract.webpage import foot_of
from gongkai_etl.model import Document, Grid, GridCell, Paragraph
from gongkai_etl.text import CUT, readable, squeeze

_ITEM = re.compile(
    r"^[#*\s]*(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d+[.．、](?!\d)|第[一二三四五六七八九十]+[条章])"
)
_REPORT = re.compile(
    r"(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:工作)?(?:年度)?(?:报告|年报)|信息公开工作年度报告"
)
_TITLE = re.compile(
    r"(?P<before>[^。；;，,：:]{0,60}?)"
    r"(?P<name>(?:政府|政务)?信息公开(?:工作)?(?:年度工作|年度|工作)?(?:报告|年报))(?:[（(][^）)]*[)）])?$"
)
_YEAR = re.compile(r"(?P<year>20[0-3]\d|二[〇○零Oo0]二[〇○零一二三四五六七八九])\s*年(?:度)?")
_DATE = re.compile(
    r"(?P<year>20\d\d|二[〇○零Oo0]二[〇○零一二三四五六七八九])年"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日?"
)
_DOTTED = re.compile(r"^(?P<year>20\d\d)[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})$")
_FEW = 3
"""With fewer headings than this, those with a number in brackets may be the headings of the sections."""
_WHOLE = 5
"""So many headings are a whole report."""
_RUN_ON = re.compile(r"(?:情况|事项|措施)[：:。\s](?P<rest>.*)", re.DOTALL)
_OPENING = 200
"""So much text before the first heading is more than the usual preface."""
_SEALED = (
    re.compile(r"(?P<short>.{2,8}(?:镇|乡|街道|局))(?P<rest>.+(?P=short).*)"),
    re.compile(r"(?P<rest>.+(?P<short>.{2,8}(?:镇|乡|街道|局)).*)(?P=short)"),
)
_REPEATED = re.compile(r"^(.{2,10}?)\1+$")
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,15}(?:省|市|县|区|州|盟|旗|人民政府|[镇乡局])")


@dataclass(slots=True)
class Prose:
    """What the text says about the report; ``sections`` has the text under each heading, '1' to '6'."""

    title: str | None = None
    unit: str | None = None
    year: int | None = None
    issued_on: date | None = None
    signed_by: str | None = None
    sections: dict[str, str] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    opening: str = ""


def paragraphs(document: Document) -> list[str]:
    """The paragraphs outside tables, cleaned; printed lines of positioned formats are joined."""
    lines = [line for block in document.blocks for line in _lines(block)]
    if document.format in ("pdf", "scan", "ofd", "text"):
        return _joined(outside_tables(whole_headings(without_furniture(lines)), section_of))
    return [text for line in lines if (text := readable(line.text.replace(CUT, "")))]


def _lines(block: Paragraph | Grid) -> list[Paragraph]:
    """A paragraph, or what stands alone in the rows of a table that holds headings of sections too."""
    if isinstance(block, Paragraph):
        return [block]
    rows: dict[int, list[GridCell]] = {}
    for cell in block.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    alone = [cells[0] for cells in rows.values() if len(cells) == 1]
    texts = [(cell, line) for cell in alone for line in cell.text.splitlines()]
    if not any((section_of(line) or bracketed(line)) for _, line in texts):
        return []
    kept: list[Paragraph] = []
    section = ""
    for cell, line in texts:
        begun = section_of(line) or bracketed(line)
        section = begun or section
        if begun or section not in TABLED or not is_table_line(line):
            kept.append(Paragraph(line, cell.page, cell.box))
    return kept


def _joined(lines: Sequence[Paragraph]) -> list[str]:
    """Printed lines as paragraphs: a line goes on where the line before is full and no item begins."""
    sides = _sides(lines)
    lengths = sorted(length for line in lines if (length := len(squeeze(line.text))))
    longest = lengths[int(len(lengths) * 0.9)] if lengths else 0
    wrapped = longest > 18 and sum(length >= longest - 3 for length in lengths) >= 0.3 * len(lengths)
    found: list[str] = []
    goes_on = False
    above: Paragraph | None = None
    steps = sorted(step for first, second in pairwise(lines) if (step := _step(first, second)))
    usual = steps[len(steps) // 4] if steps else 0.0
    for line, (left, edge) in zip(lines, sides, strict=True):
        text = readable(line.text.replace(CUT, ""))
        if not text:
            goes_on = False
            continue
        size = (line.box[3] - line.box[1]) if line.box else 12.0
        inside = line.box is None or line.box[0] <= left + size
        step = _step(above, line)
        near = not usual or step is None or step <= 1.3 * usual
        above = line
        signature = (
            bool(found) and found[-1].endswith("。") and (ending("organs").search(text) or parse_date(text))
        )
        goes_on = goes_on and not (signature and len(squeeze(text)) <= 30 and "，" not in text)
        if goes_on and near and inside and found and not _begins(text):
            found[-1] = _glue(found[-1], text)
        else:
            found.append(text)
        full = line.box[2] > edge - 2.5 * size if line.box else wrapped and len(squeeze(text)) >= longest - 3
        last = squeeze(found[-1])
        goes_on = full and not (section_of(found[-1]) or _TITLE.fullmatch(last) or _DATE.fullmatch(last))
    return found


def _sides(lines: Sequence[Paragraph]) -> list[tuple[float, float]]:
    """Where full lines begin and end, for each line: on its page, or in its column of a newspaper's page."""
    right = sorted(line.box[2] for line in lines if line.box)
    starts = sorted(line.box[0] for line in lines if line.box)
    usual = (starts[len(starts) // 10], right[int(len(right) * 0.9)]) if starts else (0.0, 0.0)
    sides = [usual] * len(lines)
    for at, (above, line) in enumerate(pairwise(lines), start=1):
        if (
            above.box
            and line.box
            and above.page == line.page
            and line.box[1] < above.box[1]
            and line.box[0] > above.box[2] - 1
        ):
            first, last = _column(lines, at - 1, -1, line.box[0]), _column(lines, at, 1, line.box[0])
            for begin, end in ((first, at), (at, last + 1)):
                boxes = [other.box for other in lines[begin:end] if other.box]
                sides[begin:end] = [(min(box[0] for box in boxes), max(box[2] for box in boxes))] * (end - begin)
    return sides


def _column(lines: Sequence[Paragraph], at: int, step: int, gutter: float) -> int:
    """The last line in a direction of the column that ends (or begins) at a line and keeps to its side of the gutter."""
    while 0 <= at + step < len(lines):
        box, page = lines[at + step].box, lines[at + step].page
        if (
            box is None
            or page != lines[at].page
            or (box[2] > gutter if step < 0 else box[0] < gutter - box[3] + box[1])
        ):
            break
        at += step
    return at


def _begins(text: str) -> bool:
    """Whether a line begins something of its own: an item, a heading of Markdown, the footer of a web page."""
    return bool(_ITEM.match(text) or text.startswith("#") or beginning("buttons").match(text))


def _step(above: Paragraph | None, line: Paragraph) -> float | None:
    """How far a printed line stands below the one above it on the same page, in points."""
    if above is None or above.box is None or line.box is None or above.page != line.page:
        return None
    return line.box[3] - above.box[3] if line.box[3] > above.box[3] else None


def _glue(first: str, second: str) -> str:
    ascii_edge = first[-1:].isascii() and second[:1].isascii() and first[-1:].isalpha() and second[:1].isalpha()
    return f"{first} {second}" if ascii_edge else first + second


def read_prose(document: Document) -> Prose:
    """Title, sections and signature of a document."""
    texts = _first_report(paragraphs(document))
    prose = Prose()
    starts = _starts(texts)
    prose.headings = tuple(squeeze(texts[at]).strip("#*") for at, _ in starts)
    headings = {squeeze(texts[at]) for at, _ in starts}  # a table's head with its heading is repeated
    if starts and document.pages:
        texts = texts[: foot_of(texts, starts[-1][0])]
    first = starts[0][0] if starts else min(len(texts), 12)
    prose.title, title_at = _title(texts[: first + 1] or texts[:12], document.metadata)
    end = _signature(texts, prose, title_at, starts[0][0] if starts else title_at)
    for k, (at, section) in enumerate(starts):
        stop = min(starts[k + 1][0] if k + 1 < len(starts) else end, end)
        body = [
            text
            for text in texts[at + 1 : stop]
            if squeeze(text) not in headings and (section not in TABLED or not is_table_line(text))
        ]
        tail = _after_heading(texts[at])
        text = "\n".join([*([tail] if tail else []), *body]).replace("**", "")
        prose.sections[section] = (prose.sections.get(section, "") + "\n" + text).strip()
    opening = "\n".join(texts[title_at + 1 : min(first, end)])
    if starts and "1" not in prose.sections and len(opening) > _OPENING:
        prose.sections = {"1": opening, **prose.sections}  # its heading was lost
    elif starts:
        prose.opening = opening
    if not starts:
        prose.sections = {"1": "\n".join(texts[title_at + 1 : end])} if texts else {}
    prose.unit, prose.year = _identity(prose, texts[: first + 1], document)
    return prose


def _first_report(texts: list[str]) -> list[str]:
    """The texts up to the title of a second report, where a file holds several with text of their own."""
    seen: list[int] = []
    titled = 0
    for at, text in enumerate(texts):
        if _TITLE.fullmatch(squeeze(text).strip("#*《》")):
            titled = at
        section = section_of(text)
        if section == "1" and len(seen) >= _WHOLE and titled > seen[-1]:
            before = [k for k in seen if not section_of(texts[k + 1])]
            return texts[:titled] if len(before) >= _FEW else texts
        if section:
            seen.append(at)
    return texts


def _starts(texts: Sequence[str]) -> list[tuple[int, str]]:
    """Where each section begins: the longest run of headings in statutory order, the latest of equals.

    So a list of contents, or sub-headings with the words of a later section, are passed over; a
    section that stands out of order is kept where it stands.
    """
    found = [(at, section) for at, text in enumerate(texts) if (section := section_of(text))]
    if len({section for _, section in found}) < _FEW:
        others = [(at, section) for at, text in enumerate(texts) if (section := bracketed(text))]
        found = others if len({section for _, section in others}) > _FEW else found
    best: list[list[tuple[int, str]]] = []
    for k, (at, section) in enumerate(found):
        before = [best[j] for j in range(k) if found[j][1] < section]
        longest = max(before, key=lambda run: (len(run), run[-1][0]), default=[])
        best.append([*longest, (at, section)])
    chosen = max(best, key=lambda run: (len(run), [at for at, _ in run]), default=[])
    known = {section for _, section in chosen}
    for at, section in found:
        if section not in known:
            known.add(section)
            chosen = [*chosen, (at, section)]
    return sorted(chosen)


def _after_heading(text: str) -> str:
    """Text that runs on behind a heading in the same paragraph (六、其他需要报告的事项：无)."""
    match = _RUN_ON.search(text)
    return match["rest"].strip() if match else ""


def _title(texts: Sequence[str], metadata: object) -> tuple[str | None, int]:
    """The title, put together from up to four lines, and the index of its last line."""
    best: tuple[str | None, int] = (None, -1)
    for start in range(len(texts)):
        for size in range(1, 5):
            part = texts[start : start + size]
            if len(part) < size:
                break
            whole = squeeze("".join(part)).strip("#*《》")
            match = _TITLE.fullmatch(whole)
            if match is None or "关于印发" in whole or "格式" in whole or len(whole) > 80:
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
    return (bool(_YEAR.search(title)), len(_unit_part(title)) > 1) if title else (False, False)


def _better(whole: str, known: str | None) -> bool:
    """A title with unit and year beats one with less."""
    return known is None or _worth(whole) > _worth(known)


def _as_good(whole: str, known: str | None) -> bool:
    return _worth(whole) == _worth(known)


def _places(part: Sequence[str], known: str | None) -> bool:
    """Whether the lines of ``known`` before ``part`` belong to the title: only names of places and organs do."""
    before = (known or "").removesuffix(squeeze("".join(part)))
    return before == known or _PLACE.fullmatch(before) is not None


def _unit_part(title: str) -> str:
    part = _YEAR.sub("", _REPORT.sub("", title, count=1))
    return re.sub(r"^(?:关于|发布)|(?:关于|的|年度|报告)$", "", part).strip('《》“”"—-_()（） ')


def _identity(prose: Prose, opening: Sequence[str], document: Document) -> tuple[str | None, int | None]:
    unit = _unit_part(prose.title) if prose.title else ""
    match = _YEAR.search(prose.title or "")
    year = _year(match["year"]) if match else None
    if year is None:
        year = _period(prose, opening)
    if len(unit) < 2:
        before = [squeeze(text) for text in opening if ending("organs").search(squeeze(text)) and len(text) < 40]
        unit = prose.signed_by or (before[0] if before else "")
    return unit or None, year


def _period(prose: Prose, opening: Sequence[str]) -> int | None:
    whole = squeeze("".join([*opening, *prose.sections.values()]))
    match = re.search(r"(20\d\d)年1月1日(?:起)?[至到—-]+(?:20\d\d年)?12月31日", whole)
    if match:
        return int(match[1])
    if prose.issued_on:
        return prose.issued_on.year - 1
    found = _YEAR.search(whole)
    return _year(found["year"]) if found else None


def _year(text: str) -> int:
    return int(text) if text.isdigit() else int("".join(str(_DIGITS[character]) for character in text))


_DIGITS = {**{c: k for k, c in enumerate("〇一二三四五六七八九")}, "○": 0, "零": 0, "O": 0, "o": 0, "0": 0}


def parse_date(text: str) -> date | None:
    """2026年1月15日, 二〇二六年一月十五日 or 2026-01-15 in a text (the last one); None when impossible."""
    compact = squeeze(text)
    matches = list(_DATE.finditer(compact)) or list(_DOTTED.finditer(compact))
    for match in reversed(matches):
        month, day = (_small(match[name]) for name in ("month", "day"))
        try:
            return date(_year(match["year"]), month or 0, day or 0)
        except ValueError:
            continue
    return None


def _small(text: str) -> int | None:
    return int(text) if text.isdigit() else chinese_number(text)


def _signature(texts: Sequence[str], prose: Prose, title_at: int, first: int) -> int:
    """Fill in signer and date; the index at which the body ends (the signature is not part of it).

    A date above ``first``, where the body begins, stands under the title.
    """
    for at in range(len(texts) - 1, max(first, title_at, len(texts) - 40, -1), -1):
        compact = squeeze(texts[at]).strip("()（）*")
        whole = _DATE.fullmatch(compact) or _DOTTED.fullmatch(compact)
        tail = (
            None
            if whole or len(compact) > 60
            else re.fullmatch(r"(?P<who>\D{3,40}?)(?P<when>20\d\d年\d+月\d+日)", compact)
        )
        if whole:
            prose.issued_on = parse_date(compact)
            who, start = _signer(texts, at, title_at)
            prose.signed_by = who
            return start
        if tail and ending("organs").search(tail["who"]):
            prose.issued_on, prose.signed_by = parse_date(tail["when"]), tail["who"]
            return at
    for at in range(len(texts) - 1, max(title_at, len(texts) - 6, -1), -1):
        compact = squeeze(texts[at])
        named = (
            3 < len(compact) <= 40
            and ending("organs").search(compact)
            and not re.search(r"[。；：，:\d]", compact)
        )
        if named and section_of(texts[at]) is None and not compact.startswith(around("sayings")):
            prose.signed_by = compact
            return at
    _under_title(texts, prose, title_at)
    return _body_end(texts)


def _signer(texts: Sequence[str], at: int, title_at: int) -> tuple[str | None, int]:
    """The organ above the date, and where the signature begins; of a seal's short name and the full one, the full."""
    named = [
        (name, back)
        for back in range(1, min(3, at - title_at - 1) + 1)
        if (name := _undoubled(squeeze(texts[at - back])))
        and len(name) <= 40
        and ending("organs").search(name)
        and "。" not in name
    ]
    if named and named[0][1] <= 2:
        full = next((entry for entry in named[1:] if named[0][0] in entry[0]), named[0])
        return full[0], at - full[1]
    above = squeeze(texts[at - 1]) if at - 1 > title_at else ""
    match = re.search(r"[。；](?P<who>[^。；，]{4,40})$", above.rstrip("。；"))
    return (match["who"] if match and ending("organs").search(match["who"]) else None), at


def _undoubled(name: str) -> str:
    """A signature without the short name of the seal that was printed across it, or beside another seal's."""
    name = _REPEATED.sub(r"\1", name)
    for pattern in _SEALED:
        match = pattern.fullmatch(name)
        if match:
            return match["rest"]
    return name


def _under_title(texts: Sequence[str], prose: Prose, title_at: int) -> None:
    """Some offices print signer and date in brackets under the title."""
    for text in texts[title_at + 1 : title_at + 4]:
        compact = squeeze(text).strip("()（）")
        if _DATE.fullmatch(compact):
            prose.issued_on = parse_date(compact)
        elif (
            prose.signed_by is None
            and len(compact) <= 40
            and ending("organs").search(compact)
            and not re.search(r"[\d《：:，,]", compact)
        ):
            prose.signed_by = compact


def _body_end(texts: Sequence[str]) -> int:
    for at in range(len(texts) - 1, max(len(texts) - 12, 0), -1):
        if not beginning("after").match(squeeze(texts[at])):
            return at + 1
    return len(texts)

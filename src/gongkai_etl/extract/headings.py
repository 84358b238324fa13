"""The headings of the six sections, whole or printed on several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from gongkai_etl.extract.around import around, ending
from gongkai_etl.extract.labels import normal, vocabulary
from gongkai_etl.form import editions
from gongkai_etl.model import Box, Paragraph
from gongkai_etl.text import squeeze

_HEADING = re.compile(
    r"^[#*\s]*(?:第(?P<part>[一二三四五六])部分|(?P<number>[一二三四五六七八])(?=[、.．,，:：\s]))[、.．,，:：\s]*"
)
_BRACKETS = re.compile(r"^[#*\s]*[（(](?P<number>[一二三四五六])[)）]\s*(?P<rest>.+)")
_RUN_ON = re.compile(r"[：:。]")
_NUMERALS = "一二三四五六"
_SHORT = 14
"""A longer wording of a heading must be met whole where no number stands before it."""
_MOST_LINES = 14
"""So many lines of other text can stand between two lines of a heading beside it."""
_STEP = 2.2
"""Farthest that two lines of a heading stand apart, in heights of the line."""
_LONGEST = 40


@cache
def heading_words() -> dict[str, tuple[str, ...]]:
    """Section ('1' to '6') → what its heading says, normalised."""
    data = yaml.safe_load(files(__package__).joinpath("headings.yaml").read_text("utf-8"))
    return {section: tuple(normal(word) for word in words) for section, words in data.items()}


@lru_cache(maxsize=4096)
def section_of(text: str) -> str | None:
    """The section whose heading a paragraph is, or begins with (六、其他需要报告的事项：无); or None."""
    match = _HEADING.match(text)
    name = normal(text)
    if text.lstrip("#* \u3000").startswith(("（", "(", "1", "2", "3", "4", "5", "6")):
        return None
    if any(name in vocabulary(table, edition).exact for table in ("t2", "t3") for edition in editions()):
        return None
    if len(name) > _LONGEST:
        return _run_on(text, match) if match else None
    if match is None and (name.startswith(around("sayings")) or text.rstrip().endswith("。")):
        return None
    bare = name[1:] if match is None and name[:1] in _NUMERALS else name
    for section, words in heading_words().items():
        short = max(len(word) for word in words if len(word) <= _SHORT)
        if bare in words or (any(word in bare for word in words) and (match or len(bare) <= short + 2)):
            return section
    return None


def number_of(text: str) -> str | None:
    """The number that a heading bears, as the name of a section; None without one."""
    match = _HEADING.match(text)
    return f"{'零一二三四五六七八'.find(match['part'] or match['number'])}" if match else None


def bracketed(text: str) -> str | None:
    """The section of a heading whose number stands in brackets, as those of items do: （二）主动公开政府信息情况."""
    match = _BRACKETS.match(text)
    section = section_of(match["rest"]) if match else None
    return section if match and section == f"{_NUMERALS.find(match['number']) + 1}" else None


def _run_on(text: str, match: re.Match[str]) -> str | None:
    """The section whose heading with its own number is followed by text in the same paragraph."""
    head = _RUN_ON.split(text[match.end() :], maxsplit=1)[0]
    section = section_of(head) if len(head) <= _LONGEST else None
    number = _NUMERALS.find(match["part"] or match["number"]) + 1
    return section if section == f"{number}" else None


def whole_headings(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """The lines with every heading that was printed on several (in a narrow column beside its table) as one.

    Text that stands right of a heading at its height comes behind it.
    """
    kept = list(lines)
    at = 0
    while at < len(kept):
        if _HEADING.match(kept[at].text) and not _is_whole(kept[at].text):
            kept = _completed(
                [*kept[:at], *_cut(kept[at : at + _MOST_LINES + 1])], kept[at + _MOST_LINES + 1 :], at
            ) or (_completed(kept, [], at) or kept)
        if at and _stands_beside(kept[at - 1], kept[at]) and section_of(kept[at].text):
            kept[at - 1 : at + 1] = kept[at], kept[at - 1]
        at += 1
    return kept


def _completed(lines: Sequence[Paragraph], others: Sequence[Paragraph], at: int) -> list[Paragraph]:
    """The lines (and ``others`` behind them) with the heading begun at a line made whole; none where it cannot be."""
    parts = _parts(lines, at)
    if not parts:
        return []
    whole = replace(lines[at], text="".join(lines[k].text for k in (at, *parts)))
    return [*lines[:at], whole, *(line for k, line in enumerate(lines) if k > at and k not in parts), *others]


def _cut(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """The lines that begin at the left of the first one, each cut behind its first word."""
    found: list[Paragraph] = []
    for line in lines:
        word, _, rest = line.text.partition(" ")
        if (
            not rest
            or line.box is None
            or lines[0].box is None
            or line.box[0] > lines[0].box[0] + line.box[3] - line.box[1]
        ):
            found.append(line)
            continue
        x0, top, x1, bottom = line.box
        end = x0 + len(word) * (bottom - top)
        found += [
            replace(line, text=word, box=(x0, top, end, bottom)),
            replace(line, text=rest, box=(end, top, x1, bottom)),
        ]
    return found


def _stands_beside(line: Paragraph, heading: Paragraph) -> bool:
    """Whether a line stands right of a heading at its height."""
    if line.box is None or heading.box is None or line.page != heading.page:
        return False
    return line.box[0] >= heading.box[2] and line.box[3] > heading.box[1]


def _is_whole(text: str) -> bool:
    return ending("headings").search(squeeze(text)) is not None


def _parts(lines: Sequence[Paragraph], at: int) -> list[int]:
    """The lines that complete the heading begun at a line; none where they do not."""
    whole = lines[at].text
    found: list[int] = []
    for k in range(at + 1, min(at + 1 + _MOST_LINES, len(lines))):
        line = lines[k]
        if _HEADING.match(line.text):
            break
        above = lines[found[-1] if found else at]
        if above.box is None or line.box is None:
            if k > at + 1:
                break
        elif not _goes_on(above.box, line.box, (line.page or 0) - (above.page or 0)):
            continue
        whole += line.text
        found.append(k)
        if len(squeeze(whole)) > _LONGEST:
            break
        if _is_whole(whole) and section_of(whole):
            return found
    return []


def _goes_on(above: Box, line: Box, pages: int) -> bool:
    """Whether a line stands right below another, or at the head of the next page, over the same place in its size."""
    height, step = above[3] - above[1], line[1] - above[1]
    if min(above[2], line[2]) <= max(above[0], line[0]) or abs(line[3] - line[1] - height) > height / 3:
        return False
    if pages:
        return pages == 1 and step < 0 and abs(above[0] - line[0]) < height / 2
    return 0 < step <= _STEP * height

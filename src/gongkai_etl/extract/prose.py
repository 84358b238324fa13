"""The text around the tables: the six sections, title, unit, year, signature and date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from gongkai_etl.extract.around import around, beginning, ending
from gongkai_etl.extract.dates import DATE, DOTTED, YEAR, parse_date, year_of
from gongkai_etl.extract.headings import bracketed, number_of, section_of
from gongkai_etl.extract.loose import TABLED, is_table_line
from gongkai_etl.extract.paragraphs import paragraphs
from gongkai_etl.extract.titles import TITLE, published_unit, title_of, titled, unit_part
from gongkai_etl.extract.webpage import foot_of
from gongkai_etl.model import Document
from gongkai_etl.text import squeeze

_FEW = 3
"""With fewer headings than this, those with a number in brackets may be the headings of the sections."""
_WHOLE = 5
"""So many headings are a whole report."""
_RUN_ON = re.compile(r"(?:情况|事项|措施)[：:。\s](?P<rest>.*)", re.DOTALL)
_LONGEST_NAME = 40
_FACT = re.compile(r"[\d:：|]")
_OPENING = 200
"""So much text before the first heading is more than the usual preface."""
_SEALED = (
    re.compile(r"(?P<short>.{2,8}(?:镇|乡|街道|局))(?P<rest>.+(?P=short).*)"),
    re.compile(r"(?P<rest>.+(?P<short>.{2,8}(?:镇|乡|街道|局)).*)(?P=short)"),
)
_REPEATED = re.compile(r"^(.{2,10}?)\1+$")


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
    prose.title, title_at = title_of(texts[: first + 1] or texts[:12], document.metadata)
    prose.title = prose.title or titled(document)
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
        if TITLE.fullmatch(squeeze(text).strip("#*《》")):
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

    Where a section's heading bears its own number, one with another number (一、…二、其他事项) is none.
    So a list of contents, or sub-headings with the words of a later section, are passed over; a
    section that stands out of order is kept where it stands.
    """
    found = [(at, section) for at, text in enumerate(texts) if (section := section_of(text))]
    numbered = {section for at, section in found if number_of(texts[at]) == section}
    found = [(at, s) for at, s in found if s not in numbered or number_of(texts[at]) in (None, s)]
    if len({section for _, section in found}) < _FEW:
        others = [(at, section) for at, text in enumerate(texts) if (section := bracketed(text))]
        found = others if len({section for _, section in others}) > _FEW else found
    best: dict[str, list[tuple[int, str]]] = {}
    for at, section in found:
        before = [run for other, run in best.items() if other < section]
        longest = max(before, key=lambda run: (len(run), run[-1][0]), default=[])
        if len(longest) + 1 >= len(best.get(section, ())):
            best[section] = [*longest, (at, section)]
    chosen = max(best.values(), key=lambda run: (len(run), [at for at, _ in run]), default=[])
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


def _identity(prose: Prose, opening: Sequence[str], document: Document) -> tuple[str | None, int | None]:
    unit = unit_part(prose.title) if prose.title else ""
    match = YEAR.search(prose.title or "")
    year = year_of(match["year"]) if match else None
    if year is None:
        year = _period(prose, opening)
    if len(unit) < 2:
        unit = prose.signed_by or published_unit(opening) or next(filter(_is_organ, map(squeeze, opening)), "")
    return unit or None, year


def _is_organ(line: str) -> bool:
    return len(line) < _LONGEST_NAME and not _FACT.search(line) and ending("organs").search(line) is not None


def _period(prose: Prose, opening: Sequence[str]) -> int | None:
    whole = squeeze("".join([*opening, *prose.sections.values()]))
    match = re.search(r"(20\d\d)年1月1日(?:起)?[至到—-]+(?:20\d\d年)?12月31日", whole)
    if match:
        return int(match[1])
    if prose.issued_on:
        return prose.issued_on.year - 1
    found = YEAR.search(whole)
    return year_of(found["year"]) if found else None


def _signature(texts: Sequence[str], prose: Prose, title_at: int, first: int) -> int:
    """Fill in signer and date; the index at which the body ends (the signature is not part of it).

    A date above ``first``, where the body begins, stands under the title.
    """
    for at in range(len(texts) - 1, max(first, title_at, len(texts) - 40, -1), -1):
        compact = squeeze(texts[at]).strip("()（）*")
        whole = DATE.fullmatch(compact) or DOTTED.fullmatch(compact)
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
        if DATE.fullmatch(compact):
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

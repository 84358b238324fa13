"""Lines of tables 二 to 四 around which no grid could be drawn: they are no text of the report's sections."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.numbers import is_figure, is_open_note
from gongkai_etl.extract.zones import head_of, zone_of
from gongkai_etl.form import TABLES, TableForm, editions, table_form
from gongkai_etl.model import Paragraph

TABLED = ("2", "3", "4")
"""The sections that are tables: only there can a line of text be a row."""
_LEAST_ROWS = 3
"""Fewest rows and heads that make a table under the heading of another section."""
_NOTE = 16
"""Most characters of a piece of a figure's note on a line of its own."""
_NOTE_LINES = 6
_GAP = 8
"""Farthest that two rows of such a table stand apart, in lines."""


def outside_tables(lines: Sequence[Paragraph], section_of: Callable[[str], str | None]) -> list[Paragraph]:
    """The lines without those between the first and the last line of a table; sentences between stay."""
    kept: list[Paragraph] = []
    for section, own in _by_section(lines, section_of):
        inside = _spanned(own) if section in TABLED else _stray(own)
        kept += [line for at, line in enumerate(own) if at not in inside]
    return kept


def is_table_line(text: str) -> bool:
    """Whether a line holds nothing but figures and pieces of the form's words, or a row's label or a head."""
    name = normal(text)
    words = "".join(character for character in name if not character.isdigit())
    if len(name) > 90 or "。" in text:
        return False
    if not words or all(_is_piece(word) or is_open_note(word) for word in text.split()):
        return True
    return "，" not in text and bool((head_of(words) and len(words) < 60) or (zone_of(words) and len(words) < 50))


def _by_section(
    lines: Sequence[Paragraph], section_of: Callable[[str], str | None]
) -> Iterator[tuple[str, list[Paragraph]]]:
    """The lines from each heading to the next, the heading first."""
    section, own = "", list[Paragraph]()
    for line in lines:
        if found := section_of(line.text):
            yield section, own
            section, own = found, []
        own.append(line)
    yield section, own


def _spanned(lines: Sequence[Paragraph]) -> set[int]:
    """All from the first to the last line of a table, but for the heading above it and whole sentences between."""
    rows = [at for at, line in enumerate(lines) if at and is_table_line(line.text)]
    if not rows:
        return set()
    rows += _rest_of_notes(lines, rows[-1])
    inside = set(range(rows[0], rows[-1]))
    return (inside - _sentences(lines, inside - set(rows))) | set(rows)


def _rest_of_notes(lines: Sequence[Paragraph], row: int) -> range:
    """The lines below the last row with the rest of its figures' notes, to the last that closes a bracket."""
    open_notes, last = _opened(lines[row].text), row
    for at in range(row + 1, min(row + 1 + _NOTE_LINES, len(lines))):
        text = lines[at].text
        if len(text) > _NOTE or "。" in text or (open_notes <= 0 and _opened(text) >= 0):
            break
        if _opened(text) < 0:
            last = at
        open_notes += _opened(text)
    return range(row + 1, last + 1)


def _opened(text: str) -> int:
    """How many more brackets a text opens than it closes."""
    return sum(map(text.count, "(（")) - sum(map(text.count, ")）"))


def _sentences(lines: Sequence[Paragraph], others: set[int]) -> set[int]:
    """Those of ``others`` that are the lines of a sentence."""
    found: set[int] = set()
    run: list[int] = []
    for at in sorted(others):
        if run and at != run[-1] + 1:
            run = []
        run.append(at)
        if lines[at].text.rstrip().endswith("。"):
            found.update(run)
            run = []
    return found


def _stray(lines: Sequence[Paragraph]) -> set[int]:
    """A table under the heading of another section: its own heading stands below it, or was lost."""
    rows = [at for at, line in enumerate(lines) if at and _is_row_or_head(line.text)]
    inside: set[int] = set()
    run: list[int] = []
    for at in [*rows, len(lines) + _GAP]:
        if run and at - run[-1] > _GAP:
            if len(run) >= _LEAST_ROWS:
                inside |= {at + run[0] - 1 for at in _spanned([Paragraph(""), *lines[run[0] : run[-1] + 1]])}
            run = []
        run.append(at)
    return inside


def _is_row_or_head(text: str) -> bool:
    words = text.split()
    figures = sum(map(is_figure, words))
    return len(words) > 1 and is_table_line(text) and (figures > 0 or head_of(normal(text)) is not None)


@lru_cache(maxsize=8192)
def _is_piece(word: str) -> bool:
    name = normal(word)
    return is_figure(word) or (has_words(name) and name in _words_of_the_form())


@cache
def _words_of_the_form() -> str:
    forms = [table_form(table, edition) for table in TABLES for edition in editions()]
    return "\n".join(dict.fromkeys(normal(text) for form in forms for text in _texts(form)))


def _texts(form: TableForm) -> Iterator[str]:
    for block in form.blocks:
        yield from (block.label, block.stub or "")
        for column in block.columns:
            yield from (column.label, column.group or "", *column.variants)
        for row in block.rows:
            yield from (*row.groups, row.label, *row.variants)

"""Third way of reading: the text alone, a stream of labels and figures in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from gongkai_etl.extract.flowed import WIDTHS, Flowed, is_label, settled
from gongkai_etl.extract.furniture import is_page_number
from gongkai_etl.extract.labels import has_words, normal
from gongkai_etl.extract.named import group_of
from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.extract.orders import begins, is_foreign, is_head
from gongkai_etl.extract.rows import LOST, Row, Slot
from gongkai_etl.extract.zones import head_of, zone_of
from gongkai_etl.model import Box

_BREAK = re.compile(r"[\s|\u00a0\u3000]+")
_GLUED = re.compile(r"(?P<label>.*[^\d.,+\-])(?P<digits>\d{3,})")
_SENTENCE = re.compile("[，。；：:]")
_WAYS = 4000
_LONGEST_HEAD = 300
LONGEST_ROW = 90
"""A longer line is prose, not a row."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text with its place."""

    text: str
    page: int | None = None
    box: Box | None = None


@dataclass(slots=True)
class _Stream:
    """Labels and figures being collected into rows.

    ``header`` is all that was printed since the head began, up to the first figure; ``begun``: there was one.
    """

    rows: dict[str, list[Flowed]] = field(default_factory=lambda: {"t2": [], "t3": [], "t4": []})
    table: str | None = None
    label: str = ""
    header: str = ""
    foreign: bool = False
    begun: bool = False
    figures: list[Slot] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    """The lines of the figures, by their numbers."""
    closed: bool = False
    """The last line held a label and its figures: a line of figures below it is another row."""

    def words(self, text: str, is_sentence: bool = False) -> None:
        if self.figures:
            self.flush()
        if self.table and not self.begun and not is_sentence:
            self.header += text if is_head(text, self.table) else ""
            self.foreign |= is_foreign(text, self.table)
        self.label = (self.label + text)[-150:]

    def flush(self) -> None:
        if self.table and (self.figures or is_label(self.label, self.table)):
            labels = (self.label,) if self.label else ()
            rows = self.rows[self.table]
            if self.figures and not labels and rows and len(self.figures) < WIDTHS.get(self.table, 0):
                rows[-1] = replace(rows[-1], row=replace(rows[-1].row, complete=False))
                # these can be the last digits of its figures
            row = Row(labels, tuple(self.figures), header=self.header[:_LONGEST_HEAD])
            rows.append(Flowed(row, len(self.lines) > 1, self.foreign))
            self.begun = self.begun or bool(self.figures)
        self.label, self.figures, self.lines, self.closed = "", [], set(), False

    def enter(self, table: str, word: str) -> None:
        """A head of a table: another one begins with the table, or with its first words."""
        group = self.label if table == "t4" and not self.figures and group_of(self.label) is not None else ""
        self.flush()
        if self.table != table or self.begun or begins(word, self.header, table):
            self.turn(table)
            self.header = group
        self.header += word
        self.foreign |= is_foreign(word, table) and not begins(word, "", table)

    def turn(self, table: str) -> None:
        self.flush()
        self.table, self.header, self.begun, self.foreign = table, "", False, False


def read_lines(lines: Iterable[Line]) -> dict[str, list[Row]]:
    """Table key → rows. A row's figures are those between its label and the next label."""
    stream = _Stream()
    for number, line in enumerate(lines):
        if is_page_number(line.text):
            continue
        if len(stream.figures) >= WIDTHS.get(stream.table or "", 99):
            stream.flush()
        words = [word for word in _BREAK.split(line.text.strip()) if word.strip(":-") or len(word) < 3]
        _line(stream, line, words, number)
    stream.flush()
    return {table: settled(table, rows) for table, rows in stream.rows.items()}


def _line(stream: _Stream, line: Line, words: Sequence[str], number: int) -> None:
    whole = normal("".join(words))
    if has_words(whole) and len(whole) <= 60:
        head = head_of(whole)
        zone = head or (zone_of(whole) if not any(map(is_figure, words)) else None)
        if head and not any(map(is_figure, words)) and not _is_row(whole):
            behind = stream.begun or stream.figures
            if behind and head == stream.table == "t4" and is_label(whole, "t4"):
                stream.words(whole)
            else:
                stream.enter(head, whole)
            return
        if zone and stream.table != zone:
            stream.turn(zone)
    if len(whole) > LONGEST_ROW:
        stream.flush()
        stream.label = ""
        return
    stream.foreign |= stream.table == "t2" and _is_labelled_behind(words)
    labelled = bool(stream.label)
    if words and is_figure(words[0]) and stream.closed:
        stream.flush()
    for word in words:
        if is_figure(word) and stream.table is not None:
            stream.figures.append(Slot(word, line.page, line.box))
            stream.lines.add(number)
            continue
        name = normal(word)
        zone = zone_of(name) if has_words(name) else None
        if zone and zone != stream.table and (head_of(name) is None):
            stream.turn(zone)
        glued = _GLUED.fullmatch(word) if stream.table else None
        if glued and has_words(glued["label"]) and zone_of(normal(glued["label"])):
            stream.words(normal(glued["label"]))
            stream.table = zone_of(normal(glued["label"])) or stream.table
            stream.figures.append(Slot(glued["digits"], line.page, line.box))
            stream.flush()
        elif name:
            stream.words(name, _SENTENCE.search(line.text) is not None)
            labelled = True
    stream.closed = labelled and bool(stream.figures) and len(words) > 1


def _is_labelled_behind(words: Sequence[str]) -> bool:
    """Whether a line of table 二 begins with figures and ends with their label."""
    return len(words) > 1 and is_figure(words[0]) and is_label(normal(words[-1]), "t2")


def _is_row(whole: str) -> bool:
    return zone_of(whole) is not None and head_of(whole) is None


def split_glued(rows: Sequence[Row]) -> list[Row]:
    """Rows of table 三 whose seven figures were glued into one run of digits, split by the row's sum.

    Σ of the first six must be the seventh; no number begins with 0 but 0 itself. A row with more than
    one such split stays unread. One way to split is no proof: blanks leave no trace in a run of digits, so
    that the columns must add up too.
    """
    return [_split_row(row) for row in rows]


def _split_row(row: Row) -> Row:
    if len(row.slots) != 1 or not (row.slots[0].text or "").isdigit() or len(row.slots[0].text or "") < 7:
        return row
    ways = splits(row.slots[0].text or "", 7)
    if len(ways) != 1:
        return Row(row.labels, (LOST,) * 7, False, row.page, row.header)
    place = row.slots[0]
    return Row(row.labels, tuple(Slot(str(number), place.page, place.box) for number in ways[0]), False, row.page)


def splits(digits: str, parts: int) -> list[tuple[int, ...]]:
    """All ways to cut a run of digits into ``parts`` numbers of which the last is the sum of the others."""
    found: list[tuple[int, ...]] = []
    for length in range(1, len(digits) - parts + 2):
        total = digits[len(digits) - length :]
        if len(total) > 1 and total[0] == "0":
            continue
        for numbers in _cuts(digits[: len(digits) - length], parts - 1, int(total)):
            found.append((*numbers, int(total)))
            if len(found) > _WAYS:
                return found
    return found


def _cuts(digits: str, parts: int, total: int) -> list[tuple[int, ...]]:
    if parts == 1:
        fits = digits and (digits == "0" or digits[0] != "0") and int(digits) == total
        return [(total,)] if fits else []
    found = []
    longest = 1 if digits[:1] == "0" else len(digits) - parts + 1
    for length in range(1, longest + 1):
        head = int(digits[:length])
        if head > total:
            break
        found += [(head, *rest) for rest in _cuts(digits[length:], parts - 1, total - head)]
    return found


def only_zeros(text: str | None, parts: int) -> tuple[str, ...] | None:
    """ "000" for three cells is 0, 0, 0 and nothing else; any other run of digits is not split."""
    return ("0",) * parts if text and text == "0" * parts else None

"""One report on the examiner's table: the item, what it claims to be, its prose, and ways to speak about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Literal

from gongkai_etl import form
from gongkai_etl.check.catalogue import rules
from gongkai_etl.check.items import CheckItem
from gongkai_etl.check.prose import Sentence, sentences
from gongkai_etl.model import Cell, CellState, Finding, Report, Unit, Value
from gongkai_etl.text import squeeze

_ABSENT = Cell(None, None, CellState.ABSENT)


_MONEY = ("t2.fees.amount", "t2.procurement.amount")


@dataclass(frozen=True, slots=True)
class Survey:
    """``clean``: every cell is a number that was read with certainty; ``whole``: no count is negative or broken;
    ``tables``: those of which at least one cell was found; ``scanned``: characters were recognised from a picture."""

    clean: bool
    whole: bool
    tables: frozenset[str]
    scanned: bool


@dataclass
class Case:
    """A report under examination. ``unchecked`` collects what could not be checked, in Chinese."""

    item: CheckItem
    roster: Sequence[Unit] = ()
    today: date = date.max
    unchecked: list[str] = field(default_factory=list)
    others: Mapping[str, Unit] = field(default_factory=dict)
    """Short names of the roster's units → the unit (shared by all cases of a batch)."""

    @property
    def report(self) -> Report:
        """The report itself."""
        return self.item.report

    @property
    def year(self) -> int | None:
        """The year it should be for, else the year it says."""
        return self.item.year or self.report.year

    @cached_property
    def name(self) -> str:
        """The unit's name: as given from outside, else as printed. Empty when nobody knows."""
        return squeeze(self.item.unit.name if self.item.unit else self.report.unit or "")

    @cached_property
    def editions(self) -> dict[str, str]:
        """The edition of each table; a table whose head was not found counts as the lawful one's."""
        return {table: self.report.editions.get(table) or "2021" for table in form.TABLES}

    @cached_property
    def identities(self) -> tuple[form.Identity, ...]:
        """The identities of this year, each table's in its own edition."""
        chosen = dict.fromkeys(self.editions.values())
        return tuple(i for name in chosen for i in form.edition(name).identities if self.editions[i.table] == name)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of what stands before section 一 (as "0") and of all sections, in printed order."""
        opening = self.report.opening
        return sentences({**({"0": opening} if opening else {}), **self.report.sections})

    @cached_property
    def prose(self) -> str:
        """All sections without white space."""
        return "".join(sentence.text for sentence in self.sentences)

    @cached_property
    def survey(self) -> Survey:
        """What kinds of cells there are, from one walk over all of them."""
        clean, whole, scanned = True, True, self.report.format == "scan"
        tables = set()
        for key, cell in self.report.cells.items():
            scanned = scanned or cell.confidence is not None
            if cell.state is not CellState.ABSENT:
                tables.add(key[:2])
            if cell.state is CellState.NUMBER and cell.certain:
                value = cell.value
                whole = whole and value is not None and value >= 0 and (key in _MONEY or value == int(value))
            else:
                clean = False
                whole = whole and cell.state is not CellState.TEXT
                whole = whole and (cell.value is None or cell.value >= 0)
        return Survey(clean, whole, frozenset(tables), scanned)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Section → its text without white space, paragraphs put together."""
        found: dict[str, str] = dict.fromkeys(self.report.sections, "")
        for sentence in self.sentences:
            found[sentence.section] = found.get(sentence.section, "") + sentence.text
        return found

    def forget(self) -> None:
        """Let go of what was derived from the text: a batch of thousands must not keep it all."""
        for name in ("sentences", "texts", "prose"):
            self.__dict__.pop(name, None)

    def cell(self, key: str) -> Cell:
        """A cell; absent when the report has no such place."""
        return self.report.cells.get(key, _ABSENT)

    def label(self, key: str) -> str:
        """A cell's place in words."""
        table = key.split(".")[0]
        return form.cell_labels(self.editions[table]).get(key, key)

    def place(self, key: str) -> tuple[str, str]:
        """The names of a cell's row and column."""
        return form.cell_places(self.editions[key.split(".")[0]]).get(key, (key, key))

    @cached_property
    def zeros(self) -> frozenset[str]:
        """Cells without a figure that the identities around them bear out to be 0."""
        if self.survey.clean:
            return frozenset()
        from gongkai_etl.check.arithmetic import borne_out_zeros

        return borne_out_zeros(self)

    def number(self, key: str) -> Value:
        """The figure of a cell; 0 where nothing stands and the identities say that it is 0."""
        return 0 if key in self.zeros else self.report.number(key)

    def total(self, *patterns: str) -> Value:
        """Sum of cells, None as soon as one of them is no number (blank is 0 only where identities bear it out)."""
        numbers = [self.number(key) for key in self.keys(*patterns)]
        if not numbers or any(number is None for number in numbers):
            return None
        return sum(number for number in numbers if number is not None)

    def keys(self, *patterns: str) -> tuple[str, ...]:
        """The keys of this report's editions that match: ``t3.refused_*.total``."""
        found = [key for pattern in patterns for key in _matching(pattern, self.editions[pattern.split(".")[0]])]
        return tuple(dict.fromkeys(found))

    def finding(
        self,
        rule: str,
        message: str,
        *,
        left: object = None,
        right: object = None,
        cells: Iterable[str] = (),
        text: str | None = None,
        advice: str | None = None,
        outcome: Literal["fail", "unknown"] = "fail",
    ) -> Finding:
        """A finding of a rule of the catalogue. What the rule cannot decide is never more than a notice."""
        return Finding(
            rule=rule,
            severity=rules()[rule].severity if outcome == "fail" else "notice",
            message=message,
            left=None if left is None else str(left),
            right=None if right is None else str(right),
            cells=tuple(cells),
            text=text,
            advice=advice or rules()[rule].correct,
            outcome=outcome,
        )


@cache
def _matching(pattern: str, edition: str) -> tuple[str, ...]:
    from fnmatch import fnmatchcase

    return tuple(key for key in form.edition(edition).keys() if fnmatchcase(key, pattern))  # noqa: SIM118

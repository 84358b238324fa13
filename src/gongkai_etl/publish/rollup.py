"""The county's figures as a bridge: Σ units + own office + adjustments, each line with its parts.

A part without a figure is named and never counted as 0; where a unit's own total is wrong the line
shows both, as reported and recomputed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from gongkai_etl.form import Edition, cell_labels, edition_of_year
from gongkai_etl.model import CellState, Value
from gongkai_etl.publish.inputs import GAP_LABELS, STATE_LABELS, CountyYear, UnitState, UnitYear

Role = Literal["unit", "own", "adjustment"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit (or the own office, or one adjustment) brings to a line.

    ``recomputed`` differs from ``value`` only where the unit's printed total is not the sum of its
    parts. ``gap`` says in Chinese why there is no figure. ``rules`` are the findings on this cell.
    """

    code: str
    name: str
    role: Role
    value: Value
    recomputed: Value
    gap: str = ""
    certain: bool = True
    waived: bool = False
    rules: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One cell of the county's tables. Values are None when not a single part has a figure."""

    key: str
    label: str
    parts: tuple[Part, ...]
    value: Value
    recomputed: Value
    previous: Value = None
    draft: Value = None
    unexplained: tuple[str, ...] = ()

    @property
    def expected(self) -> int:
        """How many units should stand behind the figure."""
        return sum(part.role != "adjustment" for part in self.parts)

    @property
    def reported(self) -> int:
        """How many units do stand behind the figure (N)."""
        return sum(part.role != "adjustment" and part.value is not None for part in self.parts)

    @property
    def gaps(self) -> tuple[Part, ...]:
        """The units without a figure, each with the reason."""
        return tuple(part for part in self.parts if part.value is None)

    @property
    def uncertain(self) -> tuple[Part, ...]:
        """The units whose figure was not read with certainty."""
        return tuple(part for part in self.parts if part.value is not None and not part.certain)

    @property
    def waived(self) -> tuple[Part, ...]:
        """The units whose figure stands although a rule objects, because a person said so."""
        return tuple(part for part in self.parts if part.waived)

    @property
    def disputed(self) -> tuple[Part, ...]:
        """The units whose own total is not the sum of its parts."""
        return tuple(part for part in self.parts if part.recomputed != part.value)

    @property
    def change(self) -> Value:
        """Against last year; None when one of the years has no figure."""
        return None if self.value is None or self.previous is None else self.value - self.previous


@dataclass(frozen=True, slots=True)
class RollUp:
    """The county's three tables. ``unplaced`` are figures of units on another edition, by key and unit."""

    county: str
    year: int
    edition: str
    lines: dict[str, Line]
    unplaced: dict[str, tuple[Part, ...]] = field(default_factory=dict)

    def number(self, key: str) -> Value:
        """The county's figure as reported, or None."""
        line = self.lines.get(key)
        return line.value if line else None


def roll_up(county_year: CountyYear) -> RollUp:
    """The lines of the edition that is lawful for the year, without a word yet on what is unexplained.

    Raises KeyError for a year before 2019, which has no such form.
    """
    edition = edition_of_year(county_year.year)
    labels = cell_labels(edition.id)
    before = roll_up(county_year.previous) if county_year.previous else None
    parts = _Parts(county_year, edition)
    lines = {}
    for key, label in labels.items():
        found = parts.of(key)
        lines[key] = Line(
            key=key,
            label=label,
            parts=found,
            value=_sum(part.value for part in found),
            recomputed=_sum(part.recomputed for part in found),
            previous=before.number(key) if before else None,
            draft=county_year.draft.number(key) if county_year.draft else None,
        )
    return RollUp(county_year.county.name, county_year.year, edition.id, lines, parts.unplaced())


class _Parts:
    """The parts of a line, for one county and year."""

    def __init__(self, county_year: CountyYear, edition: Edition) -> None:
        self.county_year = county_year
        self.edition = edition
        # Total cells and what they should be the sum of; a later identity (the row sum) wins.
        self.totals = {
            identity.left[0].key: [term.key for term in identity.right]
            for identity in edition.identities
            if len(identity.left) == 1
        }

    def of(self, key: str) -> tuple[Part, ...]:
        units = [self._part(unit, key) for unit in self.county_year.all]
        extra = [
            Part("", "县级调整", "adjustment", entry.value, entry.value, reason=entry.reason)
            for entry in self.county_year.adjustments
            if entry.key == key
        ]
        return (*units, *extra)

    def unplaced(self) -> dict[str, tuple[Part, ...]]:
        known = set(self.edition.keys())
        found: dict[str, list[Part]] = {}
        for unit in self.county_year.all:
            for key in unit.report.cells if unit.report else ():
                if key not in known and unit.number(key) is not None:
                    found.setdefault(key, []).append(self._part(unit, key))
        return {key: tuple(parts) for key, parts in found.items()}

    def _part(self, unit: UnitYear, key: str) -> Part:
        value = unit.number(key)
        cell = unit.cell(key)
        on_cell = [finding for finding in unit.findings if key in finding.cells]
        return Part(
            code=unit.unit.code,
            name=unit.unit.name,
            role="own" if unit is self.county_year.own else "unit",
            value=value,
            recomputed=self._recomputed(unit, key, value),
            gap="" if value is not None else gap_words(unit, key),
            certain=cell is not None and cell.certain,
            waived=any(unit.waived(finding) for finding in on_cell),
            rules=tuple(dict.fromkeys(finding.rule for finding in on_cell)),
        )

    def _recomputed(self, unit: UnitYear, key: str, value: Value) -> Value:
        terms = [unit.number(term) for term in self.totals.get(key, ())]
        if value is None or not terms or None in terms:
            return value
        return _sum(terms)


def gap_words(unit: UnitYear, key: str) -> str:
    """Why a unit has no figure in a cell, in Chinese."""
    if unit.report is None:
        return "文件无法读取" if unit.state is UnitState.UNREADABLE else STATE_LABELS[unit.state]
    cell = unit.cell(key)
    if cell is None:
        return GAP_LABELS[CellState.ABSENT]
    words = GAP_LABELS.get(cell.state, "没有数字")
    return f"{words}：{cell.raw}" if cell.state is CellState.TEXT and cell.raw else words


def _sum(values: Iterable[Value]) -> Value:
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None

"""What a release is made of: one county, one year, plain values in memory and no I/O.

The warehouse (or a test) fills these; everything in this room is a plain function of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from gongkai_etl.model import Box, Cell, CellState, Finding, Grid, Report, Unit, Value


class UnitState(StrEnum):
    """Where a unit stands; lateness is said beside it, not instead of it."""

    PASSED = "passed"
    ERRORS = "errors"
    UNREADABLE = "unreadable"
    MISSING = "missing"


STATE_LABELS: dict[UnitState, str] = {
    UnitState.PASSED: "已通过",
    UnitState.ERRORS: "有错误",
    UnitState.UNREADABLE: "无法读取",
    UnitState.MISSING: "未报送",
}

GAP_LABELS: dict[CellState, str] = {
    CellState.BLANK: "空白",
    CellState.NOT_APPLICABLE: "不适用",
    CellState.TEXT: "不是数字",
    CellState.UNREAD: "未能读出",
    CellState.ABSENT: "表中无此项",
}
"""Why a cell has no figure, in words."""


@dataclass(frozen=True, slots=True)
class Handover:
    """One version of a report as it was handed in. ``url`` is public; ``file_name`` is not published."""

    sha256: str
    version: int
    received_on: date | None = None
    extension: str = ""
    file_name: str = ""
    url: str | None = None
    findings: tuple[Finding, ...] = ()
    """What the check said about this version: the ledger follows it from one version to the next."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's word on a finding. It is bound to both sides and falls when a figure changes."""

    rule: str
    cells: tuple[str, ...]
    decision: Literal["waived", "confirmed"]
    reason: str
    left: str | None = None
    right: str | None = None
    decided_on: date | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether this is the verdict on that finding, with the values it had."""
        mine = (self.rule, self.cells, self.left, self.right)
        return mine == (finding.rule, finding.cells, finding.left, finding.right)


@dataclass(frozen=True, slots=True)
class PageImage:
    """The part of a page that holds the tables, as PNG. ``box`` says which part, in PDF points."""

    page: int
    box: Box
    png: bytes


@dataclass(frozen=True, slots=True)
class UnitYear:
    """One unit in one year: the current version of its report and what was found in it.

    ``versions`` are all that were handed in, oldest first; the last is the current one.
    ``evidence`` maps a cell key to the PNG of its place; ``images`` are the pages with the tables;
    ``grids`` are the tables as they stand in a file without pages.
    """

    unit: Unit
    year: int
    report: Report | None = None
    findings: tuple[Finding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    versions: tuple[Handover, ...] = ()
    evidence: Mapping[str, bytes] = field(default_factory=dict)
    images: tuple[PageImage, ...] = ()
    grids: tuple[Grid, ...] = ()

    @property
    def submission(self) -> Handover | None:
        """The current version, or None when nothing came."""
        return self.versions[-1] if self.versions else None

    @property
    def state(self) -> UnitState:
        """Where the unit stands."""
        if self.report is None:
            return UnitState.UNREADABLE if self.versions else UnitState.MISSING
        return UnitState.ERRORS if self.count("error") else UnitState.PASSED

    @property
    def due_on(self) -> date:
        """The last day on which the report is in time."""
        return date(self.year + 1, *self.unit.due)

    @property
    def late(self) -> bool:
        """Whether the first version came after the last day."""
        first = self.versions[0].received_on if self.versions else None
        return first is not None and first > self.due_on

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """The findings that nobody waived."""
        return tuple(finding for finding in self.findings if not self.waived(finding))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The errors that stand: nobody waived them, and the rule could say for sure."""
        return tuple(
            entry for entry in self.open_findings if entry.severity == "error" and entry.outcome == "fail"
        )

    def count(self, severity: str) -> int:
        """How many findings of a severity stand."""
        return sum(entry.severity == severity and entry.outcome == "fail" for entry in self.open_findings)

    def verdict(self, finding: Finding) -> Verdict | None:
        """What a person said about a finding, the latest word first."""
        return next((verdict for verdict in reversed(self.verdicts) if verdict.covers(finding)), None)

    def waived(self, finding: Finding) -> bool:
        """Whether a person let the finding stand."""
        verdict = self.verdict(finding)
        return verdict is not None and verdict.decision == "waived"

    def cell(self, key: str) -> Cell | None:
        """The cell, or None when there is no report or the report's form has no such place."""
        return self.report.cells.get(key) if self.report else None

    def number(self, key: str) -> Value:
        """The figure, or None. Missing is never 0."""
        return self.report.number(key) if self.report else None


@dataclass(frozen=True, slots=True)
class RuleText:
    """What the rule catalogue says about a rule: one-line title, legal basis, explanation, how to correct."""

    title: str = ""
    basis: str = ""
    explanation: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A figure that the county adds to or takes from a line by its own decision, with the reason."""

    key: str
    value: Value
    reason: str
    entered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """Leave to publish lines that are not explained. ``keys`` empty: all of them. ``reason`` is printed."""

    reason: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Released:
    """The figures of the release before this one: (unit code, cell key) → figure, or None for no figure.

    Under the county's own code stand its adjustments, summed by cell.
    """

    release: str
    figures: Mapping[tuple[str, str], Value]


@dataclass(frozen=True, slots=True)
class CountyYear:
    """Everything a release of one county and year is made of.

    ``own`` is the report of the county government's own office, ``draft`` the county report that
    people wrote by themselves (compared with the roll-up), ``as_of`` the day the figures stand for:
    it is printed, and no clock is read.
    """

    county: Unit
    year: int
    units: tuple[UnitYear, ...]
    own: UnitYear | None = None
    adjustments: tuple[Adjustment, ...] = ()
    previous: CountyYear | None = None
    draft: Report | None = None
    approvals: tuple[Approval, ...] = ()
    released: Released | None = None
    as_of: date | None = None

    @property
    def all(self) -> tuple[UnitYear, ...]:
        """Every reporting unit in the order of the roster, the own office last."""
        return (*self.units, self.own) if self.own else self.units

    @property
    def adjusted(self) -> dict[str, int | Decimal]:
        """Cell key → the sum of its adjustments, for those that have any."""
        sums: dict[str, int | Decimal] = {}
        for entry in self.adjustments:
            if entry.value is not None:
                sums[entry.key] = sums.get(entry.key, 0) + entry.value
        return sums

    @property
    def day(self) -> date:
        """``as_of``, or the day on which the last report came, or the end of the year."""
        if self.as_of:
            return self.as_of
        days = [version.received_on for unit in self.all for version in unit.versions if version.received_on]
        return max(days, default=date(self.year, 12, 31))

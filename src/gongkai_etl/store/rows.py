"""What goes into the warehouse and what comes out of it: plain frozen rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from gongkai_etl.model import Finding, Report, Submission, Unit, to_json

Decision = Literal["confirm", "waive"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file with everything known about it, ready to be loaded.

    ``report`` is None when the file could not be read. ``findings`` is None when it was not
    checked yet; ``bindings`` has one text for each finding, made of rule and values on both sides.
    """

    submission: Submission
    report: Report | None = None
    report_key: str = ""
    findings: tuple[Finding, ...] | None = None
    bindings: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    catalogue_hash: str = ""

    @property
    def natural(self) -> tuple[str, int, str]:
        """Unit, year and hash of the file."""
        return self.submission.unit, self.submission.year, self.submission.sha256

    @property
    def content_hash(self) -> str:
        """Hash of the report as read: a better reading of the same file has another."""
        return hashlib.sha256(to_json(self.report)).hexdigest()

    @property
    def findings_hash(self) -> str:
        """Hash of the findings and of what could not be checked."""
        return hashlib.sha256(to_json((self.findings, self.bindings, self.unchecked))).hexdigest()


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load has added: 0 everywhere when nothing was new."""

    submissions: int = 0
    reports: int = 0
    checks: int = 0

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(
            self.submissions + other.submissions, self.reports + other.reports, self.checks + other.checks
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """One row of ``publish.progress``."""

    year: int
    unit_code: str
    unit_name: str
    kind: str
    position: int
    state: str
    check_state: str
    late: bool | None
    due_on: date
    first_received_at: datetime | None
    received_at: datetime | None
    versions: int
    origin: str | None
    sha256: str | None
    errors: int
    warnings: int
    notices: int
    cells_number: int | None
    cells_uncertain: int | None
    cells_unread: int | None
    release: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """One file of a unit and year, with its newest report and check if there are any."""

    submission: Submission
    is_current: bool
    withdrawn_at: datetime | None
    report_id: int | None
    report_key: str | None
    content_hash: str | None
    check_id: int | None
    catalogue_hash: str | None


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding of the current version of a unit, and the verdict that stands on it."""

    year: int
    unit_code: str
    unit_name: str
    sha256: str
    finding: Finding
    binding: str
    decision: Decision | None = None
    decision_reason: str | None = None

    @property
    def waived(self) -> bool:
        """Whether a reviewer has waived it."""
        return self.decision == "waive"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reviewer's decision about a finding, bound to the rule and the values on both sides."""

    id: int
    unit_code: str
    year: int
    rule: str
    binding: str
    decision: Decision
    reviewer: str
    reason: str
    expires_on: date | None
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the county adds to (or takes from) one of its figures: never changed, only revoked."""

    id: int
    year: int
    key: str
    place: str
    amount: Decimal
    reason: str
    entered_by: str
    created_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """An expected unit of a release; ``report_id`` is None when it has no readable report."""

    unit: Unit
    late: bool
    submission_id: int | None = None
    report_id: int | None = None
    check_id: int | None = None
    sha256: str | None = None
    report_key: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A set of figures of one year that someone approved, refused or retracted."""

    id: int
    year: int
    number: int
    name: str
    status: Literal["approved", "refused", "retracted"]
    content_hash: str
    units_reported: int
    units_expected: int
    decided_by: str | None
    reason: str | None
    created_at: datetime
    decided_at: datetime | None
    is_latest: bool


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A file nobody knows the owner of."""

    sha256: str
    file_name: str
    key: str
    size: int
    origin: str
    received_at: datetime
    reason: str
    suggested_unit: str | None = None
    suggested_year: int | None = None
    claimed_unit: str | None = None
    claimed_year: int | None = None

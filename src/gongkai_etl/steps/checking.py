"""Check a year's reports in one run, keep the findings beside them, load everything into the warehouse."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from gongkai_etl.check.items import CheckItem, CheckResult
from gongkai_etl.collect import roster
from gongkai_etl.errors import ReadError
from gongkai_etl.model import Finding, Report, Submission, Unit, from_json, to_json
from gongkai_etl.steps.collecting import failure
from gongkai_etl.steps.stores import Stores, code_fingerprint
from gongkai_etl.store import keys
from gongkai_etl.store.rows import Entry, Loaded, Version

_INPUTS = "inputs"


@dataclass(frozen=True, slots=True)
class Checked:
    """The stored outcome of the rules for one file."""

    findings: tuple[Finding, ...]
    bindings: tuple[str, ...]
    unchecked: tuple[str, ...]
    catalogue_hash: str


@dataclass(frozen=True, slots=True)
class _Subject:
    """A version with what was read from it, and what it is compared with."""

    version: Version
    report: Report | None
    error: ReadError | None
    previous: Report | None
    received_on: date
    first_received_on: date
    extra: tuple[Finding, ...]


def check_year(stores: Stores, year: int) -> int:
    """Check every version of a year that counts and gives how many; nothing when no input has changed.

    The current versions are one batch: rules that compare units see the whole county. Versions that
    were replaced before anybody checked them follow, so that the history is complete.
    """
    subjects = list(_subjects(stores, year))
    units = stores.warehouse.units()
    inputs = _fingerprint(subjects, units)
    known = stores.objects.stat(keys.batch(year))
    if known is not None and known.metadata.get(_INPUTS) == inputs:
        return 0
    current = [subject for subject in subjects if subject.version.is_current]
    validation = _check(stores, year, current, units)
    for batch in _rounds([subject for subject in subjects if not subject.version.is_current]):
        _check(stores, year, batch, units)
    # Written last: a check that was stopped on the way is done again.
    stores.objects.put_changed(keys.batch(year), validation, {_INPUTS: inputs})
    return len(subjects)


def load_year(stores: Stores, year: int) -> Loaded:
    """Load the reports and findings of a year, one transaction a file; twice changes no row."""
    return stores.warehouse.load(_entries(stores, year))


def _entries(stores: Stores, year: int) -> Iterator[Entry]:
    for version in stores.warehouse.versions(year):
        sent = version.submission
        key = keys.findings(year, sent.unit, sent.sha256)
        if version.withdrawn_at is None and stores.objects.exists(key):
            checked = from_json(Checked, stores.objects.get(key))
            report, _ = _read(stores, version)
            yield Entry(
                sent,
                report,
                keys.report(year, sent.unit, sent.sha256),
                checked.findings,
                checked.bindings,
                checked.unchecked,
                checked.catalogue_hash,
            )


def _subjects(stores: Stores, year: int) -> Iterator[_Subject]:
    zone = ZoneInfo(stores.settings.time_zone)
    versions = [version for version in stores.warehouse.versions(year) if version.withdrawn_at is None]
    first: dict[str, date] = {}
    for version in versions:
        day, unit = version.submission.received_at.astimezone(zone).date(), version.submission.unit
        first[unit] = min(first.get(unit, day), day)
    before = {v.submission.unit: v for v in stores.warehouse.versions(year - 1, current_only=True)}
    for version in versions:
        report, error = _read(stores, version)
        if report is None and error is None:
            continue
        older = before.get(version.submission.unit)
        previous = _read(stores, older)[0] if older else None
        sent = version.submission
        came = sent.received_at.astimezone(zone).date()
        yield _Subject(version, report, error, previous, came, first[sent.unit], _extra(stores, sent))


def _read(stores: Stores, version: Version) -> tuple[Report | None, ReadError | None]:
    """What was read from a version, or why nothing was; neither while it was not read yet."""
    sent = version.submission
    report, broken = (make(sent.year, sent.unit, sent.sha256) for make in (keys.report, keys.failure))
    if stores.objects.exists(report):
        return from_json(Report, stores.objects.get(report)), None
    if stores.objects.exists(broken):
        return None, failure(stores, broken)
    return None, None


def _extra(stores: Stores, sent: Submission) -> tuple[Finding, ...]:
    key = keys.beside(sent.year, sent.unit, sent.sha256)
    return from_json(tuple[Finding, ...], stores.objects.get(key)) if stores.objects.exists(key) else ()


def _check(stores: Stores, year: int, subjects: Sequence[_Subject], units: Sequence[Unit]) -> bytes:
    """Run the rules over readable reports, write the findings of all; gives the validation as JSON."""
    readable = [subject for subject in subjects if subject.report is not None]
    result = _run(readable, year, units) if readable else CheckResult([], [])
    for subject, findings, unchecked in zip(readable, result.findings, result.unchecked, strict=True):
        every = sorted([*findings, *subject.extra], key=lambda found: found.sort_key)
        _write(stores, subject, _checked(every, unchecked, result.catalogue_hash))
    for subject in subjects:
        if subject.error is not None and subject.report is None:
            finding = Finding(subject.error.code, "error", subject.error.message)
            _write(stores, subject, _checked((finding,), ("文件没有读出，未作任何核对",), result.catalogue_hash))
    return json.dumps(result.validation, ensure_ascii=False, sort_keys=True, default=str).encode()


def _run(subjects: Sequence[_Subject], year: int, units: Sequence[Unit]) -> CheckResult:
    from gongkai_etl.check import check

    by_code: Mapping[str, Unit] = {unit.code: unit for unit in units}
    items = [
        CheckItem(
            report=subject.report,
            name=subject.version.submission.file_name,
            unit=by_code.get(subject.version.submission.unit),
            year=year,
            previous=subject.previous,
            received_on=subject.received_on,
            first_received_on=subject.first_received_on,
        )
        for subject in subjects
        if subject.report is not None
    ]
    with warnings.catch_warnings():
        # The library's own use of older parts of itself fills a task's log with hundreds of lines.
        warnings.simplefilter("ignore", DeprecationWarning)
        return check(items, units)


def _checked(findings: Sequence[Finding], unchecked: Sequence[str], catalogue: str) -> Checked:
    from gongkai_etl.check.verdicts import binding

    return Checked(tuple(findings), tuple(binding(found) for found in findings), tuple(unchecked), catalogue)


def _write(stores: Stores, subject: _Subject, checked: Checked) -> None:
    sent = subject.version.submission
    stores.objects.put_changed(keys.findings(sent.year, sent.unit, sent.sha256), to_json(checked))


def _rounds(subjects: Sequence[_Subject]) -> Iterator[list[_Subject]]:
    """Older versions in batches that hold each unit once."""
    waiting = list(subjects)
    while waiting:
        batch: dict[str, _Subject] = {}
        for subject in waiting:
            batch.setdefault(subject.version.submission.unit, subject)
        yield list(batch.values())
        waiting = [subject for subject in waiting if subject not in batch.values()]


def _fingerprint(subjects: Sequence[_Subject], units: Sequence[Unit]) -> str:
    """Everything an outcome depends on: reports, last year's, days, roster, rules."""
    facts = [
        (
            subject.version.submission.unit,
            subject.version.submission.sha256,
            subject.version.is_current,
            subject.received_on,
            subject.first_received_on,
            subject.report,
            str(subject.error),
            subject.previous,
            subject.extra,
        )
        for subject in subjects
    ]
    code = code_fingerprint("check", "form", "model.py", "text.py")
    return hashlib.sha256(to_json((facts, units, code))).hexdigest()


def county_name(stores: Stores) -> str:
    """The county as the roster or the settings name it."""
    row = roster.county(stores.warehouse.units())
    return stores.settings.county or (row.name if row else "")

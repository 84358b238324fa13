"""One unit's task: fetch its files, read each in a guarded process, store raw bytes and what was read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePosixPath

from gongkai_etl.collect.arrival import Arrival, Claim, decide
from gongkai_etl.errors import ReadError
from gongkai_etl.model import Report, Submission, Unit, from_json, to_json
from gongkai_etl.pipeline import Outcome
from gongkai_etl.steps.inbox import File, open_file
from gongkai_etl.steps.plan import Work
from gongkai_etl.steps.reading import read_one, reader_fingerprint
from gongkai_etl.steps.stores import Stores
from gongkai_etl.steps.web import visit
from gongkai_etl.store import keys
from gongkai_etl.store.rows import Entry, Unclaimed

PASSING = {"READ-TIMEOUT", "READ-MEMORY", "READ-CRASHED"}
"""Failures that may be the machine's and not the file's: tried again in the next run."""

_READ = "reader"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: ``unit`` is None when it waits on the 待认领 list."""

    unit: str | None
    file: str
    error: str | None
    known: bool


def collect(stores: Stores, work: Work) -> list[Taken]:
    """Take in every file of a piece of work; a bad file ends as a stored reason and stops nothing.

    Raises StoreUnavailableError when a store does not answer: the task is safe to run again.
    """
    units = {unit.code: unit for unit in stores.warehouse.units()}
    taken = []
    for code, files in work["files"].items():
        unit = units.get(code)
        from_web = (
            visit(stores, unit, list(units.values()), work["year"]) if unit and _asks(stores, unit, work) else []
        )
        # A delivery that an earlier run put into the inbox is among the listed files already.
        every = {file["path"]: file for file in [*from_web, *files]}
        taken += [_take(stores, units, unit, work["year"], file) for file in every.values()]
    return taken


def _asks(stores: Stores, unit: Unit, work: Work) -> bool:
    """Whether the unit's source is asked: not when its report is there and nobody wants a second look."""
    if not unit.source:
        return False
    current = stores.warehouse.versions(work["year"], unit.code, current_only=True)
    return work["revisit"] or not any(version.submission.origin.startswith("web") for version in current)


def _take(stores: Stores, units: dict[str, Unit], unit: Unit | None, year: int, file: File) -> Taken:
    arrival, data = open_file(stores, file)
    sha256 = hashlib.sha256(data).hexdigest()
    kept = _kept(stores, unit, year, sha256)
    outcome = kept or read_one(data, arrival.name)
    claim = _claim(arrival, outcome.report, units, unit, year, file["origin"] == "claimed")
    if claim.unit is None or claim.year is None:
        _set_aside(stores, arrival, data, sha256, claim)
        return Taken(None, arrival.name, claim.reason, kept is not None)
    if claim.year != year:
        return Taken(claim.unit.code, arrival.name, None, True)  # that year's run takes it
    owner = claim.unit
    submission = Submission(
        unit=owner.code,
        year=year,
        sha256=sha256,
        extension=extension(arrival.name),
        size=len(data),
        received_at=arrival.received_at,
        origin=arrival.origin,
        file_name=arrival.name,
        key=keys.raw(year, owner.code, sha256, extension(arrival.name)),
    )
    _store(stores, submission, data, outcome)
    return Taken(owner.code, arrival.name, outcome.error.message if outcome.error else None, kept is not None)


def _claim(
    arrival: Arrival, report: Report | None, units: dict[str, Unit], unit: Unit | None, year: int, claimed: bool
) -> Claim:
    if claimed and unit is not None:
        return Claim(unit, year, "经人工认领")
    claim = decide(arrival, report, list(units.values()))
    if unit is not None and claim.year is not None and claim.year != year:
        return Claim(None, None, f"报告写的是{claim.year}年，文件却放在{year}年", unit, claim.year)
    return claim


def _store(stores: Stores, submission: Submission, data: bytes, outcome: Outcome) -> None:
    """Raw bytes, then what was read, then the row: killed anywhere, the next run completes it."""
    year, unit, sha256 = submission.year, submission.unit, submission.sha256
    facts = {
        "file-name": submission.file_name,
        "origin": submission.origin,
        "received-at": submission.received_at.isoformat(),
    }
    stores.objects.put_once(submission.key, data, metadata=facts)
    mark = {_READ: reader_fingerprint()}
    if outcome.report is not None:
        if outcome.document is not None:
            stores.objects.put_changed(keys.document(year, unit, sha256), outcome.document)
        stores.objects.put_changed(keys.report(year, unit, sha256), to_json(outcome.report), mark)
    else:
        error = outcome.error or ReadError("READ-INTERNAL", "读取时出错，请联系维护人员")
        reason = {"code": error.code, "message": error.message}
        if error.code not in PASSING:
            mark["failed"] = error.code
        body = json.dumps(reason, ensure_ascii=False, sort_keys=True).encode()
        stores.objects.put_changed(keys.failure(year, unit, sha256), body, mark)
        held = keys.quarantine(year, unit, sha256, submission.extension)
        stores.objects.put_once(held, data, metadata=facts | {"reason": error.message})
    stores.warehouse.load([Entry(submission)])


def _set_aside(stores: Stores, arrival: Arrival, data: bytes, sha256: str, claim: Claim) -> None:
    key = keys.unclaimed(sha256, extension(arrival.name))
    stores.objects.put_once(key, data, metadata={"file-name": arrival.name, "reason": claim.reason})
    stores.warehouse.save_unclaimed(
        Unclaimed(
            sha256=sha256,
            file_name=arrival.name,
            key=key,
            size=len(data),
            origin=arrival.origin,
            received_at=arrival.received_at,
            reason=claim.reason,
            suggested_unit=claim.suggested_unit.code if claim.suggested_unit else None,
            suggested_year=claim.suggested_year,
        )
    )


def _kept(stores: Stores, unit: Unit | None, year: int, sha256: str) -> Outcome | None:
    """What the same code read from the same bytes before."""
    if unit is None:
        return None
    key = keys.report(year, unit.code, sha256)
    found = stores.objects.stat(key)
    if found is not None and found.metadata.get(_READ) == reader_fingerprint():
        return Outcome("", sha256, from_json(Report, stores.objects.get(key)), None)
    key = keys.failure(year, unit.code, sha256)
    found = stores.objects.stat(key)
    if found is not None and found.metadata.get(_READ) == reader_fingerprint() and "failed" in found.metadata:
        return Outcome("", sha256, None, failure(stores, key))
    return None


def failure(stores: Stores, key: str) -> ReadError:
    """The stored reason why a file could not be read."""
    reason = json.loads(stores.objects.get(key))
    return ReadError(reason["code"], reason["message"])


def extension(name: str) -> str:
    """Without a dot, lower case; ``bin`` when there is none."""
    return PurePosixPath(name).suffix.lstrip(".").lower() or "bin"

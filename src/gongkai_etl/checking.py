"""Files named on the command line → findings: reading, matching with the roster, one check for all."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai_etl.errors import GongkaiError, RosterError
from gongkai_etl.model import Finding, Report, Unit

if TYPE_CHECKING:
    from gongkai_etl.check.page import Examined
    from gongkai_etl.pipeline import Outcome

_FIRST_YEAR = 2008
_MOST_PICTURES = 12


@dataclass(frozen=True, slots=True)
class Job:
    """One file to check; ``name`` is the path as it was given."""

    name: str
    path: Path
    unit: Unit | None = None
    year: int | None = None
    previous: Path | None = None
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Jobs:
    """What to check, with the roster if there is one."""

    jobs: tuple[Job, ...]
    roster: tuple[Unit, ...] = ()


def jobs_of(
    files: Sequence[Path],
    *,
    unit: str | None = None,
    year: int | None = None,
    previous: Path | None = None,
    received: str | None = None,
    manifest: Path | None = None,
    roster: Path | None = None,
) -> Jobs:
    """The jobs of a command line, or of a manifest. Raises GongkaiError on an unknown unit or an impossible year."""
    from gongkai_etl.collect import roster as rosters

    units = rosters.load(roster) if roster else ()
    if manifest is not None:
        return Jobs(tuple(_manifest(manifest, units)), units)
    if not files:
        raise GongkaiError("CHECK-NO-FILE", "请写明要核对的文件，或用 --manifest 给出清单。")
    known = _unit(unit, units)
    came = _day(received)
    return Jobs(tuple(Job(str(path), path, known, _year(year), previous, came) for path in _flat(files)), units)


def _flat(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(e for e in path.rglob("*") if e.is_file() and e.name[0] != ".") or (path,)
        else:
            yield path


def _manifest(path: Path, units: Sequence[Unit]) -> Iterator[Job]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GongkaiError("CHECK-MANIFEST", f"清单读不出：{path}（应为 UTF-8 的 CSV 文件）。") from error
    rows = csv.DictReader(io.StringIO(text))
    if "path" not in (rows.fieldnames or ()):
        raise GongkaiError("CHECK-MANIFEST", f"清单 {path} 的第一行应为列名 path,unit,year,previous。")
    for number, row in enumerate(rows, 2):
        name = (row.get("path") or "").strip()
        if not name:
            raise GongkaiError("CHECK-MANIFEST", f"清单第{number}行没有 path。")
        year = (row.get("year") or "").strip()
        if year and not year.isdigit():
            raise GongkaiError("CHECK-YEAR", f"清单第{number}行的年度“{year}”不是年份。")
        before = (row.get("previous") or "").strip()
        yield Job(
            name,
            _beside(path, name),
            _unit((row.get("unit") or "").strip() or None, units),
            _year(int(year) if year else None),
            _beside(path, before) if before else None,
            _day((row.get("received") or "").strip() or None),
        )


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise GongkaiError("CHECK-DATE", f"日期“{written}”不对，请写成 2026-01-15。") from error


def _beside(manifest: Path, name: str) -> Path:
    """As given from the working folder, else from the manifest's."""
    path = Path(name)
    beside = manifest.parent / path
    return path if path.exists() or not beside.exists() else beside


def _year(year: int | None) -> int | None:
    if year is not None and not _FIRST_YEAR <= year <= date.today().year:
        raise GongkaiError("CHECK-YEAR", f"年度{year}不对，应在{_FIRST_YEAR}与{date.today().year}之间。")
    return year


def _unit(name: str | None, units: Sequence[Unit]) -> Unit | None:
    if name is None:
        return None
    if not units:
        return Unit(code="", name=name, kind=_kind(name))
    from gongkai_etl.collect.names import find

    found = next((unit for unit in units if unit.code == name), None) or find(units, name)
    if found is None:
        raise RosterError("ROSTER-UNKNOWN-UNIT", f"名册中没有“{name}”，请核对单位名称。")
    return found


def _kind(name: str) -> str:
    from gongkai_etl.check.places import level

    return {"town": "乡镇", "county": "县"}.get(level(name), "部门" if level(name) == "below" else "")


def check_files(
    given: Jobs, pictures: bool = False, data_docs: Path | None = None
) -> tuple[list[Examined], dict[str, Any]]:
    """Read all files, check all that could be read in one run. Gives what to show, and the validation.

    ``pictures``: with the places of the first findings' cells as PNG, for PDF files. ``data_docs``: see
    :func:`gongkai_etl.check.check`.
    """
    from gongkai_etl.check import CheckItem, check
    from gongkai_etl.check.page import Examined

    outcomes, before = _read(given.jobs)
    items = {
        k: CheckItem(
            report=outcome.report,
            name=job.name,
            unit=job.unit or _by_title(outcome.report, given.roster),
            year=job.year,
            previous=before.get(job.previous) if job.previous else None,
            received_on=job.received_on,
        )
        for k, (job, outcome) in enumerate(zip(given.jobs, outcomes, strict=True))
        if outcome.report is not None
    }
    result = check(list(items.values()), given.roster, data_docs=data_docs)
    checked = dict(zip(items, zip(result.findings, result.unchecked, strict=True), strict=True))
    examined = []
    for k, (job, outcome) in enumerate(zip(given.jobs, outcomes, strict=True)):
        if k not in items:
            assert outcome.error is not None
            code = outcome.error.code
            failed = Finding(code if code.startswith("READ-") else f"READ-{code}", "error", outcome.error.message)
            examined.append(
                Examined(job.name, None, (failed,), ("文件没有读出，未作任何核对。",), outcome.error.message)
            )
            continue
        findings, unchecked = checked[k]
        lost = (f"上一年的报告{job.previous}没有读出。",) if job.previous and job.previous not in before else ()
        shown = _pictures(job.path, items[k].report, findings) if pictures else {}
        examined.append(Examined(job.name, items[k], findings, (*unchecked, *lost), pictures=shown))
    return examined, result.validation


def _read(jobs: Sequence[Job]) -> tuple[list[Outcome], dict[Path, Report]]:
    """The outcomes of the jobs' files, and last year's reports; a file named twice is read once."""
    from gongkai_etl.pipeline import Reader

    paths = list(dict.fromkeys(path for job in jobs for path in (job.path, job.previous) if path is not None))
    with Reader(1 if len(paths) < 3 else None) as reader:
        outcomes = dict(zip(paths, reader.read_all((str(path), path) for path in paths), strict=True))
    before = {path: found.report for path, found in outcomes.items() if found.report is not None}
    return [outcomes[job.path] for job in jobs], before


def _by_title(report: Report | None, units: Sequence[Unit]) -> Unit | None:
    if report is None or not units or not report.unit:
        return None
    from gongkai_etl.collect.names import find

    return find(units, report.unit)


def _pictures(path: Path, report: Report, findings: Sequence[Finding]) -> dict[str, bytes]:
    """Cell → PNG of its place, for the printed totals that findings name first; PDF files only."""
    if report.format != "pdf":
        return {}
    data = path.read_bytes()
    made: dict[str, bytes] = {}
    for key in dict.fromkeys(key for finding in findings for key in finding.cells[:2]):
        cell = report.cells.get(key)
        if len(made) >= _MOST_PICTURES or cell is None or cell.page is None or not isinstance(cell.bbox, tuple):
            continue
        # Drawing happens in a child process: a file that makes it fail costs no more than the picture.
        command = [sys.executable, "-m", "gongkai_etl.board.crops", str(cell.page), *map(str, cell.bbox)]
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=20, check=False)
        except subprocess.TimeoutExpired:
            break
        if done.returncode == 0 and done.stdout:
            made[key] = done.stdout
    return made

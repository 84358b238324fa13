"""The sample county: made anew to the same bytes, read whole, and exactly the planted faults found."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import pytest

from gongkai_etl.check import CheckItem, check
from gongkai_etl.collect import roster
from gongkai_etl.errors import ReadError
from gongkai_etl.form import edition
from gongkai_etl.model import Finding, Report
from gongkai_etl.pipeline import read_report
from samples import make
from samples.county import YEARS, Handed, handed_in, offices
from tests.writers.corpus import facts
from tests.writers.score import compare, identity

ROOT = Path(make.__file__).parent
FILES = handed_in()
READABLE = [handed for handed in FILES if not handed.damaged]


@cache
def report_of(path: str) -> Report:
    return read_report((ROOT / "reports" / path).read_bytes(), Path(path).name)


def _contents(data: bytes) -> object:
    """Zip files by their members: compression differs between builds of zlib."""
    if not data.startswith(b"PK"):
        return data
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_python_makes_is_what_is_kept(tmp_path: Path) -> None:
    written = make.write(tmp_path)
    assert len(written) > 20
    for path in written:
        kept = ROOT / path.relative_to(tmp_path)
        assert _contents(kept.read_bytes()) == _contents(path.read_bytes()), kept


def test_made_twice_to_the_same_bytes(tmp_path: Path) -> None:
    first, second = make.write(tmp_path / "a"), make.write(tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_every_file_is_there_and_small() -> None:
    kept = {path.relative_to(ROOT / "reports").as_posix() for path in (ROOT / "reports").rglob("*.*")}
    assert kept == {handed.path for handed in FILES}
    sizes = [path.stat().st_size for path in ROOT.rglob("*") if path.is_file()]
    assert max(sizes) < 150_000
    assert sum(sizes) < 4_000_000


def test_the_roster_is_that_of_the_plan() -> None:
    units = roster.load(ROOT / "units.csv")
    county = roster.county(units)
    assert county is not None
    assert [unit.name for unit in units if unit is not county] == [office.name for office in offices()]
    assert sum(unit.kind == "部门" for unit in units) == 8


@pytest.mark.parametrize("handed", READABLE, ids=lambda handed: handed.path.rsplit("/", 1)[-1])
def test_every_figure_is_read(handed: Handed) -> None:
    report, truth = report_of(handed.path), facts(handed.truth, handed.how, handed.path)
    expected = truth["cells"]
    assert isinstance(expected, dict)
    score = compare(expected, report)
    assert score.whole, score.faults
    assert not identity(truth, report)


def test_the_damaged_file_says_so() -> None:
    broken = next(handed for handed in FILES if handed.damaged)
    with pytest.raises(ReadError) as raised:
        report_of(broken.path)
    assert raised.value.code == broken.findings[0][0]


@cache
def _checked() -> tuple[tuple[Finding, ...], ...]:
    units = roster.load(ROOT / "units.csv")
    by_code = {unit.code: unit for unit in units}
    last = {handed.code: handed for handed in READABLE if handed.year == YEARS[0]}
    items = [
        CheckItem(
            report=report_of(handed.path),
            name=handed.path,
            unit=by_code[handed.code],
            year=handed.year,
            previous=report_of(last[handed.code].path) if handed.year != YEARS[0] else None,
            received_on=handed.received.date(),
        )
        for handed in READABLE
    ]
    return tuple(check(items, units).findings)


def _surplus(handed: Handed, found: tuple[Finding, ...]) -> Iterator[str]:
    planted = list(handed.findings)
    for finding in found:
        meant = [
            fault
            for fault in planted
            if fault[:2] == (finding.rule, finding.severity) and set(fault[2]) <= set(finding.cells)
        ]
        if meant:
            planted.remove(meant[0])
        else:
            yield f"not planted: {finding.rule} {finding.message}"
    yield from (f"not found: {rule} {cells}" for rule, _, cells in planted)


@pytest.mark.parametrize("at", range(len(READABLE)), ids=lambda at: READABLE[at].path.rsplit("/", 1)[-1])
def test_exactly_the_planted_faults_are_found(at: int) -> None:
    assert not list(_surplus(READABLE[at], _checked()[at]))


@pytest.mark.parametrize("year", YEARS)
def test_faultless_reports_hold_all_identities(year: int) -> None:
    sound = [handed for handed in READABLE if handed.year == year and not handed.findings]
    assert len(sound) >= 10
    for handed in sound:
        for one in edition("2021").identities:
            left, right = (
                sum(term.sign * handed.truth.whole(term.key) for term in side) for side in (one.left, one.right)
            )
            assert left == right, (handed.path, one.id)

"""Real reports against what a careful reader reads in them: nothing silently wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gongkai_etl.extract.numbers import parse
from gongkai_etl.form import edition
from gongkai_etl.model import CellState, Report
from gongkai_etl.pipeline import read_report

SHARED = Path(__file__).resolve().parents[3] / "shared"
WHOLE = ("001", "002", "012", "013", "014", "015", "017", "019", "021", "023", "027", "031", "033", "035", "037", "039",
         "041", "043", "045", "047", "049", "051", "053", "054")  # fmt: skip
PARTLY = ("016", "018", "025", "029", "055")
"""Cells scattered or glued so that a careful machine leaves some unread."""

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the real reports are not beside the checkout")


def load(name: str) -> tuple[Report, dict[str, Any]]:
    path = next(path for path in (SHARED / "real").glob(f"{name}.*") if path.is_file())
    truth = json.loads((SHARED / "real" / "truth" / f"{name}.json").read_text("utf-8"))
    return read_report(path.read_bytes(), path.name), truth["cells"]


def wrong(report: Report, truth: dict[str, Any]) -> list[str]:
    money = {key for key in edition("2021").keys() + edition("2019").keys() if key.endswith("amount")}
    found = []
    for key, said in truth.items():
        expected = parse("" if said is None else str(said), "money" if key in money else "count")
        cell = report.cells.get(key)
        same = cell is not None and cell.state is expected.state and (cell.value or 0) == (expected.value or 0)
        if not same:
            found.append(key)
    return found


@pytest.mark.parametrize("name", WHOLE)
def test_every_figure_is_read(name: str) -> None:
    report, truth = load(name)
    assert wrong(report, truth) == []


@pytest.mark.parametrize("name", PARTLY)
def test_what_cannot_be_read_safely_is_openly_unread(name: str) -> None:
    report, truth = load(name)
    missed = [report.cells[key] for key in wrong(report, truth) if key in report.cells]
    assert not any(cell.certain for cell in missed)


@pytest.mark.parametrize("suffix", ["pdf", "docx", "html", "txt"])
def test_the_seed_in_each_format(suffix: str) -> None:
    truth = json.loads((SHARED / "seed" / "seed.truth.json").read_text("utf-8"))
    report = read_report((SHARED / "seed" / f"seed.{suffix}").read_bytes(), f"seed.{suffix}")
    assert (report.unit, report.year, report.title) == (truth["unit"], truth["year"], truth["title"])
    assert report.issued_on is not None
    assert report.issued_on.isoformat() == truth["signed_date"]
    assert report.signed_by == truth["signer"]
    assert set(report.sections) == set("123456")
    missed = wrong(report, truth["cells"])
    if suffix == "txt":  # the text lost the last column of seventeen rows
        assert {report.cells[key].state for key in missed} == {CellState.UNREAD}
        assert all(key.endswith(".total") for key in missed)
        assert len(missed) == 17
    else:
        assert missed == []
        assert all(cell.certain for cell in report.cells.values())

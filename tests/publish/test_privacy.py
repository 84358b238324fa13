"""Personal data leaves a release before it is built; what the office allows stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gongkai_etl.errors import PublishError
from gongkai_etl.model import CellState, Grid, GridCell
from gongkai_etl.publish.inputs import Adjustment, Approval, CountyYear
from gongkai_etl.publish.options import Options
from gongkai_etl.publish.privacy import for_public
from gongkai_etl.publish.release import build
from gongkai_etl.publishing import chosen_options
from gongkai_etl.settings import settings
from tests.publish.county import cell

PHONE = "13812345678"


@pytest.fixture
def telling(county: CountyYear) -> CountyYear:
    """A county whose people wrote their numbers everywhere."""
    first = county.units[0]
    assert first.report is not None
    words = cell(None, state=CellState.TEXT, raw=f"见附件，电话{PHONE}", note=f"问{PHONE}")
    report = replace(first.report, cells={**first.report.cells, "t3.granted.business": words})
    verdict = replace(first.verdicts[0], reason=f"已电话核实{PHONE}")
    grids = (Grid(1, 1, (GridCell(f"联系人{PHONE}", 0, 0),), "markup"),)
    said = replace(first, report=report, verdicts=(verdict,), grids=grids)
    return replace(
        county,
        units=(said, *county.units[1:]),
        adjustments=(Adjustment("t2.licences.decisions", 3, f"转办，{PHONE}"),),
        approvals=(Approval(f"县办核实，{PHONE}"),),
    )


def texts(root: Path) -> str:
    return "\n".join(
        path.read_text("utf-8") for path in root.rglob("*") if path.suffix in {".csv", ".html", ".md", ".json"}
    )


def test_nothing_personal_is_in_any_file(telling: CountyYear, tmp_path: Path) -> None:
    build(telling, tmp_path)
    whole = texts(tmp_path)
    assert PHONE not in whole
    assert "王某某" not in whole
    assert whole.count("（已隐去）") > 5


def test_what_the_office_allows_stays(telling: CountyYear, tmp_path: Path) -> None:
    build(telling, tmp_path, Options(personal=("phone", "signer")))
    whole = texts(tmp_path)
    assert f"已电话核实{PHONE}" in whole
    assert "署名：王某某" in (tmp_path / "units/650001.html").read_text("utf-8")
    assert "王某某" in (tmp_path / "data/progress.csv").read_text("utf-8")


def test_a_verdict_still_covers_its_finding(county: CountyYear) -> None:
    first = county.units[0]
    finding = replace(first.findings[0], left=f"9（{PHONE}）")
    said = replace(first, findings=(finding,), verdicts=(replace(first.verdicts[0], left=finding.left),))
    shown = for_public(replace(county, units=(said, *county.units[1:]))).units[0]
    assert shown.findings[0].left == "9（（已隐去））"
    assert shown.waived(shown.findings[0])


def test_unknown_kinds_in_the_settings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for words, wanted in (("", ()), ("phone，signer", ("phone", "signer"))):
        monkeypatch.setenv("GONGKAI_PUBLISH_PERSONAL", words)
        settings.cache_clear()
        assert chosen_options().personal == wanted
    monkeypatch.setenv("GONGKAI_PUBLISH_PERSONAL", "identity")
    settings.cache_clear()
    with pytest.raises(PublishError, match="identity"):
        chosen_options()
    monkeypatch.undo()
    settings.cache_clear()

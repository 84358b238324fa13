"""A corrected resubmission changes exactly the corrected figures, and the list says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from gongkai_etl.publish.changes import changes, released_from
from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.publish.release import ReleaseFiles, build
from tests.publish.county import cell, handed


def corrected(county: CountyYear, released: ReleaseFiles) -> CountyYear:
    second = county.units[1]
    assert second.report is not None
    cells = {**second.report.cells, "t3.received.total": cell(5), "t3.closed_other.business": cell(0)}
    again = replace(
        second,
        report=replace(second.report, cells=cells),
        findings=(),
        versions=(*second.versions, handed(7, date(2026, 2, 12), 2)),
    )
    before = released_from(released.id, 2025, (released.root / "data/cells.csv").read_bytes())
    return replace(county, units=(county.units[0], again, *county.units[2:]), released=before)


def test_a_resubmission_names_exactly_the_changed_figures(
    county: CountyYear, released: ReleaseFiles, tmp_path: Path
) -> None:
    built = build(corrected(county, released), tmp_path)
    assert [(row["unit_code"], row["cell_key"], row["before"], row["after"]) for row in built.changes] == [
        ("650002", "t3.received.total", 6, 5),
        ("650002", "t3.closed_other.business", None, 0),
    ]
    assert {row["reason"] for row in built.changes} == {"第 2 次报送更正（2026年2月12日）"}
    text = (tmp_path / "CHANGES.md").read_text("utf-8")
    assert "有 2 个数据变动" in text
    assert "| 柳泉镇 | 表三「一、本年新收政府信息公开申请数量」行「总计」列 | 6 | 5 |" in text
    assert "| — | 0 |" in text
    assert built.id != released.id
    assert released.id in (tmp_path / "release.json").read_text("utf-8")


def test_nothing_changed(county: CountyYear, released: ReleaseFiles) -> None:
    before = released_from(released.id, 2025, (released.root / "data/cells.csv").read_bytes())
    assert changes(replace(county, released=before)) == ()


def test_a_late_report_and_a_withdrawn_one(county: CountyYear, released: ReleaseFiles) -> None:
    before = released_from(released.id, 2025, (released.root / "data/cells.csv").read_bytes())
    without = replace(before, figures={key: value for key, value in before.figures.items() if key[0] != "650003"})
    late = changes(replace(county, released=without))
    assert {row["unit_code"] for row in late} == {"650003"}
    assert late[0]["reason"] == "补报（2026年2月10日）"
    gone = replace(county.units[0], report=None, findings=(), versions=())
    taken = changes(replace(county, units=(gone, *county.units[1:]), released=before))
    assert {row["reason"] for row in taken} == {"撤回报告"}
    removed = changes(replace(county, units=county.units[1:], released=before))
    assert {row["reason"] for row in removed} == {"名录中不再有该单位"}

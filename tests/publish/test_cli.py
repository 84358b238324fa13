"""The commands for releasing, listing, papers and taking back, on the real stores."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gongkai_etl.cli import adjusting, app, publishing
from gongkai_etl.errors import GongkaiError, PublishError
from gongkai_etl.publish.inputs import CountyYear
from gongkai_etl.store.objects import ObjectStore
from gongkai_etl.store.warehouse import Warehouse

pytestmark = pytest.mark.integration


def run(*words: str) -> str:
    outcome = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_release_list_papers_and_retract(
    warehouse: Warehouse,
    objects: ObjectStore,
    given: CountyYear,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publishing, "_stores", lambda: (warehouse, objects))
    first = run("release", "2025", "--by", "李主任", "--out", str(tmp_path / "out"))
    assert "已发布 2025-1" in first
    assert "3／4 个单位有数据" in first
    assert "柳泉镇 所报 6，分项之和 5" in first
    assert (tmp_path / "out/index.html").is_file()
    again = run("release", "2025", "--by", "李主任", "--out", str(tmp_path / "again"))
    assert "没有变化" in again
    assert (tmp_path / "again/SHA256SUMS").read_bytes() == (tmp_path / "out/SHA256SUMS").read_bytes()
    assert "2025-1" in run("releases", "2025")
    assert "2019年度还没有发布版本" in run("releases", "2019")
    papers = run("papers", "2025", "--out", str(tmp_path / "papers"))
    assert "notices/650002.docx" in papers
    assert (tmp_path / "papers/ledger-2025.xlsx").is_file()
    assert "现在没有现行发布" in run("retract", "2025", "2025-1", "--reason", "误发")
    assert "已撤回" in run("releases", "2025")


def test_an_adjustment_is_entered_listed_stops_a_release_and_is_taken_back(
    warehouse: Warehouse, objects: ObjectStore, given: CountyYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_stores", lambda: (warehouse, objects))
    monkeypatch.setattr(adjusting, "_warehouse", lambda: warehouse)
    made = run("adjust", "2025", "t3.received.total", "-3", "--reason", "重复计算", "--by", "李某")
    assert "列 -3，李某，重复计算" in made
    assert "有效" in run("adjustments", "2025")
    with pytest.raises(PublishError, match="找不到对应的单位"):
        run("release", "2025")
    assert "已发布" in run("release", "2025", "--reason", "县办核实，分项待补")
    number = str(warehouse.adjustments(2025)[0].id)
    assert "已撤销" in run("unadjust", number, "--reason", "登记错误", "--by", "王某")
    assert "登记错误" in run("adjustments", "2025")
    with pytest.raises(GongkaiError, match="不是数"):
        run("adjust", "2025", "t3.received.total", "三", "--reason", "重复计算")

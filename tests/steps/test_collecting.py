"""A unit's task: raw bytes kept once, what was read beside them, a bad file harms nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gongkai_etl.model import Document, Report, from_json
from gongkai_etl.steps import collecting
from gongkai_etl.steps.checking import check_year, load_year
from gongkai_etl.steps.collecting import Taken, collect
from gongkai_etl.steps.plan import plan
from gongkai_etl.steps.stores import Stores
from gongkai_etl.store import keys
from gongkai_etl.store.rows import Loaded
from tests.steps.papers import JANUARY, drop, paper, truth
from tests.store.conftest import snapshot

pytestmark = pytest.mark.integration


def take_in(stores: Stores, year: int = 2025) -> list[Taken]:
    return [taken for work in plan(stores, year) for taken in collect(stores, work)]


def whole_run(stores: Stores, year: int = 2025) -> Loaded:
    take_in(stores, year)
    check_year(stores, year)
    return load_year(stores, year)


def states(stores: Stores, year: int = 2025) -> dict[str, str]:
    return {row.unit_code: row.state for row in stores.warehouse.progress(year)}


def test_a_report_goes_all_the_way_and_a_second_run_changes_nothing(stores: Stores) -> None:
    said = truth("青溪镇")
    drop(stores, "青溪镇", "报告.md", paper(said))
    assert whole_run(stores).reports == 1
    version = stores.warehouse.versions(2025, "T1")[0]
    assert stores.objects.get(version.submission.key) == paper(said)
    report = from_json(Report, stores.objects.get(keys.report(2025, "T1", version.submission.sha256)))
    document = from_json(Document, stores.objects.get(keys.document(2025, "T1", version.submission.sha256)))
    assert document.format == report.format == "text"
    assert {cell.bbox for cell in report.cells.values()} <= {
        cell.address for grid in document.grids for cell in grid.cells
    } | {None}
    figures = {key: report.number(key) for key in said.cells}
    assert figures == {key: value if not isinstance(value, str) else None for key, value in said.cells.items()}
    assert version.submission.received_at == JANUARY
    rows, objects = snapshot(stores.warehouse), [(o.key, o.modified) for o in stores.objects.list()]
    assert whole_run(stores) == Loaded()
    assert snapshot(stores.warehouse) == rows
    assert [(o.key, o.modified) for o in stores.objects.list()] == objects


def test_a_bad_file_becomes_a_finding_and_is_kept_apart(stores: Stores) -> None:
    drop(stores, "青溪镇", "空.pdf", b"")
    drop(stores, "白石镇", "坏.pdf", b"%PDF-1.4 and no more")
    drop(stores, "财政局", "好.md", paper(truth("财政局")))
    whole_run(stores)
    assert states(stores) == {"T1": "读取有疑", "T2": "读取有疑", "D1": states(stores)["D1"]}
    assert states(stores)["D1"] not in ("读取有疑", "已收到", "未报送")
    for code in ("T1", "T2"):
        finding = stores.warehouse.findings(2025, code)[0].finding
        assert finding.rule.startswith("READ-")
        assert finding.message
        held = list(stores.objects.list(f"quarantine/2025/{code}/"))
        assert len(held) == 1


def test_a_resubmission_replaces_and_the_first_version_keeps_its_findings(stores: Stores) -> None:
    said = truth("青溪镇")
    cells = dict(said.cells) | {"t4.reconsideration.total": said.whole("t4.reconsideration.total") + 3}
    wrong = paper(replace(said, cells=cells))
    drop(stores, "青溪镇", "第一稿.md", wrong)
    drop(stores, "青溪镇", "改正稿.md", paper(said), JANUARY + timedelta(days=2))
    whole_run(stores)
    found = stores.warehouse.versions(2025, "T1")
    assert [version.is_current for version in found] == [False, True]
    errors = stores.warehouse.query(
        "SELECT c.errors FROM gongkai.check_result c JOIN gongkai.submission s ON s.id = c.submission_id "
        "ORDER BY s.received_at"
    )
    assert errors[0]["errors"] >= 1
    assert "T4-TOTAL" not in {one.finding.rule for one in stores.warehouse.findings(2025)}


def test_nobodys_file_waits_and_is_taken_in_once_claimed(stores: Stores) -> None:
    drop(stores, "", "扫描件.md", "一份什么也没说的文件".encode())
    take_in(stores)
    waiting = stores.warehouse.unclaimed()
    assert [one.file_name for one in waiting] == ["扫描件.md"]
    assert stores.objects.get(waiting[0].key) == "一份什么也没说的文件".encode()
    assert stores.warehouse.claim(waiting[0].sha256, "T2", 2025, "王科员")
    whole_run(stores)
    assert stores.warehouse.unclaimed() == ()
    assert len(stores.warehouse.versions(2025, "T2")) == 1


def test_content_decides_about_a_file_in_no_folder(stores: Stores) -> None:
    drop(stores, "", "终稿.md", paper(truth("白石镇")))
    assert [taken.unit for taken in take_in(stores)] == ["T2"]


def test_title_and_signature_outweigh_the_folder_and_another_year_is_asked_about(stores: Stores) -> None:
    drop(stores, "青溪镇", "甲.md", paper(truth("白石镇")))
    drop(stores, "财政局", "乙.md", paper(truth("财政局", 2024)))
    assert {taken.file: taken.unit for taken in take_in(stores)} == {"甲.md": "T2", "乙.md": None}
    waiting = stores.warehouse.unclaimed()
    assert [(one.file_name, one.suggested_unit, one.suggested_year) for one in waiting] == [("乙.md", "D1", 2024)]
    assert waiting[0].reason == "报告写的是2024年，文件却放在2025年"


@pytest.mark.parametrize("killed_at", ["put_once", "put_changed", "load"])
def test_stopped_anywhere_the_next_run_completes_it(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    drop(stores, "青溪镇", "报告.md", paper(truth("青溪镇")))
    drop(stores, "白石镇", "坏.pdf", b"%PDF-1.4 and no more")
    owner = stores.warehouse if killed_at == "load" else stores.objects

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(owner), killed_at, stop)
        with pytest.raises(KeyboardInterrupt):
            take_in(stores)
    whole_run(stores)
    assert states(stores)["T1"] not in ("未报送", "已收到")
    assert states(stores)["T2"] == "读取有疑"
    assert len(stores.warehouse.versions(2025)) == 2


def test_what_was_read_is_read_again_only_by_other_code(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(stores, "青溪镇", "报告.md", paper(truth("青溪镇")))
    assert [taken.known for taken in take_in(stores)] == [False]
    assert [taken.known for taken in take_in(stores)] == [True]
    monkeypatch.setattr(collecting, "reader_fingerprint", lambda: "another")
    assert [taken.known for taken in take_in(stores)] == [False]


def test_last_years_report_is_compared(stores: Stores) -> None:
    before = truth("青溪镇", 2024)
    now = truth("青溪镇", 2025, seed=2)
    drop(stores, "青溪镇", "旧.md", paper(before), JANUARY - timedelta(days=365), 2024)
    drop(stores, "青溪镇", "新.md", paper(now))
    whole_run(stores, 2024)
    whole_run(stores, 2025)
    carried = before.cells["t3.carried_forward.total"], now.cells["t3.brought_forward.total"]
    rules = {one.finding.rule for one in stores.warehouse.findings(2025)}
    assert ("YEAR-CARRY" in rules) == (carried[0] != carried[1])

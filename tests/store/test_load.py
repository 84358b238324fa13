"""Loading: idempotent, every version kept, the current one marked, missing never 0."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bench.reports import report, submission
from gongkai_etl.model import Cell, CellState, Finding, Report, Submission, Unit
from gongkai_etl.store.rows import Entry, Loaded
from gongkai_etl.store.warehouse import Warehouse
from tests.store.conftest import YEAR, snapshot

pytestmark = pytest.mark.integration

WRONG = Finding("T3-TOTAL", "error", "总计不等于各列之和", "5", "6", ("t3.granted.total",))


def entry(unit: Unit, seed: int = 1, days: int = 0, findings: tuple[Finding, ...] = ()) -> Entry:
    sent = submission(unit, YEAR, seed)
    sent = replace(sent, received_at=sent.received_at + timedelta(days=days))
    return Entry(
        sent, report(unit, YEAR, seed), "reports/x.json", findings, tuple(f.rule for f in findings), (), "c1"
    )


def current(warehouse: Warehouse, unit: Unit) -> list[str]:
    return [found.submission.sha256 for found in warehouse.versions(YEAR, unit.code, current_only=True)]


def test_loading_twice_changes_no_row(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    entries = [entry(town, findings=(WRONG,)) for town in towns]
    assert warehouse.load(entries, chunk=2) == Loaded(4, 4, 4)
    before = snapshot(warehouse)
    assert warehouse.load(entries, chunk=3) == Loaded()
    assert warehouse.load(reversed(entries)) == Loaded()
    assert snapshot(warehouse) == before


def test_a_roster_saved_twice_changes_no_row(warehouse: Warehouse) -> None:
    before = snapshot(warehouse)
    warehouse.save_units(warehouse.units())
    warehouse.open_year(YEAR)
    warehouse.migrate()
    assert snapshot(warehouse) == before


def test_every_cell_comes_back_as_it_was(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    given_cells = {
        "t2.fees.amount": Cell(None, " / ", CellState.NOT_APPLICABLE, 1, "B7", "html", True, "单元格"),
        "t3.granted.total": Cell(None, "", CellState.BLANK),
        "t3.received.total": Cell(
            0, "0", CellState.NUMBER, 2, (1.0, 2.0, 3.0, 4.5), "grid", True, "一致", "其中1件\t撤回"
        ),
        "t4.reconsideration.total": Cell(None, None, CellState.UNREAD),
    }
    one = entry(towns[0])
    assert one.report is not None
    warehouse.load([replace(one, report=replace(one.report, cells=given_cells))])
    rows = {
        row["key"]: row
        for row in warehouse.query(
            "SELECT fc.key, c.* FROM gongkai.cell c JOIN gongkai.form_cell fc ON fc.id = c.cell_id"
        )
    }
    for key, cell in given_cells.items():
        assert (rows[key]["value"], rows[key]["raw"], rows[key]["state"]) == (
            cell.value,
            cell.raw,
            cell.state.value,
        )
    assert rows["t3.received.total"]["bbox"] == "1.00,2.00,3.00,4.50"
    assert rows["t3.received.total"]["note"] == "其中1件\t撤回"
    wide = warehouse.query("SELECT * FROM gongkai.report_figures")[0]
    assert (wide["t3_received_total"], wide["t3_granted_total"], wide["t2_fees_amount"]) == (0, None, None)


def test_a_resubmission_is_another_version_and_the_current_one(
    warehouse: Warehouse, towns: tuple[Unit, ...]
) -> None:
    first, second = entry(towns[0], 1), entry(towns[0], 2, days=3)
    warehouse.load([second])
    warehouse.load([first])
    found = warehouse.versions(YEAR, towns[0].code)
    assert [version.is_current for version in found] == [False, True]
    assert current(warehouse, towns[0]) == [second.submission.sha256]
    reports = warehouse.query("SELECT submission_id, is_current FROM gongkai.report ORDER BY submission_id")
    assert [row["is_current"] for row in reports] == [True, False]


def test_an_older_file_handed_in_again_is_current_again(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    first, second, again = entry(towns[0], 1), entry(towns[0], 2, days=3), entry(towns[0], 1, days=5)
    warehouse.load([first, second])
    assert warehouse.load([again]) == Loaded()
    assert current(warehouse, towns[0]) == [first.submission.sha256]
    # The first copy still lies in the inbox; taking it once more must not turn the clock back.
    warehouse.load([first])
    assert current(warehouse, towns[0]) == [first.submission.sha256]


def test_withdrawing_brings_the_version_before_back(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    first, second = entry(towns[0], 1), entry(towns[0], 2, days=3)
    warehouse.load([first, second])
    assert warehouse.withdraw(towns[0].code, YEAR, second.submission.sha256, "王科员", "发错文件")
    assert current(warehouse, towns[0]) == [first.submission.sha256]
    assert not warehouse.withdraw(towns[0].code, YEAR, second.submission.sha256, "王科员", "发错文件")
    assert [version.withdrawn_at is None for version in warehouse.versions(YEAR, towns[0].code)] == [True, False]


def test_a_better_reading_of_the_same_file_replaces_the_figures_and_keeps_the_old(
    warehouse: Warehouse, towns: tuple[Unit, ...]
) -> None:
    old = entry(towns[0])
    assert old.report is not None
    cells = dict(old.report.cells) | {"t3.granted.total": Cell(99, "99", CellState.NUMBER, certain=True)}
    new = replace(old, report=replace(old.report, cells=cells))
    warehouse.load([old])
    assert warehouse.load([new]) == Loaded(0, 1, 1)
    rows = warehouse.query(
        "SELECT r.is_current, w.t3_granted_total AS figure FROM gongkai.report r "
        "JOIN gongkai.report_figures w ON w.report_id = r.id ORDER BY r.id"
    )
    assert [row["is_current"] for row in rows] == [False, True]
    assert rows[1]["figure"] == 99
    warehouse.load([old])
    assert warehouse.query("SELECT is_current FROM gongkai.report ORDER BY id") == [
        {"is_current": True},
        {"is_current": False},
    ]


def test_other_findings_for_the_same_file_are_another_check(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    warehouse.load([entry(towns[0], findings=(WRONG,))])
    warehouse.load([entry(towns[0])])
    assert warehouse.findings(YEAR) == ()
    assert warehouse.query("SELECT errors, is_current FROM gongkai.check_result ORDER BY id") == [
        {"errors": 1, "is_current": False},
        {"errors": 0, "is_current": True},
    ]


def test_one_bad_report_loses_nothing_but_itself(warehouse: Warehouse, towns: tuple[Unit, ...]) -> None:
    stranger = replace(entry(towns[1]).submission, unit="999999")
    with pytest.raises(Exception, match="999999"):
        warehouse.load([entry(towns[0]), Entry(stranger), entry(towns[2])])
    assert len(warehouse.versions(YEAR)) == 1


_numbers = st.one_of(st.none(), st.integers(-5, 10**9))
_states = st.sampled_from([state for state in CellState if state is not CellState.NUMBER])


@st.composite
def _cells(draw: st.DrawFn) -> dict[str, Cell]:
    keys = draw(
        st.lists(st.sampled_from(["t3.received.total", "t3.granted.business", "t4.reconsideration.other"]))
    )
    found = {}
    for key in keys:
        number, words = draw(_numbers), draw(st.text(st.characters(codec="utf-8"), max_size=20))
        state = draw(_states) if number is None else CellState.NUMBER
        found[key] = Cell(number, words, state, note=words, certain=draw(st.booleans()))
    return found


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=_cells(), text=st.text(st.characters(codec="utf-8")), message=st.text(st.characters(codec="utf-8")))
def test_any_text_can_be_loaded_twice_without_a_change(
    warehouse: Warehouse, towns: tuple[Unit, ...], cells: dict[str, Cell], text: str, message: str
) -> None:
    sent: Submission = submission(towns[0], YEAR, 1)
    read: Report = replace(report(towns[0], YEAR, 1), cells=cells, sections={"1": text})
    one = Entry(sent, read, "k", (replace(WRONG, message=message, text=text),), ("b",), (), "c")
    warehouse.load([one])
    before = snapshot(warehouse)
    warehouse.load([one])
    assert snapshot(warehouse) == before

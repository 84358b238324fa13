"""County figures: sums with N, gaps by name, both totals, other editions apart; missing is never 0."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gongkai_etl.model import CellState
from gongkai_etl.publish.inputs import Adjustment, CountyYear, UnitYear
from gongkai_etl.publish.rollup import roll_up
from tests.publish.county import COUNTY, cell, county_year, figures, handed, report, unit


def test_a_line_is_the_sum_of_named_parts() -> None:
    line = roll_up(county_year()).lines["t3.received.total"]
    assert (line.value, line.reported, line.expected) == (14, 3, 4)
    assert [(part.name, part.value) for part in line.parts][:2] == [("白杨镇", 8), ("柳泉镇", 6)]
    assert [(part.name, part.gap) for part in line.gaps] == [("石桥镇", "未报送")]


def test_both_totals_stand_where_a_unit_added_wrongly() -> None:
    line = roll_up(county_year()).lines["t3.received.total"]
    assert [(part.name, part.value, part.recomputed) for part in line.disputed] == [("柳泉镇", 6, 5)]
    assert (line.value, line.recomputed) == (14, 13)


def test_blank_is_a_gap_and_not_zero() -> None:
    line = roll_up(county_year()).lines["t3.closed_other.business"]
    assert (line.value, line.reported) == (0, 2)
    assert [(part.name, part.gap) for part in line.gaps] == [("柳泉镇", "空白"), ("石桥镇", "未报送")]


def test_without_any_figure_the_county_has_none() -> None:
    who = unit(1, "白杨镇")
    blank = replace(report(who, 2025, {}), cells={"t3.received.total": cell(None)})
    rolled = roll_up(CountyYear(COUNTY, 2025, (UnitYear(who, 2025, blank, versions=(handed(1, COUNTY_DAY),)),)))
    assert rolled.number("t3.received.total") is None
    assert rolled.lines["t3.received.total"].recomputed is None
    assert rolled.lines["t3.granted.total"].gaps[0].gap == "表中无此项"


def test_money_is_added_exactly() -> None:
    assert roll_up(county_year()).number("t2.fees.amount") == Decimal("4.50")


def test_own_office_and_adjustments_are_parts_of_their_own() -> None:
    given = county_year()
    own = UnitYear(
        unit(9, "县政府办公室", "部门"), 2025, report(unit(9, "县政府办公室"), 2025, figures(received=4))
    )
    changed = replace(given, own=own, adjustments=(Adjustment("t3.received.total", -2, "重复统计的转办件"),))
    line = roll_up(changed).lines["t3.received.total"]
    assert line.value == 14 + 4 - 2
    assert [part.role for part in line.parts] == ["unit"] * 4 + ["own", "adjustment"]
    assert line.expected == 5


def test_marks_for_unsure_and_waived_figures() -> None:
    lines = roll_up(county_year()).lines
    assert [part.name for part in lines["t2.licences.decisions"].uncertain] == ["柳泉镇"]
    assert [part.name for part in lines["t3.received.total"].waived] == ["白杨镇"]


def test_last_year_stands_beside() -> None:
    line = roll_up(county_year()).lines["t3.received.total"]
    assert (line.previous, line.change) == (18, -4)


def test_a_unit_on_the_older_form_is_not_lost() -> None:
    given = county_year()
    old = replace(given.units[0].report, cells={"t3.closed.total": cell(3)})  # type: ignore[type-var]
    changed = replace(given, units=(replace(given.units[0], report=old), *given.units[1:]))
    rolled = roll_up(changed)
    assert [(part.name, part.value) for part in rolled.unplaced["t3.closed.total"]] == [("白杨镇", 3)]
    assert rolled.lines["t3.closed_other.total"].gaps[0].name == "白杨镇"


def test_a_text_in_a_cell_is_told_with_its_words() -> None:
    given = county_year()
    first = given.units[0].report
    assert first is not None
    odd = replace(
        first, cells={**first.cells, "t3.received.total": cell(None, state=CellState.TEXT, raw="约20件")}
    )
    line = roll_up(replace(given, units=(replace(given.units[0], report=odd), *given.units[1:]))).lines[
        "t3.received.total"
    ]
    assert line.gaps[0].gap == "不是数字：约20件"


COUNTY_DAY = county_year().day

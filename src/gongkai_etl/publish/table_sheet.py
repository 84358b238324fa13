"""One sheet of the 汇总表: a table of the form with units as rows, live totals, live checks, marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.pagebreak import Break

from gongkai_etl.form import Edition, TableForm
from gongkai_etl.model import CellState, Finding
from gongkai_etl.publish.facts import Row
from gongkai_etl.publish.inputs import CountyYear, UnitYear
from gongkai_etl.publish.rollup import RollUp, gap_words
from gongkai_etl.publish.sheet_plan import CHECKS, LEFT, Plan, difference, plan
from gongkai_etl.publish.sheets import (
    BLUE,
    BOLD,
    GREY,
    HEAD,
    PLAIN,
    RED,
    SMALL,
    YELLOW,
    landscape,
    put,
    put_title,
    safe,
)

_FIRST = 6
FOOT = ("各单位合计", "县级自身", "县级调整", "全县合计", "有数据的单位数", "上一年全县", "比上年增减")
"""The lines below the units, in this order."""


def fill_sheet(sheet: Any, form: TableForm, edition: Edition, county_year: CountyYear, rolled: RollUp) -> None:
    """Write the whole sheet."""
    made = plan(form, edition)
    put_title(sheet, f"{county_year.county.name}{county_year.year}年{form.title}汇总表", min(made.last, 12))
    _heads(sheet, made)
    for number, unit in enumerate(county_year.units):
        _unit_row(sheet, _FIRST + number, number + 1, unit, made)
    _foot(sheet, made, county_year, rolled)
    _colour_checks(sheet, made, _FIRST, _FIRST + len(county_year.units) + len(FOOT))
    sheet.freeze_panes = sheet.cell(_FIRST, LEFT + 1)
    landscape(sheet)
    sheet.print_title_rows, sheet.print_title_cols = "2:4", "A:C"
    if made.last > 30:
        _break_columns(sheet, made)


def _break_columns(sheet: Any, made: Plan) -> None:
    """200 columns on one page would be unreadable: A3, and two rows of the form on each page."""
    sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage = 8, False
    sheet.page_setup.scale = 66
    beside = [column for column in sorted(made.checks) if made.heads[column][0] != CHECKS]
    for column in beside[1::2]:
        sheet.col_breaks.append(Break(id=column))


def _heads(sheet: Any, made: Plan) -> None:
    for column, text, width in ((1, "序号", 6), (2, "单位", 24), (3, "状态", 17)):
        sheet.merge_cells(start_row=2, end_row=4, start_column=column, end_column=column)
        put(sheet, 2, column, text, BOLD, HEAD)
        sheet.column_dimensions[letter(column)].width = width
    for level in (0, 1):
        for start, end in _runs([made.heads[column][: level + 1] for column in sorted(made.heads)]):
            first, last = start + LEFT + 1, end + LEFT + 1
            put(sheet, 2 + level, first, made.heads[first][level], BOLD, HEAD)
            if last > first:
                sheet.merge_cells(start_row=2 + level, end_row=2 + level, start_column=first, end_column=last)
    for column, (_, _, text) in made.heads.items():
        put(sheet, 4, column, text, BOLD, HEAD)
        sheet.column_dimensions[letter(column)].width = _width(made, column)
    for key, column in made.columns.items():
        put(sheet, 5, column, key, SMALL)
    for row, height in ((2, 32), (3, 58), (4, 48)):
        sheet.row_dimensions[row].height = height
    sheet.row_dimensions[5].hidden = True


def _width(made: Plan, column: int) -> int:
    if column not in made.checks:
        return 13 if "金额" in made.heads[column][2] else 10
    # The checks of columns stand alone at the end and carry their identity in words.
    return 22 if made.heads[column][0] == CHECKS else 11


def _runs(labels: list[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """First and last index of each stretch of equal labels."""
    start = 0
    for index in range(1, len(labels) + 1):
        if index == len(labels) or labels[index] != labels[start]:
            yield start, index - 1
            start = index


def _unit_row(sheet: Any, row: int, number: int | str, unit: UnitYear, made: Plan) -> None:
    from gongkai_etl.publish.inputs import STATE_LABELS

    put(sheet, row, 1, number)
    put(sheet, row, 2, safe(unit.unit.name))
    put(sheet, row, 3, STATE_LABELS[unit.state] + ("（迟报）" if unit.late else ""))
    _figures(sheet, row, unit, made)
    for column, identity in made.checks.items():
        put(sheet, row, column, difference(identity, made, row))


def _figures(sheet: Any, row: int, unit: UnitYear, made: Plan) -> None:
    marks = _marks(unit)
    for key, column in made.columns.items():
        value = unit.number(key)
        cell = put(sheet, row, column, _shown(unit, key) if value is None else value)
        if value is None:
            cell.fill = GREY
        elif not unit.report.cells[key].certain:  # type: ignore[union-attr]
            cell.fill = YELLOW
        if key in marks:
            fill, text = marks[key]
            cell.fill = fill
            cell.comment = Comment(text, "核对", height=150, width=320)


def _shown(unit: UnitYear, key: str) -> object:
    """What stands in a cell without a figure: nothing when the unit gave no report or left it blank."""
    cell = unit.cell(key)
    if cell is None or cell.state is CellState.BLANK:
        return None
    return safe(cell.raw) if cell.state in (CellState.NOT_APPLICABLE, CellState.TEXT) else gap_words(unit, key)


def _marks(unit: UnitYear) -> dict[str, tuple[Any, str]]:
    """Key → fill and comment: an open error on its first cell wins over a waived finding."""
    marks: dict[str, tuple[Any, str]] = {}
    for finding in sorted(unit.findings, key=lambda entry: entry.sort_key, reverse=True):
        waived = unit.waived(finding)
        if not waived and finding not in unit.errors:
            continue
        for key in finding.cells[:1]:
            marks[key] = (BLUE if waived else RED, _comment(unit, finding))
    return marks


def _comment(unit: UnitYear, finding: Finding) -> str:
    verdict = unit.verdict(finding)
    sides = f"\n左边：{finding.left}\n右边：{finding.right}" if finding.left is not None else ""
    reason = f"\n核实：{verdict.reason}" if verdict else ""
    return f"{finding.rule}：{finding.message}{sides}{reason}"


def _foot(sheet: Any, made: Plan, county_year: CountyYear, rolled: RollUp) -> None:
    start = _FIRST + len(county_year.units)
    rows = {name: start + number for number, name in enumerate(FOOT)}
    for name, row in rows.items():
        put(sheet, row, 1, "")
        put(sheet, row, 2, name, BOLD, HEAD)
        put(sheet, row, 3, "")
    if county_year.own:
        _unit_row(sheet, rows["县级自身"], "", county_year.own, made)
        sheet.cell(rows["县级自身"], 2, f"县级自身：{county_year.own.unit.name}")
    for key, column in made.columns.items():
        _foot_column(sheet, column, rows, start - 1, rolled.lines[key])
        _adjustment(put(sheet, rows["县级调整"], column, county_year.adjusted.get(key)), key, county_year)
    for column, identity in made.checks.items():
        put(sheet, rows["全县合计"], column, difference(identity, made, rows["全县合计"]), BOLD)


def _adjustment(cell: Any, key: str, county_year: CountyYear) -> None:
    """The reasons of an adjusted figure as a comment."""
    if reasons := [f"{entry.value:+}：{entry.reason}" for entry in county_year.adjustments if entry.key == key]:
        cell.fill = BLUE
        cell.comment = Comment("\n".join(reasons), "县级调整", height=120, width=320)


def _foot_column(sheet: Any, column: int, rows: Row, last: int, line: Any) -> None:
    name = letter(column)
    units = f"{name}{_FIRST}:{name}{last}"
    parts = ",".join(f"{name}{rows[part]}" for part in FOOT[:3])
    total, before = f"{name}{rows['全县合计']}", f"{name}{rows['上一年全县']}"
    put(sheet, rows["各单位合计"], column, f'=IF(COUNT({units})=0,"",SUM({units}))', BOLD)
    put(sheet, rows["全县合计"], column, f'=IF(COUNT({parts})=0,"",SUM({parts}))', BOLD)
    put(sheet, rows["有数据的单位数"], column, f"=COUNT({units},{name}{rows['县级自身']})")
    put(sheet, rows["上一年全县"], column, line.previous)
    put(sheet, rows["比上年增减"], column, f'=IF(COUNT({total},{before})<2,"",{total}-{before})')
    if not sheet.cell(rows["县级自身"], column).has_style:
        put(sheet, rows["县级自身"], column, None, PLAIN)


def _colour_checks(sheet: Any, made: Plan, first: int, last: int) -> None:
    for column in made.checks:
        name = letter(column)
        rule: Any = FormulaRule(  # type: ignore[no-untyped-call]
            [f"AND(ISNUMBER({name}{first}),ROUND({name}{first},6)<>0)"], fill=RED, font=BOLD
        )
        sheet.conditional_formatting.add(f"{name}{first}:{name}{last}", rule)

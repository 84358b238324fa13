"""What the templates ask: figures with marks, rows of the bridge, findings, links. No HTML here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gongkai_etl.form import TableForm, cell_labels, edition
from gongkai_etl.model import Cell, Finding, GridCell
from gongkai_etl.publish.bridge import check_label
from gongkai_etl.publish.county_tables import CHAIN, explanation
from gongkai_etl.publish.facts import Facts
from gongkai_etl.publish.indicators import Indicator, indicators
from gongkai_etl.publish.inputs import STATE_LABELS, CountyYear, UnitYear
from gongkai_etl.publish.layout import PrintedTable, printed
from gongkai_etl.publish.rollup import Line, Part, gap_words
from gongkai_etl.publish.site.chain import ChainYear
from gongkai_etl.publish.site.charts import Chart, charts
from gongkai_etl.publish.tables import place
from gongkai_etl.publish.words import figure, numeral

PLACES = {
    **cell_labels("2021"),
    **{key: label for key, label in cell_labels("2019").items() if key not in cell_labels("2021")},
}
SEVERITIES = {"error": "错误", "warning": "警告", "notice": "提示"}
VERDICTS = {"waived": "核实后保留", "confirmed": "确认有误"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it stands in a cell: text, link, and a mark with the reason in words."""

    text: str
    link: str = ""
    mark: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """One row of the form with all its columns, for the page that takes it apart by unit."""

    id: str
    label: str
    group: str
    columns: tuple[tuple[str, str], ...]
    """(cell key, column label)"""


class View:
    """The release as the pages show it."""

    states = STATE_LABELS
    severities = SEVERITIES
    verdicts = VERDICTS
    places = PLACES

    def __init__(self, facts: Facts, release: str) -> None:
        self.facts = facts
        self.release = release
        self.county_year = facts.county_year
        self.rolled = facts.bridge.roll_up
        self.edition = edition(self.rolled.edition)

    @property
    def title(self) -> str:
        """The title of the site."""
        return f"{self.county_year.county.name}{self.county_year.year}年政府信息公开工作年度报告数据"

    @property
    def came(self) -> list[UnitYear]:
        """The units whose report stands behind the figures."""
        return [unit for unit in self.county_year.all if unit.report]

    @property
    def absent(self) -> list[UnitYear]:
        """The units that are not in the sums."""
        return [unit for unit in self.county_year.all if not unit.report]

    @cached_property
    def tables(self) -> list[tuple[TableForm, PrintedTable, str]]:
        """Each table with its printed grid and its heading as in a report."""
        return [
            (form, printed(form), f"{numeral(form.section)}、{form.title}")
            for form in self.edition.tables.values()
        ]

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of the county page."""
        return charts(self.county_year, self.rolled)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators of the county."""
        return indicators(self.county_year)

    def tables_of(self, unit: UnitYear) -> list[tuple[TableForm, PrintedTable, str]]:
        """The tables in the edition that the unit's own report has."""
        editions = unit.report.editions if unit.report else {}
        forms = [edition(editions.get(key) or self.edition.id).tables[key] for key in self.edition.tables]
        return [(form, printed(form), f"{numeral(form.section)}、{form.title}") for form in forms]

    def county_figure(self, key: str, root: str) -> Shown:
        """A figure of the county with a link to its row, taken apart by unit."""
        line = self.rolled.lines[key]
        table, row, column = key.split(".")
        mark, reason = _county_mark(line)
        return Shown(figure(line.value), f"{root}rows/{table}.{row}.html#{column}", mark, reason)

    def unit_figure(self, unit: UnitYear, key: str, root: str, name: str) -> Shown:
        """A figure of a unit with a link to its evidence."""
        if unit.number(key) is None:
            words = gap_words(unit, key)
            link = f"{root}evidence/{name}.html#{key}" if unit.cell(key) else ""
            return Shown("—", link, "gap", words)
        mark, reason = self._unit_mark(unit, key)
        return Shown(figure(unit.number(key)), f"{root}evidence/{name}.html#{key}", mark, reason)

    def _unit_mark(self, unit: UnitYear, key: str) -> tuple[str, str]:
        for finding in unit.errors:
            if key in finding.cells[:1]:
                return "error", finding.message
        cell = unit.cell(key)
        if cell is not None and not cell.certain:
            return "unsure", cell.reason or "读取不确定"
        for finding in unit.findings:
            verdict = unit.verdict(finding)
            if key in finding.cells[:1] and verdict and verdict.decision == "waived":
                return "waived", verdict.reason
        return "", ""

    def rows(self) -> Iterator[BridgeRow]:
        """Every row of the form."""
        for form in self.edition.tables.values():
            for block in form.blocks:
                for row in block.rows:
                    columns = tuple(
                        (f"{form.key}.{row.key}.{column.key}", column.label) for column in block.columns
                    )
                    group = "／".join(row.groups) or block.label
                    yield BridgeRow(f"{form.key}.{row.key}", row.label, group, columns)

    def line(self, key: str) -> Line:
        """The bridge of one figure."""
        return self.rolled.lines[key]

    def part(self, key: str, code: str) -> Part | None:
        """What one unit brings to a line."""
        return self._parts[key].get(code)

    @cached_property
    def _parts(self) -> dict[str, dict[str, Part]]:
        return {key: {part.code: part for part in line.parts} for key, line in self.rolled.lines.items()}

    def approval(self, key: str) -> str:
        """The printed reason for a line that is not explained."""
        return dict(self.facts.bridge.approved).get(key, "")

    def years_of(self, unit: UnitYear) -> list[ChainYear]:
        """The unit's totals of each known year, oldest first."""
        years: list[ChainYear] = []
        year: CountyYear | None = self.county_year
        while year is not None:
            found = next((other for other in year.all if other.unit.code == unit.unit.code), None)
            if found is not None:
                years.insert(0, ChainYear(year.year, *(found.number(key) for key in CHAIN.values())))
            year = year.previous
        return years

    def cells_of(self, unit: UnitYear) -> list[tuple[str, Cell]]:
        """The cells of a unit's report in the order in which they are printed."""
        order = {key: number for number, key in enumerate(PLACES)}
        cells = unit.report.cells if unit.report else {}
        return sorted(cells.items(), key=lambda entry: order.get(entry[0], len(order)))

    def findings_of(self, unit: UnitYear) -> list[Finding]:
        """The findings of a unit, errors first."""
        return sorted(unit.findings, key=lambda finding: finding.sort_key)

    def failed_checks(self) -> list[tuple[str, str, str]]:
        """County identities that do not hold: words, both sides, where the difference comes from."""
        return [
            (check_label(c.identity), f"{figure(c.left)} ≠ {figure(c.right)}", explanation(c) or "")
            for c in self.facts.bridge.checks
            if c.holds is False
        ]

    def unit_name(self, code: str) -> str:
        """The name of a unit of this year."""
        if code == self.county_year.county.code:
            return "县级调整"
        return next((unit.unit.name for unit in self.county_year.all if unit.unit.code == code), code)

    def where(self, cell: Cell) -> str:
        """The place of a figure in its file, in words."""
        where = place(cell)
        page = f"第 {cell.page} 页" if cell.page else ""
        return "，".join(word for word in (page, f"位置 {where}" if where else "") if word) or "—"

    def original(self, unit: UnitYear) -> Iterator[list[list[tuple[GridCell, str]]]]:
        """The tables of a file without pages: rows of cells, each with the key of the figure that stands there."""
        cells = unit.report.cells if unit.report else {}
        keys = {cell.bbox: key for key, cell in cells.items() if isinstance(cell.bbox, str)}
        for grid in unit.grids:
            rows: list[list[tuple[GridCell, str]]] = [[] for _ in range(grid.rows)]
            for cell in sorted(grid.cells, key=lambda one: (one.row, one.column)):
                rows[cell.row].append((cell, keys.get(cell.address or "", "")))
            yield [row for row in rows if row]

    def boxes(self, unit: UnitYear, page: int) -> list[tuple[str, str]]:
        """(cell key, CSS position) of every figure on a page picture."""
        image = next(image for image in unit.images if image.page == page)
        x0, top, x1, bottom = image.box
        found = []
        for key, cell in unit.report.cells.items() if unit.report else ():
            if cell.page == page and cell.bbox is not None and not isinstance(cell.bbox, str):
                left, up, right, down = cell.bbox
                sides = {
                    "left": (left - x0) / (x1 - x0),
                    "top": (up - top) / (bottom - top),
                    "width": (right - left) / (x1 - x0),
                    "height": (down - up) / (bottom - top),
                }
                found.append((key, ";".join(f"{name}:{share * 100:.2f}%" for name, share in sides.items())))
        return found


def _county_mark(line: Line) -> tuple[str, str]:
    gaps = [part for part in line.gaps if part.gap not in ("未报送", "文件无法读取")]
    if line.unexplained:
        return "error", "；".join(line.unexplained)
    if line.disputed:
        names = "、".join(part.name for part in line.disputed)
        return "error", f"{names}的总计与分项不符，重新计算为 {figure(line.recomputed)}"
    if line.value is None:
        return "gap", "没有单位有数据"
    if line.uncertain:
        return "unsure", f"读取不确定：{'、'.join(part.name for part in line.uncertain)}"
    if gaps:
        return "gap", "；".join(f"{part.name}（{part.gap}）" for part in gaps)
    if added := [part for part in line.parts if part.role == "adjustment"]:
        return "adjusted", "；".join(f"含县级调整 {part.value:+}：{part.reason}" for part in added)
    if line.waived:
        return "waived", f"核实后保留：{'、'.join(part.name for part in line.waived)}"
    return "", ""

"""The data of the charts, for the library and, as a table below each chart, for everybody."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from gongkai_etl.form import table_form
from gongkai_etl.model import Value
from gongkai_etl.publish.county_tables import CHAIN
from gongkai_etl.publish.groups import RESULTS, result
from gongkai_etl.publish.inputs import STATE_LABELS, CountyYear, UnitState
from gongkai_etl.publish.rollup import RollUp, roll_up

_COLOURS = ["#1f5fa8", "#2c6e49", "#b3541e", "#6b4c9a", "#8a5a00", "#5a6570"]
_STATE_COLOURS = {
    UnitState.PASSED: "#2c6e49",
    UnitState.ERRORS: "#b3261e",
    UnitState.UNREADABLE: "#6b4c9a",
    UnitState.MISSING: "#5a6570",
}
_MOST_UNITS = 30


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart; ``values`` follow the chart's labels, None where there is no figure."""

    label: str
    values: tuple[Value, ...]
    colour: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart. ``note`` says how many units stand behind it."""

    id: str
    title: str
    note: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    horizontal: bool = False

    @property
    def height(self) -> int:
        """CSS pixels: room for every label of a horizontal chart."""
        return max(160, 60 + 26 * len(self.labels)) if self.horizontal else 320

    def to_json(self) -> str:
        """What charts.js reads. Safe inside a script element."""
        plain = {
            "labels": self.labels,
            "stacked": self.stacked,
            "horizontal": self.horizontal,
            "datasets": [
                {
                    "label": series.label,
                    "data": [None if value is None else float(value) for value in series.values],
                    "backgroundColor": series.colour,
                }
                for series in self.series
            ],
        }
        return json.dumps(plain, ensure_ascii=False).replace("</", "<\\/")


def charts(county_year: CountyYear, rolled: RollUp) -> tuple[Chart, ...]:
    """The charts of the county page in their order."""
    return (
        _progress(county_year),
        _applications(rolled, f"N＝{_behind(county_year)} 个单位"),
        _years(county_year),
        _units(county_year),
    )


def _behind(county_year: CountyYear) -> int:
    return sum(unit.report is not None for unit in county_year.all)


def _progress(county_year: CountyYear) -> Chart:
    counts = Counter(unit.state for unit in county_year.all)
    series = tuple(Series(label, (counts[state],), _STATE_COLOURS[state]) for state, label in STATE_LABELS.items())
    late = sum(unit.late for unit in county_year.all)
    note = f"N＝{len(county_year.all)} 个单位，其中迟报 {late} 个"
    return Chart("progress", "报送进度", note, ("单位数",), series, stacked=True, horizontal=True)


def _applications(rolled: RollUp, note: str) -> Chart:
    columns = [column for column in table_form("t3", rolled.edition).blocks[0].columns if column.key != "total"]
    series = tuple(
        Series(label, tuple(result(rolled, label, column.key) for column in columns), colour)
        for label, colour in zip(RESULTS, _COLOURS, strict=True)
    )
    labels = tuple("其他组织" if column.key == "other_organisation" else column.label for column in columns)
    return Chart("applications", "申请办理结果，按申请人类别", note, labels, series, stacked=True)


def _years(county_year: CountyYear) -> Chart:
    found: list[tuple[int, RollUp, int]] = []
    year: CountyYear | None = county_year
    while year is not None:
        found.insert(0, (year.year, roll_up(year), _behind(year)))
        year = year.previous
    words = {"received": "本年新收", "processed": "本年办结", "carried_forward": "结转下年"}
    series = tuple(
        Series(label, tuple(rolled.number(CHAIN[name]) for _, rolled, _ in found), _COLOURS[number])
        for number, (name, label) in enumerate(words.items())
    )
    note = "；".join(f"{number}年 N＝{behind} 个单位" for number, _, behind in found)
    return Chart("years", "历年申请", note, tuple(f"{number}年" for number, *_ in found), series)


def _units(county_year: CountyYear) -> Chart:
    key = CHAIN["received"]
    known = [(unit.unit.name, unit.number(key)) for unit in county_year.all if unit.number(key) is not None]
    some = sorted((entry for entry in known if entry[1]), key=lambda entry: -(entry[1] or 0))
    shown = some[:_MOST_UNITS]
    note = f"N＝{len(known)} 个有数据的单位，其中 {len(known) - len(some)} 个为 0 件"
    if len(some) > _MOST_UNITS:
        note += f"；显示前 {_MOST_UNITS} 个"
    series = Series("本年新收申请", tuple(value for _, value in shown), _COLOURS[0])
    return Chart("units", "各单位新收申请", note, tuple(name for name, _ in shown), (series,), horizontal=True)

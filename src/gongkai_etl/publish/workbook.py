"""汇总表: the workbook of a county and year, with 填表说明, 进度表, the three tables and 问题清单."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook

from gongkai_etl.form import edition
from gongkai_etl.publish.facts import Facts
from gongkai_etl.publish.inputs import STATE_LABELS, CountyYear
from gongkai_etl.publish.notice import SEVERITIES, adjusted_words, places
from gongkai_etl.publish.sheets import BOLD, LEFT, MEANINGS, PLAIN, landscape, list_sheet, put, put_title, to_bytes
from gongkai_etl.publish.table_sheet import fill_sheet
from gongkai_etl.text import chinese_date

NAMES = {"t2": "表二 主动公开", "t3": "表三 依申请公开", "t4": "表四 复议诉讼"}
_VERDICTS = {"waived": "核实保留", "confirmed": "确认有误"}
_PROGRESS = [
    *(("序号", 6), ("单位", 24), ("类别", 10), ("状态", 12), ("截止日期", 14), ("首次报送", 14), ("是否迟报", 10)),
    *(("报送次数", 10), ("错误", 8), ("警告", 8), ("提示", 8)),
]
_FINDINGS = [
    *(("序号", 6), ("单位", 24), ("程度", 8), ("规则", 16), ("说明", 60), ("左边", 14), ("右边", 14)),
    *(("位置", 44), ("核实结论", 12), ("核实理由", 30)),
]
_HOW_TOTALS = (
    "全县合计＝各单位合计＋县级自身＋县级调整，均为公式。空白和没有报送的单位不计为 0，不列入“有数据的单位数”。"
)


def workbook(facts: Facts) -> bytes:
    """The XLSX file. Totals and checks are formulas: they follow when a figure is changed by hand."""
    county_year, rolled = facts.county_year, facts.bridge.roll_up
    book = Workbook()
    title = f"{county_year.county.name}{county_year.year}年度报告汇总表"
    _explain(book.active, title, facts)
    _progress(book.create_sheet("进度表"), county_year)
    form = edition(rolled.edition)
    for table in form.tables.values():
        fill_sheet(book.create_sheet(NAMES[table.key]), table, form, county_year, rolled)
    list_sheet(book.create_sheet("问题清单"), f"{title}：问题清单", _FINDINGS, _findings(county_year))
    return to_bytes(book, title, facts.moment)


def _explain(sheet: Any, title: str, facts: Facts) -> None:
    county_year = facts.county_year
    sheet.title = "填表说明"
    put_title(sheet, title, 2)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 90
    absent = [unit.unit.name for unit in county_year.all if not unit.report]
    rows = [
        ("数据截至", chinese_date(county_year.day)),
        ("格式", edition(facts.bridge.roll_up.edition).notice),
        ("单位", f"应报送 {len(county_year.all)} 个，本表有数据 {len(county_year.all) - len(absent)} 个"),
        ("没有数据的单位", "、".join(absent) or "无"),
        ("合计", _HOW_TOTALS),
        ("校验", "“校验”列为左边减右边，应为 0；有空白不能判断时不显示；不为 0 时显示红色。"),
        ("第 5 行", "隐藏的第 5 行是数据格代码，与公开数据集一致。"),
        *(("批准发布的理由", approval.reason) for approval in county_year.approvals),
        *(("县级调整", adjusted_words(entry)) for entry in county_year.adjustments),
    ]
    for number, (name, text) in enumerate(rows, 3):
        put(sheet, number, 1, name, BOLD)
        put(sheet, number, 2, text).alignment = LEFT
    for number, (fill, text) in enumerate(MEANINGS, len(rows) + 4):
        put(sheet, number, 1, "颜色", PLAIN, fill)
        put(sheet, number, 2, text).alignment = LEFT
    landscape(sheet)


def _progress(sheet: Any, county_year: CountyYear) -> None:
    title = f"{county_year.county.name}{county_year.year}年度报告报送进度表"
    last = list_sheet(sheet, title, _PROGRESS, _progress_rows(county_year))
    # COUNTIF takes a pattern, so that 已通过（迟报） counts too.
    for number, label in enumerate(STATE_LABELS.values(), last + 2):
        put(sheet, number, 2, label, BOLD)
        put(sheet, number, 3, f'=COUNTIF(D3:D{last},"{label}")')
    put(sheet, last + 2 + len(STATE_LABELS), 2, "迟报", BOLD)
    put(sheet, last + 2 + len(STATE_LABELS), 3, f'=COUNTIF(G3:G{last},"是")')


def _progress_rows(county_year: CountyYear) -> Iterator[list[object]]:
    for number, unit in enumerate(county_year.all, 1):
        counts = [unit.count(severity) for severity in SEVERITIES]
        came = unit.versions[0].received_on if unit.versions else None
        yield [
            number,
            unit.unit.name,
            unit.unit.kind,
            STATE_LABELS[unit.state],
            chinese_date(unit.due_on),
            chinese_date(came) if came else None,
            "是" if unit.late else "否",
            len(unit.versions),
            *counts,
        ]


def _findings(county_year: CountyYear) -> Iterator[list[object]]:
    number = 0
    for unit in county_year.all:
        for finding in sorted(unit.findings, key=lambda entry: entry.sort_key):
            number += 1
            verdict = unit.verdict(finding)
            yield [
                number,
                unit.unit.name,
                SEVERITIES[finding.severity],
                finding.rule,
                finding.message,
                finding.left,
                finding.right,
                places(finding.cells),
                _VERDICTS[verdict.decision] if verdict else None,
                verdict.reason if verdict else None,
            ]

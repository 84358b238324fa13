"""退回修改通知: what one unit has to correct, until when, with both sides, the place, the law and the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from gongkai_etl.form import cell_labels
from gongkai_etl.model import Finding
from gongkai_etl.publish.inputs import Adjustment, CountyYear, RuleText, UnitYear
from gongkai_etl.publish.official import Paper
from gongkai_etl.publish.options import Options
from gongkai_etl.publish.paper_styles import SIZE_5, SUBHEAD
from gongkai_etl.publish.word_table import Look, add_plain
from gongkai_etl.publish.words import numeral
from gongkai_etl.text import chinese_date

SEVERITIES = {"error": "错误", "warning": "警告", "notice": "提示"}
PLACES = {**cell_labels("2019"), **cell_labels("2021")}
_MOST_CROPS = 2


def notices(
    county_year: CountyYear, rules: Mapping[str, RuleText] | None = None, options: Options | None = None
) -> dict[str, bytes]:
    """Unit code → DOCX, for every unit with an open error. ``rules`` are the texts of the catalogue."""
    return {
        unit.unit.code: notice(county_year, unit, rules or {}, options or Options())
        for unit in county_year.all
        if unit.errors
    }


def notice_number(county_year: CountyYear, unit: UnitYear) -> str:
    """年报退改〔2026〕2-1号: place in the roster and version, so that it never depends on other units."""
    place = [other.unit.code for other in county_year.all].index(unit.unit.code) + 1
    version = unit.submission.version if unit.submission else 0
    return f"年报退改〔{county_year.year + 1}〕{place}-{version}号"


def notice(county_year: CountyYear, unit: UnitYear, rules: Mapping[str, RuleText], options: Options) -> bytes:
    """The DOCX for one unit: errors each with a table, then warnings and notices as a list."""
    paper = Paper(f"{unit.unit.name}年度报告退回修改通知", options.publisher or county_year.county.name)
    paper.title("政府信息公开工作年度报告", "退回修改通知")
    paper.text(notice_number(county_year, unit), align="right")
    paper.text(f"{unit.unit.name}：", indent=False, align="left")
    errors = unit.errors
    others = [finding for finding in unit.open_findings if finding not in errors]
    deadline = county_year.day + timedelta(days=options.correction_days)
    paper.text(
        f"你单位{unit.year}年政府信息公开工作年度报告{_came(unit)}经核对，有{len(errors)}处错误。"
        f"请于{chinese_date(deadline)}前改正后重新报送；如数据无误，请书面说明理由。"
    )
    for number, finding in enumerate(errors, 1):
        _error(paper, unit, finding, number, rules.get(finding.rule, RuleText()))
    if others:
        paper.heading(f"{numeral(len(errors) + 1)}、请一并核对")
        for number, finding in enumerate(others, 1):
            paper.text(f"{number}.（{SEVERITIES[finding.severity]}）{finding.message}")
    paper.signature(
        options.publisher or f"{county_year.county.name}政务公开工作主管部门", chinese_date(county_year.day)
    )
    return paper.to_bytes(datetime.combine(county_year.day, time()))


def _came(unit: UnitYear) -> str:
    version = unit.submission
    if version is None or version.received_on is None:
        return ""
    return f"（第{version.version}次报送，{chinese_date(version.received_on)}收到）"


def _error(paper: Paper, unit: UnitYear, finding: Finding, number: int, rule: RuleText) -> None:
    paper.heading(f"{numeral(number)}、{rule.title or finding.rule}")
    paper.text(finding.message)
    rows = [
        ("左边", finding.left or ""),
        ("右边", finding.right or ""),
        (
            "位置",
            "；".join(_place(unit, key) for key in finding.cells[:6]) + ("等" if len(finding.cells) > 6 else ""),
        ),
        ("原文", finding.text or ""),
        ("依据", rule.basis),
        ("说明", rule.explanation),
        ("改正办法", finding.advice or rule.advice),
        ("规则", finding.rule),
    ]
    add_plain(paper, [("项目", "内容"), *(row for row in rows if row[1])], Look([26, 130], SIZE_5, 2))
    crops = [unit.evidence[key] for key in finding.cells if key in unit.evidence][:_MOST_CROPS]
    if crops:
        paper.text("报告原件截图：", font=SUBHEAD).paragraph_format.keep_with_next = True
    for png in crops:
        paper.picture(png)


def adjusted_words(entry: Adjustment) -> str:
    """An adjustment in words: place, amount with its sign, reason."""
    amount = "—" if entry.value is None else f"{entry.value:+}"
    return f"{PLACES.get(entry.key, entry.key)} {amount}：{entry.reason}"


def places(cells: Sequence[str], most: int = 3) -> str:
    """The places of a finding in words, the first few of them by name."""
    named = "；".join(PLACES.get(key, key) for key in cells[:most])
    return f"{named}等{len(cells)}格" if len(cells) > most else named


def _place(unit: UnitYear, key: str) -> str:
    cell = unit.cell(key)
    label = PLACES.get(key, key)
    return f"{label}（第{cell.page}页）" if cell and cell.page else label

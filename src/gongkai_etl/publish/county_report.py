"""The county's own annual report as a Word document: six sections in statutory order, three tables filled."""

from __future__ import annotations

from collections import Counter

from gongkai_etl.form import SECTIONS, TableForm, edition
from gongkai_etl.publish.bridge import check_label
from gongkai_etl.publish.county_tables import explanation, names
from gongkai_etl.publish.draft import Draft
from gongkai_etl.publish.facts import Facts
from gongkai_etl.publish.layout import printed
from gongkai_etl.publish.notice import adjusted_words
from gongkai_etl.publish.official import Paper
from gongkai_etl.publish.paper_styles import HEAD, SIZE_5, SIZE_5S, SUBHEAD
from gongkai_etl.publish.rollup import Line
from gongkai_etl.publish.word_table import WIDTHS, Look, add_plain, add_printed
from gongkai_etl.publish.words import figure, numeral
from gongkai_etl.text import chinese_date

_LOOKS = {
    "t2": Look(WIDTHS["t2"], SIZE_5, 3, centre_rows=True),
    "t3": Look(WIDTHS["t3"], SIZE_5S, 0.6),
    "t4": Look(WIDTHS["t4"], SIZE_5S, 3),
}


def county_report(facts: Facts) -> bytes:
    """The DOCX of the draft. Figures are those of the roll-up; a missing one is an empty marked cell."""
    county_year = facts.county_year
    title = f"{county_year.year}年政府信息公开工作年度报告"
    paper = Paper(f"{county_year.county.name}{title}", county_year.county.name)
    draft = Draft(county_year, facts.bridge)
    paper.title(county_year.county.name, title)
    paper.text(
        f"〔草稿：数据截至{chinese_date(county_year.day)}，由各单位年度报告汇总；"
        "加底色的数据和文字须由人工核实、填写，定稿时删去本段和《数据说明》〕",
        font=SUBHEAD,
    )
    paper.text(draft.opening())
    _heading(paper, 1)
    for heading, text in draft.overview():
        paper.heading(heading, 2)
        paper.text(text)
    for form in edition(facts.bridge.roll_up.edition).tables.values():
        _heading(paper, form.section)
        _table(paper, facts, form)
    for section, texts in ((5, draft.problems()), (6, draft.other())):
        _heading(paper, section)
        for text in texts:
            paper.text(text)
    paper.signature("〔请填写：发文机关〕", "〔请填写：成文日期〕")
    _remarks(paper, facts)
    return paper.to_bytes(facts.moment)


def _heading(paper: Paper, section: int) -> None:
    paper.heading(f"{numeral(section)}、{SECTIONS[section]}")


def _table(paper: Paper, facts: Facts, form: TableForm) -> None:
    lines = facts.bridge.roll_up.lines
    add_printed(
        paper,
        printed(form),
        _LOOKS[form.key],
        lambda key: (figure(lines[key].value, ""), needs_a_look(lines[key])),
    )


def needs_a_look(line: Line) -> bool:
    """Whether a person should look at a county figure before it is signed.

    A unit that left a cell blank is told in the remarks and marks nothing: many do so for a 0.
    """
    return bool(line.value is None or line.unexplained or line.disputed or line.uncertain)


def _remarks(paper: Paper, facts: Facts) -> None:
    """数据说明: how many units stand behind the figures, and every figure that somebody must look at."""
    paper.page_break()
    county_year = facts.county_year
    came = [unit for unit in county_year.all if unit.report]
    absent = [unit for unit in county_year.all if not unit.report]
    paper.text("数据说明", indent=False, align="left", font=HEAD)
    paper.text(
        f"应报送单位 {len(county_year.all)} 个，本次汇总 {len(came)} 个。空白不计为 0，缺报单位不计入合计。"
    )
    if absent:
        paper.text(f"未计入的单位：{'、'.join(unit.unit.name for unit in absent)}。")
    if blank := _blank_cells(facts):
        paper.text(f"报告中没有数字的格：{blank}。")
    if county_year.own:
        paper.text(f"县级自身的数据来自{county_year.own.unit.name}的报告，已计入合计。")
    for entry in county_year.adjustments:
        paper.text(f"县级调整：{adjusted_words(entry)}。")
    for approval in county_year.approvals:
        paper.text(f"批准发布的理由：{approval.reason}")
    rows = [(line.label, figure(line.value), _why(line)) for line in facts.bridge.roll_up.lines.values()]
    marked = [row for row in rows if row[2]]
    if marked:
        add_plain(paper, [("数据格", "合计", "须核实之处"), *marked], Look([62, 16, 78], SIZE_5S))
    _checks(paper, facts)


def _blank_cells(facts: Facts) -> str:
    """Units whose report has no figure in some cells: name, reason and number of cells."""
    counts = Counter(
        (part.name, part.gap.split("：")[0])
        for line in facts.bridge.roll_up.lines.values()
        for part in line.gaps
        if part.gap not in ("未报送", "文件无法读取")
    )
    return "；".join(f"{name}{count}格（{gap}）" for (name, gap), count in counts.items())


def _why(line: Line) -> str:
    if not needs_a_look(line):
        return ""
    disputed = names(line.disputed, lambda part: f"{part.name}所报 {part.value}，分项之和 {part.recomputed}")
    words = [
        *line.unexplained,
        f"{disputed}，重新计算的合计为 {figure(line.recomputed)}" if disputed else "",
        f"读取不确定：{names(line.uncertain)}" if line.uncertain else "",
        "没有单位有数据" if line.value is None else "",
    ]
    return "；".join(word for word in words if word)


def _checks(paper: Paper, facts: Facts) -> None:
    failed = [check for check in facts.bridge.checks if check.holds is False]
    if not failed:
        paper.text("全县合计符合全部勾稽关系。")
        return
    paper.text("全县合计不符合的勾稽关系及差额来源：")
    rows = [
        (
            check_label(check.identity),
            f"{figure(check.left)}≠{figure(check.right)}",
            explanation(check) or "",
        )
        for check in failed
    ]
    add_plain(paper, [("勾稽关系", "两边", "差额来源"), *rows], Look([62, 22, 72], SIZE_5S))

"""For each rule of the catalogue: what makes it speak. The plain report is what keeps it silent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from gongkai_etl.check import CheckItem
from gongkai_etl.model import Cell, CellState, ReadingNote, Report, Unit
from tests.check.build import cell, figures, plain
from tests.check.test_narrative import BUSY

TOWN = Unit("U1", "沅陵浦县青溪镇", "乡镇")
OTHER = Unit("U2", "沅陵浦县双柏镇", "乡镇")
COUNTY = Unit("U0", "沅陵浦县", "县", due=(3, 31))
BUREAU = Unit("U3", "沅陵浦县财政局", "部门")
ROSTER = (COUNTY, TOWN, OTHER, BUREAU)

Bad = Callable[[], Sequence[CheckItem]]


def _one(**changes: object) -> Bad:
    return lambda: [CheckItem(plain(**changes), "bad", TOWN, 2025)]


def _cells(**cells: object) -> Bad:
    return _one(cells={key.replace("__", "."): value for key, value in cells.items()})


def _told(text: str, section: str = "1") -> Bad:
    """The busy report, its overview replaced by one sentence."""
    return lambda: [CheckItem(replace(BUSY, sections={**BUSY.sections, section: text}), "bad", TOWN, 2025)]


def _added(text: str, section: str = "1", unit: Unit = TOWN) -> Bad:
    base = plain()
    return lambda: [
        CheckItem(
            replace(base, sections={**base.sections, section: base.sections[section] + text}), "bad", unit, 2025
        )
    ]


def _state(key: str, state: CellState, raw: str | None = None, **more: object) -> Bad:
    made = replace(Cell(None, raw, state), **more)  # type: ignore[arg-type]
    base = plain()
    return lambda: [CheckItem(replace(base, cells={**base.cells, key: made}), "bad", TOWN, 2025)]


def _with_previous(previous: Report, report: Report | None = None) -> Bad:
    return lambda: [CheckItem(report or plain(), "bad", TOWN, 2025, previous)]


def last_year(**cells: object) -> Report:
    """The plain report of 2024 with other words."""
    told = {"1": "（一）主动公开情况。本镇在网站公布了惠农补贴发放名册。", "5": "主要问题是经验不足，已在整改。"}
    return plain(year=2024, title="沅陵浦县青溪镇2024年政府信息公开工作年度报告", issued_on=date(2025, 1, 20),
                 cells=cells, sections={**told, "0": ""})  # fmt: skip


def _without_section(number: str) -> Bad:
    base = plain()
    kept = {name: text for name, text in base.sections.items() if name != number}
    return lambda: [CheckItem(replace(base, sections=kept), "bad", TOWN, 2025)]


def _without_table(*tables: str) -> Report:
    base = plain()
    absent = Cell(None, None, CellState.ABSENT)
    cells = {key: absent if key.startswith(tables) else known for key, known in base.cells.items()}
    return replace(base, cells=cells, editions={**base.editions, **dict.fromkeys(tables)})


def _item(report: Report, unit: Unit | None = TOWN, year: int | None = 2025) -> Bad:
    return lambda: [CheckItem(report, "bad", unit, year)]


def _bare() -> Bad:
    report = replace(_without_table("t2", "t3", "t4"), sections={"1": "我镇主动公开信息。"}, headings=())
    return _item(report)


def _cut() -> Bad:
    report = _without_table("t3", "t4")
    kept = {name: text for name, text in report.sections.items() if name in "012"}
    return _item(replace(report, sections=kept, issued_on=None, signed_by=None))


def _reordered() -> Bad:
    base = plain()
    order = ("1", "2", "3", "5", "4", "6")
    return _item(replace(base, sections={name: base.sections[name] for name in order}))


def _old_form() -> Bad:
    base = plain()
    return _item(
        replace(base, editions={**base.editions, "t3": "2019"}, cells={**base.cells, "t3.closed.total": cell(0)})
    )


def _county(received: int) -> Bad:
    words = "全县各级行政机关共受理政府信息公开申请，本报告汇总了各单位的情况。"

    def make() -> Sequence[CheckItem]:
        base = plain(cells=figures({"received": received, "granted": received, "processed_total": received}))
        own = replace(base, unit=COUNTY.name, sections={**base.sections, "1": words})
        town = plain(cells=figures({"received": 3, "granted": 3, "processed_total": 3}))
        units = [CheckItem(replace(town, unit=unit.name), unit.name, unit, 2025) for unit in (TOWN, OTHER, BUREAU)]
        return [CheckItem(own, "county", COUNTY, 2025), *units]

    return make


def _with_unit() -> Report:
    base = plain()
    known = base.cells["t3.received.total"]
    return replace(base, cells={**base.cells, "t3.received.total": replace(known, raw="0件", note="单位：件")})


def _twins() -> Sequence[CheckItem]:
    long = "".join(
        f"围绕第{chr(0x4E00 + k)}项便民事项梳理流程，明确责任站所和完成时限，并向群众说明办理条件。"
        for k in range(12)
    )
    base = plain()
    one = replace(base, sections={**base.sections, "1": base.sections["1"] + long})
    two = replace(
        one, unit=OTHER.name, sections={k: text.replace("青溪镇", "双柏镇") for k, text in one.sections.items()}
    )
    return [CheckItem(one, "a", TOWN, 2025), CheckItem(two, "b", OTHER, 2025)]


def _same_file() -> Sequence[CheckItem]:
    report = replace(plain(), sha256="a" * 64)
    return [CheckItem(report, "a", TOWN, 2025), CheckItem(report, "b", OTHER, 2025)]


def _copied_year() -> Sequence[CheckItem]:
    long = "".join(
        f"围绕第{chr(0x4E00 + k)}项便民事项梳理流程，明确责任站所和完成时限，并向群众说明办理条件。"
        for k in range(12)
    )
    now = plain(sections={"1": long})
    before = replace(now, year=2024, title="沅陵浦县青溪镇2024年政府信息公开工作年度报告")
    return [CheckItem(now, "bad", TOWN, 2025, before)]


def _same_figures() -> Sequence[CheckItem]:
    before = replace(BUSY, year=2024, sections=last_year().sections)
    return [CheckItem(BUSY, "bad", TOWN, 2025, before)]


FIXTURES: dict[str, Bad] = {
    "T2-WHOLE": _cells(t2__penalties__decisions=Decimal("12.5")),
    "T2-REGULATIONS": _cells(t2__regulations__in_force=3),
    "T2-FEE-UNIT": _one(cells={"t2.fees.amount": Decimal(52000)}, sections={"1": "本年度行政事业性收费5.2万元。"}),
    "T2-ISSUED": _cells(t2__normative_documents__issued=8, t2__normative_documents__in_force=3),
    "T3-BALANCE": _one(cells=figures({"received": 5, "granted": 4, "processed_total": 4})),
    "T3-PROCESSED": _one(cells=figures({"received": 5, "granted": 4, "processed_total": 5})),
    "T3-TOTAL": _cells(t3__granted__total=2),
    "T3-WHOLE": _cells(t3__granted__natural_person=-1),
    "T4-TOTAL": _cells(t4__reconsideration__upheld=1),
    "T4-WHOLE": _cells(t4__reconsideration__upheld=-1),
    "YEAR-CARRY": _with_previous(last_year(**figures({"received": 2, "carried_forward": 2}))),
    "YEAR-IN-FORCE": _with_previous(last_year(**{"t2.normative_documents.in_force": 4})),
    "YEAR-ITEMS": lambda: [
        CheckItem(_items(2020, 35), "bad", TOWN, 2020, _items(2019, 30, 2)),
    ],
    "YEAR-JUMP": _with_previous(
        last_year(**{"t2.penalties.decisions": 120}), plain(cells={"t2.penalties.decisions": 12000})
    ),
    "YEAR-PREVIOUS": _with_previous(replace(last_year(), year=2022)),
    "YEAR-PENDING": _with_previous(last_year(**{"t4.reconsideration.pending": 1, "t4.reconsideration.total": 1})),
    "TEXT-RECEIVED": _told("共收到政府信息公开申请80件。"),
    "TEXT-BROUGHT": _told("上年结转政府信息公开申请80件。"),
    "TEXT-CARRIED": _told("政府信息公开申请结转下年度80件。"),
    "TEXT-PROCESSED": _told("收到的申请共办结80件。"),
    "TEXT-OUTCOME": _told("申请中予以公开80件。"),
    "TEXT-APPLICANTS": _told("收到的申请中，自然人80件。"),
    "TEXT-NONE": _told("本年度未收到政府信息公开申请。"),
    "TEXT-RECONSIDERATION": _told("发生行政复议80件。"),
    "TEXT-LITIGATION": _told("发生行政诉讼80件。"),
    "TEXT-DISPUTES": _told("行政复议、行政诉讼案件共80件。"),
    "TEXT-DOCUMENTS": _told("制发行政规范性文件80件。"),
    "TEXT-DECISIONS": _told("作出行政处罚决定80件。"),
    "TEXT-FEES": _told("行政事业性收费8.2万元。"),
    "TEXT-FEE-SUM": _told("收取信息处理费800元，其中甲局420元、乙局290元。", "6"),
    "TEXT-FEE-TARIFF": _told("收取信息处理费385元。", "6"),
    "TEXT-PARTS": _told("公开信息120条，其中网站80条、公众号60条。"),
    "TEXT-PERCENT": _told("申请中予以公开5件（90%）。"),
    "TEXT-GROWTH": lambda: [
        CheckItem(
            replace(BUSY, sections={"1": "共收到政府信息公开申请12件，同比增长15%。"}),
            "bad",
            TOWN,
            2025,
            last_year(**figures({"received": 6, "granted": 6, "processed_total": 6})),
        ),
    ],
    "TEXT-ALL-DONE": _told("收到的申请均已办结。"),
    "TEXT-ALL-UPHELD": _told("行政复议案件均予维持。"),
    "TEXT-TWICE": _told("通过审计信息专栏公开信息20条。\n全年通过审计信息专栏公开政府信息16条。"),
    "TEXT-OMITTED": _told("主动公开各类信息。"),
    "ID-UNIT": lambda: [CheckItem(plain(), "bad", OTHER, 2025)],
    "ID-UNIT-SPELLING": _item(plain(unit="沅陵浦县青渓镇", title="沅陵浦县青渓镇2025年政府信息公开工作年度报告")),
    "ID-SIGNER": _one(signed_by="沅陵浦县双柏镇人民政府"),
    "ID-YEAR": _one(title="沅陵浦县青溪镇2024年政府信息公开工作年度报告", year=2024),
    "ID-PERIOD": _one(sections={"0": "本报告数据统计期限自2024年1月1日起至2024年12月31日止。"}),
    "ID-YEAR-TEXT": _added("\n2023年，我镇组织了培训。"),
    "ID-PUBLISH-YEAR": _added("\n2025年政府信息公开年度报告已于2025年1月15日公布。"),
    "ID-PLAN-YEAR": _one(sections={"5": "主要问题是公开不够及时。下一步，2025年我镇将加强培训。"}),
    "ID-OTHER-UNIT": _added("影响了群众对松他克镇信息公开的获得感。", "5"),
    "ID-ACCOUNT": _added("\n通过微信公众号“醉美褒河”发布信息。"),
    "ID-PLACE-SPELLING": _item(plain(title="沐阳县青溪镇2025年政府信息公开工作年度报告"), None),
    "ID-SELF-WORD": _added("\n我局高度重视信息公开。"),
    "ID-TRADE": _added("\n推进生态环境工作决策、执行、管理、服务、结果公开。"),
    "ID-SAME-FILE": _same_file,
    "ID-COPIED-UNIT": _twins,
    "ID-COPIED-YEAR": _copied_year,
    "ID-SAME-FIGURES": _same_figures,
    "ID-NO-UNIT": _item(plain(unit=None), None),
    "ID-NO-YEAR": _item(plain(year=None, title="沅陵浦县青溪镇政府信息公开工作年度报告"), TOWN, None),
    "FORM-TABLE": _item(_without_table("t4")),
    "FORM-NO-TABLES": _bare(),
    "FORM-CUT": _cut(),
    "FORM-SECTION": _without_section("6"),
    "FORM-ORDER": _reordered(),
    "FORM-EMPTY": _one(sections={"5": "无。"}),
    "FORM-OTHER-EMPTY": _one(sections={"6": ""}),
    "FORM-OVERVIEW": _one(sections={"1": "本镇认真做好主动公开。" * 20}),
    "FORM-ROWS": _state("t3.closed_other.total", CellState.ABSENT),
    "FORM-BLANK": _cells(t3__granted__business=None),
    "FORM-BLANK-NEEDED": _one(
        cells={**figures({"received": 5, "granted": 5, "processed_total": 5}), "t3.received.total": None}
    ),
    "FORM-NOT-APPLICABLE": _cells(t2__regulations__issued="/"),
    "FORM-CELL-TEXT": _cells(t2__penalties__decisions="约22件"),
    "FORM-EDITION": _old_form(),
    "FORM-TEMPLATE": _added("\n该部分以表格形式报告。"),
    "FORM-PLACEHOLDER": _added("\nXX镇主动公开信息。"),
    "FORM-LAW": _one(sections={"0": "根据《中华人民共和国政府信息公开条例》（国务院令第492号），编制本报告。"}),
    "FORM-PROBLEMS": _one(sections={"5": "主要是公开不够及时，人员不足，解读形式单一。"}),
    "FORM-TITLE": _item(plain(title="沅陵浦县青溪镇2025年法治政府建设年度报告")),
    "FORM-FEE": _one(sections={"6": "没有其他需要报告的事项。"}),
    "FORM-FEE-MISSING": _one(
        cells=figures({"received": 1, "closed_fee_unpaid": 1, "processed_total": 1}), sections={"6": "无。"}
    ),
    "FORM-TYPO": _added("报告包括存在的主要问题及改情况。"),
    "FORM-EXTRA": _added("\n七、明年工作计划\n进一步做好公开工作。", "6"),
    "FORM-CELL-UNIT": lambda: [CheckItem(_with_unit(), "bad", TOWN, 2025)],
    "FORM-LABEL": _one(
        notes=(ReadingNote("FORM-LABEL", "表三中应为“2.重复申请”的一行，名称写的是“2暂未公开”。"),)
    ),
    "FORM-NOTE": _one(notes=(ReadingNote("FORM-MERGED", "表三第二行与第三行合并。"),)),
    "SIGN-UNSIGNED": _one(signed_by=None),
    "SIGN-UNDATED": _one(issued_on=None),
    "SIGN-EARLY": _one(issued_on=date(2025, 1, 15)),
    "SIGN-LATE": _one(issued_on=date(2026, 2, 15)),
    "SIGN-FUTURE": _one(issued_on=date(2062, 1, 15)),
    "COUNTY-SUM": _county(7),
    "COUNTY-PART": _county(2),
    "READ-UNREAD": _state("t3.granted.total", CellState.UNREAD),
    "READ-UNCERTAIN": _state("t3.granted.total", CellState.NUMBER, "0", value=0),
    "READ-DISAGREEMENT": _one(
        notes=(ReadingNote("READ-DISAGREEMENT", "两种读法不一致。", ("t3.granted.total",)),)
    ),
    "READ-NOTE": _one(notes=(ReadingNote("READ-NOTE", "有一页是扫描件。"),)),
}


def _items(year: int, before: int, change: int = 0) -> Report:
    """A report on the form of 2019 that says only how many licences there were."""
    from gongkai_etl import form

    cells = {key: cell(0) for table in form.TABLES for key in form.edition("2019").keys(table)}
    cells |= {"t2.licences.items_last_year": cell(before), "t2.licences.items_change": cell(change)}
    title = f"沅陵浦县青溪镇{year}年政府信息公开工作年度报告"
    editions = dict.fromkeys(form.TABLES, "2019")
    return replace(plain(), year=year, title=title, issued_on=date(year + 1, 1, 9), editions=editions, cells=cells)

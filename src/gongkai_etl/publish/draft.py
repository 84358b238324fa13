"""Sections 一, 五 and 六 of the county report as a draft: sentences made of figures, places for people.

What the figures cannot know stands as 〔请填写：…〕; a figure that is missing as 〔请核实：…〕.
"""

from __future__ import annotations

from gongkai_etl.model import Value
from gongkai_etl.publish.bridge import Bridge
from gongkai_etl.publish.groups import RESULTS, result, total
from gongkai_etl.publish.indicators import indicators
from gongkai_etl.publish.inputs import CountyYear, UnitState, UnitYear
from gongkai_etl.publish.words import figure, percent

_ORGANISATIONS = ("business", "research_institution", "social_welfare", "legal_service", "other_organisation")


class Draft:
    """The sentences of one county and year."""

    def __init__(self, county_year: CountyYear, bridge: Bridge) -> None:
        self.county_year = county_year
        self.rolled = bridge.roll_up

    def opening(self) -> str:
        """What the report stands on and which period it is about."""
        year = self.county_year.year
        return (
            f"本报告根据《中华人民共和国政府信息公开条例》和政府信息公开工作年度报告格式要求，"
            f"由{self.county_year.county.name}所属各单位的年度报告汇总编制，"
            f"所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。〔请填写：查阅和联系方式〕"
        )

    def overview(self) -> list[tuple[str, str]]:
        """Section 一: heading and text of its five parts."""
        return [
            ("（一）主动公开情况", self._proactive()),
            ("（二）依申请公开情况", self._applications()),
            ("（三）政府信息管理情况", "〔请填写：信息发布审核、动态调整、规范性文件管理等做法和成效〕"),
            ("（四）平台建设情况", "〔请填写：政府网站、政务新媒体、政务公开专区等建设情况〕"),
            ("（五）监督保障情况", self._supervision()),
        ]

    def problems(self) -> list[str]:
        """Section 五: what the checks show, then places for what people know."""
        found = "存在的主要问题：" + "；".join(self._shortcomings() or ["〔请填写：主要问题〕"])
        return [f"{found}。〔请填写：其他问题〕", "改进情况：〔请填写：针对上述问题的改进措施和完成情况〕"]

    def other(self) -> list[str]:
        """Section 六: the processing fee, and what else must be said."""
        unpaid = self.say("t3.closed_fee_unpaid.total", "因申请人逾期不缴纳信息处理费而不再处理的申请")
        return [
            "按照《政府信息公开信息处理费管理办法》，本年度收取信息处理费〔请填写：金额，没有收取的写明“未收取”〕。"
            f"因申请人逾期未按收费通知要求缴纳费用、行政机关不再处理的申请{unpaid}件。",
            "〔请填写：其他需要报告的事项〕",
        ]

    def _proactive(self) -> str:
        return (
            f"全县制发行政规范性文件{self.say('t2.normative_documents.issued', '制发')}件，"
            f"废止{self.say('t2.normative_documents.repealed', '废止')}件，"
            f"现行有效{self.say('t2.normative_documents.in_force', '现行有效')}件；"
            f"作出行政许可决定{self.say('t2.licences.decisions', '行政许可')}件、"
            f"行政处罚决定{self.say('t2.penalties.decisions', '行政处罚')}件、"
            f"行政强制决定{self.say('t2.coercive_measures.decisions', '行政强制')}件；"
            f"行政事业性收费{self.say('t2.fees.amount', '收费')}万元。〔请填写：重点领域主动公开情况〕"
        )

    def _applications(self) -> str:
        organisations = total(self.rolled, (f"t3.received.{column}" for column in _ORGANISATIONS))
        results = "、".join(f"{label}{self._result(label)}件" for label in RESULTS)
        return (
            f"全县新收政府信息公开申请{self.say('t3.received.total', '新收')}件{self._against_last_year()}，"
            f"其中自然人{self.say('t3.received.natural_person', '自然人')}件、"
            f"法人或其他组织{self._or_place(organisations, '法人或其他组织')}件；"
            f"上年结转{self.say('t3.brought_forward.total', '上年结转')}件。"
            f"本年度办理{self.say('t3.processed_total.total', '办理')}件，其中{results}；"
            f"结转下年度继续办理{self.say('t3.carried_forward.total', '结转')}件。"
            f"因政府信息公开被申请行政复议{self.say('t4.reconsideration.total', '复议')}件，"
            f"被提起行政诉讼{self._lawsuits()}件。"
        )

    def _result(self, label: str) -> str:
        return self._or_place(result(self.rolled, label, "total"), label)

    def _lawsuits(self) -> str:
        keys = ("t4.litigation_direct.total", "t4.litigation_after_reconsideration.total")
        return self._or_place(total(self.rolled, keys), "诉讼")

    def _against_last_year(self) -> str:
        change = self.rolled.lines["t3.received.total"].change
        if change is None:
            return ""
        if change == 0:
            return "（与上年持平）"
        return f"（比上年{'增加' if change > 0 else '减少'}{abs(change)}件）"

    def _supervision(self) -> str:
        came = sum(unit.report is not None for unit in self.county_year.all)
        rates = {entry.id: entry for entry in indicators(self.county_year)}
        return (
            f"应报送年度报告的单位{len(self.county_year.all)}个，已报送{came}个，"
            f"按时报送率{percent(rates['on_time_rate'].value)}，"
            f"一次通过率{percent(rates['first_pass_rate'].value)}。"
            "〔请填写：工作考核、社会评议、责任追究结果和业务培训情况〕"
        )

    def _shortcomings(self) -> list[str]:
        units = self.county_year.all
        missing = [unit for unit in units if unit.state is UnitState.MISSING]
        faulty = [unit for unit in units if unit.state is UnitState.ERRORS]
        words = []
        if missing:
            words.append(f"{_names(missing)}未报送年度报告")
        if late := [unit for unit in units if unit.late]:
            words.append(f"{_names(late)}报送超过规定期限")
        if faulty:
            errors = sum(unit.count("error") for unit in faulty)
            words.append(f"{_names(faulty)}的报告尚有{errors}处数据错误未更正")
        return words

    def say(self, key: str, what: str) -> str:
        """A figure of the county, or a place to look into."""
        return self._or_place(self.rolled.number(key), what)

    def _or_place(self, value: Value, what: str) -> str:
        return figure(value, f"〔请核实：{what}〕")


def _names(units: list[UnitYear], most: int = 5) -> str:
    names = "、".join(unit.unit.name for unit in units[:most])
    return f"{names}等{len(units)}个单位" if len(units) > most else names

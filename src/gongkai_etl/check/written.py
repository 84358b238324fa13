"""What a report should say and how: its title, the numbers of its headings, its fifth section, its fee notices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai_etl import form
from gongkai_etl.check.case import Case
from gongkai_etl.check.form_rules import sections_present, shape
from gongkai_etl.check.prose import words
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding
from gongkai_etl.text import squeeze

_NUMERALS = "零一二三四五六"
_NUMBER = re.compile(r"([一二三四五六七八])、")
_TITLE = re.compile(r"公开.*(?:报告|年报)|(?:报告|年报).*公开")
_NO_NOTICE = re.compile(
    r"(?:未|没有)(?:发出|发送|发过|下发|制发)(?:过)?(?:任何)?收费通知|发出收费通知(?:书)?0(?:件|份)"
)
_UNPAID = "t3.closed_fee_unpaid.total"


@rule("FORM-TITLE")
def title(case: Case) -> Iterator[Finding]:
    """The title is that of a report on the disclosure of information."""
    printed = squeeze(case.report.title or "")
    if case.survey.scanned or _TITLE.search(printed):
        return
    right = f"{case.year or '××'}年政府信息公开工作年度报告"
    if printed:
        yield case.finding(
            "FORM-TITLE", f"标题是“{printed}”，应为“{right}”。", left=printed, right=right, text=printed
        )
    elif case.report.opening and shape(case)[0] == "whole":
        first = squeeze(case.report.opening.splitlines()[0])[:40]
        message = f"没有读到“{right}”这样的标题；开头是“{first}”。"
        yield case.finding("FORM-TITLE", message, left=first, right=right, text=first, outcome="unknown")


@rule("FORM-ORDER")
def numbers(case: Case) -> Iterator[Finding]:
    """Headings of all six sections, of which some bear another's number."""
    if case.survey.scanned or len(sections_present(case)) < len(form.SECTIONS):
        return
    wrong = []
    for heading in case.report.headings:
        own = next((k for k, name in form.SECTIONS.items() if name in heading), None)
        printed = _NUMBER.match(heading)
        if own and printed and printed[1] != _NUMERALS[own]:
            wrong.append(f"“{heading[:24]}”应为“{_NUMERALS[own]}、”")
    if wrong:
        yield case.finding("FORM-ORDER", f"标题的序号与格式不同：{'；'.join(wrong)}。", text=wrong[0])


@rule("FORM-PROBLEMS")
def problems(case: Case) -> Iterator[Finding]:
    """The fifth section speaks of problems and of what is done about them."""
    text = case.texts.get("5", "")
    if 5 not in sections_present(case) or len(text) <= 10:
        return
    missing = [what for what, known in words("fifth").items() if not re.search(known, text)]
    if len(missing) == 1:
        message = f"第五部分“{form.SECTIONS[5]}”没有写到{missing[0]}。"
        yield case.finding("FORM-PROBLEMS", message, text=text[:60])


@rule("FORM-FEE-MISSING")
def notices(case: Case) -> Iterator[Finding]:
    """Who did not pay in time was asked to: a fee notice was sent."""
    unpaid = case.report.number(_UNPAID)
    denied = _NO_NOTICE.search(case.texts.get("6", "")) if unpaid else None
    if denied:
        message = f"第六部分说“{denied[0]}”，而表三逾期未按收费通知缴费的申请有{unpaid}件。"
        yield case.finding(
            "FORM-FEE-MISSING", message, left=denied[0], right=unpaid, cells=[_UNPAID], text=denied[0]
        )

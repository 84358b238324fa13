"""Unexpected rows of the identities → findings: both sides, what the form says, what a blank would mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from gongkai_etl import form
from gongkai_etl.check.case import Case
from gongkai_etl.check.frame import usable_previous
from gongkai_etl.check.validation import Outcome
from gongkai_etl.check.years import lawful_break
from gongkai_etl.model import Cell, CellState, Finding, Report

_BLANK = (CellState.BLANK, CellState.NOT_APPLICABLE)
_WORDS = {
    "T3-BALANCE": "表三要求：第一项（新收）加第二项（上年结转）之和，等于第三项（办理结果总计）加第四项（结转下年度）之和",
    "T3-PROCESSED": "第三项第（七）项总计应等于第（一）至（六）项各行之和",
    "T3-TOTAL": "“总计”列应等于自然人与各类法人或其他组织六列之和",
    "T4-TOTAL": "“总计”应等于结果维持、结果纠正、其他结果、尚未审结之和",
    "YEAR-CARRY": "本年的“上年结转”应等于上一年报告的“结转下年度继续办理”",
    "YEAR-IN-FORCE": "现行有效件数应等于上年现行有效件数加本年制发、减本年废止件数",
    "YEAR-ITEMS": "本年的“上一年项目数量”应等于上年报告的“上一年项目数量”加“本年增/减”",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an identity: the sum over what is there, and what is not there by kind of trouble."""

    total: int
    terms: tuple[tuple[int, int | None], ...]
    blank: tuple[str, ...]
    doubtful: tuple[str, ...]

    @property
    def words(self) -> str:
        """As shown to people: ``3+2=5``, zeros left out of long sums; 空白 for what is blank."""
        shown = [term for term in self.terms if term[1] != 0] if len(self.terms) > 4 else list(self.terms)
        if len(shown) < 2 and len(self.terms) > 1:
            shown = shown or [(1, 0)]
        said = "".join(
            ("+" if sign > 0 else "-") + ("空白" if number is None else str(number)) for sign, number in shown
        )
        said = said.removeprefix("+")
        return said if len(self.terms) == 1 or said == str(self.total) else f"{said}={self.total}"


def identity_findings(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Iterator[tuple[int, Finding]]:
    """Findings of the rows that failed an identity."""
    for outcome in outcomes:
        name = outcome.meta.get("identity")
        if name is None:
            continue
        for row in outcome.rows:
            case = cases[row]
            identity = _identity(case, name)
            if identity is not None:
                yield row, _failed(case, identity)


def missing_findings(case: Case) -> Iterator[Finding]:
    """What follows for identities with a cell that is blank, uncertain or not there: three outcomes."""
    for identity in case.identities:
        left, right = sides(case, identity)
        if left.doubtful or right.doubtful:
            finding = _unknown(case, identity, left, right)
            if finding is not None:
                yield finding
        elif left.blank or right.blank:
            yield from _with_blanks(case, identity, left, right)
    for identity in _of_years(case) if usable_previous(case) else ():
        left, right = sides(case, identity)
        if (left.blank or right.blank) and not (left.doubtful or right.doubtful):
            yield from _with_blanks(case, identity, left, right)


def borne_out_zeros(case: Case) -> frozenset[str]:
    """Cells of table 三 and 四 with a blank or a mark (/, -, 无) that must be 0: every identity around them holds so.

    A mark says by itself that there is nothing; beside a blank some figure must stand in the identity.
    """
    good: set[str] = set()
    bad: set[str] = set()
    for identity in case.identities:
        left, right = sides(case, identity)
        blanks = {*left.blank, *right.blank}
        if not blanks or left.doubtful or right.doubtful:
            continue
        if left.total != right.total:
            bad |= blanks
        elif any(number is not None for _, number in (*left.terms, *right.terms)):
            good |= blanks
        else:
            good |= {key for key in blanks if case.cell(key).state is CellState.NOT_APPLICABLE}
    return frozenset(good - bad)


def sides(case: Case, identity: form.Identity) -> tuple[Side, Side]:
    """Both sides of an identity in a case."""
    return _side(case, identity.left), _side(case, identity.right)


def _side(case: Case, terms: Sequence[form.Term]) -> Side:
    numbers: list[tuple[int, int | None]] = []
    blank, doubtful = [], []
    for term in terms:
        cell = _cell(case, term)
        number = int(cell.value) if cell.state is CellState.NUMBER and cell.value is not None else None
        numbers.append((term.sign, number))
        if cell.state in _BLANK:
            blank.append(term.key)
        elif number is None or not cell.certain:
            doubtful.append(term.key)
    total = sum(sign * (number or 0) for sign, number in numbers)
    return Side(total, tuple(numbers), tuple(blank), tuple(doubtful))


def _cell(case: Case, term: form.Term) -> Cell:
    report: Report | None = usable_previous(case) if term.year else case.report
    return (report.cells.get(term.key) if report else None) or Cell(None, None, CellState.ABSENT)


def _of_years(case: Case) -> tuple[form.Identity, ...]:
    chosen = dict.fromkeys(case.editions.values())
    return tuple(
        i for name in chosen for i in form.edition(name).year_identities if case.editions[i.table] == name
    )


def _identity(case: Case, name: str) -> form.Identity | None:
    return next((identity for identity in (*case.identities, *_of_years(case)) if identity.id == name), None)


def place(case: Case, identity: form.Identity) -> str:
    """The row or column an identity is for, in the words of the form: 表三「总计」列."""
    label = case.label(identity.left[0].key)
    row, column = label.split("「", 1)[1].split("」行「")
    table = label[:2]
    if identity.rule in ("T3-BALANCE", "T3-PROCESSED", "YEAR-CARRY"):
        return f"{table}「{column.removesuffix('」列')}」列"
    return f"{table}「{row}」行"


def _failed(case: Case, identity: form.Identity) -> Finding:
    left, right = sides(case, identity)
    gap = abs(left.total - right.total)
    message = (
        f"{place(case, identity)}：{_said(identity, identity.left)}为{left.words}，"
        f"{_said(identity, identity.right)}为{right.words}，相差{gap}。{_WORDS[identity.rule]}。"
    )
    reason = lawful_break(case) if identity.rule.startswith("YEAR-") else None
    if reason:
        message += f"名册注明“{reason}”，衔接中断可能有正当原因，请核对。"
    return case.finding(
        identity.rule,
        message,
        left=left.words,
        right=right.words,
        cells=identity.keys,
        outcome="unknown" if reason else "fail",
    )


_SUMS = {"T3-TOTAL": "六列之和", "T4-TOTAL": "四栏之和", "T3-PROCESSED": "第（一）至（六）项各行之和"}


def _said(identity: form.Identity, terms: Sequence[form.Term]) -> str:
    if len(terms) == 1 and identity.rule in ("T3-TOTAL", "T4-TOTAL"):
        return "总计"
    if any(term.year for term in terms) and len(terms) > 1:
        return "由上年报告推算"
    if len(terms) > 2:
        return _SUMS.get(identity.rule, "各项之和")
    names = {
        "received": "本年新收",
        "brought_forward": "上年结转",
        "processed_total": "办理结果总计",
        "carried_forward": "结转下年度",
        "total": "总计",
        "in_force": "现行有效件数",
        "items_last_year": "上一年项目数量",
        "items_change": "本年增/减",
    }
    said = []
    for term in terms:
        _, row, column = term.key.split(".")
        said.append(("上年报告的" if term.year else "") + (names.get(row) or names.get(column) or column))
    return "加".join(said)


def _unknown(case: Case, identity: form.Identity, left: Side, right: Side) -> Finding | None:
    """Only where the doubt matters: what was read does not add up. Nothing is said against the town."""
    doubtful = (*left.doubtful, *right.doubtful)
    if any(case.cell(key).state is CellState.ABSENT for key in doubtful):
        return None
    unread = any(case.cell(key).state is not CellState.NUMBER for key in doubtful)
    if unread or left.total == right.total:
        return None
    labels = "、".join(case.label(key) for key in doubtful[:3]) + ("等" if len(doubtful) > 3 else "")
    message = (
        f"{place(case, identity)}：按读到的数，{_said(identity, identity.left)}为{left.words}，"
        f"{_said(identity, identity.right)}为{right.words}，两边不等；但其中{labels}没有读准，请先核对原件截图再下结论。"
    )
    return case.finding(
        identity.rule, message, left=left.words, right=right.words, cells=identity.keys, outcome="unknown"
    )


def _with_blanks(case: Case, identity: form.Identity, left: Side, right: Side) -> Iterator[Finding]:
    """Blanks count as 0 only where the printed figures then agree (and ``FORM-BLANK`` says so).

    Where no figure in the blanks could make the sides equal, the identity is broken; where one could,
    the blank is asked for, and whether the identity holds cannot be said before it is filled in.
    """
    if left.total == right.total or all(number is None for _, number in (*left.terms, *right.terms)):
        return
    blanks = (*left.blank, *right.blank)
    words = f"{_said(identity, identity.left)}为{left.words}，{_said(identity, identity.right)}为{right.words}"

    def finding(rule: str, message: str, outcome: Literal["fail", "unknown"] = "fail") -> Finding:
        said = f"{place(case, identity)}：{words}{message}"
        return case.finding(rule, said, left=left.words, right=right.words, cells=identity.keys, outcome=outcome)

    if not _fillable(case, identity, left.total - right.total):
        yield finding(identity.rule, f"，空白处填什么数，两边都不能相等。{_WORDS[identity.rule]}。")
        return
    of_years = identity.rule.startswith("YEAR-")  # their blanks are asked for where they stand in their own table
    if len(blanks) == 1 and not of_years:
        needed = abs(left.total - right.total)
        yield finding("FORM-BLANK-NEEDED", f"。{case.label(blanks[0])}是空白，按勾稽关系应为{needed}，请补填。")
    elif not of_years:
        yield finding("FORM-BLANK-NEEDED", f"，有{len(blanks)}格空白，不能当作0，请补填后再核对。")
    yield finding(identity.rule, f"。空白处填好以前，不能断定两边是否相等。{_WORDS[identity.rule]}。", "unknown")


def _fillable(case: Case, identity: form.Identity, gap: int) -> bool:
    """Whether a figure in a blank could close the gap (left minus right): figures are never negative."""
    terms = [(term, term.sign) for term in identity.left] + [(term, -term.sign) for term in identity.right]
    return any(_cell(case, term).state in _BLANK and sign * gap < 0 for term, sign in terms)

"""The roll-up explained: identities of the county's tables taken apart by unit, and what stays open.

An identity that fails for the county must be the sum of failures of named units; the county's own
draft must agree. What is neither is unexplained, and stops a release unless a person gives a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from gongkai_etl.errors import PublishError
from gongkai_etl.form import TABLE_NAMES, Identity, Term, edition, edition_of_year, editions
from gongkai_etl.model import CellState, Value
from gongkai_etl.publish.inputs import CountyYear, UnitYear
from gongkai_etl.publish.rollup import Line, RollUp, roll_up

PUBLISH_UNEXPLAINED = "PUBLISH-UNEXPLAINED"


_WORDS = {
    "T3-BALANCE": "新收＋上年结转＝本年度办理结果总计＋结转下年度",
    "T3-PROCESSED": "本年度办理结果总计＝（一）至（六）之和",
    "T3-TOTAL": "总计＝各类申请人之和",
    "T4-TOTAL": "总计＝各种结果之和",
    "YEAR-CARRY": "上年结转＝上一年报告的结转下年度",
    "YEAR-IN-FORCE": "现行有效＝上一年现行有效＋本年制发－本年废止",
    "YEAR-ITEMS": "上一年项目数量＝上一年报告的项目数量＋增减",
}


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a county identity's difference comes from one unit, and why."""

    code: str
    name: str
    difference: Value
    reason: str


@dataclass(frozen=True, slots=True)
class CountyCheck:
    """One identity on the county's figures. ``difference`` (left − right) is None when it cannot be said."""

    identity: Identity
    left: Value
    right: Value
    difference: Value
    shares: tuple[Share, ...] = ()
    rest: Value = 0
    """What no unit accounts for."""

    @property
    def holds(self) -> bool | None:
        """None when a side has no figure."""
        return None if self.difference is None else self.difference == 0


@dataclass(frozen=True, slots=True)
class Bridge:
    """The roll-up with its checks; ``approved`` are the printed reasons for what stays unexplained."""

    roll_up: RollUp
    checks: tuple[CountyCheck, ...]
    approved: tuple[tuple[str, str], ...] = ()

    @property
    def unexplained(self) -> tuple[Line, ...]:
        """The lines about which something is open."""
        return tuple(line for line in self.roll_up.lines.values() if line.unexplained)


def build_bridge(county_year: CountyYear) -> Bridge:
    """The roll-up, its checks, and on each line what is not explained."""
    rolled = roll_up(county_year)
    form = edition(rolled.edition)
    checks = [_check(identity, rolled, county_year) for identity in form.identities]
    if county_year.previous:
        checks += [_check(identity, rolled, county_year) for identity in form.year_identities]
    lines = {
        key: replace(line, unexplained=_open(line, county_year, checks)) for key, line in rolled.lines.items()
    }
    approved = [
        (key, approval.reason)
        for key, line in lines.items()
        for approval in county_year.approvals
        if line.unexplained and (not approval.keys or key in approval.keys)
    ]
    return Bridge(replace(rolled, lines=lines), tuple(checks), tuple(approved))


def check_label(identity: Identity) -> str:
    """An identity in words, with the row or column it is about: 表三「自然人」：新收＋上年结转＝…."""
    table = TABLE_NAMES[identity.table]
    return f"{table}「{_scope_label(identity)}」：{_WORDS.get(identity.rule, identity.rule)}"


def _scope_label(identity: Identity) -> str:
    for name in editions():
        for block in edition(name).tables[identity.table].blocks:
            labels = {row.key: row.label for row in block.rows} | {
                column.key: column.label for column in block.columns
            }
            if identity.scope in labels:
                return labels[identity.scope]
    return identity.scope


def require_explained(bridge: Bridge) -> None:
    """Refuse a release with unexplained lines. Raises PublishError PUBLISH-UNEXPLAINED, naming them."""
    allowed = {key for key, reason in bridge.approved if reason.strip()}
    refused = [line for line in bridge.unexplained if line.key not in allowed]
    if not refused:
        return
    words = "；".join(f"{line.label}：{'，'.join(line.unexplained)}" for line in refused[:5])
    more = f"；另有 {len(refused) - 5} 项" if len(refused) > 5 else ""
    raise PublishError(
        PUBLISH_UNEXPLAINED,
        f"有 {len(refused)} 项县级数据未能说明来源，发布已停止。{words}{more}。"
        "请核实后重新汇总，或填写理由后批准发布。",
    )


def _open(line: Line, county_year: CountyYear, checks: list[CountyCheck]) -> tuple[str, ...]:
    words = []
    if line.draft is not None and line.draft != line.value:
        words.append(f"县级草稿为 {line.draft}，汇总为 {'无数据' if line.value is None else line.value}")
    unread = [unit.unit.name for unit in county_year.all if _unread(unit, line.key)]
    if unread:
        words.append(f"{'、'.join(unread)}的数据未能读出")
    words += [
        f"勾稽关系 {check.identity.rule} 相差 {check.rest}，找不到对应的单位"
        for check in checks
        if check.rest and check.identity.left[0].key == line.key
    ]
    return tuple(words)


def _unread(unit: UnitYear, key: str) -> bool:
    cell = unit.cell(key)
    return cell is not None and cell.state is CellState.UNREAD


def _check(identity: Identity, rolled: RollUp, county_year: CountyYear) -> CountyCheck:
    left, right = _side(identity.left, rolled), _side(identity.right, rolled)
    if left is None or right is None:
        return CountyCheck(identity, left, right, None)
    difference = left - right
    shares = _shares(identity, county_year) if difference else ()
    rest = difference - sum((share.difference or 0 for share in shares), 0)
    return CountyCheck(identity, left, right, difference, shares, rest)


def _side(terms: tuple[Term, ...], rolled: RollUp) -> Value:
    """The sum over county figures; a line that no unit filled makes the side unsayable."""
    total: Value = 0
    for term in terms:
        line = rolled.lines[term.key]
        value = line.previous if term.year else line.value
        if value is None or total is None:
            return None
        total += term.sign * value
    return total


def _shares(identity: Identity, county_year: CountyYear) -> tuple[Share, ...]:
    """Each unit's own difference, blanks left out as they are in the county's sum."""
    before = {unit.unit.code: unit for unit in county_year.previous.all} if county_year.previous else {}
    found = []
    for unit in county_year.all:
        last = before.pop(unit.unit.code, None)
        difference = _terms(identity.left, unit, last) - _terms(identity.right, unit, last)
        if difference:
            found.append(Share(unit.unit.code, unit.unit.name, difference, _why(identity, unit, last)))
    for gone in before.values():
        difference = _terms(identity.left, None, gone) - _terms(identity.right, None, gone)
        if difference:
            found.append(Share(gone.unit.code, gone.unit.name, difference, "今年名录中没有该单位"))
    return tuple(found)


def _terms(terms: tuple[Term, ...], unit: UnitYear | None, last: UnitYear | None) -> int | Decimal:
    total: int | Decimal = 0
    for term in terms:
        source = last if term.year else unit
        total += term.sign * ((source.number(term.key) if source else None) or 0)
    return total


def _why(identity: Identity, unit: UnitYear, last: UnitYear | None) -> str:
    if unit.report is None:
        return "今年没有可用的报告"
    if last is None and any(term.year for term in (*identity.left, *identity.right)):
        return "没有上一年的报告"
    if unit.report.editions.get(identity.table) not in (None, edition_of_year(unit.year).id):
        return "使用另一版格式"
    if any(unit.number(term.key) is None for term in (*identity.left, *identity.right) if not term.year):
        return "有空白或未读出的单元格"
    return "与上一年的报告不衔接" if identity.rule.startswith("YEAR-") else "本单位的表格自身不平衡"

"""Rules on single figures: whole counts, regulations below a city, fees in yuan, documents issued."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from gongkai_etl import form
from gongkai_etl.check.case import Case
from gongkai_etl.check.frame import usable_previous
from gongkai_etl.check.places import level
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Cell, CellState, Finding

_DECIMAL = re.compile(r"-?\d+\.\d+")
_REGULATIONS = "t2.regulations.*"
_MONEY = ("t2.fees.amount", "t2.procurement.amount")
_TOO_MUCH = {"town": Decimal(10_000), "below": Decimal(200_000), "county": Decimal(10_000_000)}
"""万元 in one year that no unit of that level collects: 1 亿, 20 亿, 1000 亿."""


@rule("T2-WHOLE", "T3-WHOLE", "T4-WHOLE")
def whole(case: Case) -> Iterator[Finding]:
    """Counts are whole and not negative (the suites say so too; here are the words)."""
    for table in () if case.survey.whole else form.TABLES:
        for key, _, _, column in form.table_form(table, case.editions[table]).cells():
            cell = case.cell(key)
            value = broken_count(cell)
            if column.kind != "count" or value is None:
                continue
            sure = cell.certain or (cell.state is CellState.TEXT and not case.survey.scanned)
            yield case.finding(
                f"{table.upper()}-WHOLE",
                f"{case.label(key)}是{value}，件数应为不小于0的整数。",
                left=value,
                right="不小于0的整数",
                cells=[key],
                outcome="fail" if sure else "unknown",
            )


def broken_count(cell: Cell) -> int | Decimal | None:
    """What stands in a cell for a count when it is negative or has a fraction; else None."""
    value = cell.value if cell.state is CellState.NUMBER else None
    if cell.state is CellState.TEXT and _DECIMAL.fullmatch((cell.raw or "").strip()):
        value = Decimal((cell.raw or "").strip())
    return value if value is not None and (value < 0 or value != int(value)) else None


@rule("T2-WHOLE")
def owed(case: Case) -> Iterator[Finding]:
    """No money is collected or spent below nothing."""
    for key in _MONEY:
        cell = case.cell(key)
        if cell.state is CellState.NUMBER and cell.value is not None and cell.value < 0:
            message = f"{case.label(key)}是{cell.value}，金额不应小于0。"
            outcome: Literal["fail", "unknown"] = "fail" if cell.certain else "unknown"
            yield case.finding("T2-WHOLE", message, left=cell.value, right="不小于0", cells=[key], outcome=outcome)


@rule("T2-REGULATIONS")
def regulations(case: Case) -> Iterator[Finding]:
    """Only cities with districts and above make 规章."""
    numbers = {key: case.report.number(key) for key in case.keys(_REGULATIONS)}
    wrong = {key: number for key, number in numbers.items() if number}
    if not wrong:
        return
    where = level(case.name, case.item.unit.kind if case.item.unit else "")
    if where == "city":
        return
    said = "，".join(f"{case.label(key)}为{number}" for key, number in wrong.items())
    first = next(iter(wrong.values()))
    if where == "unknown":
        case.unchecked.append("不能确定单位是否属于设区的市以上政府，未核对“规章”是否应为0。")
        return
    certain = all(case.cell(key).certain for key in wrong)
    message = f"{said}；{case.name}无权制定规章，应为0。" + (
        "" if certain else "这些数没有读准，请先核对原件截图。"
    )
    yield case.finding(
        "T2-REGULATIONS", message, left=first, right=0, cells=wrong, outcome="fail" if certain else "unknown"
    )


@rule("T2-FEE-UNIT")
def fee_unit(case: Case) -> Iterator[Finding]:
    """Yuan typed into a column of ten thousand yuan, by the unit printed or by the size."""
    key = "t2.fees.amount"
    cell = case.cell(key)
    raw = (cell.raw or "").replace(" ", "")
    if raw.endswith("元") and not raw.endswith("万元"):
        message = f"{case.label(key)}填的是“{raw}”，这一栏的单位是万元。"
        yield case.finding("T2-FEE-UNIT", message, left=raw, right="万元", cells=[key], text=raw)
        return
    most = _TOO_MUCH.get(level(case.name, case.item.unit.kind if case.item.unit else ""))
    if most is not None and cell.value is not None and cell.value >= most and not _borne_out(case, key):
        message = f"{case.label(key)}是{cell.value}万元，对本单位过大，疑似以元填写（若为元，应填{_in_wan(cell.value)}）。"
        yield case.finding("T2-FEE-UNIT", message, left=cell.value, right=_in_wan(cell.value), cells=[key])


def _borne_out(case: Case, key: str) -> bool:
    """A large amount that is no slip: parts of a fen are no yuan, or last year's was of the same size."""
    value = Decimal(case.report.number(key) or 0)
    before = usable_previous(case)
    last = Decimal((before.number(key) if before else None) or 0)
    return int(value.as_tuple().exponent) < -2 or value / 10 <= last <= value * 10


def _in_wan(value: int | Decimal) -> str:
    return f"{(Decimal(value) / 10000).normalize():f}"


@rule("T2-ISSUED")
def issued(case: Case) -> Iterator[Finding]:
    """What was issued in the year is at its end either in force or repealed."""
    if case.editions["t2"] != "2021":
        return
    for row in ("regulations", "normative_documents"):
        keys = [f"t2.{row}.{column}" for column in ("issued", "in_force", "repealed")]
        numbers = [case.report.number(key) for key in keys]
        made, valid, gone = numbers
        if made is not None and valid is not None and gone is not None and made > valid + gone:
            message = f"{case.label(keys[0])}为{made}，多于现行有效{valid}与废止{gone}之和{valid + gone}。"
            yield case.finding("T2-ISSUED", message, left=made, right=f"{valid}+{gone}={valid + gone}", cells=keys)

"""The six groups of results in table 三, and sums over them."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai_etl.form import table_form
from gongkai_etl.model import Value
from gongkai_etl.publish.rollup import RollUp

RESULTS = {
    "予以公开": "granted",
    "部分公开": "granted_in_part",
    "不予公开": "refused_",
    "无法提供": "unavailable_",
    "不予处理": "declined_",
    "其他处理": "closed",
}
"""Label → row, or how the rows of the group begin."""


def result(rolled: RollUp, label: str, column: str) -> Value:
    """The sum of one group in one column of table 三; None when a row of it has no figure."""
    start = RESULTS[label]
    rows = [row.key for row in table_form("t3", rolled.edition).rows]
    chosen = [start] if start in rows else [row for row in rows if row.startswith(start)]
    return total(rolled, (f"t3.{row}.{column}" for row in chosen))


def total(rolled: RollUp, keys: Iterable[str]) -> Value:
    """The sum of some county figures; None when one of them is missing."""
    whole: Value = 0
    for key in keys:
        value = rolled.number(key)
        if value is None or whole is None:
            return None
        whole += value
    return whole

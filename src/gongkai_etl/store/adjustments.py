"""Adjustments of the county's figures: who entered what and why; never changed, only revoked."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection, text

from gongkai_etl.errors import StoreError
from gongkai_etl.form import edition_of_year
from gongkai_etl.store.dimensions import cell_ids, form_cells
from gongkai_etl.store.rows import Adjustment

_SELECT = (
    "SELECT a.id, a.year, fc.key, fc.place, a.amount, a.reason, a.entered_by, a.created_at, a.revoked_at, "
    "a.revoked_by, a.revoked_reason FROM gongkai.adjustment a JOIN gongkai.form_cell fc ON fc.id = a.cell_id"
)
CODE = "STORE-ADJUSTMENT"


def save(connection: Connection, year: int, key: str, amount: Decimal, reason: str, by: str) -> Adjustment:
    """Enter one; the same once more (figure, amount, reason and person) is the one that stands already.

    Raises StoreError when the form of the year has no such figure, the amount is 0 or not whole where
    things are counted, or nobody says why.
    """
    _refuse(year, key, amount, reason, by)
    for known in listed(connection, year):
        if (known.key, known.amount, known.reason, known.entered_by) == (key, amount, reason.strip(), by.strip()):
            return known
    number = connection.scalar(
        text(
            "INSERT INTO gongkai.adjustment (year, cell_id, amount, reason, entered_by) "
            "VALUES (:year, :cell, :amount, :reason, :by) RETURNING id"
        ),
        {
            "year": year,
            "cell": cell_ids(connection)[key],
            "amount": amount,
            "reason": reason.strip(),
            "by": by.strip(),
        },
    )
    return Adjustment(*connection.execute(text(f"{_SELECT} WHERE a.id = :id"), {"id": number}).one())


def _refuse(year: int, key: str, amount: Decimal, reason: str, by: str) -> None:
    if not reason.strip() or not by.strip():
        raise StoreError(CODE, "县级调整必须写明理由和经办人。")
    try:
        known = edition_of_year(year).keys()
    except KeyError:
        known = ()
    if key not in known:
        raise StoreError(CODE, f"{year}年度的格式中没有“{key}”这一格。写法如 t3.received.total，见数据字典。")
    if not amount.is_finite() or amount == 0:
        raise StoreError(CODE, "调整数必须是不为 0 的数；减少写负数，如 -3。")
    if form_cells()[key].kind != "money" and amount != amount.to_integral_value():
        raise StoreError(CODE, f"这一格是件数，调整数应为整数，不能是 {amount}。")


def revoke(connection: Connection, number: int, by: str, reason: str) -> Adjustment:
    """Take one back; it stays in the history. Raises StoreError when none of that number stands."""
    if not reason.strip() or not by.strip():
        raise StoreError(CODE, "撤销县级调整必须写明理由和经办人。")
    found = connection.execute(
        text(
            "UPDATE gongkai.adjustment SET revoked_at = now(), revoked_by = :by, revoked_reason = :reason "
            "WHERE id = :id AND revoked_at IS NULL"
        ),
        {"id": number, "by": by.strip(), "reason": reason.strip()},
    )
    if not found.rowcount:
        raise StoreError(CODE, f"没有第 {number} 号县级调整，或者它已经撤销。")
    return Adjustment(*connection.execute(text(f"{_SELECT} WHERE a.id = :id"), {"id": number}).one())


def listed(connection: Connection, year: int, standing: bool = True) -> tuple[Adjustment, ...]:
    """Those of a year in the order in which they were entered; ``standing``: without the revoked ones."""
    rows = connection.execute(
        text(f"{_SELECT} WHERE a.year = :year AND (NOT :standing OR a.revoked_at IS NULL) ORDER BY a.id"),
        {"year": year, "standing": standing},
    )
    return tuple(Adjustment(*row) for row in rows)

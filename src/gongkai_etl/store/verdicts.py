"""Verdicts of reviewers: stored with the text that binds them to rule and values, never changed, only revoked."""

# ruff: noqa: S608 -- queries are put together from constants of this module, values are always bound

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from gongkai_etl.errors import StoreError
from gongkai_etl.store.rows import Decision, Verdict

_COLUMNS = "id, unit_code, year, rule, binding, decision, reviewer, reason, expires_on, created_at, revoked_at"


def save(
    connection: Connection,
    *,
    unit: str,
    year: int,
    rule: str,
    binding: str,
    decision: Decision,
    reviewer: str,
    reason: str,
    expires_on: date | None = None,
) -> Verdict:
    """Give a verdict; one that stands on the same finding is revoked and stays in the history."""
    if decision not in ("confirm", "waive"):
        raise StoreError("STORE-VERDICT", f"审核意见只能是 confirm（确认）或 waive（豁免），不能是“{decision}”")
    if not reason.strip() or not reviewer.strip():
        raise StoreError("STORE-VERDICT", "审核意见必须写明审核人和理由")
    given: dict[str, Any] = {"unit": unit, "year": year, "rule": rule, "binding": binding, "decision": decision}
    given |= {"reviewer": reviewer.strip(), "reason": reason.strip(), "expires_on": expires_on}
    standing = _standing(connection, given)
    if standing is not None:
        found = (standing.decision, standing.reviewer, standing.reason, standing.expires_on)
        if found == (decision, given["reviewer"], given["reason"], expires_on):
            return standing
        revoke(connection, standing.id, given["reviewer"])
    row = connection.execute(
        text(
            f"""
            INSERT INTO gongkai.verdict (unit_code, year, rule, binding, decision, reviewer, reason, expires_on)
            VALUES (:unit, :year, :rule, :binding, :decision, :reviewer, :reason, :expires_on) RETURNING {_COLUMNS}
            """
        ),
        given,
    ).one()
    return Verdict(*row)


def revoke(connection: Connection, number: int, by: str) -> None:
    """Take a verdict back; it stays in the history."""
    connection.execute(
        text(
            "UPDATE gongkai.verdict SET revoked_at = now(), revoked_by = :by WHERE id = :id AND revoked_at IS NULL"
        ),
        {"id": number, "by": by},
    )


def listed(
    connection: Connection, year: int | None = None, unit: str | None = None, standing: bool = True
) -> tuple[Verdict, ...]:
    """Verdicts, newest last; ``standing``: only those not revoked and not expired."""
    rows = connection.execute(
        text(
            f"""
            SELECT {_COLUMNS} FROM gongkai.verdict
            WHERE (CAST(:year AS smallint) IS NULL OR year = :year)
            AND (CAST(:unit AS text) IS NULL OR unit_code = :unit)
            AND (NOT :standing OR (revoked_at IS NULL AND (expires_on IS NULL
                 OR expires_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date)))
            ORDER BY id
            """
        ),
        {"year": year, "unit": unit, "standing": standing},
    )
    return tuple(Verdict(*row) for row in rows)


def _standing(connection: Connection, given: dict[str, Any]) -> Verdict | None:
    row = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM gongkai.verdict WHERE unit_code = :unit AND year = :year AND rule = :rule "
            "AND binding = :binding AND revoked_at IS NULL"
        ),
        given,
    ).first()
    return Verdict(*row) if row else None

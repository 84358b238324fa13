"""Reading the warehouse: progress, versions, findings, files without an owner."""

# ruff: noqa: S608 -- queries are put together from constants of this module, values are always bound

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from gongkai_etl.model import Finding, Submission
from gongkai_etl.store.rows import Progress, StoredFinding, Unclaimed, Version

_PROGRESS = ", ".join(Progress.__dataclass_fields__)


def progress(connection: Connection, year: int) -> tuple[Progress, ...]:
    """The state of every expected unit of a year, in the order of the roster."""
    rows = connection.execute(
        text(f"SELECT {_PROGRESS} FROM publish.progress WHERE year = :year ORDER BY position"),
        {"year": year},
    )
    return tuple(Progress(*row) for row in rows)


def years(connection: Connection) -> tuple[int, ...]:
    """The years that were opened, oldest first."""
    return tuple(connection.scalars(text("SELECT year FROM gongkai.collection ORDER BY year")))


def versions(
    connection: Connection, year: int, unit: str | None = None, current_only: bool = False
) -> tuple[Version, ...]:
    """Every file of a year (of one unit), in order of arrival, with its newest report and check."""
    rows = connection.execute(
        text(
            """
            SELECT s.unit_code, s.year, s.sha256, s.extension, s.size, s.received_at, s.origin, s.file_name, s.key,
                   s.is_current, s.withdrawn_at, r.id, r.key, r.content_hash, c.id, c.catalogue_hash
            FROM gongkai.submission s JOIN gongkai.unit u ON u.code = s.unit_code
            LEFT JOIN gongkai.report r ON r.submission_id = s.id AND r.is_newest
            LEFT JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
            WHERE s.year = :year AND (CAST(:unit AS text) IS NULL OR s.unit_code = :unit)
            AND (s.is_current OR NOT :current_only)
            ORDER BY u.position, s.last_received_at, s.id
            """
        ),
        {"year": year, "unit": unit, "current_only": current_only},
    )
    return tuple(Version(Submission(*row[:9]), *row[9:]) for row in rows)


def findings(connection: Connection, year: int, unit: str | None = None) -> tuple[StoredFinding, ...]:
    """The findings about the current versions, by unit in roster order, each with its standing verdict."""
    rows = connection.execute(
        text(
            """
            SELECT s.year, s.unit_code, u.name, s.sha256, f.rule, f.severity, f.message, f.left_side, f.right_side,
                   f.cells, f.passage, f.advice, f.outcome, f.binding, v.decision, v.reason
            FROM gongkai.submission s
            JOIN gongkai.unit u ON u.code = s.unit_code
            JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
            JOIN gongkai.finding f ON f.check_id = c.id
            LEFT JOIN gongkai.verdict v ON v.unit_code = s.unit_code AND v.year = s.year AND v.rule = f.rule
                 AND v.binding = f.binding AND v.revoked_at IS NULL
                 AND (v.expires_on IS NULL OR v.expires_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
            WHERE s.is_current AND s.year = :year AND (CAST(:unit AS text) IS NULL OR s.unit_code = :unit)
            ORDER BY u.position, f.ordinal
            """
        ),
        {"year": year, "unit": unit},
    )
    return tuple(
        StoredFinding(row[0], row[1], row[2], row[3], _finding(row[4:13]), row[13], row[14], row[15])
        for row in rows
    )


def save_source_findings(connection: Connection, unit: str, year: int, found: Sequence[Finding]) -> None:
    """What the last visit of a unit's source had to say, in place of what the visit before had."""
    wanted = [(one.rule, one.severity, one.message, one.text) for one in found]
    if source_findings(connection, year, unit) == tuple((unit, *row) for row in wanted):
        return
    scope = {"unit": unit, "year": year}
    connection.execute(text("DELETE FROM gongkai.source_finding WHERE unit_code = :unit AND year = :year"), scope)
    for ordinal, (rule, severity, message, place) in enumerate(wanted, 1):
        connection.execute(
            text(
                "INSERT INTO gongkai.source_finding (unit_code, year, ordinal, rule, severity, message, place) "
                "VALUES (:unit, :year, :ordinal, :rule, :severity, :message, :place)"
            ),
            scope | {"ordinal": ordinal, "rule": rule, "severity": severity, "message": message, "place": place},
        )


def source_findings(
    connection: Connection, year: int, unit: str | None = None
) -> tuple[tuple[str, str, str, str, str | None], ...]:
    """(unit code, rule, severity, message, address) of the last visits."""
    rows = connection.execute(
        text(
            "SELECT unit_code, rule, severity, message, place FROM gongkai.source_finding WHERE year = :year "
            "AND (CAST(:unit AS text) IS NULL OR unit_code = :unit) ORDER BY unit_code, ordinal"
        ),
        {"year": year, "unit": unit},
    )
    return tuple((row[0], row[1], row[2], row[3], row[4]) for row in rows)


def unclaimed(connection: Connection) -> tuple[Unclaimed, ...]:
    """Files whose unit or year nobody knows yet, oldest first."""
    return _unclaimed(connection, "claimed_at IS NULL", {})


def claimed(connection: Connection, year: int) -> tuple[Unclaimed, ...]:
    """Files that someone has claimed for a unit and this year."""
    return _unclaimed(connection, "claimed_year = :year", {"year": year})


def _unclaimed(connection: Connection, condition: str, parameters: dict[str, Any]) -> tuple[Unclaimed, ...]:
    names = ", ".join(Unclaimed.__dataclass_fields__)
    query = f"SELECT {names} FROM gongkai.unclaimed WHERE {condition} ORDER BY received_at, sha256"
    return tuple(Unclaimed(*row) for row in connection.execute(text(query), parameters))


def _finding(row: Any) -> Finding:
    rule, severity, message, left, right, cells, passage, advice, outcome = row
    return Finding(rule, severity, message, left, right, tuple(cells), passage, advice, outcome)

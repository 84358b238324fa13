"""Releases: which version of which unit stands behind the published figures of a year, and their sums."""

# ruff: noqa: S608 -- queries are put together from constants of this module, values are always bound

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from gongkai_etl.errors import StoreError
from gongkai_etl.store import adjustments
from gongkai_etl.store.roster import OWN, units
from gongkai_etl.store.rows import Member, Release
from gongkai_etl.store.tables import release_unit

_COLUMNS = (
    "id, year, number, name, status, content_hash, units_reported, units_expected, decided_by, reason, "
    "created_at, decided_at, is_latest"
)
_LOCK = 711_201_913


def members(connection: Connection, year: int) -> tuple[Member, ...]:
    """The units expected for a year with their current versions: what a release made now would hold."""
    known = {found.code: found for found in units(connection)}
    rows = connection.execute(
        text(
            """
            SELECT p.unit_code, coalesce(p.late, false), s.id, r.id, c.id, s.sha256, r.key
            FROM publish.progress p
            LEFT JOIN gongkai.submission s ON s.unit_code = p.unit_code AND s.year = p.year AND s.is_current
            LEFT JOIN gongkai.report r ON r.submission_id = s.id AND r.is_current
            LEFT JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
            WHERE p.year = :year ORDER BY p.position
            """
        ),
        {"year": year},
    )
    return tuple(Member(known[code], *rest) for code, *rest in rows if code in known)


def content_hash(connection: Connection, year: int, found: Sequence[Member]) -> str:
    """Hash of everything a release says: figures, findings, verdicts, missing units, adjustments, draft."""
    reports = _hashes(connection, "report", "content_hash", [m.report_id for m in found])
    checks = _hashes(connection, "check_result", "findings_hash", [m.check_id for m in found])
    standing = connection.execute(
        text(
            "SELECT unit_code, rule, binding, decision, reason FROM gongkai.verdict WHERE year = :year "
            "AND revoked_at IS NULL ORDER BY unit_code, rule, binding"
        ),
        {"year": year},
    )
    facts = [
        [m.unit.code, m.unit.name, m.unit.kind, m.late, reports.get(m.report_id or 0), checks.get(m.check_id or 0)]
        for m in found
    ]
    added = [[one.key, f"{one.amount.normalize():f}", one.reason] for one in adjustments.listed(connection, year)]
    extra = [part for part in (added, _draft(connection, year)) if part]
    whole = json.dumps([year, facts, [list(row) for row in standing], *extra], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def _draft(connection: Connection, year: int) -> str | None:
    """Hash of the report that the county itself handed in: the bridge compares it."""
    found: str | None = connection.scalar(
        text(
            "SELECT r.content_hash FROM gongkai.report r JOIN gongkai.unit u ON u.code = r.unit_code "
            "AND u.is_county WHERE r.year = :year AND r.is_current"
        ),
        {"year": year},
    )
    return found


def _hashes(connection: Connection, table: str, column: str, ids: Iterable[int | None]) -> dict[int, str]:
    rows = connection.execute(
        text(f"SELECT id, {column} FROM gongkai.{table} WHERE id = ANY(:ids)"),
        {"ids": [number for number in ids if number is not None]},
    )
    return dict(rows.all())


def approve(
    connection: Connection, year: int, approved_by: str, reason: str | None = None
) -> tuple[Release, bool]:
    """Make the current versions the published ones.

    Gives the release and whether it is new: when nothing differs from the release in force, that
    one is given back and no row changes. Raises StoreError when the year was never opened.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = members(connection, year)
    if not found:
        raise StoreError("STORE-YEAR", f"{year}年度没有开始收集，没有可以发布的数据")
    wanted = content_hash(connection, year, found)
    latest = in_force(connection, year)
    if latest is not None and latest.content_hash == wanted:
        return latest, False
    connection.execute(
        text("UPDATE gongkai.release SET is_latest = false WHERE year = :y AND is_latest"), {"y": year}
    )
    made = _insert(connection, year, "approved", wanted, found, approved_by, reason)
    _insert_units(connection, made.id, found)
    connection.execute(
        text(
            "INSERT INTO gongkai.release_adjustment (release_id, adjustment_id) SELECT :release, id "
            "FROM gongkai.adjustment WHERE year = :year AND revoked_at IS NULL"
        ),
        {"release": made.id, "year": year},
    )
    _insert_totals(connection, made.id)
    return made, True


def refuse(connection: Connection, year: int, refused_by: str, reason: str) -> Release:
    """Record that someone looked at the figures and did not let them out."""
    found = members(connection, year)
    return _insert(connection, year, "refused", content_hash(connection, year, found), found, refused_by, reason)


def retract(connection: Connection, name: str, reason: str) -> Release:
    """Take a release back; the last approved one before it is in force again."""
    row = connection.execute(
        text(
            "UPDATE gongkai.release SET status = 'retracted', is_latest = false, retracted_at = now(), "
            f"retracted_reason = :reason WHERE name = :name AND status = 'approved' RETURNING {_COLUMNS}"
        ),
        {"name": name, "reason": reason},
    ).first()
    if row is None:
        raise StoreError("STORE-RELEASE", f"没有名为“{name}”的已核准发布版本")
    connection.execute(
        text(
            """
            UPDATE gongkai.release SET is_latest = true WHERE id = (
                SELECT id FROM gongkai.release WHERE year = :year AND status = 'approved'
                ORDER BY number DESC LIMIT 1)
            AND NOT is_latest
            """
        ),
        {"year": row.year},
    )
    return Release(*row)


def in_force(connection: Connection, year: int) -> Release | None:
    """The release of a year that the published views show."""
    row = connection.execute(
        text(f"SELECT {_COLUMNS} FROM gongkai.release WHERE year = :year AND is_latest"),
        {"year": year},
    ).first()
    return Release(*row) if row else None


def listed(connection: Connection, year: int | None = None) -> tuple[Release, ...]:
    """All releases, oldest first."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM gongkai.release WHERE CAST(:year AS smallint) IS NULL OR year = :year "
            "ORDER BY year, number"
        ),
        {"year": year},
    )
    return tuple(Release(*row) for row in rows)


def save_files(connection: Connection, release: int, files: Sequence[tuple[str, int, str]]) -> None:
    """Note the files of a release as (path, size, sha256)."""
    connection.execute(
        text(
            """
            INSERT INTO gongkai.release_file AS f (release_id, path, size, sha256)
            SELECT :release, p, z, h FROM unnest(CAST(:paths AS text[]), CAST(:sizes AS bigint[]),
                                                 CAST(:hashes AS text[])) AS given (p, z, h)
            ON CONFLICT (release_id, path) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256
            WHERE (f.size, f.sha256) <> (excluded.size, excluded.sha256)
            """
        ),
        {
            "release": release,
            "paths": [path for path, _, _ in files],
            "sizes": [size for _, size, _ in files],
            "hashes": [sha256 for _, _, sha256 in files],
        },
    )


def _insert(
    connection: Connection,
    year: int,
    status: str,
    wanted: str,
    found: Sequence[Member],
    by: str,
    reason: str | None,
) -> Release:
    row = connection.execute(
        text(
            f"""
            INSERT INTO gongkai.release (year, number, name, status, content_hash, units_expected, units_reported,
                                         decided_by, reason, decided_at, is_latest)
            SELECT :year, n, :year || '-' || n, :status, :hash, :expected, :reported, :by, :reason, now(), :latest
            FROM (SELECT coalesce(max(number), 0) + 1 AS n FROM gongkai.release WHERE year = :year) AS next
            RETURNING {_COLUMNS}
            """
        ),
        {
            "year": year,
            "status": status,
            "hash": wanted,
            "expected": len(found),
            "reported": sum(m.report_id is not None for m in found),
            "by": by,
            "reason": reason,
            "latest": status == "approved",
        },
    ).one()
    return Release(*row)


def _insert_units(connection: Connection, release: int, found: Sequence[Member]) -> None:
    rows = [
        {
            "release_id": release,
            "unit_code": m.unit.code,
            "unit_name": m.unit.name,
            "kind": m.unit.kind,
            "position": position,
            "submission_id": m.submission_id,
            "report_id": m.report_id,
            "check_id": m.check_id,
            "late": m.late,
        }
        for position, m in enumerate(found, 1)
    ]
    connection.execute(release_unit.insert(), rows)


def _insert_totals(connection: Connection, release: int) -> None:
    """Σ units + own office + adjustments for every cell that somebody has, or that the newest edition prints."""
    connection.execute(
        text(
            """
            INSERT INTO gongkai.release_total (release_id, cell_id, total, units_total, own_total, adjustment,
                                               units_reported, units_expected, units_missing, units_uncertain)
            SELECT :release, f.id,
                   CASE WHEN num_nonnulls(f.units_total, f.own_total, a.amount) > 0
                        THEN coalesce(f.units_total, 0) + coalesce(f.own_total, 0) + coalesce(a.amount, 0) END,
                   f.units_total, f.own_total, a.amount, f.reported, f.expected, f.missing, f.uncertain
            FROM (
                SELECT fc.id, fc.editions, sum(c.value) FILTER (WHERE ru.kind <> :own) AS units_total,
                       sum(c.value) FILTER (WHERE ru.kind = :own) AS own_total,
                       count(c.value) AS reported, count(*) AS expected,
                       coalesce(array_agg(ru.unit_name ORDER BY ru.position) FILTER (WHERE c.value IS NULL), '{}')
                           AS missing,
                       count(*) FILTER (WHERE c.value IS NOT NULL AND NOT c.certain) AS uncertain
                FROM gongkai.release_unit ru
                CROSS JOIN gongkai.form_cell fc
                LEFT JOIN gongkai.cell c ON c.report_id = ru.report_id AND c.cell_id = fc.id AND c.state = 'number'
                WHERE ru.release_id = :release GROUP BY fc.id
            ) AS f
            LEFT JOIN (
                SELECT d.cell_id, sum(d.amount) AS amount
                FROM gongkai.release_adjustment ra JOIN gongkai.adjustment d ON d.id = ra.adjustment_id
                WHERE ra.release_id = :release GROUP BY d.cell_id
            ) AS a ON a.cell_id = f.id
            WHERE f.reported > 0 OR a.amount IS NOT NULL OR f.editions @> ARRAY[(
                SELECT max(e) FROM gongkai.form_cell, unnest(editions) AS e)]
            """
        ),
        {"release": release, "own": OWN},
    )

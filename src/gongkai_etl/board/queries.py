"""What the board asks the warehouse: SQL over the schemas ``gongkai`` and ``publish``, rows as dicts."""

from __future__ import annotations

from typing import Any, Protocol

Row = dict[str, Any]


class Source(Protocol):
    """The part of the warehouse that is needed here."""

    def query(self, sql: str, **parameters: Any) -> list[Row]:
        """Rows of a query."""


def years(source: Source) -> list[int]:
    """The opened years, newest first."""
    return [row["year"] for row in source.query("SELECT year FROM gongkai.collection ORDER BY year DESC")]


def progress(source: Source, year: int) -> list[Row]:
    """Every expected unit of a year with its derived state."""
    return source.query("SELECT * FROM publish.progress WHERE year = :year ORDER BY position", year=year)


def unit(source: Source, code: str) -> Row | None:
    """A unit of the roster."""
    return _one(source.query("SELECT * FROM gongkai.unit WHERE code = :code", code=code))


def unit_names(source: Source) -> list[Row]:
    """Code and name of every unit of the roster, for choosing."""
    return source.query("SELECT code, name FROM gongkai.unit WHERE in_roster ORDER BY position")


def unit_progress(source: Source, code: str, year: int) -> Row | None:
    """The derived state of one unit."""
    sql = "SELECT * FROM publish.progress WHERE year = :year AND unit_code = :code"
    return _one(source.query(sql, year=year, code=code))


def versions(source: Source, code: str) -> list[Row]:
    """All files of a unit in all years, newest first, each with its newest reading and standing check."""
    sql = """
        SELECT s.id, s.year, s.sha256, s.extension, s.size, s.received_at, s.origin, s.file_name, s.is_current,
               s.withdrawn_at, s.withdrawn_reason, r.id AS report_id, r.title, r.format, c.errors, c.warnings, c.notices
        FROM gongkai.submission s
        LEFT JOIN LATERAL (SELECT * FROM gongkai.report r WHERE r.submission_id = s.id
                           ORDER BY r.is_current DESC, r.id DESC LIMIT 1) r ON true
        LEFT JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
        WHERE s.unit_code = :code ORDER BY s.year DESC, s.last_received_at DESC, s.id DESC
    """
    return source.query(sql, code=code)


def report(source: Source, number: int) -> Row | None:
    """One reading with the file it was read from."""
    sql = """
        SELECT r.*, s.key AS raw_key, s.sha256, s.extension, s.file_name, s.received_at, s.is_current AS file_is_current,
               u.name AS unit_name
        FROM gongkai.report r JOIN gongkai.submission s ON s.id = r.submission_id
        JOIN gongkai.unit u ON u.code = r.unit_code WHERE r.id = :id
    """
    return _one(source.query(sql, id=number))


def submission(source: Source, number: int) -> Row | None:
    """One received file."""
    return _one(source.query("SELECT * FROM gongkai.submission WHERE id = :id", id=number))


def cells(source: Source, report_id: int) -> dict[str, Row]:
    """Cell key → figure with its proof."""
    sql = """
        SELECT f.key, f.kind, f.place, c.value, c.raw, c.state, c.page, c.bbox, c.reader, c.certain, c.reason, c.note
        FROM gongkai.cell c JOIN gongkai.form_cell f ON f.id = c.cell_id WHERE c.report_id = :id ORDER BY f.position
    """
    return {row["key"]: row for row in source.query(sql, id=report_id)}


def sections(source: Source, report_id: int) -> dict[int, str]:
    """Number of the section → its text."""
    sql = "SELECT number, text FROM gongkai.section WHERE report_id = :id ORDER BY number"
    return {row["number"]: row["text"] for row in source.query(sql, id=report_id)}


_STANDING = """
    LEFT JOIN gongkai.verdict v ON v.unit_code = s.unit_code AND v.year = s.year AND v.rule = f.rule
        AND v.binding = f.binding AND v.revoked_at IS NULL
        AND (v.expires_on IS NULL OR v.expires_on >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
"""


def findings(source: Source, submission_id: int) -> list[Row]:
    """The findings about one file, each with the verdict that stands on it."""
    sql = f"""
        SELECT f.rule, f.severity, f.outcome, f.message, f.left_side, f.right_side, f.cells, f.passage, f.advice, f.binding,
               v.id AS verdict_id, v.decision, v.reason AS verdict_reason, v.reviewer, v.created_at AS verdict_at
        FROM gongkai.submission s
        JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
        JOIN gongkai.finding f ON f.check_id = c.id {_STANDING}
        WHERE s.id = :id ORDER BY f.ordinal
    """  # noqa: S608 -- put together from constants
    return source.query(sql, id=submission_id)


def history(source: Source, code: str, year: int) -> list[Row]:
    """What happened to a unit's report, newest first."""
    sql = 'SELECT "at", event, detail FROM publish.state_history WHERE unit_code = :code AND year = :year ORDER BY 1 DESC'
    return source.query(sql, code=code, year=year)


def unclaimed(source: Source) -> list[Row]:
    """Files whose owner nobody knows, oldest first."""
    return source.query("SELECT * FROM gongkai.unclaimed WHERE claimed_at IS NULL ORDER BY received_at, sha256")


def rules(source: Source, year: int) -> list[Row]:
    """How often each rule speaks about the current files of a year, and how much of it is waived."""
    sql = f"""
        SELECT f.rule, f.severity, count(*) AS found, count(DISTINCT s.unit_code) AS units,
               count(*) FILTER (WHERE v.decision = 'waive') AS waived,
               count(*) FILTER (WHERE f.outcome = 'unknown') AS unknown, min(f.message) AS example
        FROM gongkai.submission s
        JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
        JOIN gongkai.finding f ON f.check_id = c.id {_STANDING}
        WHERE s.is_current AND s.year = :year GROUP BY f.rule, f.severity ORDER BY found DESC, f.rule
    """  # noqa: S608 -- put together from constants
    return source.query(sql, year=year)


def unchecked(source: Source, year: int) -> list[Row]:
    """What the rules could not check, and for how many units."""
    sql = """
        SELECT t.reason, count(DISTINCT s.unit_code) AS units FROM gongkai.submission s
        JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
        CROSS JOIN LATERAL jsonb_array_elements_text(c.unchecked) AS t(reason)
        WHERE s.is_current AND s.year = :year GROUP BY t.reason ORDER BY units DESC, t.reason LIMIT 100
    """
    return source.query(sql, year=year)


def readers(source: Source, year: int) -> list[Row]:
    """How the current reports were read: format, how many, uncertain and unread figures."""
    sql = """
        SELECT r.format, count(*) AS reports, sum(r.cells_number) AS numbers, sum(r.cells_uncertain) AS uncertain,
               sum(r.cells_unread) AS unread
        FROM gongkai.report r WHERE r.is_current AND r.year = :year GROUP BY r.format ORDER BY reports DESC, r.format
    """
    return source.query(sql, year=year)


def source_troubles(source: Source, year: int, code: str | None = None) -> list[Row]:
    """What went wrong at the last visit to units' web sources."""
    sql = """
        SELECT t.unit_code, u.name AS unit_name, t.rule, t.severity, t.message, t.place, t.found_at
        FROM gongkai.source_finding t JOIN gongkai.unit u ON u.code = t.unit_code
        WHERE t.year = :year AND (CAST(:code AS text) IS NULL OR t.unit_code = :code)
        ORDER BY u.position, t.ordinal
    """
    return source.query(sql, year=year, code=code)


def release(source: Source, year: int) -> Row | None:
    """The newest decision about publishing a year."""
    sql = "SELECT * FROM gongkai.release WHERE year = :year ORDER BY is_latest DESC, number DESC LIMIT 1"
    return _one(source.query(sql, year=year))


def states(source: Source) -> list[Row]:
    """Units and open findings by year and state, for the metrics."""
    sql = """
        SELECT year, state, count(*) AS units, sum(errors) AS errors, sum(warnings) AS warnings, sum(notices) AS notices,
               sum(cells_uncertain) AS uncertain, sum(cells_unread) AS unread
        FROM publish.progress GROUP BY year, state ORDER BY year, state
    """
    return source.query(sql)


def durations(source: Source) -> list[Row]:
    """Seconds from the arrival of the current files to their check, by year."""
    sql = """
        SELECT s.year, count(*) AS files, sum(extract(epoch FROM c.checked_at - s.received_at))::float AS seconds
        FROM gongkai.submission s JOIN gongkai.check_result c ON c.submission_id = s.id AND c.is_current
        WHERE s.is_current AND c.checked_at >= s.received_at GROUP BY s.year ORDER BY s.year
    """
    return source.query(sql)


def _one(rows: list[Row]) -> Row | None:
    return rows[0] if rows else None

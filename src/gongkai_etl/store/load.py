"""Loading: sets of files, reports and findings at once, each found again by its natural key.

Nothing that is there is written a second time, so loading the same twice changes no row.
"""

# ruff: noqa: S608 -- queries are put together from constants of this module, values are always bound

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from gongkai_etl.model import Cell, CellState, Report, to_json
from gongkai_etl.store.dimensions import WIDE, cell_ids, form_cells
from gongkai_etl.store.rows import Entry, Loaded

_LOAD_LOCK = 711_201_912

Natural = tuple[str, int, str]


def load(connection: Connection, entries: Sequence[Entry]) -> Loaded:
    """Load in the caller's transaction. A later entry of the same file wins over an earlier one."""
    unique = list({entry.natural: entry for entry in entries}.values())
    if not unique:
        return Loaded()
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOAD_LOCK})
    submissions, new_submissions = _submissions(connection, unique)
    reports, new_reports = _reports(connection, unique, submissions)
    checks = _checks(connection, unique, submissions, reports)
    _mark_reports(connection, list(reports.values()))
    mark_current(connection, {(entry.submission.unit, entry.submission.year) for entry in unique})
    return Loaded(new_submissions, new_reports, checks)


def _submissions(connection: Connection, entries: list[Entry]) -> tuple[dict[Natural, int], int]:
    rows = [entry.submission for entry in entries]
    arrays = {
        "units": [row.unit for row in rows],
        "years": [row.year for row in rows],
        "hashes": [row.sha256 for row in rows],
        "extensions": [row.extension for row in rows],
        "sizes": [row.size for row in rows],
        "times": [row.received_at for row in rows],
        "origins": [row.origin for row in rows],
        "names": [row.file_name for row in rows],
        "keys": [row.key for row in rows],
    }
    added = connection.execute(
        text(
            """
            INSERT INTO gongkai.submission AS s (unit_code, year, sha256, extension, size, received_at,
                                                 last_received_at, origin, file_name, key)
            SELECT u, y, h, e, z, t, t, o, n, k FROM unnest(
                CAST(:units AS text[]), CAST(:years AS smallint[]), CAST(:hashes AS text[]),
                CAST(:extensions AS text[]), CAST(:sizes AS bigint[]), CAST(:times AS timestamptz[]),
                CAST(:origins AS text[]), CAST(:names AS text[]), CAST(:keys AS text[]))
                AS given (u, y, h, e, z, t, o, n, k)
            ON CONFLICT (unit_code, year, sha256) DO UPDATE
                SET last_received_at = excluded.last_received_at
                WHERE s.last_received_at < excluded.last_received_at
            RETURNING (xmax = 0)
            """
        ),
        arrays,
    ).scalars()
    new = sum(1 for fresh in added if fresh)
    found = connection.execute(
        text(
            """
            SELECT s.unit_code, s.year, s.sha256, s.id FROM gongkai.submission s
            JOIN unnest(CAST(:units AS text[]), CAST(:years AS smallint[]), CAST(:hashes AS text[]))
                AS given (u, y, h) ON s.unit_code = u AND s.year = y AND s.sha256 = h
            """
        ),
        {name: arrays[name] for name in ("units", "years", "hashes")},
    )
    return {(unit, year, sha256): number for unit, year, sha256, number in found}, new


def _reports(
    connection: Connection, entries: list[Entry], submissions: dict[Natural, int]
) -> tuple[dict[Natural, int], int]:
    read = {submissions[entry.natural]: entry for entry in entries if entry.report is not None}
    if not read:
        return {}, 0
    hashes = {number: entry.content_hash for number, entry in read.items()}
    known = _known_reports(connection, hashes)
    fresh = {number: entry for number, entry in read.items() if number not in known}
    if fresh:
        rows = [_report_row(number, entry, hashes[number]) for number, entry in fresh.items()]
        known |= _insert_reports(connection, rows)
        _copy_figures(connection, {known[number]: entry.report for number, entry in fresh.items() if entry.report})
    return {entry.natural: known[number] for number, entry in read.items()}, len(fresh)


def _known_reports(connection: Connection, hashes: dict[int, str]) -> dict[int, int]:
    found = connection.execute(
        text(
            """
            SELECT r.submission_id, r.id FROM gongkai.report r
            JOIN unnest(CAST(:ids AS bigint[]), CAST(:hashes AS text[])) AS given (i, h)
                ON r.submission_id = i AND r.content_hash = h
            """
        ),
        {"ids": list(hashes), "hashes": list(hashes.values())},
    )
    return dict(found.all())


_REPORT_COLUMNS = (
    "submission_id",
    "unit_code",
    "year",
    "content_hash",
    "key",
    "title",
    "printed_unit",
    "printed_year",
    "issued_on",
    "published_on",
    "signed_by",
    "edition_t2",
    "edition_t3",
    "edition_t4",
    "format",
    "notes",
    "headings",
    "cells_number",
    "cells_uncertain",
    "cells_unread",
)


def _insert_reports(connection: Connection, rows: list[dict[str, Any]]) -> dict[int, int]:
    from gongkai_etl.store.tables import report

    added = connection.execute(insert(report).returning(report.c.submission_id, report.c.id), rows)
    return dict(added.all())


def _report_row(submission: int, entry: Entry, content_hash: str) -> dict[str, Any]:
    report = entry.report
    assert report is not None
    cells = report.cells.values()
    values = (
        submission, entry.submission.unit, entry.submission.year, content_hash, entry.report_key, report.title,
        report.unit, report.year, report.issued_on, report.published_on, report.signed_by,
        *(report.editions.get(table) for table in ("t2", "t3", "t4")), report.format,
        json.loads(to_json(report.notes)), list(report.headings),
        sum(cell.state is CellState.NUMBER for cell in cells),
        sum(cell.state is CellState.NUMBER and not cell.certain for cell in cells),
        sum(cell.state is CellState.UNREAD for cell in cells),
    )  # fmt: skip
    return dict(zip(_REPORT_COLUMNS, values, strict=True))


def _copy_figures(connection: Connection, reports: dict[int, Report]) -> None:
    numbers = cell_ids(connection)
    known = form_cells()
    columns = "report_id, cell_id, value, raw, state, page, bbox, reader, certain, reason, note"
    _copy(
        connection,
        f"gongkai.cell ({columns})",
        (
            (number, numbers[key], *_cell_row(cell))
            for number, report in reports.items()
            for key, cell in report.cells.items()
            if key in numbers
        ),
    )
    _copy(
        connection,
        f"{WIDE} (report_id, {', '.join(cell.wide for cell in known.values())})",
        ((number, *(report.number(key) for key in known)) for number, report in reports.items()),
    )
    _copy(
        connection,
        "gongkai.section (report_id, number, text)",
        (
            (number, int(section), _storable(words))
            for number, report in reports.items()
            for section, words in report.sections.items()
        ),
    )


def _cell_row(cell: Cell) -> tuple[Any, ...]:
    box = cell.bbox
    place = box if box is None or isinstance(box, str) else ",".join(f"{length:.2f}" for length in box)
    return (
        cell.value,
        _storable(cell.raw),
        cell.state.value,
        cell.page,
        place,
        cell.reader,
        cell.certain,
        cell.reason or None,
        _storable(cell.note),
    )


def _storable(words: str | None) -> str | None:
    """PostgreSQL keeps every character but NUL."""
    return words.replace("\x00", "") if words else words


def _copy(connection: Connection, target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _checks(
    connection: Connection, entries: list[Entry], submissions: dict[Natural, int], reports: dict[Natural, int]
) -> int:
    wanted = {
        submissions[entry.natural]: (entry, _check_row(entry, submissions, reports))
        for entry in entries
        if entry.findings is not None
    }
    if not wanted:
        return 0
    known = _known_checks(connection, [row for _, row in wanted.values()])
    fresh = {number: pair for number, pair in wanted.items() if number not in known}
    if fresh:
        known |= _insert_checks(connection, [row for _, row in fresh.values()])
        _copy_findings(connection, {known[number]: entry for number, (entry, _) in fresh.items()})
    _mark_checks(connection, list(wanted), list(known.values()))
    return len(fresh)


def _check_row(entry: Entry, submissions: dict[Natural, int], reports: dict[Natural, int]) -> dict[str, Any]:
    counts = Counter(found.severity for found in entry.findings or () if found.outcome == "fail")
    return {
        "submission_id": submissions[entry.natural],
        "report_id": reports.get(entry.natural),
        "findings_hash": entry.findings_hash,
        "catalogue_hash": entry.catalogue_hash,
        "errors": counts["error"],
        "warnings": counts["warning"],
        "notices": counts["notice"],
        "unchecked": list(entry.unchecked),
    }


def _known_checks(connection: Connection, rows: list[dict[str, Any]]) -> dict[int, int]:
    found = connection.execute(
        text(
            """
            SELECT c.submission_id, c.id FROM gongkai.check_result c
            JOIN unnest(CAST(:submissions AS bigint[]), CAST(:reports AS bigint[]), CAST(:findings AS text[]),
                        CAST(:catalogues AS text[])) AS given (s, r, f, k)
            ON c.submission_id = s AND coalesce(c.report_id, 0) = coalesce(r, 0) AND c.findings_hash = f
            AND c.catalogue_hash = k
            """
        ),
        {
            "submissions": [row["submission_id"] for row in rows],
            "reports": [row["report_id"] for row in rows],
            "findings": [row["findings_hash"] for row in rows],
            "catalogues": [row["catalogue_hash"] for row in rows],
        },
    )
    return dict(found.all())


def _insert_checks(connection: Connection, rows: list[dict[str, Any]]) -> dict[int, int]:
    from gongkai_etl.store.tables import check_result

    added = connection.execute(
        insert(check_result).returning(check_result.c.submission_id, check_result.c.id), rows
    )
    return dict(added.all())


def _copy_findings(connection: Connection, checks: dict[int, Entry]) -> None:
    rows = [
        (
            number, ordinal, found.rule, found.severity, found.outcome, _storable(found.message),
            _storable(found.left), _storable(found.right), list(found.cells), _storable(found.text),
            _storable(found.advice), _storable(binding),
        )
        for number, entry in checks.items()
        for ordinal, (found, binding) in enumerate(zip(entry.findings or (), entry.bindings, strict=True), 1)
    ]  # fmt: skip
    if rows:
        columns = (
            "check_id, ordinal, rule, severity, outcome, message, left_side, right_side, cells, passage, advice"
        )
        _copy(connection, f"gongkai.finding ({columns}, binding)", rows)


def _mark_checks(connection: Connection, submissions: list[int], current: list[int]) -> None:
    """The checks just loaded are the ones in force for their files; the others give way first."""
    scope = {"submissions": submissions, "current": current}
    for flag, condition in (("false", "<> ALL"), ("true", "= ANY")):
        connection.execute(
            text(
                f"UPDATE gongkai.check_result SET is_current = {flag} WHERE submission_id = ANY(:submissions) "
                f"AND id {condition}(:current) AND is_current <> {flag}"
            ),
            scope,
        )


def _mark_reports(connection: Connection, numbers: list[int]) -> None:
    """The reports just loaded are the newest readings of their files."""
    connection.execute(
        text(
            """
            UPDATE gongkai.report r SET is_newest = (r.id = ANY(:numbers)) FROM gongkai.report given
            WHERE given.id = ANY(:numbers) AND r.submission_id = given.submission_id
            AND r.is_newest <> (r.id = ANY(:numbers))
            """
        ),
        {"numbers": numbers},
    )


def mark_current(connection: Connection, pairs: Iterable[tuple[str, int]]) -> None:
    """Mark the last file that arrived and was not withdrawn, and its newest reading, as the current ones."""
    chosen = sorted(set(pairs))
    parameters = {"units": [unit for unit, _ in chosen], "years": [year for _, year in chosen]}
    for statement in _MARK_CURRENT:
        connection.execute(text(statement), parameters)


_SCOPE = """
    WITH given AS (
        SELECT u, y FROM unnest(CAST(:units AS text[]), CAST(:years AS smallint[])) AS g (u, y)
    ), wanted AS (
        SELECT DISTINCT ON (s.unit_code, s.year) s.id FROM gongkai.submission s
        JOIN given ON s.unit_code = u AND s.year = y WHERE s.withdrawn_at IS NULL
        ORDER BY s.unit_code, s.year, s.last_received_at DESC, s.id DESC
    )
"""
_MARK_CURRENT = (
    f"{_SCOPE} UPDATE gongkai.report r SET is_current = false FROM given WHERE r.unit_code = u AND r.year = y "
    "AND r.is_current AND NOT (r.is_newest AND r.submission_id IN (SELECT id FROM wanted))",
    f"{_SCOPE} UPDATE gongkai.submission s SET is_current = false FROM given WHERE s.unit_code = u AND s.year = y "
    "AND s.is_current AND s.id NOT IN (SELECT id FROM wanted)",
    f"{_SCOPE} UPDATE gongkai.submission s SET is_current = true FROM wanted WHERE s.id = wanted.id "
    "AND NOT s.is_current",
    f"{_SCOPE} UPDATE gongkai.report r SET is_current = true FROM wanted WHERE r.submission_id = wanted.id "
    "AND r.is_newest AND NOT r.is_current",
)

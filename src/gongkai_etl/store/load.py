"""Loading: sets of files, reports and findings at once, each found again by its natural key.

Nothing that is there is written a second time, so loading the same twice changes no row.
"""

# ruff: noqa: S608 -- queries are put together from constants of this module, values are always bound

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

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
    from sqlalchemy.dialects.postgresql import insert

    from gongkai_etl.store.tables import report

    added = connection.execute(insert(report).returning(report.c.submission_id, report.c.id), rows)
    return dict(added.all())


def _report_row(submission: int, entry: Entry, content_hash: str) -> dict[str, Any]:
    import json

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
    new = 0
    for entry in entries:
        if entry.findings is None:
            continue
        submission = submissions[entry.natural]
        natural: dict[str, Any] = {
            "submission": submission,
            "report": reports.get(entry.natural),
            "findings": entry.findings_hash,
            "catalogue": entry.catalogue_hash,
        }
        number = _known_check(connection, natural)
        if number is None:
            number = _insert_check(connection, entry, natural)
            new += 1
        _mark_check(connection, submission, number)
    return new


def _known_check(connection: Connection, natural: dict[str, Any]) -> int | None:
    found: int | None = connection.scalar(
        text(
            """
            SELECT id FROM gongkai.check_result WHERE submission_id = :submission
            AND coalesce(report_id, 0) = coalesce(CAST(:report AS bigint), 0)
            AND findings_hash = :findings AND catalogue_hash = :catalogue
            """
        ),
        natural,
    )
    return found


def _insert_check(connection: Connection, entry: Entry, natural: dict[str, Any]) -> int:
    import json

    findings = entry.findings or ()
    counts = {
        severity: sum(found.severity == severity and found.outcome == "fail" for found in findings)
        for severity in ("error", "warning", "notice")
    }
    number: int = connection.scalar(
        text(
            """
            INSERT INTO gongkai.check_result (submission_id, report_id, findings_hash, catalogue_hash, errors,
                                              warnings, notices, unchecked)
            VALUES (:submission, :report, :findings, :catalogue, :error, :warning, :notice,
                    CAST(:unchecked AS jsonb)) RETURNING id
            """
        ),
        natural | counts | {"unchecked": json.dumps(list(entry.unchecked), ensure_ascii=False)},
    )
    _copy(
        connection,
        "gongkai.finding (check_id, ordinal, rule, severity, outcome, message, left_side, right_side, cells, "
        "passage, advice, binding)",
        (
            (
                number, ordinal, found.rule, found.severity, found.outcome, _storable(found.message),
                _storable(found.left), _storable(found.right), list(found.cells), _storable(found.text),
                _storable(found.advice), binding,
            )
            for ordinal, (found, binding) in enumerate(zip(findings, entry.bindings, strict=True), 1)
        ),
    )  # fmt: skip
    return number


def _mark_check(connection: Connection, submission: int, number: int) -> None:
    for flag, condition in ((False, "id <> :number"), (True, "id = :number")):
        connection.execute(
            text(
                f"UPDATE gongkai.check_result SET is_current = :flag "
                f"WHERE submission_id = :submission AND {condition} AND is_current <> :flag"
            ),
            {"flag": flag, "submission": submission, "number": number},
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

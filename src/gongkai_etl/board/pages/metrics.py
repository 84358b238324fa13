"""Numbers for a monitor in the Prometheus text format; by bearer token, or for whoever may read the board."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from gongkai_etl.board import queries
from gongkai_etl.board.access import visitor
from gongkai_etl.board.pages.common import Board

public = APIRouter()
Sample = tuple[dict[str, object], object]


@public.get("/metrics")
async def metrics(request: Request, board: Board) -> PlainTextResponse:
    """All samples. Raises LoginRequiredError without token and session."""
    from starlette.concurrency import run_in_threadpool

    token = board.settings.board_metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token is None or not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
        await visitor(request)
    text = await run_in_threadpool(render, board.warehouse)
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


def render(source: queries.Source) -> str:
    """The samples as text."""
    states = queries.states(source)
    lines = [
        *_metric("gongkai_units", "Units by year and state", ((_label(r), r["units"]) for r in states)),
        *_metric(
            "gongkai_findings_open",
            "Open findings by year and severity",
            _by_year(states, {"errors": "error", "warnings": "warning", "notices": "notice"}, "severity"),
        ),
        *_metric(
            "gongkai_cells_doubtful",
            "Figures whose reading is uncertain or failed",
            _by_year(states, {"uncertain": "uncertain", "unread": "unread"}, "kind"),
        ),
        *_metric("gongkai_unclaimed_files", "Files without an owner", [({}, len(queries.unclaimed(source)))]),
    ]
    times = queries.durations(source)
    lines += _metric("gongkai_check_seconds_sum", "Seconds from arrival to check", _years(times, "seconds"))
    lines += _metric("gongkai_check_seconds_count", "Files behind that sum", _years(times, "files"))
    return "\n".join(lines) + "\n"


def _metric(name: str, about: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        told = ",".join(f'{key}="{_escape(str(item))}"' for key, item in labels.items())
        yield f"{name}{{{told}}} {value}" if told else f"{name} {value}"


def _label(row: queries.Row) -> dict[str, object]:
    return {"year": row["year"], "state": row["state"]}


def _years(rows: Iterable[queries.Row], column: str) -> Iterator[Sample]:
    return (({"year": row["year"]}, row[column]) for row in rows)


def _by_year(rows: list[queries.Row], columns: dict[str, str], label: str) -> Iterator[Sample]:
    for year in sorted({row["year"] for row in rows}):
        for column, name in columns.items():
            yield {"year": year, label: name}, sum(row[column] or 0 for row in rows if row["year"] == year)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

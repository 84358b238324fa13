"""The first page: every unit with its state, time, findings and days left."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from gongkai_etl.board import queries
from gongkai_etl.board.pages.common import Board, YearQuery, chosen_year
from gongkai_etl.board.render import page
from gongkai_etl.board.spark import sparkline
from gongkai_etl.text import squeeze

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
@router.get("/board", response_class=HTMLResponse)
def progress(
    request: Request,
    board: Board,
    year: YearQuery = None,
    state: Annotated[str, Query(max_length=10)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Progress by unit, filtered by state, kind and words of the name."""
    year, known = chosen_year(board, year)
    rows = queries.progress(board.warehouse, year)
    today = board.today()
    for row in rows:
        row["days"] = (row["due_on"] - today).days if row["first_received_at"] is None else None
    words = squeeze(q)
    shown = [
        row
        for row in rows
        if (not state or row["state"] == state)
        and (not kind or row["kind"] == kind)
        and (words in squeeze(row["unit_name"]) or words == row["unit_code"])
    ]
    arrived = [row["first_received_at"] and row["first_received_at"].astimezone(board.zone).date() for row in rows]
    due = max((row["due_on"] for row in rows), default=None)
    return page(
        request,
        "progress.html",
        year=year,
        years=known,
        rows=shown,
        total=len(rows),
        states=Counter(row["state"] for row in rows),
        kinds=sorted({row["kind"] for row in rows}),
        state=state,
        kind=kind,
        q=q,
        spark=sparkline(arrived, len(rows), due, today),
        deadlines=_deadlines(year, today),
        release=queries.release(board.warehouse, year),
        waiting=len(queries.unclaimed(board.warehouse)),
    )


def _deadlines(year: int, today: date) -> list[tuple[str, date, int]]:
    """The two dates of 条例第四十九条 with the days left."""
    dates = (("部门报送", date(year + 1, 1, 31)), ("县政府公布", date(year + 1, 3, 31)))
    return [(name, day, (day - today).days) for name, day in dates]

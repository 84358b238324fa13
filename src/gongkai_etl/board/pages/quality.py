"""The quality page: which rules speak how often, what could not be checked, how sure the readings are."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from gongkai_etl.board import queries
from gongkai_etl.board.pages.common import Board, YearQuery, chosen_year
from gongkai_etl.board.render import page
from gongkai_etl.check import rules

router = APIRouter()


@router.get("/quality", response_class=HTMLResponse)
def quality(request: Request, board: Board, year: YearQuery = None) -> HTMLResponse:
    """One year's quality in tables."""
    year, known = chosen_year(board, year)
    rows = queries.progress(board.warehouse, year)
    doubtful = [row for row in rows if (row["cells_uncertain"] or 0) + (row["cells_unread"] or 0) > 0]
    doubtful.sort(key=lambda row: (-(row["cells_unread"] or 0), -(row["cells_uncertain"] or 0), row["position"]))
    return page(
        request,
        "quality.html",
        year=year,
        years=known,
        rules=queries.rules(board.warehouse, year),
        unchecked=queries.unchecked(board.warehouse, year),
        readers=queries.readers(board.warehouse, year),
        doubtful=doubtful,
        troubles=queries.source_troubles(board.warehouse, year),
        catalogue=rules(),
    )

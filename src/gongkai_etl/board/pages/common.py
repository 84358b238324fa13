"""What all pages share: the services of the request, the chosen year, a unit or 404."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request

from gongkai_etl.board import queries
from gongkai_etl.board.services import Services


def services(request: Request) -> Services:
    """The services of the board."""
    found: Services = request.app.state.services
    return found


Board = Annotated[Services, Depends(services)]
YearQuery = Annotated[int | None, Query(ge=2000, le=2100)]


def chosen_year(board: Services, year: int | None) -> tuple[int, list[int]]:
    """The year asked for, else the newest opened one, else last year; and all that can be chosen."""
    known = queries.years(board.warehouse)
    year = year or (known[0] if known else board.today().year - 1)
    return year, known or [year]


def unit_or_404(board: Services, code: str) -> queries.Row:
    """A unit of the roster. Raises HTTPException 404."""
    found = queries.unit(board.warehouse, code)
    if found is None:
        raise HTTPException(404, "名册里没有这个单位。")
    return found


def report_or_404(board: Services, number: int) -> queries.Row:
    """A reading of a report. Raises HTTPException 404."""
    found = queries.report(board.warehouse, number)
    if found is None:
        raise HTTPException(404, "没有这份报告。")
    return found

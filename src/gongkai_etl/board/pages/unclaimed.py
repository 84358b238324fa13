"""待认领: files whose unit or year nobody knows yet; an operator says whose they are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gongkai_etl.board import queries
from gongkai_etl.board.access import Deciding, decider
from gongkai_etl.board.guards import same_site
from gongkai_etl.board.pages.common import Board, unit_or_404
from gongkai_etl.board.pages.files import _download
from gongkai_etl.board.render import page

router = APIRouter()


@router.get("/unclaimed", response_class=HTMLResponse)
def unclaimed(request: Request, board: Board) -> HTMLResponse:
    """The list, each file with why it is there and what is suspected."""
    return page(
        request,
        "unclaimed.html",
        rows=queries.unclaimed(board.warehouse),
        units=queries.unit_names(board.warehouse),
        years=queries.years(board.warehouse),
    )


@router.get("/unclaimed/{sha256}")
def unclaimed_file(sha256: str, board: Board) -> Response:
    """The file itself, as a download."""
    row = _row(board, sha256)
    return _download(board.objects.get(row["key"]), row["file_name"], "application/octet-stream")


@router.post("/unclaimed/{sha256}", dependencies=[Depends(decider), Depends(same_site)])
def claim(
    request: Request,
    sha256: str,
    board: Board,
    visitor: Deciding,
    unit: Annotated[str, Form(max_length=64)],
    year: Annotated[int, Form(ge=2000, le=2100)],
) -> RedirectResponse:
    """Say whose it is; the next collecting run takes it in under that unit."""
    _row(board, sha256)
    unit_or_404(board, unit)
    board.warehouse.claim(sha256, unit, year, visitor.name)
    return RedirectResponse(request.scope.get("root_path", "").rstrip("/") + "/unclaimed", 303)


def _row(board: Board, sha256: str) -> queries.Row:
    for row in queries.unclaimed(board.warehouse):
        if row["sha256"] == sha256:
            return row
    raise HTTPException(404, "这个文件已经认领，或不在待认领名单里。")

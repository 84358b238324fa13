"""What can be looked at or taken home: the proof of a figure, the received file, the notice."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from gongkai_etl.board import queries
from gongkai_etl.board.crops import strip
from gongkai_etl.board.pages.common import Board, YearQuery, chosen_year, report_or_404, unit_or_404
from gongkai_etl.board.render import page

router = APIRouter()
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/report/{number}/cell/{key}", response_class=HTMLResponse)
def cell(request: Request, number: int, key: str, board: Board) -> HTMLResponse:
    """One figure: the strip of the page it stands on, the text as printed, how it was read."""
    report = report_or_404(board, number)
    found = queries.cells(board.warehouse, number).get(key)
    if found is None:
        raise HTTPException(404, "报告里没有这一格。")
    return page(request, "cell.html", report=report, key=key, cell=found)


@router.get("/report/{number}/cell/{key}/strip.png")
def picture(number: int, key: str, board: Board) -> Response:
    """The strip as PNG; 404 when the file has no pages."""
    report = report_or_404(board, number)
    found = queries.cells(board.warehouse, number).get(key)
    png = strip(board.objects, report, key, found) if found else None
    if png is None:
        raise HTTPException(404, "这份文件没有可截取的页面。")
    return Response(png, media_type="image/png", headers={"cache-control": "private, max-age=3600"})


@router.get("/file/{number}")
def file(number: int, board: Board) -> Response:
    """The file as it was received; always a download, never shown: it is a stranger's."""
    found = queries.submission(board.warehouse, number)
    if found is None:
        raise HTTPException(404, "没有这个文件。")
    return _download(board.objects.get(found["key"]), found["file_name"], "application/octet-stream")


@router.get("/unit/{code}/notice")
def notice(code: str, board: Board, year: YearQuery = None) -> Response:
    """The notice to the unit about what is open now."""
    from gongkai_etl.publishing import unit_notice

    unit = unit_or_404(board, code)
    year, _ = chosen_year(board, year)
    letter = unit_notice(board.warehouse, board.objects, year, code)
    if letter is None:
        raise HTTPException(404, "这个单位没有未销号的错误，不需要退回修改通知。")
    return _download(letter, f"{unit['name']}{year}年年度报告退回修改通知.docx", _DOCX)


def _download(data: bytes, name: str, kind: str) -> Response:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(data, media_type=kind, headers=headers)

"""Handing in a file: by an operator for a unit, or by a clerk through a signed link that expires."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.responses import HTMLResponse

from gongkai_etl.board.access import Deciding, decider
from gongkai_etl.board.guards import Link, same_site
from gongkai_etl.board.pages.common import Board, YearQuery, chosen_year, unit_or_404
from gongkai_etl.board.precheck import Checked
from gongkai_etl.board.render import page
from gongkai_etl.board.services import Services
from gongkai_etl.check import rules
from gongkai_etl.collect.upload import accept, endings
from gongkai_etl.errors import CollectError, GongkaiError, RosterError
from gongkai_etl.model import Unit

router = APIRouter()
public = APIRouter()
Protected = [Depends(decider), Depends(same_site)]
Only = Annotated[bool, Form()]


@router.get("/unit/{code}/handin", response_class=HTMLResponse, dependencies=[Depends(decider)])
def form(request: Request, code: str, board: Board, year: YearQuery = None) -> HTMLResponse:
    """The upload page of a unit, for operators."""
    unit, (year, _) = unit_or_404(board, code), chosen_year(board, year)
    return _form(request, board, Link(code, year), unit["name"], "operator")


@router.post("/unit/{code}/handin", response_class=HTMLResponse, dependencies=Protected)
def take(
    request: Request,
    code: str,
    board: Board,
    visitor: Deciding,
    year: Annotated[int, Form()],
    file: Annotated[UploadFile, File()],
    only_check: Only = False,
) -> HTMLResponse:
    """Check the file and, unless it was only to be checked, hand it in."""
    return _take(request, board, Link(code, year), file, visitor.name, only_check)


@public.get("/handin/{token}", response_class=HTMLResponse)
def clerk_form(request: Request, token: str, board: Board) -> HTMLResponse:
    """The upload page behind a signed link."""
    link = board.signer.read_link(token)
    return _form(request, board, link, unit_or_404(board, link.unit)["name"], "clerk")


@public.post("/handin/{token}", response_class=HTMLResponse)
def clerk_take(
    request: Request, token: str, board: Board, file: Annotated[UploadFile, File()], only_check: Only = False
) -> HTMLResponse:
    """The same for the clerk: the link says for which unit and year, nothing else can be reached with it."""
    return _take(request, board, board.signer.read_link(token), file, "clerk", only_check)


def _form(request: Request, board: Services, link: Link, name: str, who: str, error: str = "") -> HTMLResponse:
    return page(
        request,
        "handin.html",
        400 if error else 200,
        code=link.unit,
        name=name,
        year=link.year,
        who=who,
        error=error,
        endings="".join(f".{ending}," for ending in endings()).rstrip(","),
        max_mb=board.settings.board_max_upload_mb,
    )


def _take(
    request: Request, board: Services, link: Link, file: UploadFile, by: str, only_check: bool
) -> HTMLResponse:
    unit = _unit(board, link)
    who = "clerk" if by == "clerk" else "operator"
    data = file.file.read()
    try:
        arrival = accept(file.filename or "", data, board.settings.board_max_upload_mb, board.now(), by)
    except CollectError as error:
        return _form(request, board, link, unit.name, who, error.message)
    if not only_check:  # first of all: whatever the check makes of it, nothing is lost
        board.deliver(link.year, unit.name, arrival.name, data, by)
    checked = _check(board, data, arrival.name, unit, link.year)
    return page(
        request,
        "checked.html",
        code=link.unit,
        name=unit.name,
        year=link.year,
        who=who,
        file_name=arrival.name,
        checked=checked,
        delivered=not only_check,
        rules=rules(),
    )


def _check(board: Services, data: bytes, name: str, unit: Unit, year: int) -> Checked:
    try:
        return board.precheck(data, name, unit, year, board.today())
    except Exception:  # a fault of ours must not look like one of the file
        logging.getLogger(__name__).exception("pre-check failed")
        return Checked(
            None, (), error=GongkaiError("CHECK-INTERNAL", "系统核对时出错，请稍后再试或联系主管部门。")
        )


def _unit(board: Services, link: Link) -> Unit:
    for unit in board.warehouse.units():
        if unit.code == link.unit:
            return unit
    raise RosterError("ROSTER-UNKNOWN", "名册里没有这个单位，请联系主管部门。")

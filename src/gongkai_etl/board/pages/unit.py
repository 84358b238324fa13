"""A unit: versions, tables with proof, findings with both sides, verdicts, comparisons."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse

from gongkai_etl.board import queries
from gongkai_etl.board.access import Deciding, decider
from gongkai_etl.board.guards import Link, same_site
from gongkai_etl.board.pages.common import Board, YearQuery, chosen_year, report_or_404, unit_or_404
from gongkai_etl.board.render import page
from gongkai_etl.board.tables import PLACES, changes, tables, text_changes
from gongkai_etl.check import rules
from gongkai_etl.form import SECTIONS

router = APIRouter()
Protected = [Depends(decider), Depends(same_site)]
Words = Annotated[str, Form(min_length=2, max_length=500)]


@router.get("/unit/{code}", response_class=HTMLResponse)
def unit(
    request: Request,
    code: str,
    board: Board,
    year: YearQuery = None,
    version: Annotated[int | None, Query()] = None,
) -> HTMLResponse:
    """A unit in a year; ``version`` is the number of a received file, else the current one."""
    found = unit_or_404(board, code)
    year, known = chosen_year(board, year)
    everything = queries.versions(board.warehouse, code)
    here = [row for row in everything if row["year"] == year]
    chosen = next((row for row in here if row["id"] == version), None) or next(
        (row for row in here if row["is_current"]), here[0] if here else None
    )
    report = queries.report(board.warehouse, chosen["report_id"]) if chosen and chosen["report_id"] else None
    cells = queries.cells(board.warehouse, report["id"]) if report else {}
    findings = queries.findings(board.warehouse, chosen["id"]) if chosen else []
    return page(
        request,
        "unit.html",
        unit=found,
        year=year,
        years=known,
        progress=queries.unit_progress(board.warehouse, code, year),
        versions=here,
        others=[row for row in everything if row["report_id"] and (chosen is None or row["id"] != chosen["id"])],
        chosen=chosen,
        report=report,
        cells=cells,
        sections=queries.sections(board.warehouse, report["id"]) if report else {},
        titles=SECTIONS,
        tables=tables(report, cells, findings) if report else [],
        findings=findings,
        places=PLACES,
        history=queries.history(board.warehouse, code, year),
        troubles=queries.source_troubles(board.warehouse, year, code),
        rules=rules(),
        link_url=None,
        link_days=board.settings.board_link_days,
    )


@router.post("/unit/{code}/verdict", dependencies=Protected)
def verdict(
    request: Request,
    code: str,
    board: Board,
    visitor: Deciding,
    year: Annotated[int, Form()],
    rule: Annotated[str, Form(max_length=100)],
    binding: Annotated[str, Form(max_length=20_000)],
    decision: Annotated[Literal["confirm", "waive"], Form()],
    reason: Words,
    expires_on: Annotated[str, Form(max_length=10)] = "",
) -> RedirectResponse:
    """Confirm or waive a finding; it must stand on the unit's current file, with these values."""
    unit_or_404(board, code)
    standing = board.warehouse.findings(year, code)
    if not any(item.finding.rule == rule and item.binding == binding for item in standing):
        raise HTTPException(409, "这条问题已经变化（数字已更新），请刷新后再办理。")
    board.warehouse.save_verdict(
        unit=code,
        year=year,
        rule=rule,
        binding=binding,
        decision=decision,
        reviewer=visitor.name,
        reason=reason,
        expires_on=date.fromisoformat(expires_on) if expires_on else None,
    )
    return _back(request, code, year)


@router.post("/unit/{code}/revoke", dependencies=Protected)
def revoke(
    request: Request,
    code: str,
    board: Board,
    visitor: Deciding,
    year: Annotated[int, Form()],
    number: Annotated[int, Form()],
) -> RedirectResponse:
    """Take a verdict back."""
    board.warehouse.revoke_verdict(number, visitor.name)
    return _back(request, code, year)


@router.post("/unit/{code}/withdraw", dependencies=Protected)
def withdraw(
    request: Request,
    code: str,
    board: Board,
    visitor: Deciding,
    year: Annotated[int, Form()],
    sha256: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
    reason: Words,
) -> RedirectResponse:
    """A unit takes a file back; the version before it stands again."""
    board.warehouse.withdraw(code, year, sha256, visitor.name, reason)
    return _back(request, code, year)


@router.post("/unit/{code}/link", response_class=HTMLResponse, dependencies=Protected)
def link(request: Request, code: str, board: Board, year: Annotated[int, Form()]) -> HTMLResponse:
    """A signed upload link for the unit's clerk."""
    found = unit_or_404(board, code)
    token = board.signer.link(Link(code, year))
    url = f"{board.settings.board_url.rstrip('/')}/handin/{token}"
    return page(request, "link.html", unit=found, year=year, url=url, days=board.settings.board_link_days)


@router.get("/compare", response_class=HTMLResponse)
def compare(request: Request, board: Board, left: int, right: int) -> HTMLResponse:
    """Two readings beside each other: two versions, or two years."""
    one, other = report_or_404(board, left), report_or_404(board, right)
    if one["unit_code"] != other["unit_code"]:
        raise HTTPException(400, "只能比较同一个单位的报告。")
    texts = queries.sections(board.warehouse, left), queries.sections(board.warehouse, right)
    return page(
        request,
        "compare.html",
        unit={"code": one["unit_code"], "name": one["unit_name"]},
        left=one,
        right=other,
        changes=changes(queries.cells(board.warehouse, left), queries.cells(board.warehouse, right)),
        texts=[
            (n, SECTIONS[n], text_changes(texts[0].get(n, ""), texts[1].get(n, "")))
            for n in SECTIONS
            if texts[0].get(n, "") != texts[1].get(n, "")
        ],
    )


def _back(request: Request, code: str, year: int) -> RedirectResponse:
    root = request.scope.get("root_path", "").rstrip("/")
    return RedirectResponse(f"{root}/unit/{code}?year={year}#findings", 303)

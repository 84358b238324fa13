"""``gongkai extract``: every figure of a report, with its state and its proof."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gongkai_etl.text import chinese_date

if TYPE_CHECKING:
    from gongkai_etl.model import Cell, Report
    from gongkai_etl.pipeline import Outcome

UNREAD = 3
"""Exit status when at least one file was not read."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("extract")(extract)


def extract(
    files: Annotated[list[Path], typer.Argument(help="年度报告文件，或存放文件的文件夹", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="每个文件输出一行 JSON")] = False,
    workers: Annotated[int, typer.Option(help="同时读取的进程数，0 为每个处理器一个")] = 0,
) -> None:
    """读取年度报告：三张表的全部数字、六个部分的文字、标题、单位、年度、落款和日期。"""
    from gongkai_etl.pipeline import Reader

    paths = list(files_of(files))
    failed = False
    with Reader(min(workers or 64, max(1, len(paths))) if workers else _workers(len(paths))) as reader:
        for outcome in _shown(reader.read_all((str(path), path) for path in paths), len(paths), as_json):
            failed = failed or outcome.report is None
            if as_json:
                typer.echo(json.dumps(outcome_json(outcome), ensure_ascii=False))
            else:
                _print(outcome)
    raise typer.Exit(UNREAD if failed else 0)


def files_of(paths: list[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in a stable order; a folder without files is named itself."""
    for path in paths:
        if path.is_dir():
            found = sorted(
                entry for entry in path.rglob("*") if entry.is_file() and not entry.name.startswith(".")
            )
            yield from found or (path,)
        else:
            yield path


def _workers(count: int) -> int | None:
    return 1 if count < 3 else None


def _shown(outcomes: Iterator[Outcome], total: int, quiet: bool) -> Iterator[Outcome]:
    """The outcomes, with a progress bar on the error stream when there are many."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if total < 5 or not console.is_terminal:
        yield from outcomes
        return
    columns = (
        TextColumn("读取"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=quiet) as progress:
        task = progress.add_task("read", total=total, rate="")
        for outcome in outcomes:
            speed = progress.tasks[0].speed
            progress.update(task, advance=1, rate=f"每秒 {speed:.1f} 份" if speed else "")
            yield outcome


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The JSON object of one file, as ``gongkai extract --json`` prints it."""
    head: dict[str, Any] = {"path": outcome.name, "ok": outcome.report is not None, "error": None}
    if outcome.report is None:
        assert outcome.error is not None
        head["error"] = {"code": outcome.error.code, "message": outcome.error.message}
        return {**head, **_EMPTY}
    return {**head, **report_json(outcome.report)}


_EMPTY: dict[str, Any] = {
    "unit": None, "year": None, "editions": {}, "title": None, "issued_on": None, "signed_by": None,
    "sections": {}, "cells": {}, "notes": [],
}  # fmt: skip


def report_json(report: Report) -> dict[str, Any]:
    """A report as plain JSON: counts are integers, money a string as printed, dates ISO 8601."""
    return {
        "unit": report.unit,
        "year": report.year,
        "editions": dict(report.editions),
        "title": report.title,
        "issued_on": report.issued_on.isoformat() if report.issued_on else None,
        "published_on": report.published_on.isoformat() if report.published_on else None,
        "signed_by": report.signed_by,
        "sections": dict(report.sections),
        "cells": {key: cell_json(cell) for key, cell in report.cells.items()},
        "notes": [
            {"code": note.code, "message": note.message, "cells": list(note.cells)} for note in report.notes
        ],
    }


def cell_json(cell: Cell) -> dict[str, Any]:
    """One cell as plain JSON."""
    shown: dict[str, Any] = {
        "value": cell.value if cell.value is None or isinstance(cell.value, int) else str(cell.value),
        "raw": cell.raw,
        "state": cell.state.value,
        "page": cell.page,
        "bbox": [round(edge, 2) for edge in cell.bbox] if isinstance(cell.bbox, tuple) else cell.bbox,
        "reader": cell.reader,
        "certain": cell.certain,
        "reason": cell.reason,
    }
    extra = {"note": cell.note, "confidence": cell.confidence, "readings": dict(cell.readings) or None}
    return shown | {name: value for name, value in extra.items() if value is not None}


def _print(outcome: Outcome) -> None:
    from rich.console import Console

    console = Console()
    if outcome.report is None:
        assert outcome.error is not None
        console.print(f"[red]未能读取[/] {outcome.name}：{outcome.error.message}（{outcome.error.code}）")
        return
    report = outcome.report
    issued = chinese_date(report.issued_on, "无")
    console.print(f"[bold]{report.title or outcome.name}[/]")
    console.print(
        f"单位 {report.unit or '未读出'}　年度 {report.year or '未读出'}　落款 {report.signed_by or '无'}　日期 {issued}"
    )
    for table in _tables(report):
        console.print(table)
    doubtful = [
        key for key, cell in report.cells.items() if not cell.certain and cell.state.value not in ("absent",)
    ]
    console.print(
        f"共 {len(report.cells)} 格，其中须人工核对 {len(doubtful)} 格；读出部分：{'、'.join(report.sections) or '无'}"
    )
    for note in report.notes:
        console.print(f"  [yellow]{note.code}[/] {note.message}")


def _tables(report: Report) -> Iterator[Any]:
    from rich.table import Table

    from gongkai_etl.form import table_form

    for key, name in report.editions.items():
        form = table_form(key, name or "2021")
        for block in form.blocks:
            table = Table(title=f"{form.title}　{block.label}", title_justify="left")
            for head in ("", *(column.label for column in block.columns)):
                table.add_column(head, justify="right" if head else "left")
            for row in block.rows:
                cells = [report.cells.get(f"{key}.{row.key}.{column.key}") for column in block.columns]
                table.add_row(row.label, *(_shown_cell(cell) for cell in cells))
            yield table


def _shown_cell(cell: Cell | None) -> str:
    if cell is None or cell.state.value == "absent":
        return "[dim]无此格[/]"
    if cell.state.value == "unread":
        return "[red]未读出[/]"
    text = str(cell.value) if cell.value is not None else (cell.raw or "（空白）").strip()
    return text if cell.certain else f"[yellow]{text}?[/]"

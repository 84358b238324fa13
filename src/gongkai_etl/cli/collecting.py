"""``gongkai units`` and ``gongkai source``: the roster, and what a source would give."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

units_app = typer.Typer(help="单位名册：核对、导入、导出。", no_args_is_help=True)

RosterFile = Annotated[Path, typer.Argument(help="名册文件（CSV 或 XLSX）")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(units_app, name="units")


@units_app.command("check")
def check(file: Annotated[Path | None, typer.Argument(help="名册文件；不写则用设置里的名册")] = None) -> None:
    """核对名册，列出每一处错误。"""
    from gongkai_etl.collect import roster
    from gongkai_etl.settings import settings

    units = roster.load(file or settings().roster)
    kinds: dict[str, int] = {}
    for unit in units:
        kinds[unit.kind] = kinds.get(unit.kind, 0) + 1
    told = "、".join(f"{kind}{count}个" for kind, count in kinds.items())
    typer.echo(f"名册正确：共{len(units)}个单位（{told}）。")


@units_app.command("import")
def import_(
    file: RosterFile,
    to: Annotated[Path | None, typer.Option(help="写到哪里；不写则写到设置里的名册")] = None,
) -> None:
    """核对名册，无误后作为系统名册保存。"""
    _convert(file, to)


@units_app.command("export")
def export(
    to: Annotated[Path, typer.Argument(help="导出的文件，按扩展名存为 .xlsx 或 .csv")],
    file: Annotated[Path | None, typer.Option("--from", help="从哪个名册导出；不写则用设置里的名册")] = None,
) -> None:
    """把系统名册导出为表格。"""
    _convert(file, to)


def _convert(source: Path | None, target: Path | None) -> None:
    from gongkai_etl.collect import roster
    from gongkai_etl.settings import settings

    units = roster.load(source or settings().roster)
    target = target or settings().roster
    data = roster.dump(units, target.suffix.lstrip(".").lower())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    typer.echo(f"已保存{len(units)}个单位：{target}")

"""``gongkai units`` and ``gongkai source``: the roster, and what a source would give."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gongkai_etl.collect.web import Delivery

units_app = typer.Typer(help="单位名册：核对、导入、导出。", no_args_is_help=True)
source_app = typer.Typer(help="采集来源：试取一个网址或一条规则。", no_args_is_help=True)

RosterFile = Annotated[Path, typer.Argument(help="名册文件（CSV 或 XLSX）")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(units_app, name="units")
    app.add_typer(source_app, name="source")
    app.command("mail", help="把收件邮箱里未读邮件的附件放进收件箱（只取附件，不打开链接）。")(mail)


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


@source_app.command("list")
def list_recipes() -> None:
    """列出全部采集规则。"""
    from gongkai_etl.collect.recipes import shelf
    from gongkai_etl.settings import settings

    for name, recipe in sorted(shelf(settings().collect_recipes).recipes.items()):
        typer.echo(f"{name}：{recipe.about}")


@source_app.command("try")
def try_source(
    source: Annotated[str, typer.Argument(help="栏目网址、规则名，或“规则名 网址”")],
    year: Annotated[int | None, typer.Option(help="报告年度；不写则为去年")] = None,
    unit: Annotated[str | None, typer.Option(help="哪个单位的报告；不写则不按单位挑选")] = None,
    files: Annotated[bool, typer.Option(help="是否真的取回网页和附件")] = True,
) -> None:
    """试取一个来源：列出会取哪一条、为什么，其余为什么不取。不保存任何文件。"""
    from gongkai_etl.collect import names, roster, web
    from gongkai_etl.collect.choose import Wanted
    from gongkai_etl.collect.fetch import fetcher
    from gongkai_etl.collect.recipes import shelf
    from gongkai_etl.settings import settings

    year = year or date.today().year - 1
    units = roster.load(settings().roster) if unit or settings().roster.exists() else ()
    whose = names.find(units, unit)
    if unit and whose is None:
        raise typer.BadParameter(f"名册里找不到“{unit}”")
    where = web.plan(source, shelf(settings().collect_recipes), whose, year)
    sharing = whose is not None and sum(other.source == source for other in units) > 1
    found = web.visit(where, Wanted(whose, year, units, sharing), fetcher(settings(), where.hosts), files)
    _show(found)
    raise typer.Exit(0 if found.entry else 1)


def mail() -> None:
    """Take the attachments of unseen messages into the inbox."""
    from gongkai_etl.collect.mail import open_box
    from gongkai_etl.settings import settings
    from gongkai_etl.steps.mail import take_mail
    from gongkai_etl.steps.stores import stores

    with open_box(settings()) as box:
        count = take_mail(stores(), box)
    typer.echo(f"已放入收件箱：{count}个附件。")


def _show(found: Delivery) -> None:
    from rich.console import Console
    from rich.table import Table

    console, table = Console(), Table("取", "日期", "标题", "原因", title=f"栏目 {found.url}")
    for verdict in found.verdicts:
        mark = "✓" if verdict.entry == found.entry else ""
        table.add_row(mark, str(verdict.entry.date or ""), verdict.entry.title, verdict.why)
    if found.verdicts:
        console.print(table)
    for piece in found.pieces:
        role = "网页" if piece.role == "page" else "附件"
        console.print(f"{role}：{piece.name}（{len(piece.data)} 字节）{piece.url}", markup=False)
    if found.entry and not found.sure:
        console.print("提醒：单位或年份不是标题写明的，取回后会再按内容核对。")
    for finding in found.findings:
        console.print(f"{finding.rule}：{finding.message}", markup=False)


def _convert(source: Path | None, target: Path | None) -> None:
    from gongkai_etl.collect import roster
    from gongkai_etl.settings import settings

    units = roster.load(source or settings().roster)
    target = target or settings().roster
    data = roster.dump(units, target.suffix.lstrip(".").lower())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    typer.echo(f"已保存{len(units)}个单位：{target}")

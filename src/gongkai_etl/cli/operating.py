"""Commands for whoever looks after the installation: doctor, backup, restore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.status import Status

    from gongkai_etl.local.backup import Summary

_COLOURS = {"好": "green", "可选": "cyan", "注意": "yellow", "错误": "red"}


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command("doctor", help="检查设置、连接、版本、磁盘、字体和可选部件，并说明怎么处理。")(doctor)
    app.command("backup", help="把数据库和存储桶备份到文件夹，并校验。再次备份到同一文件夹只增加新内容。")(backup)
    app.command("restore", help="从备份恢复：替换数据库，补齐存储桶，并逐项核对。")(restore)


def doctor(
    settings_only: Annotated[bool, typer.Option("--settings", help="列出全部设置、含义和当前值")] = False,
) -> None:
    """Print the diagnoses; exit status 1 when one of them is an error."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    from gongkai_etl.doctor import diagnose
    from gongkai_etl.settings import Settings

    console = Console()
    if settings_only:
        console.print(_settings_table())
        return
    table = Table("项目", "结果", Column("情况", overflow="fold"), Column("怎么办", overflow="fold"))
    errors = 0
    with console.status("检查中…"):
        for one in diagnose(Settings()):
            errors += one.level == "错误"
            table.add_row(one.subject, f"[{_COLOURS[one.level]}]{one.level}[/]", Text(one.found), Text(one.advice))
    console.print(table)
    if errors:
        console.print(f"[red]{errors} 项错误需要处理。[/]")
        raise typer.Exit(1)
    console.print("没有发现错误。")


def _settings_table() -> object:
    from pydantic import SecretStr
    from rich.table import Column, Table
    from rich.text import Text

    from gongkai_etl.settings import Settings

    current, table = Settings(), Table(*(Column(name, overflow="fold") for name in ("环境变量", "当前值", "含义")))
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        shown = "（已设置，不显示）" if isinstance(value, SecretStr) else "" if value is None else str(value)
        table.add_row(f"GONGKAI_{name.upper()}", Text(shown), Text(field.description or ""))
    return table


def backup(folder: Annotated[Path, typer.Argument(help="备份文件夹，最好在另一块磁盘上")]) -> None:
    """Back up and verify."""
    from rich.console import Console

    from gongkai_etl.local.backup import back_up
    from gongkai_etl.settings import connections, settings

    console = Console()
    with console.status("备份中…") as spinner:
        done = back_up(connections(), settings(), folder, _teller(spinner))
    console.print(f"备份完成并已校验：{folder}", soft_wrap=True, highlight=False)
    console.print(_words(done), highlight=False)


def restore(
    folder: Annotated[Path, typer.Argument(help="备份文件夹", exists=True, file_okay=False)],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """Restore and compare. Airflow must not run meanwhile."""
    from rich.console import Console

    from gongkai_etl.errors import StoreError
    from gongkai_etl.local.backup import bring_back
    from gongkai_etl.local.stack import Stack
    from gongkai_etl.settings import connections, settings

    if any(part.name == "scheduler" for part in Stack().status()):
        raise StoreError(
            "STORE-RESTORE-BUSY",
            "Airflow 正在运行，不能恢复。请先运行 gongkai down，再运行 gongkai up --stores-only。",
        )
    if not yes:
        typer.confirm("数据库现有内容将被备份内容替换（存储桶只增加，不删除）。继续吗？", abort=True)
    console = Console()
    with console.status("恢复中…") as spinner:
        done = bring_back(connections(), settings(), folder, _teller(spinner))
    console.print(f"恢复完成并已核对：{folder}", soft_wrap=True, highlight=False)
    console.print(_words(done), highlight=False)


def _teller(spinner: Status) -> Callable[[str], None]:
    from rich.markup import escape

    return lambda text: spinner.update(f"{escape(text)}…")


def _words(done: Summary) -> str:
    return (
        f"数据表 {done.tables} 个、{done.rows} 行；对象 {done.objects} 个、版本 {done.versions} 个、"
        f"共 {done.size / 2**20:.1f} MB"
    )

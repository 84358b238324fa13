"""Commands for the embedded stack: up, down, status, prepare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gongkai_etl.local.stack import Stack

_NAMES = {
    "postgres": "PostgreSQL 数据库",
    "s3": "S3 对象存储",
    "api-server": "Airflow 界面",
    "scheduler": "Airflow 调度",
    "dag-processor": "Airflow 流程解析",
    "triggerer": "Airflow 等待",
}


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command("up", help="启动内置的数据库、对象存储和 Airflow，命令返回后继续运行。")(up)
    app.command("down", help="停止内置的全部服务，数据保留。")(down)
    app.command("status", help="显示内置服务的状态。")(status)
    app.command("prepare", help="在已配置的服务器上建库、建存储桶、升级数据表（可重复运行）。")(prepare)


def up(
    stores_only: Annotated[
        bool, typer.Option("--stores-only", help="只启动数据库和对象存储，不启动 Airflow")
    ] = False,
) -> None:
    """Start the stack and say where things are."""
    from rich.console import Console

    from gongkai_etl.local.stack import Stack

    console, stack = Console(), Stack()
    try:
        with console.status("启动中…") as spinner:
            stack.start(airflow=not stores_only, say=lambda text: spinner.update(f"{text}…"))
    except KeyboardInterrupt:
        console.print("已取消，本次启动的服务已停止。")
        raise typer.Exit(130) from None
    _table(console, stack)
    if not stores_only:
        console.print(f"界面：[bold]{stack.ui_url}[/]  用户 admin（管理）、op（办理）、viewer（查看）")
        console.print(f"密码在文件：{stack.password_file}", soft_wrap=True)
    console.print(f"数据目录：{stack.home.path}", soft_wrap=True)


def down() -> None:
    """Stop the stack."""
    from rich.console import Console

    from gongkai_etl.local.stack import Stack

    console = Console()
    with console.status("停止中…"):
        ran = Stack().stop()
    console.print("已停止，数据保留。" if ran else "没有在运行的服务。")


def status() -> None:
    """Show what runs; exit status 1 when nothing does or a component is down."""
    from rich.console import Console

    from gongkai_etl.local.airflow import health
    from gongkai_etl.local.stack import Stack

    console, stack = Console(), Stack()
    parts = stack.status()
    if not parts:
        console.print("内置服务没有运行。启动：gongkai up")
        raise typer.Exit(1)
    _table(console, stack)
    airflow = health(stack.ports["ui"]) if any(part.name == "api-server" for part in parts) else {}
    if airflow:
        console.print(f"界面：{stack.ui_url}")
    sick = [name for name, state in airflow.items() if state != "healthy"]
    if sick:
        console.print(f"[red]Airflow 报告异常：{'、'.join(sick)}[/]")
    if sick or not all(part.running for part in parts):
        raise typer.Exit(1)


def prepare(
    wait: Annotated[int, typer.Option(help="等待数据库和对象存储应答的最长秒数")] = 0,
    ui_passwords: Annotated[
        Path | None, typer.Option(help="写入界面用户密码的文件（密码取自 GONGKAI_UI_ADMIN_PASSWORD 等）")
    ] = None,
) -> None:
    """Make the configured servers ready; for the init job of a deployment."""
    from rich.console import Console

    from gongkai_etl.local.airflow import write_chosen_passwords
    from gongkai_etl.local.prepare import database_answers, store_answers, wait_for
    from gongkai_etl.local.prepare import prepare as make_ready
    from gongkai_etl.settings import connections, settings

    to = connections()
    wait_for(lambda: database_answers(to.database_url) and store_answers(to), wait)
    make_ready(to, settings())
    if ui_passwords is not None:
        write_chosen_passwords(ui_passwords, settings())
    Console().print("数据库、存储桶和数据表已就绪。")


def _table(console: object, stack: Stack) -> None:
    from rich.console import Console
    from rich.table import Table

    assert isinstance(console, Console)
    table = Table("服务", "状态", "地址", "进程号", "内存(MB)", "重启次数")
    for part in stack.status():
        state = "[green]运行中[/]" if part.running else "[red]未运行[/]"
        name = _NAMES.get(part.name, part.name)
        table.add_row(name, state, part.address, str(part.pid or ""), str(part.memory_mb), str(part.falls))
    console.print(table)

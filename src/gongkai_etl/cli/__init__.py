"""The command ``gongkai``. Each module of this package adds its commands with ``register(app)``."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import typer

from gongkai_etl.errors import GongkaiError

app = typer.Typer(
    name="gongkai",
    help="政府信息公开工作年度报告：收集、读取、核对、汇总、发布。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

for _module in pkgutil.iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}").register(app)


def main() -> None:
    """Run the command line; an error of ours is one Chinese sentence and exit status 2."""
    try:
        app()
    except GongkaiError as error:
        typer.secho(f"错误 {error.code}：{error.message}", fg="red", err=True)
        sys.exit(2)

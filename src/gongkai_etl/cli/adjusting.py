"""``gongkai adjust``, ``adjustments`` and ``unadjust``: what the county adds to its figures, with who and why."""

from __future__ import annotations

import getpass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from gongkai_etl.text import chinese_date

if TYPE_CHECKING:
    from gongkai_etl.store.warehouse import Warehouse

Year = Annotated[int, typer.Argument(help="报告年度", min=2008, max=2100)]
By = Annotated[str, typer.Option(help="经办人；不写则为当前系统用户")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    # A negative amount is an argument, not an option.
    arguments = {"ignore_unknown_options": True}
    app.command("adjust", help="登记一笔县级调整：哪一格、增减多少、为什么。", context_settings=arguments)(adjust)
    app.command("adjustments", help="列出一年的县级调整，已撤销的也列出。")(adjustments)
    app.command("unadjust", help="撤销一笔县级调整，记录保留。")(unadjust)


def adjust(
    year: Year,
    key: Annotated[str, typer.Argument(help="数据的键，如 t3.received.total")],
    amount: Annotated[str, typer.Argument(help="调整数；减少写负数，如 -3")],
    reason: Annotated[str, typer.Option(help="理由，将随数据公布")],
    by: By = "",
) -> None:
    """Enter an adjustment; the same once more changes nothing."""
    from gongkai_etl.errors import GongkaiError

    try:
        number = Decimal(amount)
    except InvalidOperation:
        raise GongkaiError("ADJUST-AMOUNT", f"“{amount}”不是数。请写整数或小数，如 3、-3、1.5。") from None
    made = _warehouse().adjust(year, key, number, reason, by or getpass.getuser())
    typer.echo(
        f"第 {made.id} 号县级调整：{year}年 {made.place} {made.amount:+f}，{made.entered_by}，{made.reason}"
    )
    typer.echo("下次发布时计入合计；分项和总计要一起调整，否则勾稽关系不成立，发布时须说明理由。")


def adjustments(year: Year) -> None:
    """List them with their history."""
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(
        "编号", *(Column(name, overflow="fold") for name in ("数据格", "调整", "理由", "经办人", "登记", "状态"))
    )
    for entry in _warehouse().adjustments(year, standing=False):
        revoked = f"已撤销（{entry.revoked_by}：{entry.revoked_reason}）" if entry.revoked_at else "有效"
        table.add_row(
            str(entry.id),
            entry.place,
            f"{entry.amount:+f}",
            entry.reason,
            entry.entered_by,
            chinese_date(entry.created_at),
            revoked,
        )
    Console().print(table)


def unadjust(
    number: Annotated[int, typer.Argument(help="县级调整的编号，见 gongkai adjustments")],
    reason: Annotated[str, typer.Option(help="撤销的理由")],
    by: By = "",
) -> None:
    """Take one back."""
    gone = _warehouse().revoke_adjustment(number, by or getpass.getuser(), reason)
    typer.echo(f"已撤销第 {gone.id} 号县级调整：{gone.year}年 {gone.place} {gone.amount:+f}。下次发布时不再计入。")


def _warehouse() -> Warehouse:
    from gongkai_etl.settings import settings
    from gongkai_etl.store.warehouse import Warehouse

    return Warehouse.connect(settings())

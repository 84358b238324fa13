"""``gongkai release``, ``papers``, ``retract`` and ``releases``: publishing without waiting for a DAG run."""

from __future__ import annotations

import getpass
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gongkai_etl.publish.bridge import Bridge
    from gongkai_etl.store.objects import ObjectStore
    from gongkai_etl.store.warehouse import Warehouse

Year = Annotated[int, typer.Argument(help="报告年度", min=2008, max=2100)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("release", help="汇总并发布一年的数据：数据集、汇总表、网站。")(release)
    app.command("papers", help="生成县级报告草稿、退回修改通知和整改台账（内部文件，不发布）。")(papers)
    app.command("releases", help="列出一年的发布版本。")(releases)
    app.command("retract", help="撤回一个发布版本。")(retract)


def release(
    year: Year,
    reason: Annotated[str, typer.Option(help="有未能说明的数据时批准发布的理由，将随数据公布")] = "",
    by: Annotated[str, typer.Option(help="批准人")] = "",
    out: Annotated[Path | None, typer.Option(help="另存一份到此文件夹")] = None,
) -> None:
    """Publish the current figures; running again changes nothing."""
    from gongkai_etl.publish import shelf
    from gongkai_etl.publishing import publish_year

    warehouse, objects = _stores()
    approver = by or getpass.getuser()
    with tempfile.TemporaryDirectory(prefix="gongkai-release-") as scratch:
        done = publish_year(warehouse, objects, year, Path(scratch), approved_by=approver, reason=reason or None)
    if done.files:
        typer.echo(f"已发布 {done.release}：{done.files} 个文件，新写入 {done.written} 个。")
    else:
        typer.echo(f"数据没有变化，现行发布仍是 {done.release}。")
    if out is not None:
        saved = shelf.fetch(objects.public, f"{year}/{done.release}/", out)
        typer.echo(f"另存 {len(saved)} 个文件到 {out}")
    _say_bridge(done.bridge)


def papers(
    year: Year,
    out: Annotated[Path, typer.Option(help="存放的文件夹")] = Path("papers"),
) -> None:
    """Write the office's papers into a folder."""
    from gongkai_etl.publishing import office_papers

    warehouse, objects = _stores()
    for entry in office_papers(warehouse, objects, year, out):
        typer.echo(f"{out / entry.path}")


def releases(year: Year) -> None:
    """List the releases of a year."""
    from rich.console import Console
    from rich.table import Table

    words = {"approved": "已核准", "refused": "已退回", "retracted": "已撤回"}
    table = Table("版本", "状态", "单位", "现行", "理由")
    warehouse, _ = _stores()
    found = warehouse.releases(year)
    if not found:
        typer.echo(f"{year}年度还没有发布版本。发布用：gongkai release {year}")
        return
    for entry in found:
        behind = f"{entry.units_reported}／{entry.units_expected}"
        table.add_row(entry.name, words[entry.status], behind, "是" if entry.is_latest else "", entry.reason or "")
    Console().print(table)


def retract(
    year: Year,
    name: Annotated[str, typer.Argument(help="发布版本，如 2025-2")],
    reason: Annotated[str, typer.Option(help="撤回的理由，将公布")],
) -> None:
    """Take a release back."""
    from gongkai_etl.publishing import retract as take_back

    warehouse, objects = _stores()
    before = take_back(warehouse, objects, year, name, reason)
    typer.echo(f"已撤回 {name}，" + (f"现行发布回到 {before}。" if before else "现在没有现行发布。"))


def _stores() -> tuple[Warehouse, ObjectStore]:
    from gongkai_etl.settings import settings
    from gongkai_etl.store.objects import ObjectStore
    from gongkai_etl.store.warehouse import Warehouse

    return Warehouse.connect(settings()), ObjectStore.connect(settings())


def _say_bridge(bridge: Bridge) -> None:
    lines = bridge.roll_up.lines
    received = lines["t3.received.total"]
    typer.echo(f"全县新收申请 {received.value}，{received.reported}／{received.expected} 个单位有数据。")
    for line in lines.values():
        for part in line.disputed:
            typer.echo(f"  {line.label}：{part.name} 所报 {part.value}，分项之和 {part.recomputed}")

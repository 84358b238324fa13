"""``gongkai evidence``: the place in a file where one figure stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("evidence", help="出示一个数据的凭据：原件中该单元格的截图，或所在行的文字。")(evidence)


def evidence(
    file: Annotated[Path, typer.Argument(help="年度报告原件", exists=True, dir_okay=False)],
    key: Annotated[str, typer.Argument(help="数据的键，如 t3.received.total")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="截图存到这个PNG文件；不写则只显示文字")] = None,
) -> None:
    """Show where a figure stands; with ``-o`` write the picture. Exit status 2 when there is none."""
    from gongkai_etl.errors import GongkaiError
    from gongkai_etl.evidence import crop, row_text
    from gongkai_etl.pipeline import read_report

    data = file.read_bytes()
    report = read_report(data, file.name)
    cell = report.cells.get(key)
    if cell is None:
        raise GongkaiError(
            "EVIDENCE-KEY",
            f"没有“{key}”这个数据。键的写法如 t3.received.total，见 gongkai extract --json 的输出。",
        )
    place = f"第{cell.page}页" if cell.page is not None else (str(cell.bbox) if cell.bbox else "文件中没有位置")
    typer.echo(f"{key}　读作：{cell.raw if cell.raw is not None else '（未读到）'}　{place}")
    typer.echo(f"可靠程度：{'确定' if cell.certain else '不确定'}　{cell.reason}")
    if out is not None:
        out.write_bytes(crop(data, file.name, cell, report))
        typer.echo(f"截图已存到 {out}")
    elif cell.page is None:
        row = row_text(data, file.name, cell)
        typer.echo("｜".join(f"【{text}】" if i == row.chosen else text for i, text in enumerate(row.texts)))

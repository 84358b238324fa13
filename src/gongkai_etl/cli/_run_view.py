"""What ``gongkai run`` and ``demo`` print: units with state, findings with both sides, totals, places."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai_etl.model import Severity
from gongkai_etl.text import chinese_date

if TYPE_CHECKING:
    from rich.console import Console

    from gongkai_etl.local.stack import Stack
    from gongkai_etl.steps.stores import Stores
    from gongkai_etl.store.rows import Progress, StoredFinding

_COLOURS = {
    "已通过": "green",
    "有提示": "cyan",
    "有错误": "red",
    "读取有疑": "red",
    "未报送": "magenta",
    "撤回": "magenta",
    "已收到": "blue",
}
SEVERITIES: dict[Severity, str] = {"error": "错误", "warning": "警告", "notice": "提示"}


def wide_console() -> Console:
    """A console that does not break tables when the output goes to a file."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=130)


def show_year(console: Console, year: int, findings: bool) -> None:
    """Every unit with its state; with ``findings``, what was found, both sides."""
    from rich.table import Table

    from gongkai_etl.steps.stores import stores

    table = Table(title=f"{year}年度报送进度", title_justify="left")
    for heading in ("单位", "状态", "收到", "版本", "错误", "警告", "提示", "发布"):
        number = heading in ("版本", "错误", "警告", "提示")
        table.add_column(heading, justify="right" if number else "left", overflow="fold", no_wrap=number)
    rows = stores().warehouse.progress(year)
    for row in rows:
        table.add_row(*_progress(row))
    console.print(table)
    console.print(_sum_up(rows), highlight=False)
    if findings:
        _findings(console, year, stores().warehouse.findings(year))


def show_totals(console: Console, year: int) -> None:
    """The county's totals with the number of units behind each."""
    from rich.table import Table

    from gongkai_etl.steps.stores import stores

    rows = stores().warehouse.query(_TOTALS, year=year)
    if not rows:
        return
    table = Table(title=f"{year}年度县级合计（发布版本 {rows[0]['release']}）", title_justify="left")
    for heading in ("表", "项目", "合计", "有数单位", "缺"):
        table.add_column(heading, justify="right" if heading in ("合计", "有数单位") else "left")
    for row in rows:
        total = "无数据" if row["total"] is None else f"{row['total']:f}"
        behind = f"{row['units_reported']}/{row['units_expected']}"
        table.add_row(row["table_name"], row["place"], total, behind, row["units_missing"] or "—")
    console.print(table)


_PAPERS = {"summary-": "汇总表", "county-report-": "县级报告草稿", "ledger-": "整改台账"}


def show_results(console: Console, stores: Stores, year: int, folder: Path) -> None:
    """Copy what was published and the office's papers of a year into a folder, and say what to open."""
    from gongkai_etl.publish import shelf
    from gongkai_etl.store import keys

    shutil.rmtree(folder, ignore_errors=True)  # an older release may have had other files
    released = shelf.latest(stores.objects.public, year)
    files = shelf.fetch(stores.objects.public, f"{year}/{released}/", folder / "release")
    papers = shelf.fetch(stores.objects, keys.of_year("papers", year), folder / "papers")
    notices = shelf.fetch(stores.objects, keys.of_year("notices", year), folder / "notices")
    shown = [("公开网页", folder / "release/index.html"), ("数据集", folder / "release/data")]
    for path in (*files, *papers):
        shown += [(name, path) for start, name in _PAPERS.items() if path.name.startswith(start)]
    shown.append((f"退回修改通知（{len(notices)}份）", folder / "notices"))
    console.print(f"{year}年度的成果，打开看看：")
    for name, path in shown:
        console.print(f"  {name}：{path}", soft_wrap=True, highlight=False)


def show_places(console: Console, stack: Stack) -> None:
    """Where the stores and the UI are."""
    from gongkai_etl.settings import settings

    end = stack.connections()
    scheme = "https" if end.s3_secure else "http"
    console.print(
        f"全部原件和结果：{scheme}://{end.s3_endpoint} 存储桶 {settings().bucket}，公开的在 {settings().public_bucket}",
        soft_wrap=True,
        highlight=False,
    )
    console.print(f"数据目录：{stack.home.path}", soft_wrap=True, highlight=False)
    running = any(part.name == "api-server" and part.running for part in stack.status())
    words = f"界面：{stack.ui_url}" if running else "界面：运行 gongkai up 后打开 " + stack.ui_url
    console.print(f"{words}（密码见 {stack.password_file}）", soft_wrap=True, highlight=False)


def _progress(row: Progress) -> tuple[str, ...]:
    colour = _COLOURS.get(row.check_state, "white")
    late = "，[yellow]迟报[/]" if row.late else ""
    return (
        row.unit_name,
        f"[{colour}]{row.check_state}[/]{late}",
        _day(row.first_received_at),
        str(row.versions or "—"),
        *(str(count or "—") for count in (row.errors, row.warnings, row.notices)),
        row.release or "—",
    )


def _day(moment: datetime | None) -> str:
    from zoneinfo import ZoneInfo

    from gongkai_etl.settings import settings

    return chinese_date(moment and moment.astimezone(ZoneInfo(settings().time_zone)), "—")


def _sum_up(rows: Sequence[Progress]) -> str:
    from collections import Counter

    states = Counter(row.check_state for row in rows)
    late = sum(bool(row.late) for row in rows)
    words = "，".join(f"{state}{count}个" for state, count in states.most_common())
    return f"共{len(rows)}个单位：{words}" + (f"；其中迟报{late}个" if late else "")


def _findings(console: Console, year: int, found: Sequence[StoredFinding]) -> None:
    """Errors and warnings one by one; notices are counted, the board and the workbook list them."""
    from rich.table import Table

    table = Table(title=f"{year}年度问题清单", title_justify="left")
    for heading in ("单位", "程度", "规则", "一侧", "另一侧", "说明"):
        table.add_column(heading, overflow="fold", ratio=3 if heading == "说明" else None)
    for one in found:
        finding = one.finding
        if finding.severity != "notice":
            words = finding.message + ("（已豁免）" if one.waived else "")
            shown = (SEVERITIES[finding.severity], finding.rule, finding.left, finding.right, words)
            table.add_row(*_cells(one.unit_name, *shown))
    console.print(table)
    notices = sum(one.finding.severity == "notice" for one in found)
    if notices:
        console.print(f"另有提示{notices}条，见收集看板和汇总表的问题清单。", highlight=False)


def _cells(*words: str | None) -> list[Any]:
    """Texts of reports are never taken for markup."""
    from rich.text import Text

    return [Text(word or "—") for word in words]


_TOTALS = """
    SELECT t.release, CASE t.table_key WHEN 't2' THEN '表二' WHEN 't3' THEN '表三' ELSE '表四' END AS table_name,
           CASE WHEN t.table_key <> 't3' THEN r.label || '：' || c.label
                WHEN r.category <> t.row_key THEN r.group_label || r.label ELSE r.label END AS place,
           t.total, t.units_reported, t.units_expected, t.units_missing
    FROM publish.county_totals t
    JOIN publish.form_rows r ON r.table_key = t.table_key AND r.row_key = t.row_key
    JOIN publish.form_columns c ON c.table_key = t.table_key AND c.column_key = t.column_key
    WHERE t.year = :year AND (t.table_key IN ('t2', 't4') OR t.column_key = 'total') ORDER BY t.position
"""

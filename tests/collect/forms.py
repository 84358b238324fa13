"""A whole report of a made-up unit: the three tables from the form, as HTML or DOCX, figures that add up."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape

from docx import Document

from gongkai_etl.form import edition

Slot = tuple[str, int, int]  # text, rowspan, colspan
Table = list[list[Slot]]


@dataclass(frozen=True)
class Made:
    """One report; ``seed`` decides its figures."""

    unit: str
    year: int
    seed: int

    @property
    def title(self) -> str:
        return f"{self.unit}{self.year}年政府信息公开工作年度报告"

    @property
    def received(self) -> int:
        """New requests of natural persons."""
        return 20 + self.seed % 50 + self.year % 7


def figures(made: Made) -> dict[str, str]:
    """Cell key → printed text; all identities of the form hold."""
    found = dict.fromkeys(edition("2021").keys(), "0")
    new, org, old = made.received, 1 + made.seed % 3, made.seed % 4
    carried = made.seed % 2
    for column, count, before, left in (
        ("natural_person", new, old, carried),
        ("business", org, 0, 0),
        ("total", new + org, old, carried),
    ):
        done = count + before - left
        half = done // 2
        found |= {
            f"t3.received.{column}": str(count),
            f"t3.brought_forward.{column}": str(before),
            f"t3.granted.{column}": str(half if column != "total" else 0),
            f"t3.refused_internal_affairs.{column}": str(done - half if column != "total" else 0),
            f"t3.processed_total.{column}": str(done),
            f"t3.carried_forward.{column}": str(left),
        }
    for row in ("granted", "refused_internal_affairs"):
        parts = (int(found[f"t3.{row}.{column}"]) for column in ("natural_person", "business"))
        found[f"t3.{row}.total"] = str(sum(parts))
    found |= {"t2.normative_documents.issued": "2", "t2.normative_documents.in_force": str(10 + made.seed % 9)}
    found |= {"t2.licences.decisions": str(100 + made.seed), "t2.fees.amount": f"{made.seed % 20}.50"}
    found |= {"t4.reconsideration.upheld": "1", "t4.reconsideration.total": "1"}
    return found


def tables(made: Made) -> list[Table]:
    """The three tables as rows of merged cells."""
    value = figures(made)
    form = edition("2021").tables
    second: Table = []
    for block in form["t2"].blocks:
        second.append([(block.label, 1, 4)])
        width = 3 // len(block.columns)
        second.append([("信息内容", 1, 1), *((c.label, 1, width) for c in block.columns)])
        for row in block.rows:
            cells = ((value[f"t2.{row.key}.{c.key}"], 1, width) for c in block.columns)
            second.append([(row.label, 1, 1), *cells])
    (third_block,) = form["t3"].blocks
    stub = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    third: Table = [
        [(stub, 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(c.label, 1, 1) for c in third_block.columns if c.group],
    ]
    seen: set[tuple[str, ...]] = set()
    for row in third_block.rows:
        line: list[Slot] = []
        for depth in range(len(row.groups)):
            group = row.groups[: depth + 1]
            if group not in seen:
                seen.add(group)
                line.append((row.groups[depth], sum(r.groups[: depth + 1] == group for r in third_block.rows), 1))
        line.append((row.label, 1, 3 - len(row.groups)))
        third.append([*line, *((value[f"t3.{row.key}.{c.key}"], 1, 1) for c in third_block.columns)])
    rows = form["t4"].rows
    names = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    keys = ["upheld", "corrected", "other", "pending", "total"]
    fourth: Table = [
        [("行政复议", 2, 5), ("行政诉讼", 1, 10)],
        [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [(name, 1, 1) for _ in rows for name in names],
        [(value[f"t4.{row.key}.{key}"], 1, 1) for row in rows for key in keys],
    ]
    return [second, third, fourth]


def paragraphs(made: Made) -> list[str | int]:
    """The text in order; a number stands for a table."""
    total = made.received + 1 + made.seed % 3
    return [
        "一、总体情况",
        f"{made.year}年，{made.unit}收到政府信息公开申请{total}件，按期办理。",
        "二、主动公开政府信息情况",
        0,
        "三、收到和处理政府信息公开申请情况",
        1,
        "四、政府信息公开行政复议、行政诉讼情况",
        2,
        "五、存在的主要问题及改进情况",
        "公开内容还不够细，已安排专人每月核对栏目，补齐缺项。",
        "六、其他需要报告的事项",
        "没有收取信息处理费。",
        f"{made.unit}",
        f"{made.year + 1}年1月15日",
    ]


def as_html(made: Made) -> str:
    """Title, text and tables without a page around them."""
    out = [f"<h1>{escape(made.title)}</h1>"]
    drawn = tables(made)
    for part in paragraphs(made):
        if isinstance(part, str):
            out.append(f"<p>{escape(part)}</p>")
            continue
        lines = []
        for line in drawn[part]:
            cells = "".join(f'<td rowspan="{r}" colspan="{c}"><p>{escape(t)}</p></td>' for t, r, c in line)
            lines.append(f"<tr>{cells}</tr>")
        out.append(f"<table border=1>{''.join(lines)}</table>")
    return "\n".join(out)


def as_docx(made: Made) -> bytes:
    """The same report as an office document."""
    document = Document()
    document.add_paragraph(made.title)
    drawn = tables(made)
    for part in paragraphs(made):
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            _draw(document, drawn[part])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _draw(document: Document, table: Table) -> None:  # type: ignore[valid-type]
    width = sum(columns for _, _, columns in table[0])
    drawn = document.add_table(rows=len(table), cols=width)  # type: ignore[attr-defined]
    taken: set[tuple[int, int]] = set()
    grid = [row.cells for row in drawn.rows]
    for y, line in enumerate(table):
        x = 0
        for text, rows, columns in line:
            while (y, x) in taken:
                x += 1
            taken |= {(y + i, x + j) for i in range(rows) for j in range(columns)}
            cell = grid[y][x]
            if (rows, columns) != (1, 1):
                cell = cell.merge(grid[y + rows - 1][x + columns - 1])
            cell.text = text

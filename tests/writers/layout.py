"""A report as blocks: lines of text and tables of spanning slots, before any file format is chosen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from gongkai_etl.form import Block as FormBlock
from gongkai_etl.form import Row, table_form
from tests.writers.truth import Truth

Role = Literal["title", "heading", "body", "note", "sign"]
SlotKind = Literal["section", "head", "stub", "label", "group", "value"]


@dataclass(frozen=True)
class Line:
    """A paragraph outside tables."""

    text: str
    role: Role = "body"


@dataclass(frozen=True)
class Slot:
    """A table cell with its span; ``key`` is the figure it holds, if any."""

    text: str
    rows: int = 1
    columns: int = 1
    kind: SlotKind = "label"
    key: str | None = None


@dataclass(frozen=True)
class Table:
    """Rows of slots as HTML would list them (a spanned place is not listed again)."""

    key: str
    columns: int
    rows: tuple[tuple[Slot, ...], ...]
    head: int
    widths: tuple[float, ...]

    def placed(self) -> Iterator[tuple[int, int, Slot]]:
        """Every slot with the row and column of its first place."""
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(self.rows):
            column = 0
            for slot in row:
                while (number, column) in taken:
                    column += 1
                yield number, column, slot
                span = [(number + i, column + j) for i in range(slot.rows) for j in range(slot.columns)]
                taken.update(span)
                column += slot.columns


Blocks = tuple[Line | Table, ...]


@dataclass(frozen=True)
class Form:
    """Choices of an office: label wording, half-width brackets, table 二 in parts, a note under table 四."""

    wording: int = 0
    half: bool = False
    parts: bool = False
    note: bool = False
    intros: bool = False
    split_label: bool = False


def random_form(rng: random.Random) -> Form:
    """Some office's choices."""
    flips = [rng.random() < 0.3 for _ in range(5)]
    return Form(rng.randint(0, 5), *flips)


@cache
def wording() -> dict[str, Any]:
    """The contents of ``wording.yaml``."""
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("wording.yaml").read_text("utf-8"))
    return data


def blocks(truth: Truth, form: Form | None = None) -> Blocks:
    """The whole report in printed order."""
    form = form or Form()
    found: list[Line | Table] = [Line(truth.title, "title"), Line(truth.preamble)]
    for number in range(1, 7):
        if f"section{number}" in truth.omitted:
            continue
        found.append(Line(pick(wording()["headings"][number], form), "heading"))
        if number in truth.sections:
            found += [Line(text) for text in truth.sections[number].split("\n") if text]
        elif form.intros and number in wording()["intros"]:
            found += [Line(text) for text in [pick(wording()["intros"][number], form)] if text]
        found += _tables(truth, number, form)
    signed = truth.issued_on
    ends = {"signature": truth.signed_by, "date": f"{signed.year}年{signed.month}月{signed.day}日"}
    found += [Line(text, "sign") for name, text in ends.items() if name not in truth.omitted]
    return tuple(line for line in found if not isinstance(line, Line) or line.text)


def pick(options: list[str], form: Form) -> str:
    """The wording this office uses."""
    return options[form.wording % len(options)]


def _tables(truth: Truth, number: int, form: Form) -> list[Line | Table]:
    if f"t{number}" in truth.omitted:
        return []
    if number == 2:
        whole = table_two(truth, form)
        return list(_in_parts(whole)) if form.parts else [whole]
    if number == 3:
        return [table_three(truth, form)]
    if number == 4:
        note = [Line("注：本表数量含上年度结转的案件。", "note")] if form.note else []
        return [table_four(truth, form), *note]
    return []


def table_two(truth: Truth, form: Form) -> Table:
    """Table 二: four columns, a section row, a header row and figure rows for each 第二十条 item."""
    rows: list[tuple[Slot, ...]] = []
    for block in table_form("t2", truth.editions["t2"]).blocks:
        rows.append((Slot(_style(block.label, form), columns=4, kind="section"),))
        spans = {1: (3,), 2: (1, 2)}.get(len(block.columns), (1,) * len(block.columns))
        heads = [
            Slot(_style(_column(column.key, column.label, form), form), columns=span, kind="head")
            for column, span in zip(block.columns, spans, strict=True)
        ]
        rows.append((Slot("信息内容", kind="head"), *heads))
        for row in block.rows:
            keys = [f"t2.{row.key}.{column.key}" for column in block.columns]
            if keys[0] not in truth.cells:
                continue
            label = pick(wording()["rows"].get(row.key, [row.label]), form)
            if truth.editions["t2"] == "2019":
                label = row.label
            values = [_value(truth, key, span) for key, span in zip(keys, spans, strict=True)]
            rows.append((Slot(label), *values))
    return Table("t2", 4, tuple(rows), 0, (1.3, 1, 1, 1))


def _in_parts(table: Table) -> Iterator[Table]:
    starts = [i for i, row in enumerate(table.rows) if row[0].kind == "section"]
    for start, end in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        yield replace(table, rows=table.rows[start:end])


def _value(truth: Truth, key: str, columns: int = 1) -> Slot:
    return Slot(truth.text_of(key), columns=columns, kind="value", key=key)


def table_three(truth: Truth, form: Form) -> Table:
    """Table 三: ten columns, three header rows, merged groups on the left."""
    block = table_form("t3", truth.editions["t3"]).blocks[0]
    names = {column.key: _column(column.key, column.label, form) for column in block.columns}
    inner = [column.key for column in block.columns if column.group]
    rows: list[tuple[Slot, ...]] = [
        (Slot(pick(wording()["stub"], form), 3, 3, "stub"), Slot("申请人情况", 1, 7, "head")),
        (Slot("自然人", 2, 1, "head"), Slot("法人或其他组织", 1, 5, "head"), Slot(names["total"], 2, 1, "head")),
        tuple(Slot(_style(names[key], form), kind="head") for key in inner),
    ]
    seen: set[str] = set()
    for row in block.rows:
        labels = _labels(row, block, seen, form)
        rows.append((*labels, *(_value(truth, f"t3.{row.key}.{column.key}") for column in block.columns)))
    widths = (0.55, 1.15, 2.6, *[0.72] * 7)
    return Table("t3", 10, tuple(rows), 3, widths)


def _labels(row: Row, block: FormBlock, seen: set[str], form: Form) -> list[Slot]:
    label = _style(pick(wording()["rows"].get(row.key, [row.label]), form), form)
    if not row.groups:
        return [Slot(label, columns=3)]
    slots = []
    for group in row.groups:
        if group not in seen:
            seen.add(group)
            height = sum(group in other.groups for other in block.rows)
            slots.append(Slot(_style(group, form), height, 1, "group"))
    return [*slots, Slot(label, columns=3 - len(row.groups))]


def table_four(truth: Truth, form: Form) -> Table:
    """Table 四: fifteen columns, three header rows, one row of figures."""
    groups = table_form("t4", truth.editions["t4"]).blocks
    columns = [(row.key, column) for block in groups for row in block.rows for column in block.columns]
    names = [
        _column(column.key, column.label, form) if column.key == "total" else column.label for _, column in columns
    ]
    heads = [Slot(name, kind="head") for name in names]
    rows = (
        (Slot("行政复议", 1, 5, "head"), Slot("行政诉讼", 1, 10, "head")),
        (
            *(replace(head, rows=2) for head in heads[:5]),
            Slot("未经复议直接起诉", 1, 5, "head"),
            Slot("复议后起诉", 1, 5, "head"),
        ),
        tuple(heads[5:]),
        tuple(_value(truth, f"t4.{row}.{column.key}") for row, column in columns),
    )
    return Table("t4", 15, rows, 3, (1.0,) * 15)


def _column(key: str, label: str, form: Form) -> str:
    return pick(wording()["columns"].get(key, [label]), form)


def _style(text: str, form: Form) -> str:
    if form.half:
        return text.replace("（", "(").replace("）", ")")
    return text

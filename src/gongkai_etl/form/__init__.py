"""The statutory form as data: editions, tables, rows, columns, labels and identities.

An edition is one YAML file in ``form/editions/``; nothing about a row, a column or a label is
written anywhere else. Sources: 国办公开办函〔2021〕30号 and 国办公开办函〔2019〕60号.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from sys import intern
from typing import Any, Literal

import yaml

Kind = Literal["count", "money", "change"]
"""``count``: whole and ≥ 0. ``money``: decimal, 万元. ``change``: whole, may be negative (本年增/减)."""

SECTIONS: dict[int, str] = {
    1: "总体情况",
    2: "主动公开政府信息情况",
    3: "收到和处理政府信息公开申请情况",
    4: "政府信息公开行政复议、行政诉讼情况",
    5: "存在的主要问题及改进情况",
    6: "其他需要报告的事项",
}
"""The six sections in statutory order (条例第五十条; headings 一 to 六)."""

TABLES = ("t2", "t3", "t4")
TABLE_NAMES = {"t2": "表二", "t3": "表三", "t4": "表四"}


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column of a block."""

    key: str
    label: str
    variants: tuple[str, ...] = ()
    group: str | None = None
    kind: Kind = "count"


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row; ``groups`` are the labels of the merged cells on its left, outermost first."""

    key: str
    label: str
    variants: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share their columns: one 第二十条 item of table 二, the whole of table 三, one group of 四."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    stub: str | None = None


@dataclass(frozen=True, slots=True)
class TableForm:
    """One of the three tables in one edition."""

    key: str
    edition: str
    title: str
    section: int
    blocks: tuple[Block, ...]
    rows: tuple[Row, ...] = field(init=False)
    """The rows of all blocks in printed order."""
    _cells: tuple[tuple[str, Block, Row, Column], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(row for block in self.blocks for row in block.rows))
        cells = (
            (intern(f"{self.key}.{row.key}.{column.key}"), block, row, column)
            for block in self.blocks
            for row in block.rows
            for column in block.columns
        )
        object.__setattr__(self, "_cells", tuple(cells))

    def cells(self) -> tuple[tuple[str, Block, Row, Column], ...]:
        """Every cell in printed order as (key ``table.row.column``, block, row, column)."""
        return self._cells


@dataclass(frozen=True, slots=True)
class Term:
    """One cell of an identity: its key, its sign, and the year it is taken from (0 or −1)."""

    key: str
    sign: int = 1
    year: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """Σ left = Σ right. ``rule`` is the family (``T3-TOTAL``), ``scope`` the row or column it is for."""

    rule: str
    table: str
    scope: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]

    @property
    def id(self) -> str:
        """``T3-TOTAL.granted``: unique within an edition."""
        return f"{self.rule}.{self.scope}"

    @property
    def keys(self) -> tuple[str, ...]:
        """Cells of this year, left side (the printed total) first."""
        return tuple(term.key for term in (*self.left, *self.right) if term.year == 0)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the form."""

    id: str
    notice: str
    first_year: int
    last_year: int | None
    tables: dict[str, TableForm]
    identities: tuple[Identity, ...]
    year_identities: tuple[Identity, ...]

    def keys(self, table: str | None = None) -> tuple[str, ...]:
        """The cell keys of one table or of all three, in printed order."""
        chosen = [self.tables[table]] if table else list(self.tables.values())
        return tuple(key for form in chosen for key, *_ in form.cells())


@cache
def editions() -> tuple[str, ...]:
    """The known editions, newest first."""
    names = (entry.name for entry in files(__package__).joinpath("editions").iterdir())
    return tuple(sorted((name[:-5] for name in names if name.endswith(".yaml")), reverse=True))


@cache
def edition(name: str) -> Edition:
    """The edition ``name`` ("2021" or "2019"). Raises KeyError when there is no such edition."""
    if name not in editions():
        raise KeyError(name)
    source = files(__package__).joinpath("editions", f"{name}.yaml").read_text("utf-8")
    data = yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (a safe loader)
    tables = {key: _table(key, name, table) for key, table in data["tables"].items()}
    return Edition(
        id=name,
        notice=data["notice"],
        first_year=data["first_year"],
        last_year=data.get("last_year"),
        tables=tables,
        identities=_identities(data["identities"], tables),
        year_identities=_identities(data["year_identities"], tables),
    )


def edition_of_year(year: int) -> Edition:
    """The edition that is lawful for the reports of ``year``. Raises KeyError before 2019."""
    for name in editions():
        if edition(name).first_year <= year:
            return edition(name)
    raise KeyError(year)


def table_form(table: str, name: str) -> TableForm:
    """Table ``t2``, ``t3`` or ``t4`` of an edition (each table of a hybrid report has its own)."""
    return edition(name).tables[table]


@cache
def cell_labels(name: str) -> dict[str, str]:
    """Key → printed place in words, as in 表三「（一）予以公开」行「自然人」列, for one edition."""
    return {
        key: f"{TABLE_NAMES[key.split('.')[0]]}「{row}」行「{column}」列"
        for key, (row, column) in cell_places(name).items()
    }


@cache
def cell_places(name: str) -> dict[str, tuple[str, str]]:
    """Key → the printed names of row and column, for one edition."""
    return {
        key: (row.label if len(row.groups) < 2 else f"{row.groups[-1]}{row.label}", column.label)
        for form in edition(name).tables.values()
        for key, _, row, column in form.cells()
    }


def _table(key: str, name: str, data: dict[str, Any]) -> TableForm:
    blocks = tuple(
        Block(
            label=block["label"],
            stub=block.get("stub"),
            columns=tuple(Column(**_tuples(column)) for column in block["columns"]),
            rows=tuple(Row(**_tuples(row)) for row in block["rows"]),
        )
        for block in data["blocks"]
    )
    return TableForm(key=key, edition=name, title=data["title"], section=data["section"], blocks=blocks)


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def _identities(data: list[dict[str, Any]], tables: dict[str, TableForm]) -> tuple[Identity, ...]:
    found = []
    for entry in data:
        table = tables[entry["table"]]
        row_keys = [row.key for row in table.rows]
        column_keys = list(dict.fromkeys(column.key for block in table.blocks for column in block.columns))
        by_column = entry.get("for_each") == "columns"
        scopes = entry.get("rows") or (column_keys if by_column else row_keys)
        names = row_keys if by_column else column_keys
        for scope in scopes:
            place = f"{table.key}.{{name}}.{scope}" if by_column else f"{table.key}.{scope}.{{name}}"
            found.append(
                Identity(
                    rule=entry["rule"],
                    table=table.key,
                    scope=scope,
                    left=_terms(entry["left"], names, place),
                    right=_terms(entry["right"], names, place),
                )
            )
    return tuple(found)


def _terms(patterns: list[str], names: list[str], place: str) -> tuple[Term, ...]:
    terms = []
    for pattern in patterns:
        sign = -1 if pattern.startswith("-") else 1
        name, _, year = pattern.removeprefix("-").partition("@")
        matches = [known for known in names if fnmatchcase(known, name)]
        if not matches:
            raise ValueError(f"identity names no row or column: {pattern}")
        terms += [Term(place.format(name=match), sign, int(year or 0)) for match in matches]
    return tuple(terms)

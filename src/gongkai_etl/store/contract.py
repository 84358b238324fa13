"""The published contract: views of schema ``publish`` as data, applied, compared and documented from it.

One YAML file a view in ``publish_views/`` (number for the order, then the name): ``zh`` and ``en``
say what a row is, ``sql`` is its query, ``columns`` gives each column its Chinese (the COMMENT in
the database) and English meaning. ``wide`` names a table of the form whose cells become columns,
``indicators`` are formulas over cell keys; the chain of years comes from the form's identities.
``{public COLUMN}`` hides personal data in what people wrote, ``{public COLUMN, FILE NAME}`` the name of the file too.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import Connection, text

from gongkai_etl import form, personal
from gongkai_etl.store.dimensions import form_cells

SCHEMA = "publish"
VERSION = "2"
"""Rises when a column is renamed or taken away; new views and columns do not change it."""


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column of the contract."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class View:
    """A view of the contract."""

    name: str
    zh: str
    en: str
    sql: str
    columns: tuple[ViewColumn, ...]


@cache
def views() -> tuple[View, ...]:
    """All views in the order in which they are created."""
    folder = files(__package__).joinpath("publish_views")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return tuple(_view(name, yaml.safe_load(folder.joinpath(name).read_text("utf-8"))) for name in names)


def fingerprint() -> str:
    """Hash of the whole contract; the comment of the schema carries it."""
    return hashlib.sha256(repr(views()).encode()).hexdigest()[:16]


def apply(connection: Connection) -> bool:
    """Create the views anew when their definition differs from the database's; True when it did."""
    mark = f"县级政府信息公开年度报告公开数据，接口版本 {VERSION}（{fingerprint()}）"
    if connection.scalar(text("SELECT obj_description(to_regnamespace('publish'), 'pg_namespace')")) == mark:
        return False
    connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    for view in views():
        _raw(connection, f"CREATE VIEW {SCHEMA}.{view.name} ({_names(view)}) AS\n{view.sql}")
        _raw(connection, f"COMMENT ON VIEW {SCHEMA}.{view.name} IS {_quoted(view.zh)}")
        for column in view.columns:
            _raw(connection, f"COMMENT ON COLUMN {SCHEMA}.{view.name}.{column.name} IS {_quoted(column.zh)}")
    _raw(connection, f"COMMENT ON SCHEMA {SCHEMA} IS {_quoted(mark)}")
    return True


def live(connection: Connection) -> dict[str, tuple[str, tuple[tuple[str, str], ...]]]:
    """What the database has: view → (comment, ((column, comment), …)). For comparing with :func:`views`."""
    rows = connection.execute(
        text(
            """
            SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), ''),
                   a.attname, coalesce(col_description(c.oid, a.attnum), '')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE n.nspname = 'publish' ORDER BY c.relname, a.attnum
            """
        )
    )
    found: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {}
    for view, comment, column, meaning in rows:
        _, columns = found.get(view, (comment, ()))
        found[view] = (comment, (*columns, (column, meaning)))
    return found


def markdown() -> str:
    """The data dictionary, Chinese and English, as kept in docs/warehouse.md."""
    lines = [
        "# 公开数据字典 · Data dictionary",
        "",
        f"由 `gongkai_etl/store/publish_views/` 生成，接口版本 {VERSION}，请勿手工修改。"
        " Generated from the view definitions; do not edit.",
        "",
        "数字只来自已核准的发布版本；进度是实时的。空值表示没有数字，绝不等于 0。"
        " Figures come from approved releases only; progress is live. NULL means there is no figure, never 0.",
        "",
    ]
    for view in views():
        lines += [
            f"## publish.{view.name}",
            "",
            view.zh,
            "",
            view.en,
            "",
            "| 列 column | 含义 | meaning |",
            "|---|---|---|",
        ]
        lines += [f"| `{column.name}` | {column.zh} | {column.en} |" for column in view.columns]
        lines.append("")
    return "\n".join(lines)


def _view(file_name: str, data: dict[str, Any]) -> View:
    columns = [ViewColumn(name, meaning["zh"], meaning["en"]) for name, meaning in data["columns"].items()]
    cells = [cell for cell in form_cells().values() if cell.table == data.get("wide")]
    columns += [ViewColumn(f"{cell.row}_{cell.column}", cell.place, f"Figure {cell.key}") for cell in cells]
    parts = {
        "{wide}": ",\n       ".join(f"w.{cell.wide}" for cell in cells),
        "{chain}": _chain(),
        **_indicators(data.get("indicators", [])),
    }
    sql = data["sql"].rstrip().rstrip(";")
    for mark, words in parts.items():
        sql = sql.replace(mark, words)
    sql = re.sub(r"\{public ([a-z_.]+)(?:, ([a-z_.]+))?\}", _public, sql)
    name = file_name.removesuffix(".yaml").split("_", 1)[1]
    return View(name, data["zh"], data["en"], sql, tuple(columns))


def _public(found: re.Match[str]) -> str:
    """A text as the public may see it; files of a telling name lose it, as in gongkai_etl.personal."""
    words, name = found.groups()
    if name:
        telling = f"CASE WHEN length({name}) > 4 AND {name} LIKE '%.%' THEN {name} ELSE '' END"
        words = f"replace({words}, {telling}, '{personal.A_FILE}')"
    pattern = "|".join(personal.PATTERNS.values())
    return f"regexp_replace({words}, '{pattern}', '{personal.HIDDEN}', 'g')"


def _chain() -> str:
    """VALUES of the identities across years: (rule, cell, what follows from last year, what is reported)."""
    rows: dict[tuple[str, str], str] = {}
    for name in form.editions():
        for identity in form.edition(name).year_identities:
            key = identity.left[0].key
            expected = " ".join(_term(term) for term in identity.right).removeprefix("+ ")
            found = " ".join(_term(term) for term in identity.left).removeprefix("+ ")
            rows.setdefault((identity.rule, key), f"('{identity.rule}', '{key}', {expected}, {found})")
    return ",\n    ".join(rows.values())


def _term(term: form.Term) -> str:
    sign, alias = "-" if term.sign < 0 else "+", "p" if term.year else "w"
    return f"{sign} {alias}.{form_cells()[term.key].wide}"


def _indicators(entries: list[dict[str, str]]) -> dict[str, str]:
    """Marks → SQL of the indicators.

    ``{sides}`` are numerator and denominator of each (n1, d1, …) over the wide table, ``{sums}`` their sums
    over units that have both, with the number of these units (c1, …), ``{by_unit}`` and ``{by_county}``
    the VALUES (order, key, label, formula, numerator, denominator[, units]) made of them.
    """
    numbered = list(enumerate(entries, 1))
    words = {
        number: f"{number}, '{entry['key']}', '{entry['label']}', '{entry['formula']}'"
        for number, entry in numbered
    }
    sides = [
        f"{_expression(entry['numerator'])} AS n{number}, {_expression(entry['denominator'])} AS d{number}"
        for number, entry in numbered
    ]
    sums = [
        f"sum(n{n}) FILTER (WHERE d{n} IS NOT NULL) AS n{n}, sum(d{n}) FILTER (WHERE n{n} IS NOT NULL) AS d{n}, "
        f"count(*) FILTER (WHERE n{n} IS NOT NULL AND d{n} IS NOT NULL) AS c{n}"
        for n in words
    ]
    return {
        "{sides}": ",\n         ".join(sides),
        "{sums}": ",\n         ".join(sums),
        "{by_unit}": ",\n    ".join(f"({text}, n{n}, d{n})" for n, text in words.items()),
        "{by_county}": ",\n    ".join(f"({text}, n{n}, d{n}, c{n})" for n, text in words.items()),
    }


def _expression(words: str) -> str:
    """``t3.refused_*.total + …`` as SQL over the wide table; a missing figure makes the whole NULL."""
    return " ".join(word if word in "+-" else _sum(word) for word in words.split())


def _sum(pattern: str) -> str:
    matches = [cell.wide for cell in form_cells().values() if fnmatchcase(cell.key, pattern)]
    if not matches:
        raise ValueError(f"indicator names no cell: {pattern}")
    return "(" + " + ".join(f"w.{name}" for name in matches) + ")"


def _names(view: View) -> str:
    return ", ".join(column.name for column in view.columns)


def _quoted(words: str) -> str:
    return "'" + " ".join(words.split()).replace("'", "''") + "'"


def _raw(connection: Connection, sql: str) -> None:
    connection.exec_driver_sql(sql.replace("%", "%%"))

"""The Great Expectations suites: generated from ``form/``, kept as readable JSON under ``expectations/``.

``python -m gongkai_etl.check.suites`` writes them; a test says whether they are in step.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from gongkai_etl import form
from gongkai_etl.check.catalogue import rules

LEVELS = {"error": "critical", "warning": "warning", "notice": "info"}
"""Severity of a rule → severity of its expectation."""


def documents() -> dict[str, dict[str, Any]]:
    """File name (without .json) → suite document, for every edition and for the ledger."""
    made = {}
    for name in form.editions():
        made[f"cells_{name}"] = _suite(f"cells_{name}", _cells(form.edition(name)))
        made[f"years_{name}"] = _suite(f"years_{name}", _years(form.edition(name)))
    made["ledger"] = _suite("ledger", _ledger())
    return made


@cache
def document(name: str) -> dict[str, Any]:
    """One suite document as generated."""
    return documents()[name]


def column(term: form.Term) -> str:
    """The frame's column of a term: the cell key, with ``@-1`` for the year before."""
    return f"{term.key}@{term.year}" if term.year else term.key


def equation(identity: form.Identity, edition: str) -> str:
    """An identity in words of the form: 「新收」＋「上年结转」＝…"""
    labels = form.cell_labels(edition)

    def side(terms: tuple[form.Term, ...]) -> str:
        said = [("－" if t.sign < 0 else "＋") + ("上年" if t.year else "") + labels[t.key] for t in terms]
        return "".join(said).removeprefix("＋")

    return f"{side(identity.left)} ＝ {side(identity.right)}"


def write(folder: Path) -> list[Path]:
    """Write all suites into a folder; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, suite in documents().items():
        path = folder / f"{name}.json"
        path.write_text(as_text(suite), encoding="utf-8")
        written.append(path)
    return written


def as_text(suite: dict[str, Any]) -> str:
    """A suite as it is kept: indented, lists of signs on one line."""
    text = json.dumps(suite, ensure_ascii=False, indent=2)
    return re.sub(r"\[[\s\d,-]+\]", lambda match: re.sub(r"\s+", "", match[0]), text) + "\n"


def _suite(name: str, expectations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "expectations": expectations, "meta": {"made_by": "gongkai_etl.check.suites"}}


def _cells(edition: form.Edition) -> list[dict[str, Any]]:
    made = [_identity(identity, edition) for identity in edition.identities]
    for table, of in edition.tables.items():
        counts = [key for key, _, _, col in of.cells() if col.kind == "count"]
        whole = _expectation("expect_counts_to_be_whole", f"{table.upper()}-WHOLE", {"column_list": counts})
        required = [key for key, _, row, _ in of.cells() if not row.optional]
        filled = _expectation(
            "expect_cells_to_be_filled",
            "READ-UNREAD",
            {"column_list": [*required, f"edition_{table}"], "edition": int(edition.id)},
        )
        filled["description"] = f"{edition.id}年格式的{form.TABLE_NAMES[table]}每格都是读准的数"
        for made_of in (whole, filled):
            made_of["meta"] |= {"table": table, "edition": edition.id}
            made.append(made_of)
    return made


def _years(edition: form.Edition) -> list[dict[str, Any]]:
    return [_identity(identity, edition) for identity in edition.year_identities]


def _identity(identity: form.Identity, edition: form.Edition) -> dict[str, Any]:
    terms = [(column(t), t.sign) for t in identity.left] + [(column(t), -t.sign) for t in identity.right]
    kwargs = {
        "column_list": [name for name, _ in terms],
        "signs": [sign for _, sign in terms],
        "ignore_row_if": "any_value_is_missing",
    }
    made = _expectation("expect_identity_to_hold", identity.rule, kwargs)
    made["description"] = equation(identity, edition.id)
    made["meta"] |= {"identity": identity.id, "table": identity.table, "edition": edition.id}
    return made


def _expectation(kind: str, rule: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    entry = rules()[rule]
    return {
        "type": kind,
        "kwargs": kwargs,
        "severity": LEVELS[entry.severity],
        "description": entry.title,
        "meta": {"rule": rule},
    }


def _ledger() -> list[dict[str, Any]]:
    """One row a report and rule: errors never fail, then warnings, then notices; and no rule broke down."""
    words = {"error": "没有一份报告有错误", "warning": "没有一份报告有疑点", "notice": "没有一份报告有提示"}
    made: list[dict[str, Any]] = []
    for severity, description in words.items():
        made.append(
            {
                "type": "expect_column_values_to_not_be_in_set",
                "kwargs": {"column": severity, "value_set": ["fail"]},
                "severity": LEVELS[severity],
                "description": description,
                "meta": {"severity": severity},
            }
        )
    made.append(
        {
            "type": "expect_column_values_to_not_be_in_set",
            "kwargs": {"column": "outcome", "value_set": ["broken"]},
            "severity": "critical",
            "description": "没有一条规则执行出错",
            "meta": {},
        }
    )
    return made


if __name__ == "__main__":
    write(Path("expectations"))

"""Where each figure and each check of a table stands in its sheet, and the formula of a check."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter as letter

from gongkai_etl.form import Edition, Identity, TableForm
from gongkai_etl.publish.bridge import check_label

CHECKS = "校验"
LEFT = 3
"""Columns on the left of the figures: number, unit, state."""


@dataclass(slots=True)
class Plan:
    """Which column holds which figure or check. ``columns``: key → number; ``checks``: number → identity."""

    columns: dict[str, int] = field(default_factory=dict)
    checks: dict[int, Identity] = field(default_factory=dict)
    heads: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The last column."""
        return max(self.heads)


def plan(form: TableForm, edition: Edition) -> Plan:
    """Figures in printed order; the check of a row's total beside it, those of the columns at the end."""
    made = Plan()
    identities = [entry for entry in edition.identities if entry.table == form.key]
    of_rows = {entry.left[0].key: entry for entry in identities if entry.rule.endswith("-TOTAL")}
    next_column = LEFT + 1
    for key, block, row, column in form.cells():
        made.columns[key] = next_column
        group = row.groups[-1] if row.groups else block.label
        made.heads[next_column] = (group, row.label, column.label)
        next_column += 1
        if key in of_rows:
            made.checks[next_column] = of_rows[key]
            made.heads[next_column] = (group, row.label, "校验：总计－分项")
            next_column += 1
    for entry in identities:
        if entry not in of_rows.values():
            made.checks[next_column] = entry
            made.heads[next_column] = (CHECKS, check_label(entry), "左边－右边")
            next_column += 1
    return made


def difference(identity: Identity, made: Plan, row: int) -> str:
    """The formula left − right: empty when the total is missing, or when blanks leave it open."""
    left = "+".join(f"N({letter(made.columns[term.key])}{row})" for term in identity.left)
    cells = [f"{letter(made.columns[term.key])}{row}" for term in identity.right]
    right = f"SUM({_span(cells)})"
    all_cells = [f"{letter(made.columns[term.key])}{row}" for term in identity.left] + cells
    unsaid = f"AND(COUNT({_span(all_cells)})<{len(all_cells)},{left}<>{right})"
    lefts = ",".join(f"{letter(made.columns[term.key])}{row}" for term in identity.left)
    return f'=IF(OR(COUNT({lefts})<{len(identity.left)},{unsaid}),"",{left}-{right})'


def _span(cells: list[str]) -> str:
    return ",".join(cells)

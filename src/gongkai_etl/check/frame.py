"""Reports as one wide pandas frame: a row a report, a column a cell (``@-1``: of the year before)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gongkai_etl import form
from gongkai_etl.check.case import Case
from gongkai_etl.model import CellState, Report

if TYPE_CHECKING:
    import pandas as pd

BEFORE = "@-1"


def frame(cases: Sequence[Case]) -> pd.DataFrame:
    """Columns of all editions, and ``edition_t2`` to ``edition_t4``; NaN where there is no number that was read with certainty.

    Index ``report`` is the position of the case. Money is a float here: no identity is about money.
    """
    import pandas as pd

    names = columns()
    values = _matrix([case.report for case in cases], names)
    made: pd.DataFrame = pd.DataFrame(values, columns=list(names), index=pd.RangeIndex(len(cases), name="report"))
    for table in form.TABLES:
        made[f"edition_{table}"] = [int(case.editions[table]) for case in cases]
    if any(usable_previous(case) for case in cases):
        before = _matrix([usable_previous(case) for case in cases], names)
        made = pd.concat(
            [made, pd.DataFrame(before, columns=[f"{n}{BEFORE}" for n in names], index=made.index)], axis=1
        )
    return made


def columns() -> tuple[str, ...]:
    """The cell keys of all editions."""
    return tuple(dict.fromkeys(key for name in form.editions() for key in form.edition(name).keys()))  # noqa: SIM118 -- not a dictionary


def usable_previous(case: Case) -> Report | None:
    """Last year's report, when it is one: of the year before, as far as both say their year."""
    previous = case.item.previous
    if previous is None or (case.year and previous.year and previous.year != case.year - 1):
        return None
    return previous


def _matrix(reports: Sequence[Report | None], names: Sequence[str]) -> Any:
    import numpy as np

    place = {name: k for k, name in enumerate(names)}
    values = np.full((len(reports), len(names)), np.nan)
    for row, report in enumerate(reports):
        if report is None:
            continue
        line = values[row]
        for key, cell in report.cells.items():
            if cell.certain and cell.state is CellState.NUMBER and key in place and cell.value is not None:
                line[place[key]] = cell.value
    return values

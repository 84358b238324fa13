"""Compares what was read with what was written: ``python -m tests.writers.score FOLDER [--only LAYOUT]``.

A figure is right, openly uncertain (unread, or wrong and said to be uncertain), or silently wrong.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from gongkai_etl.errors import GongkaiError
from gongkai_etl.model import Cell, CellState, Report

MISSING = (CellState.UNREAD, CellState.ABSENT)


@dataclass
class Score:
    """Counts of one document, and its faults in words."""

    right: int = 0
    open: int = 0
    wrong: int = 0
    unsure: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every figure was read right."""
        return not self.open and not self.wrong


def same(expected: object, cell: Cell) -> bool:
    """Whether a cell holds the figure that was written (truth as in its JSON file)."""
    if expected is None:
        return cell.value is None and cell.state in (CellState.BLANK, CellState.NOT_APPLICABLE)
    if isinstance(expected, str) and not _is_number(expected):
        return cell.value is None and (cell.raw or "").strip() == expected
    return (
        cell.state is CellState.NUMBER and cell.value is not None and Decimal(cell.value) == Decimal(f"{expected}")
    )


def _is_number(text: str) -> bool:
    return text.lstrip("-+").replace(".", "", 1).isdigit()


def compare(expected: Mapping[str, object], report: Report) -> Score:
    """The cells of a report against their truth; a figure read where none was written is silently wrong."""
    score = Score()
    for key, value in expected.items():
        cell = report.cells.get(key)
        if cell is not None and same(value, cell):
            score.right += 1
            score.unsure += not cell.certain
        elif cell is None or cell.state in MISSING or not cell.certain:
            score.open += 1
            score.faults.append(f"{key}: {value!r} not read ({cell and cell.state}, {cell and cell.raw!r})")
        else:
            score.wrong += 1
            score.faults.append(f"{key}: {value!r} read as {cell.raw!r} ({cell.state}, {cell.reason})")
    for key, cell in report.cells.items():
        if key not in expected and cell.state is CellState.NUMBER and cell.certain:
            score.wrong += 1
            score.faults.append(f"{key}: nothing there, read as {cell.raw!r}")
    return score


def identity(truth: Mapping[str, object], report: Report) -> list[str]:
    """What was read wrongly of unit, year, title, date and signature."""
    day = report.issued_on.isoformat() if report.issued_on else None
    pairs = {
        "unit": (truth["unit"], report.unit),
        "year": (truth["year"], report.year),
        "title": (truth["title"], report.title),
        "signed_date": (truth["signed_date"], day),
        "signer": (truth["signer"], report.signed_by),
    }
    return [f"{name}: {left!r} read as {right!r}" for name, (left, right) in pairs.items() if left != right]


def main() -> None:
    """Print one line a document and the sums."""
    from gongkai_etl.pipeline import read_report

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--faults", type=int, default=3, help="faults shown a document")
    chosen = parser.parse_args()
    totals: Counter[str] = Counter()
    for path in sorted(chosen.folder.glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        if not truth["layout"].startswith(chosen.only):
            continue
        started = time.process_time()
        score, names = _read(chosen.folder / truth["path"], truth, read_report)
        spent = (time.process_time() - started) * 1000
        totals.update(documents=1, whole=score.whole, right=score.right, open=score.open, wrong=score.wrong)
        totals.update(named=not names, unsure=score.unsure)
        mark = "ok " if score.whole and not names else "   "
        counts = f"{score.right:4} right {score.open:4} open {score.wrong:3} WRONG {score.unsure:3} unsure"
        print(f"{mark}{truth['path']:9} {truth['layout']:24}{counts} {spent:6.0f} ms")  # noqa: T201
        for fault in [*score.faults[: chosen.faults], *names]:
            print(f"      {fault}")  # noqa: T201
    print(dict(totals))  # noqa: T201


def _read(path: Path, truth: Mapping[str, dict[str, object]], read_report: object) -> tuple[Score, list[str]]:
    assert callable(read_report)
    try:
        report = read_report(path.read_bytes(), path.name)
    except GongkaiError as error:
        return Score(open=len(truth["cells"]), faults=[f"{error.code} {error}"]), []
    except Exception as error:
        return Score(open=len(truth["cells"]), faults=[f"TRACEBACK {error!r}"]), []
    return compare(truth["cells"], report), identity(truth, report)


if __name__ == "__main__":
    main()

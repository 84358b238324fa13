"""Which cells to look at first: the fewest cells whose correction makes all identities true (Fellegi–Holt).

Source: I. P. Fellegi, D. Holt, "A Systematic Approach to Automatic Edit and Imputation" (1976): the
set of fields to change is a smallest one that touches every failed edit and can make all edits true.
What comes out is advice to people, never a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gongkai_etl import form
from gongkai_etl.check.case import Case
from gongkai_etl.model import CellState, Finding

MOST_CELLS = 3
MOST_ANSWERS = 6
_MARKS = "①②③④⑤⑥"
_RULES = ("T3-BALANCE", "T3-PROCESSED", "T3-TOTAL", "T4-TOTAL")


@dataclass(frozen=True, slots=True)
class Repair:
    """A smallest set of cells with the values that would make all identities of their table true."""

    values: tuple[tuple[str, int], ...]
    slips: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells to look at."""
        return tuple(key for key, _ in self.values)


Equation = dict[str, int]
"""Cell → sign; the signed sum is 0 when the identity holds."""


def equations(case: Case, table: str) -> list[Equation]:
    """The identities of a table in which every cell is a certain number (or a blank that counts as 0)."""
    made = []
    for identity in case.identities:
        if identity.table != table:
            continue
        terms = [(t.key, t.sign) for t in identity.left] + [(t.key, -t.sign) for t in identity.right]
        if all(_usable(case, key) for key, _ in terms):
            made.append(dict(terms))
    return made


def _usable(case: Case, key: str) -> bool:
    cell = case.cell(key)
    return cell.state is CellState.BLANK or (cell.state is CellState.NUMBER and cell.certain)


def repairs(case: Case, table: str) -> tuple[Repair, ...]:
    """All smallest repairs of a table, the likeliest slip first; none when nothing fails or too much does.

    Identities that share no cell (the three groups of table 四) are repaired each for itself.
    """
    return tuple(repair for rules in _apart(equations(case, table)) for repair in _repairs(case, rules))


def _apart(rules: Sequence[Equation]) -> Iterator[list[Equation]]:
    """Groups of identities that are joined by shared cells."""
    waiting = list(rules)
    while waiting:
        group, cells = [waiting[0]], set(waiting.pop(0))
        while more := [rule for rule in waiting if cells & set(rule)]:
            group += more
            cells.update(*more)
            waiting = [rule for rule in waiting if rule not in more]
        yield group


def _repairs(case: Case, rules: Sequence[Equation]) -> tuple[Repair, ...]:
    values = {key: int(case.cell(key).value or 0) for rule in rules for key in rule}
    wrong = {at: gap for at, rule in enumerate(rules) if (gap := _gap(rule, values))}
    if not wrong:
        return ()
    by_cell: dict[str, list[int]] = {}
    for at, rule in enumerate(rules):
        for key in rule:
            by_cell.setdefault(key, []).append(at)
    negative = {key for key, value in values.items() if value < 0}  # wrong by itself
    for size in range(max(1, len(negative)), MOST_CELLS + 1):
        sets = (chosen for chosen in _covers(wrong, rules, by_cell, size) if negative <= set(chosen))
        solved = [found for chosen in sets if (found := _solve(chosen, rules, by_cell, values, wrong))]
        if solved:
            made = [Repair(tuple(sorted(one.items())), _slips(case, one, values)) for one in solved]
            return tuple(sorted(made, key=lambda repair: (not any(repair.slips), repair.values)))
    return ()


def _gap(rule: Equation, values: Mapping[str, int]) -> int:
    return sum(sign * values[key] for key, sign in rule.items())


def _covers(
    wrong: Mapping[int, int], rules: Sequence[Equation], by_cell: Mapping[str, list[int]], size: int
) -> Iterator[tuple[str, ...]]:
    """Sets of ``size`` cells that touch every failed identity, and whose touch on the others can cancel."""
    involved = sorted({key for at in wrong for key in rules[at]})
    if size == 1:
        yield from ((key,) for key in involved if set(by_cell[key]) == set(wrong))
        return
    seen: set[tuple[str, ...]] = set()
    first = min(wrong, key=lambda at: len(rules[at]))
    for start in sorted(rules[first]):
        for chosen in _grow((start,), wrong, rules, by_cell, size):
            if chosen not in seen:
                seen.add(chosen)
                yield chosen


def _grow(
    chosen: tuple[str, ...],
    wrong: Mapping[int, int],
    rules: Sequence[Equation],
    by_cell: Mapping[str, list[int]],
    size: int,
) -> Iterator[tuple[str, ...]]:
    """Take one open identity after the other: failed and untouched, or held and touched only once."""
    touched: dict[int, int] = {}
    for key in chosen:
        for at in by_cell[key]:
            touched[at] = touched.get(at, 0) + 1
    open_ones = [at for at in wrong if at not in touched] + [
        at for at, times in touched.items() if at not in wrong and times == 1
    ]
    if not open_ones:
        yield tuple(sorted(chosen))
        return
    if len(chosen) < size:
        for key in sorted(rules[min(open_ones)]):
            if key not in chosen:
                yield from _grow((*chosen, key), wrong, rules, by_cell, size)


def _solve(
    chosen: tuple[str, ...],
    rules: Sequence[Equation],
    by_cell: Mapping[str, list[int]],
    values: Mapping[str, int],
    wrong: Mapping[int, int],
) -> dict[str, int] | None:
    """The one whole, non-negative solution for the chosen cells, or None (none, or more than one)."""
    import numpy as np

    touched = sorted({at for key in chosen for at in by_cell[key]})
    matrix = np.array([[rules[at].get(key, 0) for key in chosen] for at in touched], dtype="float64")
    gaps = np.array([-wrong.get(at, 0) for at in touched], dtype="float64")
    solution, _, rank, _ = np.linalg.lstsq(matrix, gaps, rcond=None)
    moves = [round(float(move)) for move in solution]
    if rank < len(chosen) or not np.allclose(matrix @ np.array(moves), gaps) or 0 in moves:
        return None
    repaired = {key: values[key] + move for key, move in zip(chosen, moves, strict=True)}
    return repaired if all(value >= 0 for value in repaired.values()) else None


def _slips(case: Case, repaired: Mapping[str, int], values: Mapping[str, int]) -> tuple[str, ...]:
    """The likely slip of the hand for each cell, in Chinese; empty where none is recognised."""
    shifted = _shifted(repaired, values)
    if shifted:
        return (shifted,)
    said = (
        _slip(case, key, values[key], needed, alone=len(repaired) == 1)
        for key, needed in sorted(repaired.items())
        if not _follows(key, repaired)
    )
    return tuple(dict.fromkeys(slip for slip in said if slip))


def _follows(key: str, repaired: Mapping[str, int]) -> bool:
    """Whether a total only moves because a figure summed into it does: its sum was no slip."""
    table, row, column = key.split(".")
    if column == "total":
        return any(other.startswith(f"{table}.{row}.") for other in repaired if other != key)
    return row == "processed_total" and any(other.endswith(f".{column}") for other in repaired if other != key)


def _slip(case: Case, key: str, printed: int, needed: int, alone: bool) -> str:
    """``alone``: the cell was just named, the words go on from there."""
    label = "" if alone else case.label(key)
    digits, wanted = str(abs(printed)), str(needed)
    if case.cell(key).state is CellState.BLANK:
        return f"{label}漏填"
    if printed < 0 and -printed == needed:
        return f"{label}多了负号"
    if len(digits) == len(wanted) > 1 and sorted(digits) == sorted(wanted):
        return f"{label}数字颠倒（{printed}与{needed}）"
    if printed and needed and (printed == needed * 10 or needed == printed * 10):
        return f"{label}多写或少写了一个0"
    if printed == needed * 10000:
        return f"{label}元与万元混淆"
    total = key.endswith(".total") or ".processed_total." in key
    if total and printed == 0:
        return f"{label}没有合计"
    return f"{label}{'总计' if alone else ''}没有随各项更新" if total else ""


def _shifted(repaired: Mapping[str, int], values: Mapping[str, int]) -> str:
    """Two cells whose values only have to change places: a figure in the wrong row or column."""
    if len(repaired) != 2:
        return ""
    (one, first), (other, second) = repaired.items()
    if (first, second) != (values[other], values[one]):
        return ""
    same_row = one.rsplit(".", 1)[0] == other.rsplit(".", 1)[0]
    return (
        "两格的数像是填错了列（互换后各勾稽关系成立）"
        if same_row
        else "两格的数像是填错了行（互换后各勾稽关系成立）"
    )


def with_advice(case: Case, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those of identities with what to look at first."""
    tables = {
        finding.rule[:2].lower() for finding in findings if finding.rule in _RULES and finding.outcome == "fail"
    }
    advice = {table: _Advice(case, repairs(case, table)) for table in sorted(tables)}
    return [
        replace(finding, advice=said)
        if finding.rule in _RULES
        and finding.outcome == "fail"
        and (said := advice[finding.rule[:2].lower()](finding))
        else finding
        for finding in findings
    ]


@dataclass(frozen=True, slots=True)
class _Advice:
    """Words for a finding: the repairs of its table that touch its cells."""

    case: Case
    found: tuple[Repair, ...]

    def __call__(self, finding: Finding) -> str | None:
        mine = [repair for repair in self.found if set(repair.cells) & set(finding.cells)]
        if not mine:
            return None
        shown = mine[:MOST_ANSWERS]
        if len(mine) == 1:
            return f"请先核对：{_words(self.case, mine[0])}。这只是建议，以台账为准。"
        said = "；".join(f"{mark}{_words(self.case, repair)}" for mark, repair in zip(_MARKS, shown, strict=False))
        more = f"（共有{len(mine)}种可能，只列前{MOST_ANSWERS}种）" if len(mine) > MOST_ANSWERS else ""
        return f"有几种可能，请对照台账判断是哪一种：{said}{more}。这只是建议，以台账为准。"


def _words(case: Case, repair: Repair) -> str:
    """What stands in the cells and what should, each row named once."""
    rows: dict[tuple[str, str], list[str]] = {}
    for key, needed in repair.values:
        row, column = case.place(key)
        said = f"「{column}」列现为{case.cell(key).raw or '空白'}，应为{needed}"
        rows.setdefault((form.TABLE_NAMES[key.split(".")[0]], row), []).append(said)
    cells = "，".join(f"{table}「{row}」行{'、'.join(columns)}" for (table, row), columns in rows.items())
    return cells + (f"（像是{'、'.join(repair.slips)}）" if any(repair.slips) else "")


def suspects(case: Case) -> frozenset[str]:
    """Every cell that some smallest repair would change."""
    return frozenset(_cells(repair for table in form.TABLES for repair in repairs(case, table)))


def _cells(found: Iterable[Repair]) -> Iterator[str]:
    for repair in found:
        yield from repair.cells

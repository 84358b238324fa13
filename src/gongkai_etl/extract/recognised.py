"""Figures recognised on pictures: one of several readings chosen by the identities, and what proves a figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from gongkai_etl.extract.identities import holds, identities, says_nothing
from gongkai_etl.extract.numbers import Figure
from gongkai_etl.form import Identity
from gongkai_etl.model import Cell, CellState

CHOSEN = "文字识别有几种读法，按勾稽关系选取，须核对原件"
PROVEN = "所在行、列的勾稽关系均成立"
EMPTY = "格内没有墨迹，所在行、列的勾稽关系均成立"

_FIRM = 0.9
"""Confidence from which on a reading gives way only when its row and its column both ask for another one."""
_MOST = 40


@dataclass(frozen=True, slots=True)
class _Choice:
    key: str
    text: str
    figure: Figure
    mends: tuple[Identity, ...]


def choose(
    cells: dict[str, Cell],
    others: Mapping[str, Mapping[str, Figure]],
    editions: Mapping[str, str | None],
) -> None:
    """Put another reading of a cell in its place where that mends an identity and breaks none.

    ``others`` gives the further readings of a cell's picture, text → figure. A figure so chosen stays
    uncertain. Where two choices would mend the same identity equally well, none is taken.
    """
    own = _by_key(identities(editions))
    for _ in range(_MOST):
        choices = [
            choice
            for key, figures in others.items()
            if key in cells
            for choice in _choices(key, figures, cells, own.get(key, []))
        ]
        best = _undisputed(choices)
        if best is None:
            return
        before = cells[best.key]
        cells[best.key] = replace(
            before,
            value=best.figure.value,
            raw=best.text,
            state=best.figure.state,
            certain=False,
            reason=CHOSEN,
            note=best.figure.note,
            readings={"识别一": before.raw or "", "识别二": best.text},
        )


def _by_key(rules: Sequence[Identity]) -> dict[str, list[Identity]]:
    own: dict[str, list[Identity]] = {}
    for identity in rules:
        for key in identity.keys:
            own.setdefault(key, []).append(identity)
    return own


def _choices(
    key: str, figures: Mapping[str, Figure], cells: Mapping[str, Cell], own: Sequence[Identity]
) -> list[_Choice]:
    before = {identity: holds(identity, cells) for identity in own}
    cell = cells[key]
    if cell.reason == CHOSEN or all(before.values()):
        return []
    least = 2 if cell.state is CellState.NUMBER and (cell.confidence or 0.0) >= _FIRM else 1
    found = []
    for text, figure in figures.items():
        if (figure.value, figure.state) == (cell.value, cell.state):
            continue
        trial = {**cells, key: replace(cell, value=figure.value, state=figure.state)}
        after = {identity: holds(identity, trial) for identity in own}
        mends = tuple(i for i in own if after[i] and not before[i])
        if len(mends) >= least and not any(before[i] and not after[i] for i in own):
            found.append(_Choice(key, text, figure, mends))
    return found


def _undisputed(choices: Sequence[_Choice]) -> _Choice | None:
    """The choice that mends the most and that no equally good one contradicts."""
    for choice in sorted(choices, key=lambda one: (-len(one.mends), one.key, one.text)):
        rivals = [
            one
            for one in choices
            if one is not choice and set(one.mends) & set(choice.mends) and len(one.mends) >= len(choice.mends)
        ]
        if not any((one.key, one.figure.value) != (choice.key, choice.figure.value) for one in rivals):
            return choice
    return None


def prove_own(cells: dict[str, Cell], sure: Collection[str], editions: Mapping[str, str | None]) -> None:
    """Make certain the recognised cells of table 三 whose own row and own column add up.

    A wrong figure in another row and column says nothing about them. ``sure`` are the cells whose
    label was read and whose row was complete. A cell without ink is certain where no identity speaks
    against it and one speaks for it.
    """
    own = _by_key([identity for identity in identities(editions) if identity.table == "t3"])
    proven = {key: _proven(cells[key], own.get(key, []), cells) for key in sure if key in cells}
    for key, reason in proven.items():
        if reason:
            cells[key] = replace(cells[key], certain=True, reason=reason)


def _proven(cell: Cell, own: Sequence[Identity], cells: Mapping[str, Cell]) -> str | None:
    if cell.certain or cell.confidence is None or _disputed(cell):
        return None
    told = [
        (identity.rule, result)
        for identity in own
        if not says_nothing(identity, cells)
        and not ((result := holds(identity, cells)) and _is_alone(cell, identity, cells))
    ]
    row = any(rule.endswith("TOTAL") for rule, _ in told)
    column = any(not rule.endswith("TOTAL") for rule, _ in told)
    if not all(result for _, result in told):
        return None
    if cell.state is CellState.BLANK:
        return EMPTY if cell.confidence == 1.0 and (row or column) else None
    return PROVEN if cell.state is CellState.NUMBER and row and column else None


def _is_alone(cell: Cell, identity: Identity, cells: Mapping[str, Cell]) -> bool:
    """Whether a cell holds the only figure of an identity: a nought that nothing else bears out."""
    others = (cells.get(key) for key in identity.keys)
    return not any(other is not cell and other.value is not None for other in others if other)


def _disputed(cell: Cell) -> bool:
    """Whether another reading puts something else into the cell (nothing is not something else)."""
    return cell.reason == CHOSEN or any(
        text.strip() not in ("", (cell.raw or "").strip()) for text in cell.readings.values()
    )

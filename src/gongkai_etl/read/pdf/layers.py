"""Characters of another hand: what a seal, a watermark or a stamp lays over or under a page's own text.

Such a layer has an ink of its own, is drawn in one go before or after all the rest, and takes no heed of the
text: it meets characters, crosses rules, stands aslant or lets the page shine through. A town's own red or grey
figures are drawn where their row is drawn and stand in cells of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gongkai_etl.read.pdf.chars import Bools, Chars, Ints
from gongkai_etl.read.pdf.frame import Floats

BODY = -1
"""The ink of a page's own text: black or dark; where hardly anything is, the most common one."""
TYPED = -2
"""Stands for the ink of what was typed into form fields, whatever its colour."""

_DARK = 110
_OPAQUE = 250
_LEAST_DARK = 0.15
_FAINT = 170
_NEAR = 3.0
_JUMP = 6.0
_BESIDE = 0.25
_CORE = 0.3
_MET = 0.2
_MOST_PAIRS = 4_000_000

Cells = Callable[[Floats, Floats], Ints]


@dataclass(slots=True)
class Inks:
    """For each character its ink (:func:`paths.ink`, or BODY) and its place in the drawing order."""

    ink: Ints
    order: Ints

    @classmethod
    def of(cls, colour: Ints, order: Ints, seen: Bools) -> Inks:
        """From rows of red, green, blue, alpha, one for each character."""
        dark = (colour[:, :3].max(axis=1) < _DARK) & (colour[:, 3] >= _OPAQUE)
        if dark.all():
            return cls(np.full(len(order), BODY), order)
        own = np.where(dark, BODY, colour @ np.array([1 << 24, 1 << 16, 1 << 8, 1]))
        firm = seen & (colour[:, 3] >= _OPAQUE)
        told = firm if firm.any() else seen
        if (dark & seen).sum() < _LEAST_DARK * told.sum():
            kinds, count = np.unique(own[told], return_counts=True)
            own[own == kinds[count.argmax()]] = BODY
        return cls(own, order)


@dataclass(slots=True, eq=False)
class Layer:
    """One run of text in one ink that is not the page's own. ``first`` and ``last`` bound its place in the order."""

    which: Ints
    ink: int
    first: int
    last: int
    apart: bool
    """Whether it is drawn at another time than the text around it."""
    slanting: bool

    @property
    def clear(self) -> bool:
        """Whether the page shines through it."""
        return self.ink % 256 < _OPAQUE

    @property
    def faint(self) -> bool:
        """Whether it is clear or pale."""
        return self.clear or sum(self.ink >> shift & 255 for shift in (8, 16, 24)) >= 3 * _FAINT


def layers(chars: Chars, inks: Inks, seen: Bools) -> list[Layer]:
    """The runs of seen characters, in the order of drawing, whose ink is not the page's own."""
    if not (inks.ink[seen] >= 0).any():
        return []
    line = np.argsort(inks.order, kind="stable")
    line = line[seen[line]]
    starts = np.flatnonzero(np.append(True, np.diff(inks.ink[line]) != 0))
    runs = np.split(line, starts[1:])
    home = _at_home(chars, runs, [int(inks.ink[own[0]]) < 0 for own in runs])
    edge = int(inks.order.max()) + (1 << 30)
    found = []
    for at, own in enumerate(runs):
        ink = int(inks.ink[own[0]])
        if ink >= 0:
            first = int(inks.order[runs[at - 1][-1]]) if at else -1
            last = int(inks.order[runs[at + 1][0]]) if at + 1 < len(runs) else edge
            found.append(Layer(own, ink, first, last, not home[at], bool((chars.angle[own] < 0).any())))
    return found


def _at_home(chars: Chars, runs: list[Ints], home: list[bool]) -> list[bool]:
    """Which runs are drawn at the time of the text around them: ``home`` says it of the page's own text.

    A run is near the one drawn before or after it, if that is at home itself, and does not leap about.
    """
    usual = chars.usual_size(np.concatenate(runs))
    leaps = [bool((np.abs(np.diff(chars.base[own])) > _JUMP * usual).any()) for own in runs]
    found = list(home)
    for ats in (range(1, len(runs)), range(len(runs) - 2, -1, -1), range(1, len(runs))):
        step = 1 if ats.step < 0 else -1
        for at in ats:
            ends = (runs[at][-1], runs[at + 1][0]) if step > 0 else (runs[at - 1][-1], runs[at][0])
            near = abs(float(chars.base[ends[0]] - chars.base[ends[1]])) <= _NEAR * usual
            found[at] = found[at] or (found[at + step] and near and not leaps[at])
    return found


@dataclass(slots=True)
class Verdict:
    """Masks over the characters: ``foreign`` are left out, ``doubtful`` make what stands in their cell uncertain."""

    foreign: Bools
    doubtful: Bools


def judge(chars: Chars, order: Ints, seen: Bools, found: list[Layer], cells: Cells) -> Verdict:
    """Which layers are no text of the report, and which may be none."""
    verdict = Verdict(np.zeros(len(chars), dtype=bool), np.zeros(len(chars), dtype=bool))
    layered = np.zeros(len(chars), dtype=bool)
    for layer in found:
        layered[layer.which] = True
    near = seen & layered
    for layer in found:
        near[layer.which] &= not layer.apart
    for layer in found:
        others = seen & ~layered
        rivals = near.copy()
        rivals[layer.which] = False
        if layer.apart:
            others |= rivals
        elif not layer.clear:
            others &= ~_neighbours(chars, order, layer, others, cells)
        upright, text = chars.take(layer.which[chars.angle[layer.which] == 0]), chars.take(np.flatnonzero(others))
        shares = _shares(upright, text, cells)
        meets = shares or layer.slanting or _crosses(upright, cells) or _touches(upright, text)
        if meets and (layer.apart or layer.slanting or layer.faint or shares):
            verdict.foreign[layer.which] = True
            verdict.doubtful[layer.which] = not layer.apart
        elif layer.apart or meets or _mixes(layer.which, chars, seen, cells):
            verdict.foreign[layer.which] = layer.clear
            verdict.doubtful[layer.which] = True
    return verdict


def _neighbours(chars: Chars, order: Ints, layer: Layer, others: Bools, cells: Cells) -> Bools:
    """What is drawn just before and after a layer, and all that stands in a cell with it."""
    beside = np.isin(order, (layer.first, layer.last)) & others
    found = beside.copy()
    own = np.flatnonzero(others)
    cell = cells(*_middle(chars.take(own)))
    found[own] |= np.isin(cell, cell[beside[own] & (cell >= 0)])
    return found


def _middle(chars: Chars) -> tuple[Floats, Floats]:
    return (chars.x0 + chars.x1) / 2, chars.base - 0.36 * chars.size


def _crosses(layer: Chars, cells: Cells) -> bool:
    """Whether a rule runs through the core of a character, or between two that stand close in one text."""
    if not len(layer):
        return False
    x, y = _middle(layer)
    wide, high = _CORE * (layer.x1 - layer.x0), _CORE * 0.7 * layer.size
    here = cells(x, y)
    sides = ((x - wide, y), (x + wide, y), (x, y - high), (x, y + high))
    if any((cells(*side) != here).any() for side in sides):
        return True
    return bool((close(layer) & (here[1:] != here[:-1])).any())


def close(chars: Chars) -> Bools:
    """Whether each character but the first follows the one before it in the same text, without a gap."""
    gap = chars.x0[1:] - chars.x1[:-1]
    near = (np.abs(gap) < 0.5 * chars.size[1:]) & ~chars.space[1:]
    return np.asarray((chars.item[1:] == chars.item[:-1]) & near)


def _mixes(which: Ints, chars: Chars, seen: Bools, cells: Cells) -> bool:
    """Whether digits of a layer stand in cells with digits of other inks."""
    digits = seen & is_digit(chars.code)
    own = digits.copy()
    own[which] = False
    return _shares(chars.take(which[digits[which]]), chars.take(np.flatnonzero(own)), cells)


def is_digit(code: Ints) -> Bools:
    """Which characters are digits, of full width too."""
    return np.asarray(((code >= 48) & (code < 58)) | ((code >= 0xFF10) & (code < 0xFF1A)))


def _shares(layer: Chars, own: Chars, cells: Cells) -> bool:
    """Whether a layer stands in cells with other text."""
    taken = cells(*_middle(own))
    return bool(np.isin(cells(*_middle(layer)), taken[taken >= 0]).any())


def _touches(layer: Chars, own: Chars) -> bool:
    """Whether characters of other inks lie upon each other, or beside each other without a gap."""
    if not len(own) or not len(layer):
        return False
    step = max(1, _MOST_PAIRS // len(own))
    for start in range(0, len(layer), step):
        part = layer.take(slice(start, start + step))
        side = _BESIDE * own.size
        across = np.minimum(part.x1[:, None], own.x1 + side) - np.maximum(part.x0[:, None], own.x0 - side)
        down = np.minimum(part.base[:, None], own.base) - np.maximum(
            (part.base - 0.75 * part.size)[:, None], own.base - 0.75 * own.size
        )
        least = np.minimum(part.size[:, None], own.size)
        shadow = (part.code[:, None] == own.code) & (np.abs(part.base[:, None] - own.base) < _BESIDE * least)
        if ((across > 0) & (down > _MET * least) & ~shadow).any():
            return True
    return False

"""Words that are one figure, printed with gaps: its sign, its unit, and its note in brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai_etl.extract.numbers import is_open_note, is_sign, is_unit
from gongkai_etl.extract.places import WRAPPED_STEP, middle, overlap, printed_lines
from gongkai_etl.model import Word

_GAP = 0.6
"""Widest space within one figure, in heights of its characters; between columns it is wider."""
_INSIDE = 1.0
"""The same within brackets that are still open."""
_UNIT = 3
"""Most characters of a unit."""
_CLOSED = (")", "）")


def whole_figures(words: Sequence[Word]) -> list[Word]:
    """Words in which a figure with its sign (减 15), unit (0 件) or note (14（含自然失效 10 件）) is one word."""
    joined: list[Word] = []
    for line in printed_lines(words):
        own: list[Word] = []
        for word in line:
            if own and _is_close(own[-1], word) and _belong(own[-1].text, word.text):
                own[-1] = _together([own[-1], word], own[-1].text + word.text)
            else:
                own.append(word)
        joined += own
    return _with_notes(joined)


def _belong(first: str, second: str) -> bool:
    return (first.isdecimal() and is_unit(second)) or (is_sign(first) and second.isdecimal())


def _is_close(first: Word, second: Word, gap: float = _GAP) -> bool:
    return second.box[0] - first.box[2] <= gap * _height(first)


def _with_notes(words: Sequence[Word]) -> list[Word]:
    return _joined(words, [_closed(word, words) for word in words if is_open_note(word.text)])


def with_units(words: Sequence[Word]) -> list[Word]:
    """Words in which a figure and the unit that did not fit on its line are one word."""
    units = [word for word in words if len(word.text) <= _UNIT and is_unit(word.text)]
    return (
        list(words)
        if not units
        else _joined(words, [[above, unit] for unit in units if (above := _figure_above(unit, words))])
    )


def _joined(words: Sequence[Word], notes: Sequence[list[Word]]) -> list[Word]:
    """The words with each note at its figure. It stays at its first line where others of its row stand level with it."""
    tails = {id(part) for parts in notes for part in parts[1:]}
    notes = [parts for parts in notes if id(parts[0]) not in tails]
    heads = {id(parts[0]): parts for parts in notes}
    alone = [word for word in words if id(word) not in tails and id(word) not in heads]
    return [
        _whole(heads[id(word)], alone) if id(word) in heads else word for word in words if id(word) not in tails
    ]


def _figure_above(unit: Word, words: Sequence[Word]) -> Word | None:
    """The figure right above a unit that did not fit on its line."""
    found = [
        word
        for word in words
        if word.text.isdecimal()
        and _height(unit) / 2 < middle(unit) - middle(word) <= WRAPPED_STEP * _height(unit)
        and overlap(word, unit)
    ]
    return max(found, key=middle, default=None)


def _closed(word: Word, words: Sequence[Word]) -> list[Word]:
    """The words of a note; only those on its line if its end is on the next page, or nowhere."""
    parts = _note(word, words)
    if parts[-1].text.endswith(_CLOSED):
        return parts
    return [part for part in parts if abs(middle(part) - middle(word)) < _height(word) / 2]


def _whole(parts: Sequence[Word], alone: Sequence[Word]) -> Word:
    word, whole = parts[0], _together(parts, "".join(part.text for part in parts))
    if any(_is_level(word, other) for other in alone):
        return replace(whole, box=(whole.box[0], word.box[1], whole.box[2], word.box[3]))
    return whole


def _is_level(first: Word, second: Word) -> bool:
    return abs(middle(first) - middle(second)) < _height(first) / 4


def _note(word: Word, words: Sequence[Word]) -> list[Word]:
    """The word and the words of its note: on its line without a gap, then on the lines below it in its column."""
    parts = [word]
    below = [other for other in words if middle(other) - middle(word) > -_height(word) / 3]
    for line in printed_lines(below):
        if middle(line[0]) - middle(parts[-1]) > WRAPPED_STEP * _height(word):
            break
        under = middle(line[0]) - middle(word) > _height(word) / 2
        first = list(parts)
        for other in line:
            if parts[-1].text.endswith(_CLOSED):
                return parts
            beside = not under and other.box[0] > word.box[0] and _is_close(parts[-1], other, _INSIDE)
            if beside or (under and any(overlap(part, other) for part in first)):
                parts.append(other)
    return parts


def _height(word: Word) -> float:
    return word.box[3] - word.box[1]


def _together(parts: Sequence[Word], text: str) -> Word:
    boxes = [part.box for part in parts]
    box = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    return replace(parts[0], text=text, box=box)

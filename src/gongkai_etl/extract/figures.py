"""Words that are one figure, printed with gaps: its sign, its unit, and its note in brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongkai_etl.extract.numbers import is_open_note, is_sign, is_unit
from gongkai_etl.extract.places import WRAPPED_STEP, middle, overlap, printed_lines
from gongkai_etl.model import Word

_GAP = 0.6
"""Widest space within one figure, in heights of its characters; between columns it is wider."""
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


def _is_close(first: Word, second: Word) -> bool:
    return second.box[0] - first.box[2] <= _GAP * (first.box[3] - first.box[1])


def _with_notes(words: Sequence[Word]) -> list[Word]:
    kept = list(words)
    for word in words:
        if not is_open_note(word.text) or not any(word is other for other in kept):
            continue
        parts = _note(word, kept)
        if len(parts) > 1 and parts[-1].text.endswith(_CLOSED):
            whole = _together(parts, "".join(part.text for part in parts))
            others = [other for other in kept if not any(other is part for part in parts[1:])]
            kept = [whole if other is word else other for other in others]
    return kept


def _note(word: Word, words: Sequence[Word]) -> list[Word]:
    """The word and the words of its note: on its line without a gap, then on the lines below it in its column."""
    size = word.box[3] - word.box[1]
    parts = [word]
    below = [other for other in words if middle(other) - middle(word) > -size / 3]
    for line in printed_lines(below):
        if middle(line[0]) - middle(parts[-1]) > WRAPPED_STEP * size:
            break
        under = middle(line[0]) - middle(word) > size / 2
        for other in line:
            if parts[-1].text.endswith(_CLOSED):
                return parts
            if (under and overlap(word, other)) or (
                not under and other.box[0] > word.box[0] and _is_close(parts[-1], other)
            ):
                parts.append(other)
    return parts


def _together(parts: Sequence[Word], text: str) -> Word:
    boxes = [part.box for part in parts]
    box = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    return replace(parts[0], text=text, box=box)

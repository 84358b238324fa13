"""Words by where they stand: lines of one height, and which of several figures is a wrapped one's second line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.model import Word

_WRAPPED_STEP = 2.6
"""Farthest that two lines of one cell stand apart, in heights of a figure."""
_WHOLE = re.compile(r"[1-9１-９]\d{1,8}件?")
"""What two lines of one figure are together; more digits are two figures."""
_OPEN_NOTE = re.compile(r"[-+减增]?\d[\d,]*[（(][^（()）]*")
_CLOSED = re.compile(r"[)）]$")
_FULL = 2
"""Fewest digits that fill the first line of a narrow column."""


def middle(word: Word) -> float:
    """The y of a word's middle."""
    return (word.box[1] + word.box[3]) / 2


def centre(word: Word) -> float:
    """The x of a word's middle."""
    return (word.box[0] + word.box[2]) / 2


def printed_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words grouped by height, top to bottom, each group from left to right."""
    lines: list[list[Word]] = []
    line_at = height = 0.0
    for word in sorted(words, key=middle):
        size = word.box[3] - word.box[1]
        if lines and abs(middle(word) - line_at) <= 0.45 * min(max(size, 4.0), max(height, 4.0)):
            lines[-1].append(word)
        else:
            lines.append([word])
            line_at, height = middle(word), size
    return [sorted(line, key=lambda word: word.box[0]) for line in lines]


def is_wrapped(lines: Sequence[Sequence[Word]]) -> bool:
    """Whether lines of figures, given from top to bottom, are one row with figures wrapped in narrow columns.

    They stand as close as lines of one cell, all that stands over or under something else is digits,
    and the first line of a number is as long as a narrow column and does not begin with 0.
    """
    words = [word for line in lines for word in line]
    size = max(word.box[3] - word.box[1] for word in words)
    if any(middle(low[0]) - middle(high[0]) > _WRAPPED_STEP * size for high, low in pairwise(lines)):
        return False
    several = [stack for stack in stacks(words) if len(stack) > 1]
    return bool(several) and all(
        _WHOLE.fullmatch("".join(word.text for word in stack)) and len(stack[0].text) >= _FULL for stack in several
    )


def is_of_figure(text: str) -> bool:
    """Whether a word is a figure, or the rest of one (which may begin with 0)."""
    return is_figure(text) or text.isdecimal()


def with_notes(words: Sequence[Word]) -> list[Word]:
    """Words in which a figure and its note in brackets, wrapped in a narrow column, are one word."""
    kept = list(words)
    for word in words:
        if not _OPEN_NOTE.fullmatch(word.text):
            continue
        size = word.box[3] - word.box[1]
        parts = [word]
        under = [other for other in kept if middle(other) - middle(word) > size / 2 and _overlap(word, other)]
        for line in printed_lines(under):
            if middle(line[0]) - middle(parts[-1]) > _WRAPPED_STEP * size or _CLOSED.search(parts[-1].text):
                break
            parts += line
        if len(parts) > 1 and _CLOSED.search(parts[-1].text):
            whole = replace(word, text="".join(part.text for part in parts))
            kept = [whole if other is word else other for other in kept if other is word or other not in parts]
    return kept


def stacks(words: Sequence[Word]) -> list[list[Word]]:
    """Words that stand over each other, each stack from top to bottom; the stacks from left to right."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box[0]):
        own = next((stack for stack in reversed(found) if _overlap(stack[0], word)), None)
        if own is None:
            found.append([word])
        else:
            own.append(word)
    return [sorted(stack, key=middle) for stack in found]


def _overlap(first: Word, second: Word) -> bool:
    shared = min(first.box[2], second.box[2]) - max(first.box[0], second.box[0])
    return shared > 0.3 * min(first.box[2] - first.box[0], second.box[2] - second.box[0])

"""Words by where they stand: lines of one height, and which of several figures is a wrapped one's second line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

from gongkai_etl.extract.numbers import is_figure
from gongkai_etl.model import Word

WRAPPED_STEP = 2.6
"""Farthest that two lines of one cell stand apart, in heights of a figure."""
_WHOLE = re.compile(r"(?:[1-9１-９]\d{1,8}|[1-9１-９]\d{0,2}(?:[,，]\d{3}){1,2})件?")
"""What two lines of one figure are together; more digits are two figures."""
_NOTE = re.compile(r"[（(].*$")
_PART = re.compile(r"[\d,，]+件?|件")
_FULL = 2
"""Fewest digits that fill the first line of a narrow column."""


def middle(word: Word) -> float:
    """The y of a word's middle."""
    return (word.box[1] + word.box[3]) / 2


def centre(word: Word) -> float:
    """The x of a word's middle."""
    return (word.box[0] + word.box[2]) / 2


def among(line: Sequence[Word], words: Sequence[Word]) -> list[Word]:
    """Words level with a line of figures that hold digits and are no figures: text that lies upon one."""
    at, room = middle(line[0]), (line[0].box[3] - line[0].box[1]) / 2
    return [
        word
        for word in words
        if abs(middle(word) - at) < room and any(map(str.isdigit, word.text)) and not is_of_figure(word.text)
    ]


def printed_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words grouped by height, top to bottom, each group from left to right."""
    lines: list[list[Word]] = []
    line_at = height = 0.0
    for at, word in sorted([(middle(word), word) for word in words], key=itemgetter(0)):
        size = word.box[3] - word.box[1]
        if lines and at - line_at <= 0.45 * min(max(size, 4.0), max(height, 4.0)):
            lines[-1].append(word)
        else:
            lines.append([word])
            line_at, height = at, size
    return [sorted(line, key=lambda word: word.box[0]) for line in lines]


def is_wrapped(lines: Sequence[Sequence[Word]]) -> bool:
    """Whether lines of figures, given from top to bottom, are one row with figures wrapped in narrow columns.

    They stand as close as lines of one cell, all that stands over or under something else is digits,
    and the first line of a number does not begin with 0, and is as long as a narrow column or has the
    line of the other figures below it.
    """
    words = [word for line in lines for word in line]
    size = max(word.box[3] - word.box[1] for word in words)
    if any(middle(low[0]) - middle(high[0]) > WRAPPED_STEP * size for high, low in pairwise(lines)):
        return False
    several = [stack for stack in stacks(words) if len(stack) > 1]
    return bool(several) and all(
        _WHOLE.fullmatch(_NOTE.sub("", "".join(word.text for word in stack)))
        and (len(stack[0].text) >= _FULL or _straddles(stack, lines))
        for stack in several
    )


def _straddles(stack: Sequence[Word], lines: Sequence[Sequence[Word]]) -> bool:
    """Whether a line of other figures stands between the first two of a stack."""
    return any(middle(stack[0]) < middle(line[0]) < middle(stack[1]) for line in lines)


def is_of_figure(text: str) -> bool:
    """Whether a word is a figure, or a line of one (which may begin with 0 or be cut at its separators or unit)."""
    return is_figure(text) or _PART.fullmatch(text) is not None


def stacks(words: Sequence[Word]) -> list[list[Word]]:
    """Words that stand over each other, each stack from top to bottom; the stacks from left to right."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box[0]):
        own = next((stack for stack in reversed(found) if overlap(stack[0], word)), None)
        if own is None:
            found.append([word])
        else:
            own.append(word)
    return [sorted(stack, key=middle) for stack in found]


def overlap(first: Word, second: Word) -> bool:
    """Whether two words stand over each other."""
    shared = min(first.box[2], second.box[2]) - max(first.box[0], second.box[0])
    return shared > 0.3 * min(first.box[2] - first.box[0], second.box[2] - second.box[0])

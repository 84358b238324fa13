"""Where the columns of tables 三 and 四 stand, by the words of their heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, pairwise
from statistics import median

from gongkai_etl.extract.labels import normal
from gongkai_etl.extract.places import centre, printed_lines, stacks
from gongkai_etl.form import table_form
from gongkai_etl.model import Word

_OUTCOMES = 15


@cache
def _applicants() -> tuple[frozenset[str], ...]:
    """The names of each column of table 三."""
    columns = table_form("t3", "2021").blocks[0].columns
    return tuple(frozenset(map(normal, (column.label, *column.variants))) for column in columns)


def applicant_heads(words: Sequence[Word]) -> tuple[float, ...] | None:
    """The middles of the seven column heads of table 三 (自然人 to 总计), on one line or wrapped; None if not all."""
    found = some_heads(words)
    return tuple(found.values()) if len(found) == len(_applicants()) else None


def first_heads(stretches: Sequence[Sequence[Word]]) -> tuple[float, ...] | None:
    """The heads of the first stretch that has all seven, else of one and the next: a page's end can cut the head."""
    broken = ([*above, *_below(above, rest)] for above, rest in pairwise(stretches))
    return next((found for words in chain(stretches, broken) if (found := applicant_heads(words))), None)


def _below(above: Sequence[Word], rest: Sequence[Word]) -> list[Word]:
    """The words of the next page, as if it went on below this one's."""
    down = max((word.box[3] for word in above), default=0.0)
    return [replace(w, box=(w.box[0], w.box[1] + down, w.box[2], w.box[3] + down)) for w in rest]


def some_heads(words: Sequence[Word]) -> dict[int, float]:
    """Which of the seven columns (0 to 6) have a head among the words, in the form's order → its middle."""
    names = set().union(*_applicants())
    parts = [word for word in words if (name := normal(word.text)) and any(name in label for label in names)]
    found: dict[int, float] = {}
    for stack in stacks(parts):
        name = normal("".join(word.text for word in stack))
        after = max(found, default=-1) + 1
        own = next((k for k in range(after, len(_applicants())) if name in _applicants()[k]), None)
        if own is not None:
            found[own] = (min(word.box[0] for word in stack) + max(word.box[2] for word in stack)) / 2
    return found


def outcome_heads(words: Sequence[Word]) -> tuple[float, ...] | None:
    """The middles of the fifteen column heads of table 四 (结果维持 to 总计, three times); None if not all."""
    columns: list[list[float]] = []
    heads = [word for line in printed_lines(words) for word in _closed_up(line) if _is_outcome(word.text)]
    for word in sorted(heads, key=centre):
        if columns and centre(word) - columns[-1][-1] <= 0.6 * (word.box[2] - word.box[0]) / len(word.text):
            columns[-1].append(centre(word))
        else:
            columns.append([centre(word)])
    return tuple(median(column) for column in columns) if len(columns) == _OUTCOMES else None


def _is_outcome(text: str) -> bool:
    """Whether a word is one of the heads of table 四, or a line of one."""
    heads = [normal(column.label) for column in table_form("t4", "2021").blocks[0].columns]
    return 0 < len(text) <= max(map(len, heads)) and set(text) <= set("".join(heads))


def _closed_up(line: Sequence[Word]) -> list[Word]:
    """A line's words with 总 and 计 that were printed apart as one word."""
    found: list[Word] = []
    for word in line:
        if word.text == "计" and found and found[-1].text == "总":
            before = found.pop().box
            word = replace(word, text="总计", box=(before[0], before[1], word.box[2], word.box[3]))
        found.append(word)
    return found

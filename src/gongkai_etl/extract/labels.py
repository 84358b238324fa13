"""Printed labels against the form: exact first, then by shared pairs of characters."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from gongkai_etl.form import TableForm, table_form
from gongkai_etl.text import squeeze

_PUNCTUATION = re.compile(r"[^\w]|_")
_CJK = re.compile(r"[\u3400-\u9fff]")
FUZZY = 0.62
"""Least likeness at which a damaged label still counts as a row's label."""


def _traditional() -> list[tuple[str, str]]:
    lines = files(__package__).joinpath("traditional.tsv").read_text("utf-8").splitlines()
    return [(parts[0], parts[1]) for line in lines if not line.startswith("#") and (parts := line.split("\t"))]


_WORDS = [(word, plain) for word, plain in _traditional() if len(word) > 1]
_SIMPLE = {ord(character): plain for character, plain in _traditional() if len(character) == 1}


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """A label in simplified characters without spaces and punctuation: the form in which labels are compared."""
    name = _PUNCTUATION.sub("", squeeze(text))
    for word, plain in _WORDS:
        name = name.replace(word, plain)
    return name.translate(_SIMPLE)


def has_words(text: str) -> bool:
    """Whether a text holds Chinese characters."""
    return _CJK.search(text) is not None


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset({text})


class Vocabulary:
    """The row labels of one table in one edition, with every variant and with their groups before them."""

    def __init__(self, form: TableForm) -> None:
        self.form = form
        self.exact: dict[str, int] = {}
        self.fuzzy: list[tuple[int, str, frozenset[str]]] = []
        for index, row in enumerate(form.rows):
            for label in (row.label, *row.variants):
                name = normal(label)
                for prefix in ("", *(normal("".join(row.groups[i:])) for i in range(len(row.groups)))):
                    self.exact.setdefault(prefix + name, index)
                bare = re.sub(r"^[一二三四五六七八九\d]", "", name)
                if len(bare) > 2:
                    self.exact.setdefault(bare, index)
                self.fuzzy.append((index, name, pairs(name)))
        self._scores = lru_cache(maxsize=4096)(self._score)

    def scores(self, label: str) -> dict[int, float]:
        """Row index → likeness (0..1) of a normalised label, only those that can be meant."""
        return self._scores(label)

    def best(self, label: str) -> float:
        """The likeness of the likeliest row."""
        return max(self.scores(label).values(), default=0.0)

    def _score(self, label: str) -> dict[int, float]:
        if not label or len(label) > 160:
            return {}
        if label in self.exact:
            return {self.exact[label]: 1.0}
        own = pairs(label)
        found: dict[int, float] = {}
        for index, name, wanted in self.fuzzy:
            shared = len(own & wanted)
            if not shared:
                continue
            held = shared / len(wanted)  # a label with a neighbour's words in it still holds all of its own
            alike = 2 * shared / (len(own) + len(wanted))
            whole = len(name) > 4 or (label.endswith(name) and len(label) <= len(name) + 6)
            score = max(alike, 0.9 * held if whole else 0.0)
            if score >= FUZZY:
                found[index] = max(found.get(index, 0.0), min(score, 0.97))
        return found


@cache
def vocabulary(table: str, edition: str) -> Vocabulary:
    """The vocabulary of a table in an edition."""
    return Vocabulary(table_form(table, edition))

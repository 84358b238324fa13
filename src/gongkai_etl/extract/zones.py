"""Which of the three tables a row of a grid, or a line of text, belongs to."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

import yaml

from gongkai_etl.extract.labels import FUZZY, normal, vocabulary
from gongkai_etl.form import TABLES, editions


@cache
def head_words() -> dict[str, tuple[str, ...]]:
    """Table → the words of its head (``zones.yaml``), normalised."""
    data = yaml.safe_load(files(__package__).joinpath("zones.yaml").read_text("utf-8"))
    return {table: tuple(normal(word) for word in words) for table, words in data.items()}


@lru_cache(maxsize=8192)
def head_of(label: str) -> str | None:
    """The table whose head a normalised text belongs to, if any."""
    if len(label) < 3 or len(label) > 60:
        return None
    for table in TABLES:
        if any(word in label or (len(label) >= 4 and label in word) for word in head_words()[table]):
            return table
    return None


@lru_cache(maxsize=8192)
def zone_of(label: str) -> str | None:
    """The table in which a row with this normalised label stands; None when the label does not say."""
    if not label:
        return None
    for table in ("t2", "t3"):
        if any(label in vocabulary(table, edition).exact for edition in editions()):
            return table
    head = head_of(label)
    if head:
        return head
    scores = {table: max(vocabulary(table, name).best(label) for name in editions()) for table in ("t2", "t3")}
    likeliest = max(scores, key=lambda table: scores[table])
    return likeliest if scores[likeliest] >= FUZZY + 0.1 else None


def is_before_2019(text: str) -> bool:
    """Whether a text is the head of the statistics table used before the edition of 2019."""
    return sum(word in text for word in head_words()["before_2019"]) >= 2

"""The words around a report's text (``around.yaml``)."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml


@cache
def around(kind: str) -> tuple[str, ...]:
    """The words of a kind. Raises KeyError for a kind that is not there."""
    words: dict[str, list[str]] = yaml.safe_load(files(__package__).joinpath("around.yaml").read_text("utf-8"))
    return tuple(words[kind])


@cache
def ending(kind: str) -> re.Pattern[str]:
    """What a text that ends with one of the words is searched for."""
    return re.compile(f"(?:{'|'.join(around(kind))})$")


@cache
def beginning(kind: str) -> re.Pattern[str]:
    """What a line that begins with one of the words, perhaps in brackets, matches."""
    return re.compile(rf"[【\[〖(（]?(?:{'|'.join(around(kind))})")

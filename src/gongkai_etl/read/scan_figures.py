"""The figures of a scanned table: each cell read in several ways, what most of them say, and what else was read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai_etl.read.scan_ink import is_clear, read_again, read_otherwise, written_in
from gongkai_etl.read.scan_ocr import Recognised

if TYPE_CHECKING:
    from gongkai_etl.read.scan_ink import Box, Written
    from gongkai_etl.read.scan_ocr import Image

_FIGURE = re.compile(r"[^\u4e00-\u9fff]*(?:[件元万一丨工][^\u4e00-\u9fff]*){0,2}")
_PLAIN = re.compile(r"—|/|[+\-—减增]?\s?\d[\d.,\n]*[件元万]{0,2}")
"""What a figure's cell holds; a reading that is nothing of the kind is heard only where none is."""
_WORDS = re.compile(r"[\u4e00-\u9fff].*[\u4e00-\u9fff]")
_MARKS = "无零"
_ODD = re.compile(r"[\u4e00-\u9fff]|(?=.*\d)[^\u4e00-\u9fff]{0,4}[\u4e00-\u9fff][^\u4e00-\u9fff]{0,4}", re.DOTALL)
"""A single character that is no mark, alone or beside digits: a digit or a speck that was not recognised."""
_LONGEST = 16
_ALIKE = str.maketrans(
    {"O": "0", "o": "0", "Q": "0", "D": "0", "〇": "0", "○": "0", "l": "1", "I": "1", "丨": "1"}
)
_RULES = "[]|丨"
"""What the rule beside a figure is taken for when a piece of it is in the picture."""
_SPECKS = ".。,，;；:'‘’`´·°\""
_NOTED = re.compile(r"(?P<figure>\d+件?)[（(]?(?P<note>其中\D+\d+件?)[）)]?")
_DASH = "—"
_HYPHEN = 5.5
"""Points: a dash is as long as a character is wide, a hyphen half as long at most."""
_MAPPED = 0.9
_MAJORITY = 0.8
_DISPUTED = 0.5
_SURE = 0.93
"""Confidence from which on two equal readings need no third."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands in a cell, and what else its picture was read as; ``place`` is the box of the writing."""

    read: Recognised
    others: tuple[str, ...] = ()
    place: Box | None = None


def is_figure_like(text: str) -> bool:
    """Whether a recognised text can be a figure, letters mistaken for digits included."""
    odd = text not in _MARKS and _ODD.fullmatch(text) is not None
    return odd or (len(text) <= _LONGEST and _FIGURE.fullmatch(text) is not None)


def noted(text: str) -> str:
    """A figure and its note in brackets (22（其中修订16件）), where a bracket was too thin to be seen."""
    found = _NOTED.fullmatch(text)
    return f"{found['figure']}（{found['note']}）" if found else text


def read_figures(
    image: Image, ink: Image, scale: float, cells: dict[int, Box], first: dict[int, Recognised]
) -> dict[int, Figure]:
    """Each cell's figure. ``cells`` are boxes in points, ``first`` what was read there as part of the page."""
    written = {n: found for n, box in cells.items() if (found := written_in(image, ink, box, scale))}
    second = dict(zip(written, read_again(list(written.values())), strict=True))
    said = {n: [as_figure(read) for read in (first[n], second.get(n)) if read and read.text] for n in cells}
    doubtful = [n for n in written if not _agree(said[n]) and not any(_WORDS.search(r.text) for r in said[n])]
    for n, reads in zip(doubtful, read_otherwise([written[n] for n in doubtful]), strict=True):
        said[n] += [as_figure(read) for read in reads if read.text]
    return {n: _figure(said[n], written.get(n), is_clear(image, box, scale)) for n, box in cells.items()}


def _agree(reads: Sequence[Recognised]) -> bool:
    return len(reads) > 1 and len({read.text for read in reads}) == 1 and max(r.confidence for r in reads) >= _SURE


def _figure(reads: Sequence[Recognised], written: Written | None, clear: bool) -> Figure:
    place = written.box if written else None
    if not reads:
        # Something stands in the cell but no reading knows what: empty, and not sure of it.
        return Figure(Recognised("", 1.0 if clear and not written else 0.0), (), place)
    best, others = agreed(reads)
    if best.text == _DASH and place and place[2] - place[0] < _HYPHEN:
        best = Recognised("-", best.confidence)
    return Figure(best, others, place)


def agreed(reads: Sequence[Recognised]) -> tuple[Recognised, tuple[str, ...]]:
    """One answer of several readings, and the other answers: sure when all agree, else openly doubtful."""
    reads = [read for read in reads if _PLAIN.fullmatch(read.text)] or list(reads)
    votes = Counter(read.text for read in reads)
    surest = {text: max(read.confidence for read in reads if read.text == text) for text in votes}
    ranked = sorted(votes, key=lambda text: (-votes[text], -surest[text], text))
    best, sure = ranked[0], surest[ranked[0]]
    if len(ranked) > 1:
        sure = min(sure, _MAJORITY if 2 * votes[best] > len(reads) and votes[best] > 1 else _DISPUTED)
    return Recognised(best, sure), tuple(ranked[1:])


def as_figure(read: Recognised) -> Recognised:
    """Letters that look like digits as digits, in a text that is otherwise a figure; a lone 一 is a dash."""
    text = read.text.replace(" ", "") if re.fullmatch(r"[\d ]+", read.text) and len(read.text) < 4 else read.text
    if text in {"一", "-", "—", "–", "_"}:
        return Recognised(_DASH, read.confidence)
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    if len(bare) > 1 or bare in {"[", "]"}:
        bare = bare.strip(_RULES)
    mapped = bare.translate(_ALIKE).strip(_SPECKS + " ")
    if mapped != text and re.fullmatch(r"[+\-]?[\d.,\n]+", mapped):
        return Recognised(mapped, min(read.confidence, _MAPPED))
    return Recognised(text, read.confidence)

"""Numbers of the prose: what each of them is said to count (``data/mentions.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from gongkai_etl.check.applications import is_foreign
from gongkai_etl.check.case import Case
from gongkai_etl.check.catalogue import load
from gongkai_etl.check.places import level
from gongkai_etl.check.prose import Sentence, value

COUNTED = re.compile(r"申请|结转|复议|诉讼|应诉|起诉|规范性文件|行政许可|行政处罚|行政强制")
"""Words without which nothing that the tables count is spoken of."""

_CLAUSE = ",;。:"
_DELTA = re.compile(r"增加|减少|增长|下降|上升|同比|环比|较|比[去上前]")
_NUMBER = re.compile(
    r"[\d万](?:余|多)?(?:件|人次|宗|起|份|例|个|次|条|项|封|笔|桩)|[零〇一二两三四五六七八九十百千](?:余|多)?(?:件|宗|起|份|例|条)"
)
_PARTS = re.compile(r"其中|包括|包含|分别")


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of mention, compiled for one year."""

    rule: str
    said: str
    patterns: tuple[re.Pattern[str], ...]
    lawful: tuple[tuple[str, tuple[str, ...]], ...]
    needs: re.Pattern[str] | None
    stop: re.Pattern[str] | None
    stop_before: re.Pattern[str] | None
    context: bool
    no_parts: bool
    dated: bool
    strict: re.Pattern[str] | None
    inside: re.Pattern[str] | None
    first_only: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Mention:
    """One number in a sentence, and what it is said to count."""

    entry: Entry
    sentence: Sentence
    number: int | Decimal
    start: int
    end: int
    near: str
    strict: bool = False
    """Only the first lawful meaning may be meant."""


@cache
def entries(group: str, year: int) -> tuple[Entry, ...]:
    """The entries of one group of ``mentions.yaml`` for a report of ``year``."""
    data = load("data", "mentions.yaml")
    macros = {**data["macros"], "BEFORE": str(year - 1), "YEAR": str(year), "AFTER": str(year + 1)}
    return tuple(_entry(entry, macros) for entry in data[group])


def _entry(data: dict[str, Any], macros: dict[str, str]) -> Entry:
    def compiled(name: str) -> re.Pattern[str] | None:
        return re.compile(data[name]) if name in data else None

    lawful = tuple(
        (name, tuple(terms)) for option in data.get("lawful") or data["zero"] for name, terms in option.items()
    )
    return Entry(
        rule=data["rule"],
        said=data["said"],
        patterns=tuple(re.compile(_expand(pattern, macros)) for pattern in data["patterns"]),
        lawful=lawful,
        needs=compiled("needs"),
        stop=compiled("not"),
        stop_before=compiled("not_before"),
        context=data.get("context", False),
        no_parts=data.get("no_parts", False),
        dated=data["rule"] in ("TEXT-BROUGHT", "TEXT-CARRIED"),
        strict=compiled("strict"),
        inside=compiled("not_inside"),
        first_only=re.compile(_unnamed(_expand(data["first_only"], macros))) if "first_only" in data else None,
    )


def _unnamed(pattern: str) -> str:
    """The pattern without names of groups: an expression may hold each name only once."""
    return re.sub(r"\(\?P<[nc]>", "(?:", pattern)


def _expand(pattern: str, macros: dict[str, str]) -> str:
    return re.sub(r"\{([A-Z]+)\}", lambda match: macros[match[1]], pattern)


@cache
def guards() -> dict[str, re.Pattern[str]]:
    """The expressions that say what a number is not, by name."""
    return {name: re.compile(pattern) for name, pattern in load("data", "mentions.yaml")["guards"].items()}


def mentions(case: Case) -> Iterator[Mention]:
    """The numbers of all sentences, each taken by the first entry that knows it."""
    before: list[Sentence] = []
    for sentence in case.sentences:
        if _NUMBER.search(sentence.text):
            near = [other.text for other in before[-3:] if other.section == sentence.section]
            context = "".join([*near, sentence.text])
            if COUNTED.search(context):
                yield from _of_sentence(case, sentence, context)
        before.append(sentence)


def _of_sentence(case: Case, sentence: Sentence, context: str) -> Iterator[Mention]:
    """``context``: the sentence with the few before it, where a list goes on over full stops."""
    text = sentence.plain
    taken: set[int] = set()
    for entry in entries("entries", case.year or 0):
        if entry.needs and not entry.needs.search(context if entry.context else text):
            continue
        for pattern in entry.patterns:
            for match in pattern.finditer(text):
                mention = _mention(case, entry, sentence, text, match)
                if mention and mention.start not in taken:
                    taken.add(mention.start)
                    yield mention


def _mention(case: Case, entry: Entry, sentence: Sentence, text: str, match: re.Match[str]) -> Mention | None:
    group = "n" if match["n"] is not None else "c"
    number = value(match[group])
    start, end = match.span(group)
    if number is None or _stopped(case, entry, text, match, start):
        return None
    if entry.stop and entry.stop.search(clause(text, match.start(), match.end())):
        return None
    if group == "c" and guards()["manner"].search(text):
        return None
    strict = bool(
        (entry.strict and entry.strict.search(text[: match.start()]))
        or (entry.first_only and entry.first_only.search(text))
    )
    return Mention(entry, sentence, number, start, end, text[max(0, start - 4) : end + 3], strict)


def _stopped(case: Case, entry: Entry, text: str, match: re.Match[str], number: int) -> bool:
    """Whether the number is another year's, a difference, or part of a number that is told before or behind it."""
    before = text[: match.start()]
    near = before[max(map(before.rfind, "。;!?")) + 1 :]
    inside = text[match.start() : number]
    known = guards()
    if known["each"].search(text[:number]) or (entry.stop_before and entry.stop_before.search(before)):
        return True
    if not entry.dated and (known["other_year"].search(near[-16:] + inside) or _DELTA.search(inside)):
        return True
    if entry.no_parts and (_PARTS.search(near) or (entry.inside and entry.inside.search(inside))):
        return True
    if entry.rule in ("TEXT-RECEIVED", "TEXT-PROCESSED") and is_foreign(text, match.end()):
        return True
    if entry.rule == "TEXT-RECEIVED" and known["summed"].match(text, match.end()):
        return True
    if known["whole"].search(clause(text, match.start(), match.end())) and _is_small(case):
        return True
    years = re.findall(r"(20\d\d)年", near + inside)
    return not entry.dated and bool(years) and int(years[-1]) != case.year


def _is_small(case: Case) -> bool:
    """Whether the report is a town's or a department's, for which a county's numbers are not its own."""
    return level(case.name, case.item.unit.kind if case.item.unit else "") in ("town", "below")


def clause(text: str, start: int, end: int) -> str:
    """The clause around a place: from the comma before to the comma behind."""
    left = max(text.rfind(mark, 0, start) for mark in _CLAUSE) + 1
    right = min((at for mark in _CLAUSE if (at := text.find(mark, end)) >= 0), default=len(text))
    return text[left:right]

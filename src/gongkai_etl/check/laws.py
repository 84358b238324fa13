"""Laws and notices cited with another number, article or name than theirs (``data/laws.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gongkai_etl.check.case import Case
from gongkai_etl.check.catalogue import load
from gongkai_etl.check.prose import excerpt, place
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding

_ANY = re.compile(r"条[例列]|国办|《中华人民共和国|《政")


@dataclass(frozen=True, slots=True)
class _Law:
    name: str
    pattern: re.Pattern[str]
    right: str
    accept: re.Pattern[str]
    needs: re.Pattern[str]
    unless: re.Pattern[str] | None
    also: re.Pattern[str] | None
    until: int


@cache
def _laws() -> tuple[_Law, ...]:
    def compiled(text: str | None) -> re.Pattern[str] | None:
        return None if text is None else re.compile(text)

    return tuple(
        _Law(
            name=law["name"],
            pattern=re.compile(law["pattern"]),
            right=law["right"],
            accept=re.compile(law["accept"]),
            needs=re.compile(law.get("needs", "")),
            unless=compiled(law.get("unless")),
            also=compiled(law.get("also")),
            until=law.get("until", 0),
        )
        for law in load("data", "laws.yaml")
    )


@rule("FORM-LAW")
def cited(case: Case) -> Iterator[Finding]:
    """What a report rests on is the law in force, by its own name and number."""
    seen: set[str] = set()
    for sentence in case.sentences:
        text = sentence.text
        for law in _laws() if _ANY.search(text) else ():
            if not law.needs.search(text) or (law.unless and law.unless.search(text)):
                continue
            for match in law.pattern.finditer(text):
                said = match["said"]
                if said in seen or law.accept.fullmatch(said) or _was_right(case, law, said):
                    continue
                seen.add(said)
                shown = excerpt(text, *match.span())
                message = f"{place(sentence.section)}引用“{said}”（“{shown}”），{law.name}应为{law.right}。"
                yield case.finding("FORM-LAW", message, left=said, right=law.right, text=shown)


def _was_right(case: Case, law: _Law, said: str) -> bool:
    """Whether it was the right one for the report's year."""
    return law.also is not None and law.also.fullmatch(said) is not None and (case.year or 0) <= law.until

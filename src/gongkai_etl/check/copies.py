"""The same file twice, and prose that is nearly the same as last year's or another unit's."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from gongkai_etl.check.case import Case
from gongkai_etl.check.frame import usable_previous
from gongkai_etl.check.names import core
from gongkai_etl.check.prose import printed, sentences, words
from gongkai_etl.check.registry import batch_rule, rule
from gongkai_etl.model import CellState, Finding, Report

ALIKE = 0.9
"""Share of the text (by length of sentences) from which two texts count as nearly the same."""
SHORTEST = 300
COMMON = 12
"""A sentence that more units share than this is a county's standing phrase, not copied by one from another."""
T = TypeVar("T")
_FIGURES = re.compile(r"[\d.%]+|[零一二三四五六七八九十百千〇]+(?=[年月日件条次期个份])")


def fingerprint(sections: Iterable[str], names: Sequence[str]) -> Counter[str]:
    """Sentences without figures, own names and words for oneself → their length, taken together."""
    found: Counter[str] = Counter()
    own = sorted({part for name in names if name for part in (name, core(name))}, key=len, reverse=True)
    may_differ = words("copied")
    for text in sections:
        for name in own:
            text = text.replace(name, "本单位")
        text = re.sub(may_differ["self"], "本单位", _FIGURES.sub("", text))
        text = re.sub(may_differ["towns"], "镇", text)
        if len(text) >= 8:
            found[text] += len(text)
    return found


def _of(case: Case) -> Counter[str]:
    return fingerprint((sentence.text for sentence in case.sentences), (case.name, case.report.unit or ""))


def _of_report(report: Report, name: str) -> Counter[str]:
    told = sentences({**({"0": report.opening} if report.opening else {}), **report.sections})
    return fingerprint((s.text for s in told), (name, report.unit or ""))


def _example(shared: Counter[str]) -> str:
    """The longest shared sentence, rather not one of those with which all reports begin."""
    preface = words("copied")["preface"]
    found = max(shared, key=lambda text: (not re.search(preface, text), len(text), text))
    return printed(found).removeprefix("年，").removeprefix("年度，")


def alike(one: Counter[T], other: Counter[T]) -> float:
    """Length of the shared sentences by the length of the longer text, 0 to 1."""
    longer = max(one.total(), other.total())
    return (one & other).total() / longer if longer else 0.0


@rule("ID-COPIED-YEAR", "ID-SAME-FIGURES")
def last_year(case: Case) -> Iterator[Finding]:
    """This year's words and figures are last year's."""
    before = usable_previous(case)
    if before is None or before is case.report:
        return
    now, then = _of(case), _of_report(before, case.name)
    share = alike(now, then)
    if share >= ALIKE and now.total() >= SHORTEST:
        shared = _example(now & then)
        message = f"除数字外，文字与上一年报告有{share:.0%}相同。例如：“{shared[:60]}”。"
        yield case.finding(
            "ID-COPIED-YEAR", message, left=f"{share:.0%}", right=f"{ALIKE:.0%}以下", text=shared[:120]
        )
    filled = {k: c.value for k, c in case.report.cells.items() if c.state is CellState.NUMBER and c.value}
    if len(filled) >= 10 and filled == {
        k: c.value for k, c in before.cells.items() if c.state is CellState.NUMBER and c.value
    }:
        message = f"三张表有{len(filled)}个不为0的数，与上一年的报告完全相同。"
        yield case.finding("ID-SAME-FIGURES", message, left=len(filled), right=len(filled), cells=filled)


@batch_rule("ID-SAME-FILE")
def same_file(cases: Sequence[Case]) -> Iterator[tuple[int, Finding]]:
    """One file for two units or two years."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, case in enumerate(cases):
        if case.report.sha256:
            groups[case.report.sha256].append(at)
    for several in groups.values():
        owners = {(cases[at].name, cases[at].year) for at in several}
        if len(owners) < 2:
            continue
        for at in several:
            mine = (cases[at].name, cases[at].year)
            others = sorted(f"{name}{year or ''}年" for name, year in owners if (name, year) != mine)
            message = f"这个文件与{'、'.join(others)}报来的文件一字不差。"
            yield at, cases[at].finding("ID-SAME-FILE", message, left=cases[at].name, right="、".join(others))


@batch_rule("ID-COPIED-UNIT")
def siblings(cases: Sequence[Case]) -> Iterator[tuple[int, Finding]]:
    """Nearly the same words as another unit of the batch in the same year."""
    prints = [_hashed(case) for case in cases]
    where: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for at, (case, found) in enumerate(zip(cases, prints, strict=True)):
        for sentence in found:
            where[sentence, case.year].append(at)
    for at, other in sorted(_candidates(where)):
        one, two = prints[at], prints[other]
        if cases[at].name == cases[other].name or min(one.total(), two.total()) < SHORTEST:
            continue
        share = alike(one, two)
        if share >= ALIKE:
            yield from _alike(cases, at, other, share)


def _hashed(case: Case) -> Counter[int]:
    """The fingerprint without the words: of thousands of reports only numbers are kept."""
    found = Counter({hash(text): length for text, length in _of(case).items()})
    case.forget()
    return found


def _alike(cases: Sequence[Case], at: int, other: int, share: float) -> Iterator[tuple[int, Finding]]:
    shared = _example(_of(cases[at]) & _of(cases[other]))
    for mine, theirs in ((at, other), (other, at)):
        message = f"除名称和数字外，文字与{cases[theirs].name}的报告有{share:.0%}相同。例如：“{shared[:60]}”。"
        yield (
            mine,
            cases[mine].finding(
                "ID-COPIED-UNIT", message, left=f"{share:.0%}", right=cases[theirs].name, text=shared[:120]
            ),
        )


def _candidates(where: dict[tuple[int, int | None], list[int]]) -> set[tuple[int, int]]:
    """Pairs that share several sentences which few others have."""
    shared: Counter[tuple[int, int]] = Counter()
    for several in where.values():
        if 2 <= len(several) <= COMMON:
            shared.update((a, b) for k, a in enumerate(several) for b in several[k + 1 :])
    return {pair for pair, times in shared.items() if times >= 3}

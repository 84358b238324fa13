"""Numbers of the prose against the tables: each mention with every lawful meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from gongkai_etl.check.applications import is_foreign
from gongkai_etl.check.case import Case
from gongkai_etl.check.catalogue import load
from gongkai_etl.check.mentions import COUNTED, Entry, Mention, clause, entries, guards, mentions
from gongkai_etl.check.prose import Sentence, excerpt, place, value
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding, Value

_NOTHING = re.compile(r"未|没|无|不存在|零|100%|(?<!\d)0|均|全部|都")


def amounts(case: Case, lawful: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, Value]:
    """The lawful meanings with their figures from the tables; None where a cell is no number."""
    return {name: _sum(case, terms) for name, terms in lawful}


def _sum(case: Case, terms: tuple[str, ...]) -> Value:
    total: int | Decimal = 0
    for term in terms:
        part = case.total(term.removeprefix("-"))
        if part is None:
            return None
        total = total - part if term.startswith("-") else total + part
    return total


def agrees(mention: Mention, known: Value) -> bool:
    """Whether a number may stand for a figure; 余 and 约 leave room."""
    if known is None:
        return False
    near, number = mention.near, mention.number
    marks = guards()
    if marks["above"].search(near[near.rfind(str(number)[-1:]) + 1 :]):
        return bool(number <= known < Decimal(number) * 3 / 2 + 10)
    if marks["about"].search(mention.sentence.text[: mention.start][-4:]):
        return abs(Decimal(known) - number) <= max(Decimal(number) / 5, Decimal(2))
    return known == number


@rule(
    "TEXT-RECEIVED", "TEXT-BROUGHT", "TEXT-CARRIED", "TEXT-PROCESSED", "TEXT-OUTCOME", "TEXT-APPLICANTS",
    "TEXT-RECONSIDERATION", "TEXT-LITIGATION", "TEXT-DISPUTES", "TEXT-DOCUMENTS", "TEXT-DECISIONS",
)  # fmt: skip
def told(case: Case) -> Iterator[Finding]:
    """Each mention equals one of its lawful meanings."""
    missing: set[str] = set()
    for mention in mentions(case):
        lawful = mention.entry.lawful
        known = amounts(case, lawful[:1] if mention.strict else lawful)
        if any(agrees(mention, number) for number in (*known.values(), *_rows(case, mention))):
            continue
        given = {name: number for name, number in known.items() if number is not None and number >= 0}
        if not given or len(given) < len(known):
            missing.add(mention.entry.said)
        if given and next(iter(known.values())) is not None:
            yield _contradicts(case, mention, given)
    if missing:
        case.unchecked.append(f"文字中{'、'.join(sorted(missing))}的件数，因表中相应的格不是数字，未能完全核对。")


def _rows(case: Case, mention: Mention) -> Iterator[Value]:
    """Where a reason is named (因涉及第三方权益不予公开1件), one row of the group may be meant."""
    if mention.entry.rule == "TEXT-OUTCOME" and re.search(
        load("data", "mentions.yaml")["reason"], mention.sentence.text[: mention.start]
    ):
        yield from (case.number(key) for key in cells_of(case, mention.entry))


def _contradicts(case: Case, mention: Mention, given: Mapping[str, Value]) -> Finding:
    number, entry = mention.number, mention.entry
    text = excerpt(mention.sentence.text, mention.start, mention.end)
    known = "、".join(f"{name}{figure}" for name, figure in given.items())
    cells = cells_of(case, entry)
    blank = "（其中空白或“/”等记号的格按0计）" if case.zeros & set(cells) else ""
    message = (
        f"{place(mention.sentence.section)}说“{text}”，{entry.said}为{number}；而表中{known}{blank}，与文字不符。"
    )
    certain = all(case.cell(key).certain or key in case.zeros for key in cells)
    return case.finding(
        entry.rule, message, left=number, right=next(iter(given.values())), cells=cells, text=text,
        outcome="fail" if certain else "unknown",
    )  # fmt: skip


def cells_of(case: Case, entry: Entry) -> tuple[str, ...]:
    """The cells of the first lawful meaning."""
    return case.keys(*(term.removeprefix("-") for term in entry.lawful[0][1]))


@rule("TEXT-NONE", "TEXT-ALL-UPHELD", "TEXT-ALL-DONE")
def nothing_happened(case: Case) -> Iterator[Finding]:
    """Where the prose says that nothing happened, the cells are 0."""
    seen: set[tuple[str, str]] = set()
    for sentence in case.sentences:
        if not (COUNTED.search(sentence.text) and _NOTHING.search(sentence.text)):
            continue
        text = sentence.plain
        for entry in entries("none", case.year or 0):
            if entry.needs and not entry.needs.search(text):
                continue
            match = next(
                (m for p in entry.patterns for m in p.finditer(text) if not _excused(case, entry, text, m)), None
            )
            if match is None or (entry.rule, entry.said) in seen:
                continue
            name, terms = entry.lawful[0]
            known = _sum(case, terms)
            if known:
                seen.add((entry.rule, entry.said))
                yield _happened(case, entry, sentence, match, f"{name}{known}", known)


def _excused(case: Case, entry: Entry, text: str, match: re.Match[str]) -> bool:
    rest = re.match(r"[^,。;]*", text[match.end() :])
    whole = match[0] + (rest[0] if rest else "")
    if entry.rule != "TEXT-NONE":
        whole = clause(text, match.start(), match.end())
    near = text[: match.start()]
    years = re.findall(r"(20\d\d)年", near)
    if years and int(years[-1]) != case.year:
        return True
    if entry.rule == "TEXT-ALL-DONE" and is_foreign(text, match.end()):
        return True
    return bool(guards()["other_year"].search(near[-10:]) or (entry.stop and entry.stop.search(whole)))


def _happened(
    case: Case, entry: Entry, sentence: Sentence, match: re.Match[str], known: str, number: Value
) -> Finding:
    text = excerpt(sentence.text, match.start(), match.end(), around=12)
    message = f"{place(sentence.section)}说“{text}”，意思是{entry.said}；而表中{known}。"
    cells = cells_of(case, entry)
    certain = all(case.cell(key).certain or key in case.zeros for key in cells)
    return case.finding(
        entry.rule, message, left=0, right=number, cells=cells, text=text, outcome="fail" if certain else "unknown"
    )


_TOPIC = re.compile(r"未经(?:行政)?复议|复议后|复议|诉讼")
_GROUPS = {
    "复议": ("reconsideration",),
    "诉讼": ("litigation_direct", "litigation_after_reconsideration"),
    "未经": ("litigation_direct",),
    "复议后": ("litigation_after_reconsideration",),
}


@rule("TEXT-RECONSIDERATION", "TEXT-LITIGATION")
def results(case: Case) -> Iterator[Finding]:
    """维持, 纠正, 其他结果, 尚未审结 with a number, for the kind of case that was named last."""
    for sentence in case.sentences:
        text = sentence.plain
        if "复议" not in text and "诉讼" not in text:
            continue
        taken: set[int] = set()
        for pattern, column in _result_patterns():
            for match in pattern.finditer(text):
                group = "n" if match["n"] is not None else "c"
                topics = [found[0] for found in _TOPIC.finditer(text[: match.start()])]
                number = value(match[group])
                if topics and number is not None and match.start(group) not in taken:
                    taken.add(match.start(group))
                    yield from _result(case, sentence, match, topics, (column, number))


@cache
def _result_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern, column): the number behind its word (维持2件), then the number before it (2件被维持)."""
    data = load("data", "mentions.yaml")
    number, link = data["macros"]["NU"], data["macros"]["LINK"]
    behind = [(re.compile(f"{word}{link}{number}"), column) for column, word in data["results"].items()]
    between = data["macros"]["BETWEEN"]
    before = [(re.compile(f"{number}{between}{word}"), column) for column, word in data["results"].items()]
    return (*behind, *before)


def _result(
    case: Case, sentence: Sentence, match: re.Match[str], topics: list[str], said: tuple[str, int | Decimal]
) -> Iterator[Finding]:
    column, number = said
    last = topics[-1]
    groups = _GROUPS["未经" if last.startswith("未经") else last]
    options = {groups, *((group,) for group in groups)}
    if len(set(topics)) > 1:
        options |= {
            ("reconsideration", "litigation_direct", "litigation_after_reconsideration"),
            *(_GROUPS[t] for t in ("复议", "诉讼")),
        }
    known = {option: case.total(*(f"t4.{group}.{column}" for group in option)) for option in options}
    if any(figure is None or figure == number for figure in known.values()):
        return
    text = excerpt(sentence.text, match.start(), match.end())
    right = known[groups]
    cells = [f"t4.{group}.{column}" for group in groups]
    labels = "、".join(f"{case.label(key)}为{case.number(key)}" for key in cells)
    name = "TEXT-LITIGATION" if groups[0].startswith("litigation") else "TEXT-RECONSIDERATION"
    message = f"{place(sentence.section)}说“{text}”，为{number}；而{labels}，与文字不符。"
    certain = all(case.cell(key).certain or key in case.zeros for key in cells)
    yield case.finding(
        name, message, left=number, right=right, cells=cells, text=text, outcome="fail" if certain else "unknown"
    )


@rule("TEXT-OMITTED")
def omitted(case: Case) -> Iterator[Finding]:
    """Pending cases that no word of the text mentions."""
    keys = [key for key in case.keys("t4.*.pending") if case.report.number(key)]
    if keys and case.sentences and not re.search("复议|诉讼", case.prose):
        said = "、".join(f"{case.label(key)}为{case.report.number(key)}" for key in keys)
        yield case.finding("TEXT-OMITTED", f"{said}，而文字部分没有提到行政复议、行政诉讼。", cells=keys)

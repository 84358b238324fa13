"""Sums and shares inside the prose: 其中 parts, percentages, growth, a figure told twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from gongkai_etl.check.case import Case
from gongkai_etl.check.frame import usable_previous
from gongkai_etl.check.prose import Sentence, excerpt, place, value, words
from gongkai_etl.check.prose import sentence as made_of
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding, Report

_UNITS = "条|件次|件|篇|期|次|个|份|项|宗|起|例|场|人次"
_COUNT = re.compile(rf"(?<![\d.第〔])(?P<n>\d+(?:\.\d+)?万?)(?P<more>余|多)?(?P<unit>{_UNITS})")
_OF_WHICH = re.compile(r"其中|包括|分别为|(?:已公开|主动公开|公开)(?:的)?信息(?:当)?中|(?<=\d[条篇期份项件]):")
_NOT_PARTS = re.compile(r"申请|复议|诉讼|审结|培训|参训|会议")
"""Lists that the tables check, or whose parts need not add up."""
_OPEN_END = re.compile(r"等(?:类|方面|信息|内容|情况|渠道)?[。;,)]?$|等(?=[,。;])")


def joined(case: Case) -> Iterator[Sentence]:
    """The sentences; one that begins with 其中 goes on from the one before it."""
    held: Sentence | None = None
    for sentence in case.sentences:
        if held and sentence.section == held.section and sentence.text.startswith("其中"):
            held = made_of(held.section, held.order, held.text.rstrip("。") + "," + sentence.text)
            continue
        if held:
            yield held
        held = sentence
    if held:
        yield held


@rule("TEXT-PARTS")
def parts(case: Case) -> Iterator[Finding]:
    """The numbers behind 其中 add up to the one before it, when they are of the same kind."""
    for sentence in joined(case):
        if not _OF_WHICH.search(sentence.text):
            continue
        text = sentence.plain
        for start, end in _stretches(text):
            match = _OF_WHICH.search(text, start, end)
            if match is None or _NOT_PARTS.search(text, start, end):
                continue
            whole = [
                c for c in _COUNT.finditer(text, start, match.start()) if not _in_brackets(text, start, c.start())
            ]
            listed = [
                c
                for c in _COUNT.finditer(text, match.end(), end)
                if not _in_brackets(text, match.end(), c.start())
            ]
            if not whole or len(listed) < 2:
                continue
            yield from _parts(case, (sentence.section, sentence.text), whole, listed, end)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Pieces between full stops and semicolons; behind a colon a list goes on over semicolons."""
    if ":" in text and "其中:" in text:
        yield 0, len(text)
        return
    start = 0
    for match in re.finditer(r"[;。]|$", text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()


def _in_brackets(text: str, start: int, at: int) -> bool:
    return text.count("(", start, at) > text.count(")", start, at)


def _parts(
    case: Case, said: tuple[str, str], whole: list[re.Match[str]], listed: list[re.Match[str]], end: int
) -> Iterator[Finding]:
    section, text = said
    unit = listed[0]["unit"]
    if any(part["unit"] != unit for part in listed) or any(part["more"] for part in listed):
        return
    totals = [total for total in whole if total["unit"] == unit and not total["more"]]
    numbers = [value(part["n"]) for part in listed]
    if not totals or any(number is None for number in numbers):
        return
    added = sum(number for number in numbers if number is not None)
    candidates = [value(total["n"]) for total in totals]
    tail = text[listed[-1].end() : end]
    open_list = tail.startswith("等")
    nearest = candidates[-1]
    if nearest is None or added in candidates or (open_list and added < nearest):
        return
    shown = "+".join(str(number) for number in numbers) + f"={added}"
    message = (
        f"{place(section)}说总数为{nearest}{unit}，其中各项相加{shown}{unit}，"
        f"{'超过' if added > nearest else '少于'}总数{abs(added - nearest)}{unit}。"
    )
    cut = excerpt(text, totals[-1].start(), listed[-1].end(), around=10)
    yield case.finding("TEXT-PARTS", message, left=nearest, right=shown, text=cut)


_SHARE = re.compile(
    r"(?P<n>\d+)(?:件次|件|宗|起|份|例|个|次|条)\(?(?:,|、)?(?:约)?(?:占|占比|比例|约占)?(?:申请|总数|总量|全部|办理|办结|收到|的|比|总|结果|数|为|比例|比重|约|件|新收)*"
    r"(?P<p>\d+(?:\.\d+)?)%"
)
_GROWTH = re.compile(
    r"(?:同比|较上年|较去年|比上年|比去年|较上一年|与去年相比|与上年相比|较20\d\d年|比20\d\d年)(?:同期)?(?:申请量|数量)?[,]?"
    r"(?P<way>增长|增加|上升|上涨|提高|下降|减少|降低)(?:了|约|幅度为)*(?P<p>\d+(?:\.\d+)?)%"
)


@rule("TEXT-PERCENT")
def shares(case: Case) -> Iterator[Finding]:
    """N 件 (p%) of applications is N divided by one of the totals."""
    bases = [case.total(f"t3.{row}.total") for row in ("processed_total", "received")]
    both = case.total("t3.received.total", "t3.brought_forward.total")
    known = [int(base) for base in (*bases, both) if base]
    if not known:
        return
    for sentence in case.sentences:
        if "%" not in sentence.text or ("申请" not in sentence.text and "公开" not in sentence.text):
            continue
        own = [(m.start(), int(m["n"])) for m in re.finditer(r"(?P<n>\d+)(?:件|宗|份|例|起|条|次)", sentence.text)]
        wholes = {*known, *(number for _, number in own)}
        for match in _SHARE.finditer(sentence.text):
            number, share = int(match["n"]), Decimal(match["p"])
            listed = accumulate(n for at, n in reversed(own) if at <= match.start())  # A件、B件,占p%
            if share > 100 or any(_is_share(n, base, share) for n in listed for base in wholes if base >= n):
                continue
            right = "、".join(f"{number}÷{base}={_percent(number, base)}%" for base in dict.fromkeys(known))
            message = f"{place(sentence.section)}说“{match[0]}”，而{right}，都不是{share}%。"
            yield case.finding("TEXT-PERCENT", message, left=f"{share}%", right=right, text=match[0])


def _is_share(number: int, base: int, share: Decimal) -> bool:
    """Equal when rounded as printed, half a step either way for those who cut instead of rounding."""
    step = Decimal(1).scaleb(min(0, int(share.as_tuple().exponent)))
    return base > 0 and abs(Decimal(number) * 100 / base - share) <= step


def _percent(number: int, base: int) -> str:
    return f"{(Decimal(number) * 100 / base).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


_RATE = re.compile(
    r"(?P<what>(?:办结|答复|办复|回复|公开|解读|更新|及时|覆盖|知晓|合格|满意)率|满意度)[^,。;%\d]{0,8}(?P<p>\d+(?:\.\d+)?)%"
)


@rule("TEXT-PERCENT")
def rates(case: Case) -> Iterator[Finding]:
    """What can be done at most wholly is not done by more than 100 %."""
    for sentence in case.sentences:
        for match in _RATE.finditer(sentence.text) if "%" in sentence.text else ():
            if Decimal(match["p"]) > 100:
                message = f"{place(sentence.section)}说“{match[0]}”，{match['what']}不会超过100%。"
                yield case.finding("TEXT-PERCENT", message, left=f"{match['p']}%", right="100%以下", text=match[0])


@rule("TEXT-GROWTH")
def growth(case: Case) -> Iterator[Finding]:
    """同比 p% of applications, counted in any lawful way in both years."""
    before = usable_previous(case)
    known = pairs(case, before) if before else []
    for sentence in case.sentences:
        for match in _GROWTH.finditer(sentence.text) if "%" in sentence.text else ():
            near = sentence.text[max(0, match.start() - 40) : match.start()]
            if "申请" not in near or re.search(r"留言|建议|提案|工单|信息\d", near):
                continue
            if not known:
                case.unchecked.append(f"没有上一年的报告，未核对“{match[0]}”。")
                continue
            share = Decimal(match["p"]) * (-1 if match["way"] in ("下降", "减少", "降低") else 1)
            step = Decimal(1).scaleb(min(0, int(Decimal(match["p"]).as_tuple().exponent)))
            found = {name: (Decimal(now) / then - 1) * 100 for name, now, then in known if then}
            if any(abs(real - share) <= step for real in found.values()):
                continue
            said = "、".join(
                f"按{name}为{real.quantize(Decimal('0.01'), ROUND_HALF_UP)}%" for name, real in found.items()
            )
            message = f"{place(sentence.section)}说“{match[0]}”，用两年的报告计算，{said}。"
            yield case.finding("TEXT-GROWTH", message, left=f"{share}%", right=said, text=match[0])


def pairs(case: Case, before: Report) -> list[tuple[str, int, int]]:
    """The number of applications in each lawful way of counting, in this year and in the last."""
    ways = {
        "新收": ("received",),
        "新收加上年结转": ("received", "brought_forward"),
        "办理总计": ("processed_total",),
    }
    found = []
    for name, rows in ways.items():
        now = [case.report.number(f"t3.{row}.total") for row in rows]
        then = [before.number(f"t3.{row}.total") for row in rows]
        if None not in now and None not in then:
            found.append(
                (name, sum(int(n) for n in now if n is not None), sum(int(n) for n in then if n is not None))
            )
    return found


_PUBLISHED = re.compile(
    r"(?:通过|在|利用|于)?(?P<where>(?:[^,。;:\d()]|\([^()]{0,12}\)){0,30}?)(?:累计|共计|共|主动)*(?:公开|发布)(?:了|各类|的)?(?:政府|政务)?信息(?:数|数量|总数)?(?:共|共计|累计|为|达)*"
    r"(?P<n>\d+)(?P<more>余)?条"
)


@rule("TEXT-TWICE")
def twice(case: Case) -> Iterator[Finding]:
    """The number of items published through one channel, told twice and differently."""
    told: list[tuple[tuple[str | None, str], int, str]] = []
    for sentence in case.sentences:
        if "信息" not in sentence.text or not re.search(r"\d余?条", sentence.text):
            continue
        for match in _PUBLISHED.finditer(sentence.text):
            before = sentence.text[: match.start("n")]
            years = re.findall(r"20\d\d(?=年)", before)
            if re.search(r"其中|新增|上半年|去年|上年", sentence.text[: match.start() + 1]) or (
                match["more"] or (years and years[-1] != str(case.year))
            ):
                continue
            told.append((_channel(match["where"]), int(match["n"]), match[0]))
    for k, (where, number, text) in enumerate(told):
        for other, second, again in told[k + 1 :]:
            if _is_same_channel(where, other) and number != second:
                message = f"“{text}”与“{again}”说的像是同一个数，却不同。"
                yield case.finding("TEXT-TWICE", message, left=number, right=second, text=text)
                return


def _channel(text: str) -> tuple[str | None, str]:
    """Through what something was published: its kind (网, 微信, …) and its own name, as far as they are told."""
    told = words("channels")
    kind = re.search(told["kinds"], text)
    return (kind[0] if kind else None), re.sub(rf"{told['no_names']}|\([^()]*\)", "", text)


def _is_same_channel(one: tuple[str | None, str], other: tuple[str | None, str]) -> bool:
    first, second = one[1], other[1]
    if min(len(first), len(second)) >= 2 and (first in second or second in first):
        return not (one[0] and other[0]) or one[0] == other[0]
    return one == other

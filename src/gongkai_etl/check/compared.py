"""Applications told beside last year's, by the way they came in, and by who filed them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gongkai_etl import form
from gongkai_etl.check.case import Case
from gongkai_etl.check.frame import usable_previous
from gongkai_etl.check.prose import excerpt, place, words
from gongkai_etl.check.registry import rule
from gongkai_etl.check.sums import joined, pairs
from gongkai_etl.model import Finding

_UNIT = "(?:件|宗|份|例|起|次|条)"
_LAST = r"(?:上年度?|去年|上一年度?|20\d\d年度?)(?:同期)?"
_CHANGE = re.compile(
    rf"申请(?![^。;]*(?:建议|提案|留言|工单))[^。;,、]{{0,16}}?\d+{_UNIT}[,(]?(?:同比|(?:比|较|与){_LAST}(?:相比)?,?)(?:申请量|数量)?"
    rf"(?P<way>增加|增长|上升|多|减少|下降|少)(?:了|到)?(?P<n>\d+){_UNIT}"
)
_THEN = re.compile(
    rf"(?P<when>{_LAST})(?:共|仅|全年)?(?:新收|收到|受理|接收)(?:到|了)?(?:的)?(?:政府信息公开|信息公开|依申请公开)?(?:的)?(?:申请)?(?:共|共计|为)?(?P<n>\d+){_UNIT}"
)
_FEWER = ("减少", "下降", "少")


@rule("TEXT-GROWTH")
def changes(case: Case) -> Iterator[Finding]:
    """N more or fewer applications than last year, and how many there were last year."""
    before = usable_previous(case)
    if before is None:
        return
    years = pairs(case, before)
    for sentence in case.sentences:
        text = sentence.text
        if "申请" not in text or not years:
            continue
        for match in _CHANGE.finditer(text):
            told = int(match["n"]) * (-1 if match["way"] in _FEWER else 1)
            meant = years[:1] if "新收" in text[: match.end()] else years
            if any(now - then == told for _, now, then in meant):
                continue
            real = "、".join(f"按{name}为{now}件、上年{then}件，{_way(now - then)}" for name, now, then in meant)
            said = excerpt(text, *match.span(), around=8)
            message = f"{place(sentence.section)}说“{said}”，而两年的报告中{real}。"
            yield case.finding("TEXT-GROWTH", message, left=f"{match['way']}{match['n']}件", right=real, text=said)
        for match in _THEN.finditer(text):
            if match["when"][:4].isdigit() and int(match["when"][:4]) != (case.year or 0) - 1:
                continue
            if any(then == int(match["n"]) for _, _, then in years):
                continue
            real = "、".join(f"{name}{then}件" for name, _, then in years)
            said = excerpt(text, *match.span(), around=8)
            message = f"{place(sentence.section)}说“{said}”，而上一年的报告中{real}。"
            yield case.finding("TEXT-GROWTH", message, left=int(match["n"]), right=real, text=said)


def _way(change: int) -> str:
    return "没有增减" if change == 0 else f"{'增加' if change > 0 else '减少'}{abs(change)}件"


_COUNT = re.compile(rf"(?<![\d.第])(?P<n>\d+){_UNIT}")
_REST = re.compile(r"^[^。;]{0,4}等|其余|其他|其它|剩余|余下|另")


@cache
def _by_way() -> re.Pattern[str]:
    told = words("ways")
    return re.compile(rf"(?:{told['names']})(?:{told['behind']})*(?P<n>\d+){_UNIT}")


@rule("TEXT-PARTS")
def channels(case: Case) -> Iterator[Finding]:
    """Applications by the way they came in (网络…件、信函…件) add up to their number."""
    for sentence in joined(case):
        text = sentence.text
        if "申请" not in text:
            continue
        listed = list(_by_way().finditer(text))
        if len(listed) < 2 or _REST.search(text[listed[-1].end() :]):
            continue
        within = text[listed[0].start() : listed[-1].end()]
        whole = [int(c["n"]) for c in _COUNT.finditer(text, 0, listed[0].start())]
        if not whole or len(_COUNT.findall(within)) != len(listed) or re.search(r"[。;()]", within):
            continue
        numbers = [int(part["n"]) for part in listed]
        added = sum(numbers)
        known = {case.total("t3.received.total")}
        if "新收" not in text[: listed[0].start()]:
            known.add(case.total("t3.received.total", "t3.brought_forward.total"))
        if added in whole or added in known:
            continue
        shown = "+".join(map(str, numbers)) + f"={added}"
        said = excerpt(text, listed[0].start(), listed[-1].end(), around=16)
        message = f"{place(sentence.section)}说“{said}”，各种方式相加{shown}件，与所说的{whole[-1]}件不符。"
        yield case.finding("TEXT-PARTS", message, left=whole[-1], right=shown, text=said)


_ANSWERED = re.compile(
    rf"申请(?:共|共计|为)?(?P<all>\d+){_UNIT}[,(]其中[,:]?(?:已|已经)?(?:按期|依法|按时)?(?:办结|答复|回复)(?:了)?(?P<done>\d+){_UNIT}"
    rf"[,、;](?:其余|另有|尚有|还有)?(?:正在办理|尚在办理|仍在办理|未办结|未答复|结转下年度?)(?:继续办理|办理)?(?:中)?(?:的)?(?P<left>\d+){_UNIT}"
)


@rule("TEXT-PARTS")
def answered(case: Case) -> Iterator[Finding]:
    """Applications that were answered and those that were not yet make up all, with or without last year's."""
    for sentence in joined(case):
        match = _ANSWERED.search(sentence.text) if "其中" in sentence.text else None
        if match is None:
            continue
        told, done, left = (int(match[name]) for name in ("all", "done", "left"))
        if done + left in (told, told + int(case.number("t3.brought_forward.total") or 0)):
            continue
        said = excerpt(sentence.text, *match.span(), around=8)
        shown = f"{done}+{left}={done + left}"
        message = f"{place(sentence.section)}说“{said}”，两项相加{shown}件，与所说的{told}件不符。"
        yield case.finding("TEXT-PARTS", message, left=told, right=shown, text=said)


_PERSONS = ("t3.received.natural_person",)
_BODIES = tuple(
    f"t3.received.{column.key}"
    for column in form.table_form("t3", form.editions()[0]).blocks[0].columns
    if column.key not in ("natural_person", "total")
)
_SOME = re.compile(r"其中|予以|不予|结转|部分|除")


@cache
def _all_are(who: str) -> re.Pattern[str]:
    return re.compile(rf"(?:申请|申请人|申请主体)[^。;0-9]{{0,6}}?(?:均|全部|都|全)(?:为|系|是|由|来自)+(?:{who})")


@rule("TEXT-APPLICANTS")
def applicants(case: Case) -> Iterator[Finding]:
    """All applications are said to come from persons, or from bodies, and the table has others."""
    for sentence in case.sentences:
        for named, who, keys in (("persons", "法人或其他组织", _BODIES), ("bodies", "自然人", _PERSONS)):
            match = _all_are(words("applicants")[named]).search(sentence.text)
            if match is None or _SOME.search(sentence.text[: match.end()]):
                continue
            known = case.total(*keys)
            if known:
                said = excerpt(sentence.text, *match.span())
                message = f"{place(sentence.section)}说“{said}”；而表三{who}新收{known}件，与文字不符。"
                yield case.finding("TEXT-APPLICANTS", message, left=0, right=known, cells=keys, text=said)

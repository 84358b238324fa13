"""Whose report and of which year: title, signature, period and sentences against what they should be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gongkai_etl.check.case import Case
from gongkai_etl.check.names import known_name, looks_like_unit, same, slip
from gongkai_etl.check.places import level, town_of
from gongkai_etl.check.prose import Sentence, excerpt, place
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding
from gongkai_etl.text import squeeze

_YEAR = re.compile(r"(20\d\d)年")
_PERIOD = re.compile(r"(?P<first>20\d\d)年1月1日起?,?(?:截?至|到|—|-|–|~|～|止)+(?:(?P<last>20\d\d)年)?12月31日")
_SPAN = re.compile(
    r"(?:统计|数据)[^,。;]{0,14}?(?P<span>(?:20\d\d年)?(?P<from>\d{1,2}月\d{1,2}日)起?,?(?:截?至|到|—|-|–|~|～|止)+(?:20\d\d年)?(?P<to>\d{1,2}月\d{1,2}日))"
)
_KEY_POINTS = re.compile(r"(20\d\d)年(?:全[省市县区])?(?:政务|政府信息)公开(?:工作)?(?:要点|重点)")
_WHOLE_YEAR = ("1月1日", "12月31日")
_SELF = r"(?:我|本|全)(?:镇|乡|县|区|市|局|街道|办|委|厅|院|单位|机关|中心)"
_PLAN = re.compile(r"整改措施|改进措施|下一步|下步|今后|努力方向|工作打算")
_WILL = re.compile(r"将|计划|拟|下一步|打算|争取|力争")


@rule("ID-UNIT", "ID-UNIT-SPELLING", "ID-SIGNER", "ID-NO-UNIT", "ID-NO-YEAR")
def unit(case: Case) -> Iterator[Finding]:
    """Title and signature name the unit that should report."""
    report = case.report
    printed, title = squeeze(report.unit or ""), squeeze(report.title or "")
    if not printed:
        yield case.finding("ID-NO-UNIT", "标题和署名中都没有读到单位名称。", text=title or None)
    if report.year is None:
        yield case.finding("ID-NO-YEAR", "没有读到报告年度。", text=title or None)
    expected = case.item.unit
    if expected is not None and printed:
        yield from _compare(case, "ID-UNIT", "标题", printed, expected.names)
    names = expected.names if expected is not None else ((printed,) if printed else ())
    signer = squeeze(report.signed_by or "")
    if names and signer and signer != printed:
        yield from _compare(case, "ID-SIGNER", "署名", signer, names)


def _compare(case: Case, name: str, where: str, printed: str, expected: tuple[str, ...]) -> Iterator[Finding]:
    if any(same(printed, known) for known in expected):
        return
    should = expected[0]
    if any(slip(printed, known) for known in expected) and not known_name(case, printed):
        message = f"{where}的单位是“{printed}”，应为“{should}”，像是错字、漏字或文字识别的错误。"
        yield case.finding("ID-UNIT-SPELLING", message, left=printed, right=should, text=printed)
        return
    message = f"{where}的单位是“{printed}”，而应是“{should}”。"
    sure = looks_like_unit(printed) and looks_like_unit(should)
    yield case.finding(
        name, message, left=printed, right=should, text=printed, outcome="fail" if sure else "unknown"
    )


@rule("ID-YEAR", "ID-PERIOD")
def year(case: Case) -> Iterator[Finding]:
    """The title's year and the period are the report's."""
    title = squeeze(case.report.title or "")
    match = _YEAR.search(title)
    should = case.year
    if match and case.item.year and int(match[1]) != case.item.year:
        message = f"标题写的是{match[1]}年，应报送的是{case.item.year}年的报告。"
        yield case.finding("ID-YEAR", message, left=match[1], right=case.item.year, text=title)
    elif match and not case.item.year:
        yield from _told_otherwise(case, int(match[1]), title)
    if should is None:
        return
    for text in (s.text for s in case.sentences if s.section in ("0", "1", "6")):
        period = _PERIOD.search(text)
        if period and {int(period["first"]), int(period["last"] or period["first"])} != {should}:
            said = period[0]
        elif (span := _SPAN.search(text)) and (span["from"], span["to"]) != _WHOLE_YEAR:
            said = span["span"]
        else:
            continue
        right = f"{should}年1月1日至12月31日"
        message = f"统计期写的是“{said}”，而{should}年度报告的统计期是{right}。"
        yield case.finding("ID-PERIOD", message, left=said, right=right, text=said)
        return


def _told_otherwise(case: Case, titled: int, title: str) -> Iterator[Finding]:
    """Nobody said which year is due, but date and text agree on another one than the title's."""
    issued = case.report.issued_on
    other = issued.year - 1 if issued else None
    if other is None or other == titled or f"{titled}年" in case.prose or f"{other}年" not in case.prose:
        return
    message = f"标题写的是{titled}年，而文字和落款日期都是{other}年度的。"
    yield case.finding("ID-YEAR", message, left=titled, right=other, text=title)


@cache
def _told(year: int) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[,;:。)])(?:截至|截止)?(?P<year>20\d\d)年(?:度|12月31日|12月底|底|末)?(?:以来)?,?"
        rf"(?:{_SELF}|(?:全年|共|累计)?(?:主动公开|收到|未收到|受理|新收))"
    )


@rule("ID-YEAR-TEXT", "ID-PUBLISH-YEAR", "ID-PLAN-YEAR")
def sentences(case: Case) -> Iterator[Finding]:
    """Sentences about the year's work that name another year."""
    should = case.year
    if should is None:
        return
    plan = False
    for sentence in case.sentences:
        text = sentence.plain
        yield from _key_points(case, sentence, should)
        if sentence.section == "5":
            plan = plan or bool(_PLAN.search(text))
        if "年" not in text:
            continue
        match = _told(should).search(text)
        if match and _foreign(int(match["year"]), should, sentence.section, text):
            said = excerpt(sentence.text, *match.span())
            message = f"{place(sentence.section)}说“{said}”，而这是{should}年度的报告。"
            yield case.finding("ID-YEAR-TEXT", message, left=f"{match['year']}年", right=f"{should}年", text=said)
        yield from _published(case, sentence.text, should)
        if plan and sentence.section == "5":
            yield from _planned(case, text, should)


def _key_points(case: Case, sentence: Sentence, should: int) -> Iterator[Finding]:
    """Key points of an earlier year, by which this year's work is said to have been done."""
    match = _KEY_POINTS.search(sentence.text)
    if match and int(match[1]) < should and f"{should}年" not in sentence.text and "上年" not in sentence.text:
        said = excerpt(sentence.text, *match.span())
        message = (
            f"{place(sentence.section)}说的是{match[1]}年的要点（“{said}”），而这是{should}年度的报告，请核对。"
        )
        yield case.finding(
            "ID-YEAR-TEXT", message, left=f"{match[1]}年", right=f"{should}年", text=said, outcome="unknown"
        )


def _foreign(year: int, should: int, section: str, text: str) -> bool:
    if year == should or f"{should}年" in text:
        return False
    return year < should if section == "5" else not (year > should and _WILL.search(text))


def _published(case: Case, text: str, should: int) -> Iterator[Finding]:
    match = re.search(
        rf"{should}年(?:度)?(?:政府|政务)?信息公开(?:工作)?(?:年度)?(?:工作)?(?:年度)?(?:报告|年报)[^。;]{{0,16}}?(?:于|在){should}年\d{{1,2}}月",
        text,
    )
    if match:
        message = f"文中说{should}年度的报告在{should}年内就公布了：“{match[0]}”。"
        yield case.finding("ID-PUBLISH-YEAR", message, left=match[0][-8:], right=f"{should + 1}年", text=match[0])


def _planned(case: Case, text: str, should: int) -> Iterator[Finding]:
    start = max((match.start() for match in _PLAN.finditer(text)), default=0)
    match = re.search(r"(20\d\d)年(?:度)?,?(?:我|本|全|将|要|继续|重点)", text[start:])
    if match and int(match[1]) <= should:
        said = excerpt(text, start + match.start(), start + match.end())
        message = f"改进措施写的是{match[1]}年（“{said}”），而这是{should}年度的报告，措施应是今后的。"
        yield case.finding("ID-PLAN-YEAR", message, left=f"{match[1]}年", right=f"{should + 1}年", text=said)


_OWN_WORDS = {
    "镇": ("乡", "街道", "局", "委", "厅", "校", "院", "中心", "公司"),
    "乡": ("镇", "街道", "局", "委", "厅", "校", "院", "中心", "公司"),
    "街道": ("镇", "乡", "局", "委", "厅", "校", "院", "中心", "公司"),
    "部门": ("镇", "乡", "街道", "校", "院", "中心", "公司"),
    "县": ("镇", "乡", "街道", "局", "校", "院", "中心", "公司"),
}


@rule("ID-SELF-WORD")
def self_word(case: Case) -> Iterator[Finding]:
    """我局 in a town's report, 我镇 in a department's."""
    kind = _kind(case)
    if kind is None:
        return
    pattern = re.compile(rf"(?:我|本)({'|'.join(_OWN_WORDS[kind])})(?!限|部|面|长|土|里|落|子)")
    seen: set[str] = set()
    for sentence in case.sentences:
        match = pattern.search(sentence.plain)
        if match and match[0] not in seen:
            seen.add(match[0])
            said = excerpt(sentence.text, *match.span())
            message = f"{place(sentence.section)}自称“{match[0]}”（“{said}”），而报告单位是{case.name}。"
            yield case.finding("ID-SELF-WORD", message, left=match[0], right=case.name, text=said)


def _kind(case: Case) -> str | None:
    town = town_of(case.name)
    if town:
        return next((ending for ending in ("街道", "镇", "乡") if town.endswith(ending)), None)
    where = level(case.name, case.item.unit.kind if case.item.unit else "")
    if where in ("county", "city"):
        return "县"
    return "部门" if re.search(r"[局委厅]$|委员会$", case.name) else None

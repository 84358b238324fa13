"""Other places, units and trades in the prose: what was copied and not changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from gongkai_etl.check import places
from gongkai_etl.check.case import Case
from gongkai_etl.check.catalogue import load
from gongkai_etl.check.names import core
from gongkai_etl.check.prose import Sentence, excerpt, place
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding, Unit

_TITLES = re.compile(r"《[^》]{0,60}》")
_SELF_PRAISE = re.compile(
    r"(?:人民政府)?(?:将(?=认真|进一步|继续|坚持|严格|持续|不断|加大|加强))?(?:进一步|继续|加大|加强|高度重视|始终|严格|认真|深入|坚持|扎实|积极|持续|不断|主动公开|政府信息公开|信息公开|政务公开|20\d\d年)"
)
_ADDRESS = re.compile(r"地址|邮编|邮政编码|位于|坐落|联系方式")
_ACCOUNT = re.compile(
    r"(?:公众号|订阅号|服务号|视频号|抖音号?|微博|公众平台|新媒体)[^,。;、“]{0,8}“(?P<a>[^”]{2,12})”"
    r"|“(?P<b>[^”]{2,12})”[^,。;、“]{0,6}(?:公众号|订阅号|服务号|视频号|抖音|微博|公众平台)"
)


_UNLISTED = re.compile(
    r"(?:^|[,。;:、()]|对|在|让|使|由|为|的|推动|推进|提升|提高|助力|结合|按照|根据)"
    r"(?P<name>[^\W\d_的了是在和与对由为让使各全本我该每现将把以从向就等]{2,5}?(?:镇|乡|街道))(?:的)?"
    + _SELF_PRAISE.pattern
)
_TOWN_PRAISED = re.compile("(?:镇|乡|街道)的?" + _SELF_PRAISE.pattern)
_SUFFIX = re.compile("[镇乡道木县区市旗局委室心]")
_NO_NAME = re.compile(
    r"(?:乡|城|村|集|小|中心|重点|基层|辖区|有关|相关|所属|下属|特色|各级|县级|部分|所有|其他)(?:镇|街道)$|乡镇"
)


def roster_names(roster: Sequence[Unit]) -> dict[str, Unit]:
    """Short names of the units: towns without their county, departments with and without it."""
    found: dict[str, Unit] = {}
    for unit in roster:
        for name in unit.names:
            short = core(name)
            for form in (short, places.town_of(short)):
                if form and len(form) >= 3:
                    found.setdefault(form, unit)
    return found


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in load("data", "places.yaml").items()}


@rule("ID-OTHER-UNIT")
def other_units(case: Case) -> Iterator[Finding]:
    """Names of towns, counties and units of the roster where the report speaks of itself."""
    if not case.name:
        case.unchecked.append("不知道报告单位，未核对文中是否有别的单位的名称。")
        return
    lawful = lawful_names(case)
    if lawful is None:
        return
    seen: set[str] = set()
    for sentence in case.sentences:
        if not _SUFFIX.search(sentence.text):
            continue
        text = (
            _TITLES.sub(lambda match: "□" * len(match[0]), sentence.text)
            if "《" in sentence.text
            else sentence.text
        )
        for mention in (*places.mentions(text), *_of_roster(case, text), *_unlisted(text)):
            name = mention.name
            if name not in seen and not is_lawful(name, lawful) and not _excused(case, text, mention):
                seen.add(name)
                yield _found(case, sentence, mention)


def _found(case: Case, sentence: Sentence, mention: places.Mention) -> Finding:
    said = excerpt(sentence.text, mention.start, mention.end)
    where = f"{place(sentence.section)}"
    message = f"{where}出现“{mention.name}”（“{said}”），而报告单位是{case.name}。"
    return case.finding("ID-OTHER-UNIT", message, left=mention.name, right=case.name, text=said)


def _own(case: Case) -> tuple[str, ...]:
    unit = case.item.unit
    printed = (case.report.unit or "", case.report.title or "")
    return tuple(name for name in (case.name, *(unit.names if unit else ()), *printed) if name)


def lawful_names(case: Case) -> frozenset[str] | None:
    """Names that a report may well say: its own, what is above it, for counties and departments what is below.

    None when nothing can be said, as for a city whose name the list does not know.
    """
    own = _own(case)
    where = places.level(case.name, case.item.unit.kind if case.item.unit else "")
    counties = places.owners(case.name) or places.owners(own[-1])
    allowed = {*own} | {town for name in own if (town := places.town_of(core(name)))}
    for county in counties:
        allowed |= {*county.above, *(county.towns if where != "town" else ())}
    if where in ("city", "unknown"):
        return _of_city(case, allowed)
    if where != "town" and not counties:
        allowed |= {short for short, unit in case.others.items() if unit.kind != "部门"}
    if where == "county":
        allowed |= set(case.others)
    return frozenset(allowed)


def _of_city(case: Case, allowed: set[str]) -> frozenset[str] | None:
    """Counties and towns of the city or province in the name are its own."""
    known = places.gazetteer()
    mine = [c for c in known.counties if any(above and above in case.name for above in (c.province, c.city))]
    if not mine:
        case.unchecked.append(f"行政区划名称中没有找到{case.name}，未核对文中是否有别的地方的名称。")
        return None
    for county in mine:
        allowed |= {*county.above, *county.towns}
    return frozenset(allowed)


def is_lawful(name: str, lawful: frozenset[str]) -> bool:
    """Whether a name is one of those, or a part of one."""
    return (
        name in lawful
        or any(name in own for own in lawful if len(own) > len(name))
        or any(name.endswith(own) for own in lawful if places.town_of(own) == own and len(own) >= 3)
    )


def _excused(case: Case, text: str, mention: places.Mention) -> bool:
    """Named as a neighbour, a partner, a destination, an address or an institution."""
    before, after = text[max(0, mention.start - 7) : mention.start], text[mention.end : mention.end + 4]
    words = _words()
    if any(before.endswith(word) for word in words["lawful_before"]):
        return True
    if after.startswith(words["lawful_after"]) or _ADDRESS.search(
        text[max(0, mention.start - 40) : mention.start]
    ):
        return True
    town = places.level(case.name, case.item.unit.kind if case.item.unit else "") == "town"
    listed = text[mention.start - 1 : mention.start] == "、" or after.startswith(("、", "等"))
    return not town and (listed or not _SELF_PRAISE.match(text[mention.end :]))


def _of_roster(case: Case, text: str) -> Iterator[places.Mention]:
    """Units of the roster: towns by name anywhere, departments only where the sentence is about themselves."""
    if not case.others:
        return
    for match in re.finditer(r"镇|乡|街道|苏木|局|委员会|办公室|中心", text):
        end = match.end()
        for start in range(max(0, end - 16), end - 2):
            unit = case.others.get(text[start:end])
            if unit is not None:
                if unit.kind != "部门" or _SELF_PRAISE.match(text[end:]):
                    yield places.Mention(text[start:end], start, end)
                break


def _unlisted(text: str) -> Iterator[places.Mention]:
    """A town that no list knows, where a sentence praises its work."""
    if not _TOWN_PRAISED.search(text):
        return
    for match in _UNLISTED.finditer(text):
        if not _NO_NAME.search(match["name"]):
            yield places.Mention(match["name"], *match.span("name"))


@rule("ID-ACCOUNT")
def accounts(case: Case) -> Iterator[Finding]:
    """A town's own account bears the name of another place."""
    if places.level(case.name, case.item.unit.kind if case.item.unit else "") != "town":
        return
    counties = places.owners(case.name)
    known = "".join((*_own(case), *(name for county in counties for name in county.above)))
    seen: set[str] = set()
    for sentence in case.sentences:
        for match in _ACCOUNT.finditer(sentence.text):
            account = match["a"] or match["b"]
            stem = re.sub("|".join(sorted(_words()["account_words"], key=len, reverse=True)), "", account)
            if (
                account in seen
                or not 2 <= len(stem) <= 4
                or any(stem[k : k + 2] in known for k in range(len(stem) - 1))
            ):
                continue
            seen.add(account)
            message = f"所说的公众号等名称“{account}”中的“{stem}”不是{case.name}的名称，请核对是否照抄别处。"
            yield case.finding("ID-ACCOUNT", message, left=account, right=case.name, text=sentence.text[:80])


@rule("ID-PLACE-SPELLING")
def misprinted(case: Case) -> Iterator[Finding]:
    """A county in the title that does not exist, with a character that looks like the right one."""
    title = case.report.title or case.report.unit or ""
    counties = places.gazetteer().by_county
    for match in re.finditer(r"[一-鿿]{2,8}?[县市区]", re.sub(r"\s", "", title)):
        name = match[0]
        if name in counties:
            continue
        for pair in _words()["alike"]:
            wrong, right = pair[0], pair[1]
            fixed = name.replace(wrong, right)
            if fixed != name and (fixed in counties or fixed in places.gazetteer().cities):
                message = f"标题中的“{name}”像是“{fixed}”之误（{wrong}、{right}形近）。"
                yield case.finding("ID-PLACE-SPELLING", message, left=name, right=fixed, text=title)


@cache
def _trades() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """For each trade: how its units are called, and the sentences that only its units write."""
    data = load("data", "trades.yaml")
    made = []
    for trade in data["trades"]:
        word = f"(?:{'|'.join(trade['words'])})"
        frames = "|".join(frame.replace("{T}", word) for frame in data["frames"])
        made.append((re.compile(trade["units"]), re.compile(frames)))
    return tuple(made)


@cache
def _any_trade() -> re.Pattern[str]:
    words = "|".join(word for trade in load("data", "trades.yaml")["trades"] for word in trade["words"])
    return re.compile(
        "|".join(frame.replace("{T}", f"(?:{words})") for frame in load("data", "trades.yaml")["frames"])
    )


@rule("ID-TRADE")
def trades(case: Case) -> Iterator[Finding]:
    """What sums up the work of another trade."""
    where = places.level(case.name, case.item.unit.kind if case.item.unit else "")
    if not case.name or where in ("county", "city") or not _any_trade().search(case.prose):
        return
    for units, frames in _trades():
        if units.search(case.name):
            continue
        for sentence in case.sentences:
            match = frames.search(sentence.text)
            if match:
                said = excerpt(sentence.text, *match.span())
                message = f"{place(sentence.section)}“{said}”讲的是别的行业的工作，而报告单位是{case.name}。"
                yield case.finding("ID-TRADE", message, left=match[0], right=case.name, text=said)
                break

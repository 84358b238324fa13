"""Names of units: when two mean the same unit, when one is a slip of the other, when one is another unit's."""

from __future__ import annotations

import re
from functools import cache

from gongkai_etl.check.case import Case
from gongkai_etl.check.places import gazetteer, town_of

_ENDINGS = re.compile(
    r"(?:人民政府办公室|人民政府办公厅|政府办公室|人民政府|党政办公室|党政综合办公室|党政办|综合办公室|政府|办公室)$"
)
_PLACE = re.compile(r"^.{1,12}?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|开发区|[省市州盟县区旗])")
_UNIT = re.compile(r"(?:政府|街道|办事处|委员会|办公室|中心|[镇乡局委办厅院会馆所站县区市旗队])$")
_GENERIC = re.compile(
    r"^(?:本机关|本单位|党政|政务公开|政府信息公开|综合|县|区|市|镇|乡)?(?:工作)?(?:领导小组)?(?:办公室|办)?$"
)


@cache
def core(name: str) -> str:
    """A name without the endings that tell no units apart (甲县乙镇人民政府 → 甲县乙镇)."""
    short = re.sub(
        r"街道办事处$|街道办$|街道工作办公室$",
        "街道",
        re.sub(r"^[^一-鿿]*[A-Za-z0-9]+[^一-鿿]*", "", name).strip("《》“”()（）"),
    )
    short = re.sub(r"^中共.{1,20}?委员会[、和]?(?=.)", "", short)
    while (cut := _ENDINGS.sub("", short)) != short and len(cut) >= 2:
        short = cut
    return short


@cache
def same(printed: str, known: str) -> bool:
    """Whether a printed name means the unit; its place may be left out, its department shortened."""
    one, other = core(printed), core(known)
    if one == other or not one or _GENERIC.match(printed):
        return True
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if longer.endswith(shorter) or (len(shorter) >= 4 and shorter in longer):
        return True
    town, other_town = town_of(one), town_of(other)
    if town and other_town:
        return town == other_town and _places_agree(one.removesuffix(town), other.removesuffix(other_town))
    if bool(town) != bool(other_town):
        return False
    return _shortened(one, other) or _holds(longer, shorter)


def _holds(longer: str, shorter: str) -> bool:
    """A title may say more than the name (县财政局关于…): the department's own name, behind no other place."""
    own = _without_place(shorter)
    at = longer.find(own)
    return len(own) >= 3 and at >= 0 and _places_agree(longer[:at], shorter.removesuffix(own))


def _places_agree(one: str, other: str) -> bool:
    """甲市乙县 and 乙县 agree; 乙县 and 丙县 do not."""
    if not one or not other or one.endswith(other) or other.endswith(one):
        return True
    ends = [re.findall(r"[^省市州盟县区旗]+(?:[省市州盟县区旗])", place)[-1:] for place in (one, other)]
    return ends[0] == ends[1]


def _shortened(one: str, other: str) -> bool:
    """发改局 for 发展和改革局: the characters of the short name in order, behind the same place."""
    first, second = _without_place(one), _without_place(other)
    longer, shorter = (first, second) if len(first) >= len(second) else (second, first)
    if len(shorter) < 2 or not _places_agree(one.removesuffix(first), other.removesuffix(second)):
        return False
    rest = iter(longer)
    return shorter[-1] in "局委办厅院会所站室心队" and all(character in rest for character in shorter)


def _without_place(name: str) -> str:
    while (match := _PLACE.match(name)) and len(name) - match.end() >= 2:
        name = name[match.end() :]
    return re.sub(r"^[县市区](?=.{2})", "", name)


@cache
def slip(printed: str, known: str) -> bool:
    """Whether two names differ by one character (two in long ones) only."""
    one, other = core(printed), core(known)
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 3:
        return False
    if len(one) == len(other):
        return 0 < sum(a != b for a, b in zip(one, other, strict=True)) <= (1 if len(one) < 8 else 2)
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return any(longer[:k] + longer[k + 1 :] == shorter for k in range(len(longer)))


def known_name(case: Case, name: str) -> bool:
    """Whether a name is another unit's of the roster, or a town or county of the country's list."""
    short = core(name)
    if short in case.others or (town_of(short) or short) in case.others:
        return True
    places = gazetteer()
    return (town_of(short) or short) in places.by_town or short in places.by_county


def looks_like_unit(name: str) -> bool:
    """Whether a name ends like a unit's."""
    return bool(_UNIT.search(name)) and bool(re.fullmatch(r"[一-鿿·()（）、]{3,40}", name))

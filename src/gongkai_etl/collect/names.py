"""Finding the unit a name means: full name, alias, without 人民政府, without or with the county before it."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai_etl.collect.roster import county, words
from gongkai_etl.model import Unit
from gongkai_etl.text import squeeze


def find(units: Sequence[Unit], name: str | None, home: str | None = None) -> Unit | None:
    """The one unit that ``name`` means, or None when there is none or more than one.

    ``home`` is the county's name; without it the roster's county row is used. A place before the
    name must be the county (or end with it): another county's 财政局 is not ours.
    """
    wanted = squeeze(name or "")
    if not wanted:
        return None
    exact = [unit for unit in units if wanted in unit.names]
    if exact:
        return exact[-1] if len({unit.name for unit in exact}) == 1 else None
    row = county(units)
    place = core(home or (row.name if row else ""))
    matches = [unit for unit in units if any(_same(core(wanted), core(known), place) for known in unit.names)]
    return matches[0] if len(matches) == 1 else None


def find_in(units: Sequence[Unit], text: str) -> Unit | None:
    """The one unit whose name or alias stands in ``text`` (a file name, a title); the longest wins."""
    squeezed = squeeze(text)
    hits: dict[str, Unit] = {}
    for unit in units:
        for known in unit.names:
            short = core(known)
            if len(short) >= 2 and short in squeezed:
                hits[short] = unit
    if not hits:
        return None
    longest = max(map(len, hits))
    # 云岭县 stands in 云岭县青溪镇; 河镇 stands in 清河镇: only names that no longer hit contains count.
    best = {unit.code: unit for short, unit in hits.items() if not any(short != o and short in o for o in hits)}
    top = county(units)
    if len(best) > 1 and top is not None:
        best.pop(top.code, None)  # 云岭县石桥镇 names the town; the county only says where it is
    if len(best) > 1:
        best = {unit.code: unit for short, unit in hits.items() if len(short) == longest}
    return next(iter(best.values())) if len(best) == 1 else None


def core(name: str) -> str:
    """The name without the endings that tell no units apart (云岭县青溪镇人民政府 → 云岭县青溪镇)."""
    squeezed = squeeze(name)
    for ending in words()["name_endings"]:
        if squeezed.endswith(ending) and len(squeezed) > len(ending):
            rest = squeezed.removesuffix(ending)
            return rest + "街道" if ending.startswith("街道") else rest
    return squeezed


def _same(one: str, other: str, home: str) -> bool:
    if one == other or one.removeprefix("县") == other:
        return True
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    shorter = _without_rank(shorter, longer)
    if len(shorter) < 2 or not longer.endswith(shorter):
        return False
    before = longer.removesuffix(shorter)
    if home:
        return before.endswith(home) or home.endswith(before)
    return before.endswith(tuple(words()["prefix_endings"]))


def _without_rank(shorter: str, longer: str) -> str:
    """县财政局 beside 云岭县财政局: the rank alone is a place too."""
    rank = shorter[:1]
    return shorter[1:] if rank in "县区市旗" and longer.endswith(shorter) and len(shorter) > 3 else shorter

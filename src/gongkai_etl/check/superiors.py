"""Who is said to lead the work: the party committee and government of the unit's own county, not of another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai_etl.check.case import Case
from gongkai_etl.check.others import is_lawful, lawful_names
from gongkai_etl.check.places import gazetteer
from gongkai_etl.check.prose import excerpt, place
from gongkai_etl.check.registry import rule
from gongkai_etl.model import Finding

_LED = re.compile(r"(?P<name>[一-鿿]{3,12}?[县区市旗])委[^。;]{0,10}?政府[^,。;]{0,8}领导")


@rule("ID-OTHER-UNIT")
def leaders(case: Case) -> Iterator[Finding]:
    """Another county's committee and government are said to lead (在某县委、县政府的领导下)."""
    lawful = lawful_names(case) if case.name else None
    if lawful is None:
        return
    for sentence in case.sentences:
        match = _LED.search(sentence.text) if "领导" in sentence.text else None
        if match is None:
            continue
        named = (match["name"][k:] for k in range(len(match["name"]) - 2))
        name = next((part for part in named if part in gazetteer().by_county), None)
        if name and not is_lawful(name, lawful):
            said = excerpt(sentence.text, *match.span())
            message = f"{place(sentence.section)}出现“{name}”（“{said}”），而报告单位是{case.name}。"
            yield case.finding("ID-OTHER-UNIT", message, left=name, right=case.name, text=said)
            return


@rule("ID-SELF-WORD")
def superior(case: Case) -> Iterator[Finding]:
    """区委、区政府 in the report of a county's unit, 县委、县政府 in that of a district's."""
    own = re.match(
        r"[一-鿿]{1,9}?(?P<level>县|区)(?=[一-鿿]{2,}(?:镇|乡|街道|局|委|委员会|人民政府|办事处)$)", case.name
    )
    if own is None or re.search(r"新区|园区|开发区|管委会|示范区|自治区", case.name):
        return
    other = "区" if own["level"] == "县" else "县"
    pattern = re.compile(rf"(?<![一-鿿])(?:在|按照|按|根据|围绕|遵照)?{other}委(?:、|和|,)?{other}(?:人民)?政府")
    for sentence in case.sentences:
        match = pattern.search(sentence.text)
        if match:
            said = excerpt(sentence.text, *match.span())
            message = f"{place(sentence.section)}说“{said}”，而{case.name}属于{own['level']}，像是照抄别处。"
            yield case.finding("ID-SELF-WORD", message, left=f"{other}委、{other}政府", right=case.name, text=said)
            return

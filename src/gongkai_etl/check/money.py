"""Money inside the prose: fees for the handling of information, and charges against table 二."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai_etl.check.case import Case
from gongkai_etl.check.prose import Sentence, place
from gongkai_etl.check.registry import rule
from gongkai_etl.check.sums import joined
from gongkai_etl.model import Finding

_MONEY = re.compile(r"(?P<n>\d+(?:\.\d+)?)(?P<wan>万)?元")
_FEE_WORDS = re.compile(r"处理费")
_NO_FEE = re.compile(r"(?:未|没有|没|无|不存在|暂未)[^,。;]{0,14}(?:处理费|收费|费用)|免费")


@rule("TEXT-FEE-SUM", "TEXT-FEE-TARIFF")
def processing_fees(case: Case) -> Iterator[Finding]:
    """信息处理费: parts and total, twice told, and the tariff."""
    totals: list[tuple[Decimal, str]] = []
    for sentence in joined(case):
        if not _FEE_WORDS.search(sentence.text):
            continue
        money = [(_yuan(match), match) for match in _MONEY.finditer(sentence.text)]
        if money:
            totals.append((money[0][0], sentence.text))
            listed = [amount for amount, match in money[1:]]
            if len(listed) >= 2 and sum(listed) != money[0][0] and "其中" in sentence.text:
                yield _fee_sum(case, sentence.text, money[0][0], listed)
            if money[0][0] and case.total("t3.received.total", "t3.brought_forward.total") == 0:
                yield _fee_of_nobody(case, sentence, money[0][1][0])
            for amount, match in money:
                if amount % 10:
                    message = f"信息处理费{match[0]}不是10元的整数倍，与国办函〔2020〕109号的收费标准不合。"
                    yield case.finding(
                        "TEXT-FEE-TARIFF", message, left=match[0], right="10元的整数倍", text=match[0]
                    )
        elif _NO_FEE.search(sentence.text):
            totals.append((Decimal(0), sentence.text))
    if len({amount for amount, _ in totals}) > 1:
        said = "；".join(f"“{text[:40]}”" for _, text in totals[:3])
        message = f"几处所说的信息处理费不一致：{said}。"
        yield case.finding("TEXT-FEE-SUM", message, left=totals[0][0], right=totals[-1][0], text=totals[0][1][:80])


def _fee_of_nobody(case: Case, sentence: Sentence, told: str) -> Finding:
    message = f"{place(sentence.section)}说信息处理费{told}；而表三没有新收和上年结转的申请，不会产生信息处理费。"
    cells = ("t3.received.total", "t3.brought_forward.total")
    return case.finding("TEXT-FEE-TARIFF", message, left=told, right="0", cells=cells, text=told)


def _fee_sum(case: Case, text: str, total: Decimal, listed: list[Decimal]) -> Finding:
    added = "+".join(f"{amount:f}" for amount in listed) + f"={sum(listed):f}"
    message = f"所列信息处理费相加{added}元，与总数{total:f}元不符。"
    return case.finding("TEXT-FEE-SUM", message, left=f"{total:f}", right=added, text=text[:120])


def _yuan(match: re.Match[str]) -> Decimal:
    return (Decimal(match["n"]) * (10000 if match["wan"] else 1)).normalize()


_CHARGES = re.compile(r"行政事业性收费[^,。;]{0,16}?(?<![\d.])(?P<n>\d+(?:\.\d+)?)(?P<wan>万|亿)?元")
_NO_CHARGES = re.compile(
    r"(?:未|没有|无)(?:收取|产生|发生|征收)?(?:任何)?行政事业性收费(?:项目|收入)?(?=[,。;、]|$)"
)


_WAN = {None: -4, "万": 0, "亿": 4}
"""By which power of ten a unit of money is more than 万元."""


@rule("TEXT-FEES", "T2-FEE-UNIT")
def charges(case: Case) -> Iterator[Finding]:
    """行政事业性收费 in the text and in table 二, in the same unit."""
    key = "t2.fees.amount"
    printed = case.report.number(key)
    if printed is None:
        return
    for sentence in case.sentences:
        denied = _NO_CHARGES.search(sentence.text) if printed else None
        if denied:
            message = f"{place(sentence.section)}说“{denied[0]}”；而表二行政事业性收费为{printed}万元，两处不符。"
            yield case.finding("TEXT-FEES", message, left=0, right=printed, cells=[key], text=denied[0])
        for match in _CHARGES.finditer(sentence.text):
            power = _WAN[match["wan"]]
            wan = Decimal(match["n"]).scaleb(power)
            digits = max(0, -int(Decimal(match["n"]).as_tuple().exponent) - power)
            if abs(Decimal(printed) - wan) <= Decimal(1).scaleb(-digits) / 2:
                continue
            if wan and Decimal(printed) == wan * 10000:
                message = f"{place(sentence.section)}说“{match[0]}”，表二填的是{printed}，像是以元填写；这一栏的单位是万元，应填{wan.normalize():f}。"
                yield case.finding(
                    "T2-FEE-UNIT", message, left=printed, right=f"{wan.normalize():f}", cells=[key], text=match[0]
                )
                continue
            told = "" if match["wan"] == "万" else f"，即{wan.normalize():f}万元"
            message = f"{place(sentence.section)}说“{match[0]}”{told}；表二为{printed}万元，两处不符。"
            yield case.finding(
                "TEXT-FEES", message, left=f"{wan.normalize():f}", right=printed, cells=[key], text=match[0]
            )

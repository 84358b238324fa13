"""The text of a made-up report, told from its figures so that both agree (sentences in ``prose.yaml``)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from gongkai_etl.form import table_form

if TYPE_CHECKING:
    from tests.writers.truth import Truth

TITLES = (
    "{unit}{year}年政府信息公开工作年度报告",
    "{unit}{year}年政府信息公开工作年度报告",
    "{unit}{year}年度政府信息公开工作年度报告",
    "{unit}{year}年政府信息公开年度报告",
)
GROUPS = {
    "refused": "refused_",
    "unavailable": "unavailable_",
    "declined": "declined_",
    "closed": "closed",
}
SUITS = ("litigation_direct", "litigation_after_reconsideration")
NUMERALS = "一二三四五"


@cache
def sentences() -> dict[str, Any]:
    """Statement → its wordings."""
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("prose.yaml").read_text("utf-8"))
    return data


def title(rng: random.Random, unit: str, year: int) -> str:
    """A title in one of the usual forms."""
    return rng.choice(TITLES).format(unit=unit, year=year)


def _worded(name: str, rng: random.Random) -> str:
    """One wording of a statement, names not yet filled in."""
    choices = sentences()[name]
    if isinstance(choices, list):
        return str(rng.choice(choices))
    count, known = choices.get("pick") or choices["parts"], choices["of"]
    chosen = [known[i] for i in sorted(rng.sample(range(len(known)), count))]
    if "parts" not in choices:
        return "".join(chosen)
    numbered = [f"{numeral}是{part}" for numeral, part in zip(NUMERALS, chosen, strict=False)]
    return f"{rng.choice(choices['before'])}{'；'.join(numbered)}。"


def tell(truth: Truth, otherwise: Mapping[str, Any] | None = None) -> Truth:
    """The report with preamble and sections written from its figures; the same seed gives the same words.

    ``otherwise`` puts other facts in place of the true ones, for text that contradicts its table.
    """
    rng = random.Random(truth.seed * 7919 + truth.year)
    facts = {**facts_of(truth, rng), **(otherwise or {})}

    def say(*names: str) -> str:
        return "".join(_worded(name, rng).format(**facts) for name in names)

    asked = not facts.get("none_asked") and any(
        facts[name] for name in ("received", "brought_forward", "processed", "carried_forward")
    )
    requests = say("requests", "applicants", "results") if asked else say("requests_none")
    documents = ["documents" if facts["told_documents"] else "documents_none"]
    disputes = ["disputes" if facts["reconsideration"] or facts["litigation"] else "disputes_none"]
    pending = ["pending"] if facts["pending_reconsideration"] or facts["pending_litigation"] else []
    parts = (
        (
            ("主动公开情况", "主动公开"),
            say("active", "topics", *(documents if truth.editions["t2"] == "2021" else [])),
        ),
        (("依申请公开情况", "依申请公开"), requests + say(*disputes, *pending)),
        (("政府信息管理情况", "政府信息管理"), say("management")),
        (("政府信息公开平台建设情况", "平台建设情况", "公开平台建设"), say("platform")),
        (("监督保障情况", "监督保障"), say("supervision")),
    )
    stop = rng.choice(("。", "。", "："))
    numbered = zip(NUMERALS, parts, strict=True)
    sections = {
        1: "\n".join(f"（{number}）{rng.choice(names)}{stop}{text}" for number, (names, text) in numbered),
        5: say("problems") + "\n" + say("remedies"),
        6: say("other_free"),
    }
    return replace(truth, preamble=say("preamble"), sections=sections)


def facts_of(truth: Truth, rng: random.Random) -> Mapping[str, Any]:
    """What the sentences may say, by name."""
    documents = {
        name: truth.whole(f"t2.normative_documents.{name}") for name in ("issued", "repealed", "in_force")
    }
    received = truth.whole("t3.received.total")
    people = truth.whole("t3.received.natural_person")
    rows = [row.key for row in table_form("t3", truth.editions["t3"]).rows]
    groups = {
        name: sum(truth.whole(f"t3.{row}.total") for row in rows if row.startswith(start))
        for name, start in GROUPS.items()
    }
    endings = {"镇": "本镇", "乡": "本乡", "街道": "本街道"}
    return {
        "short": truth.unit_short,
        "self": next((word for ending, word in endings.items() if truth.unit_short.endswith(ending)), "本单位"),
        "year": truth.year,
        "next_year": truth.year + 1,
        "web": rng.randint(60, 900),
        "board": rng.randint(12, 300),
        "trainings": rng.randint(2, 4),
        "trainees": rng.randint(20, 160),
        **documents,
        "told_documents": any(documents.values()),
        "received": received,
        "brought_forward": truth.whole("t3.brought_forward.total"),
        "processed": truth.whole("t3.processed_total.total"),
        "carried_forward": truth.whole("t3.carried_forward.total"),
        "received_people": people,
        "received_bodies": received - people,
        "granted": truth.whole("t3.granted.total"),
        "in_part": truth.whole("t3.granted_in_part.total"),
        **groups,
        "reconsideration": truth.whole("t4.reconsideration.total"),
        "litigation": sum(truth.whole(f"t4.{row}.total") for row in SUITS),
        "pending_reconsideration": truth.whole("t4.reconsideration.pending"),
        "pending_litigation": sum(truth.whole(f"t4.{row}.pending") for row in SUITS),
    }

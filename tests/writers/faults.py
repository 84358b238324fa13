"""Plants one named fault in a consistent report, for tests of the rules: what must be found, and where."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from gongkai_etl.form import table_form
from tests.writers import prose
from tests.writers.truth import APPLICANTS, OUTCOMES, RECONSIDERATION, Truth, Value

GROUPED = ("refused_", "unavailable_", "declined_", "closed")


@dataclass(frozen=True)
class Planted:
    """A report with one fault. ``rules`` are prefixes of the ids of which at least one must be found;
    ``cells`` are the figures of which at least one must be named by it."""

    name: str
    truth: Truth
    rules: tuple[str, ...]
    cells: tuple[str, ...] = ()
    previous: Truth | None = None


Planter = Callable[[Truth, random.Random], Planted]


def _with(truth: Truth, cells: Mapping[str, Value], retell: bool = True) -> Truth:
    changed = replace(truth, cells={**truth.cells, **cells})
    changed = replace(changed, printed={key: text for key, text in truth.printed.items() if key not in cells})
    return changed.retold() if retell else changed


def _rows(truth: Truth) -> list[str]:
    rows = [row.key for row in table_form("t3", truth.editions["t3"]).rows]
    return [row for row in rows if row.startswith(GROUPED)]


def balance(truth: Truth, rng: random.Random) -> Planted:
    """One applicant's carried-forward figure and its total are too large."""
    column, more = rng.choice(APPLICANTS), rng.randint(1, 9)
    keys = [f"t3.carried_forward.{name}" for name in (column, "total")]
    made = _with(truth, {key: truth.whole(key) + more for key in keys})
    return Planted("balance", made, ("T3-BALANCE",), tuple(keys))


def processed(truth: Truth, rng: random.Random) -> Planted:
    """One result row is too large, in a column and in its total."""
    row, column, more = rng.choice(_rows(truth)), rng.choice(APPLICANTS), rng.randint(1, 9)
    keys = [f"t3.{row}.{name}" for name in (column, "total")]
    made = _with(truth, {key: truth.whole(key) + more for key in keys})
    return Planted("processed", made, ("T3-PROCESSED",), tuple(keys))


def total(truth: Truth, rng: random.Random) -> Planted:
    """One row's total does not follow from its columns."""
    key = f"t3.{rng.choice(_rows(truth))}.total"
    return Planted("total", _with(truth, {key: truth.whole(key) + rng.randint(1, 9)}), ("T3-TOTAL",), (key,))


def dispute_total(truth: Truth, rng: random.Random) -> Planted:
    """A total of table 四 is wrong."""
    key = f"t4.{rng.choice(RECONSIDERATION)}.total"
    return Planted(
        "dispute_total", _with(truth, {key: truth.whole(key) + rng.randint(1, 5)}), ("T4-TOTAL",), (key,)
    )


def dispute_column(truth: Truth, rng: random.Random) -> Planted:
    """One outcome of table 四 is too large."""
    key = f"t4.{rng.choice(RECONSIDERATION)}.{rng.choice(OUTCOMES)}"
    made = _with(truth, {key: truth.whole(key) + rng.randint(1, 5)})
    return Planted("dispute_column", made, ("T4-TOTAL",), (key,))


def swapped_digits(truth: Truth, rng: random.Random) -> Planted:
    """Two digits of a figure of table 三 changed places."""
    keys = [key for key, value in truth.cells.items() if key.startswith("t3.") and isinstance(value, int)]
    rng.shuffle(keys)
    for key in keys:
        digits = f"{truth.whole(key)}"
        turned = digits[1] + digits[0] + digits[2:] if len(digits) > 1 else digits
        if turned != digits and turned[0] != "0":
            return Planted("swapped_digits", _with(truth, {key: int(turned)}), ("T3-",), (key,))
    key = keys[0]
    return Planted("swapped_digits", _with(truth, {key: truth.whole(key) + 10}), ("T3-",), (key,))


def shifted_column(truth: Truth, rng: random.Random) -> Planted:
    """The figures of a row stand one column too far right."""
    row, number = rng.choice(_rows(truth)), rng.randint(2, 30)
    columns = (*APPLICANTS, "total")
    before = dict.fromkeys(columns, 0) | {"natural_person": number, "total": number}
    made: dict[str, Value] = {f"t3.{row}.{column}": 0 for column in columns}
    for column, right in pairwise(columns):
        made[f"t3.{row}.{right}"] = before[column]
    keys = tuple(f"t3.{row}.{column}" for column in columns)
    return Planted("shifted_column", _with(truth, made), ("T3-",), keys)


def negative(truth: Truth, rng: random.Random) -> Planted:
    """A count below 0."""
    key = f"t3.{rng.choice(_rows(truth))}.{rng.choice(APPLICANTS)}"
    return Planted("negative", _with(truth, {key: -rng.randint(1, 5)}), ("T3-",), (key,))


def regulations(truth: Truth, rng: random.Random) -> Planted:
    """A town counts 规章, which only governments of larger cities make."""
    key = "t2.regulations.issued" if truth.editions["t2"] == "2019" else "t2.regulations.in_force"
    return Planted("regulations", _with(truth, {key: rng.randint(1, 6)}), ("T2-",), (key,))


def yuan(truth: Truth, rng: random.Random) -> Planted:
    """The fees are in 元 where the column asks for 万元."""
    key = "t2.fees.amount"
    made = _with(truth, {key: Decimal(f"{rng.randint(1_000_000, 90_000_000)}.{rng.randint(10, 99)}")})
    return Planted("yuan", made, ("T2-",), (key,))


def blank_total(truth: Truth, rng: random.Random) -> Planted:
    """A total that is not 0 was left blank."""
    keys = [key for key in truth.cells if key.startswith("t3.") and key.endswith(".total") and truth.whole(key)]
    key = rng.choice(keys or ["t3.received.total"])
    return Planted("blank_total", _with(truth, {key: None}, retell=False), ("FORM-", "T3-"), (key,))


def _text(fact: str, rules: tuple[str, ...], cells: tuple[str, ...]) -> Planter:
    def plant(truth: Truth, rng: random.Random) -> Planted:
        busy = busier(truth)
        facts = prose.facts_of(busy, random.Random(busy.seed * 7919 + busy.year))
        told = prose.tell(busy, {fact: facts[fact] + rng.randint(1, 9)})
        return Planted(f"text_{fact}", told, rules, cells)

    plant.__doc__ = f"The text says another number of {fact} than the table."
    return plant


def busier(truth: Truth) -> Truth:
    """The same report with at least a few applications, documents and disputes, still consistent."""
    cells: dict[str, Value] = dict(truth.cells)
    for column in ("natural_person", "total"):
        for row, more in (("received", 7), ("brought_forward", 2), ("granted", 8), ("carried_forward", 1)):
            cells[f"t3.{row}.{column}"] = truth.whole(f"t3.{row}.{column}") + more
        cells[f"t3.processed_total.{column}"] = truth.whole(f"t3.processed_total.{column}") + 8
    for row in ("reconsideration", "litigation_direct"):
        for column in ("upheld", "total"):
            cells[f"t4.{row}.{column}"] = truth.whole(f"t4.{row}.{column}") + 3
    if truth.editions["t2"] == "2021":
        for column in ("issued", "in_force"):
            key = f"t2.normative_documents.{column}"
            cells[key] = truth.whole(key) + 2
    return _with(truth, cells)


def text_none(truth: Truth, rng: random.Random) -> Planted:
    """The text says that there was no application, the table counts some."""
    told = prose.tell(busier(truth), {"none_asked": True})
    return Planted("text_none", told, ("TEXT-",), ("t3.received.total",))


def text_parts(truth: Truth, rng: random.Random) -> Planted:
    """Parts listed in the text do not add up to their total."""
    whole = rng.randint(200, 900)
    part = whole // 3
    words = (
        f"全年公开信息共{whole}条，其中政策文件类{part}条，工作动态类{part}条，其他类{whole - 2 * part - 11}条。"
    )
    return Planted("text_parts", _append(truth, 1, words), ("TEXT-",))


def _append(truth: Truth, section: int, words: str) -> Truth:
    return replace(truth, sections={**truth.sections, section: truth.sections[section] + words})


def other_unit(truth: Truth, rng: random.Random) -> Planted:
    """Another town's name stands in section 五."""
    other = rng.choice(("河东店镇", "青龙街道", "双江镇"))
    words = f"二是结合实际拓宽公开渠道，增强群众对{other}政府信息公开工作的认同。"
    return Planted("other_unit", _append(truth, 5, words), ("ID-",))


def wrong_title_year(truth: Truth, rng: random.Random) -> Planted:
    """The title names the year before."""
    title = truth.title.replace(f"{truth.year}", f"{truth.year - 1}")
    return Planted("wrong_title_year", replace(truth, title=title), ("ID-",))


def wrong_signer(truth: Truth, rng: random.Random) -> Planted:
    """Signed with another unit's name."""
    return Planted("wrong_signer", replace(truth, signed_by=f"{truth.county}双江镇人民政府"), ("ID-", "SIGN-"))


def missing_section(truth: Truth, rng: random.Random) -> Planted:
    """A section is left out, heading and all."""
    number = rng.choice((5, 6))
    omitted = frozenset({f"section{number}"})
    sections = {key: text for key, text in truth.sections.items() if key != number}
    return Planted("missing_section", replace(truth, omitted=omitted, sections=sections), ("FORM-",))


def missing_table(truth: Truth, rng: random.Random) -> Planted:
    """The heading of section 四 stands without its table."""
    cells = {key: value for key, value in truth.cells.items() if not key.startswith("t4.")}
    return Planted("missing_table", replace(truth, omitted=frozenset({"t4"}), cells=cells), ("FORM-",))


def empty_problems(truth: Truth, rng: random.Random) -> Planted:
    """Section 五 says 无."""
    return Planted("empty_problems", replace(truth, sections={**truth.sections, 5: "无。"}), ("FORM-",))


def unsigned(truth: Truth, rng: random.Random) -> Planted:
    """No signature."""
    return Planted("unsigned", replace(truth, omitted=frozenset({"signature"})), ("SIGN-",))


def undated(truth: Truth, rng: random.Random) -> Planted:
    """No date."""
    return Planted("undated", replace(truth, omitted=frozenset({"date"})), ("SIGN-",))


def late(truth: Truth, rng: random.Random) -> Planted:
    """Dated after 31 January."""
    return Planted("late", replace(truth, issued_on=date(truth.year + 1, 2, rng.randint(10, 27))), ("SIGN-",))


def early(truth: Truth, rng: random.Random) -> Planted:
    """Dated before the year it reports on ended."""
    return Planted("early", replace(truth, issued_on=date(truth.year, 12, rng.randint(10, 28))), ("SIGN-",))


def year_carry(truth: Truth, rng: random.Random) -> Planted:
    """Last year's report carried another number forward than this one brought forward."""
    before = _year_before(truth)
    column, more = rng.choice(APPLICANTS), rng.randint(1, 5)
    keys = [f"t3.{row}.{name}" for row in ("received", "carried_forward") for name in (column, "total")]
    previous = _with(before, {key: before.whole(key) + more for key in keys})
    cells = (f"t3.brought_forward.{column}", "t3.brought_forward.total")
    return Planted("year_carry", truth, ("YEAR-CARRY",), cells, previous)


def year_in_force(truth: Truth, rng: random.Random) -> Planted:
    """Documents in force do not follow from last year's."""
    before = _year_before(truth)
    key = "t2.normative_documents.in_force"
    previous = _with(before, {key: before.whole(key) + rng.randint(1, 9)})
    return Planted("year_in_force", truth, ("YEAR-IN-FORCE",), (key,), previous)


def _year_before(truth: Truth) -> Truth:
    """A report of the year before that this one follows from: empty but for what was handed on."""
    cells: dict[str, Value] = {key: Decimal(0) if key == "t2.fees.amount" else 0 for key in truth.cells}
    for column in (*APPLICANTS, "total"):
        handed_on = truth.whole(f"t3.brought_forward.{column}")
        cells |= {f"t3.received.{column}": handed_on, f"t3.carried_forward.{column}": handed_on}
    row = "t2.normative_documents"
    if truth.editions["t2"] == "2021":
        change = truth.whole(f"{row}.issued") - truth.whole(f"{row}.repealed")
        cells[f"{row}.in_force"] = truth.whole(f"{row}.in_force") - change
    year = truth.year - 1
    return replace(
        truth,
        year=year,
        title=truth.title.replace(f"{truth.year}", f"{year}"),
        issued_on=truth.issued_on.replace(year=year + 1),
        cells=cells,
        printed={},
    ).retold()


FAULTS: dict[str, Planter] = {
    "balance": balance,
    "processed": processed,
    "total": total,
    "dispute_total": dispute_total,
    "dispute_column": dispute_column,
    "swapped_digits": swapped_digits,
    "shifted_column": shifted_column,
    "negative": negative,
    "regulations": regulations,
    "yuan": yuan,
    "blank_total": blank_total,
    "text_received": _text("received", ("TEXT-",), ("t3.received.total",)),
    "text_brought_forward": _text("brought_forward", ("TEXT-",), ("t3.brought_forward.total",)),
    "text_processed": _text("processed", ("TEXT-",), ("t3.processed_total.total",)),
    "text_carried_forward": _text("carried_forward", ("TEXT-",), ("t3.carried_forward.total",)),
    "text_granted": _text("granted", ("TEXT-",), ("t3.granted.total",)),
    "text_refused": _text("refused", ("TEXT-",), ()),
    "text_people": _text("received_people", ("TEXT-",), ("t3.received.natural_person",)),
    "text_reconsideration": _text("reconsideration", ("TEXT-",), ("t4.reconsideration.total",)),
    "text_litigation": _text("litigation", ("TEXT-",), ("t4.litigation_direct.total",)),
    "text_issued": _text("issued", ("TEXT-",), ("t2.normative_documents.issued",)),
    "text_in_force": _text("in_force", ("TEXT-",), ("t2.normative_documents.in_force",)),
    "text_none": text_none,
    "text_parts": text_parts,
    "other_unit": other_unit,
    "wrong_title_year": wrong_title_year,
    "wrong_signer": wrong_signer,
    "missing_section": missing_section,
    "missing_table": missing_table,
    "empty_problems": empty_problems,
    "unsigned": unsigned,
    "undated": undated,
    "late": late,
    "early": early,
    "year_carry": year_carry,
    "year_in_force": year_in_force,
}
ONLY_2021 = frozenset({"yuan", "text_issued", "text_in_force", "year_in_force"})


def plant(name: str, truth: Truth, seed: int = 0) -> Planted:
    """The fault ``name`` (a key of FAULTS) in a report; those of ONLY_2021 need a 2021 table 二."""
    if name in ONLY_2021 and truth.editions["t2"] != "2021":
        raise ValueError(f"{name} needs table 二 of the edition 2021")
    planted = FAULTS[name](truth, random.Random(seed))
    return replace(planted, name=name)

"""What a made-up report says: figures that fit together, text that fits the figures, names that fit the unit."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from gongkai_etl.form import edition, table_form
from tests.writers import prose

Value = int | Decimal | str | None
"""A whole number, money, another printed text ("/") or None for a blank cell."""
Kind = Literal["town", "department"]
Size = Literal["zero", "small", "medium", "large"]

APPLICANTS = (
    "natural_person",
    "business",
    "research_institution",
    "social_welfare",
    "legal_service",
    "other_organisation",
)
RECONSIDERATION = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
OUTCOMES = ("upheld", "corrected", "other", "pending")
SIZES: tuple[Size, ...] = ("zero", "small", "medium", "large")
LIMITS: dict[str, int] = {"zero": 0, "small": 3, "medium": 60, "large": 4000}
WEIGHTS = (0.9, 0.35, 0.1, 0.12, 0.15, 0.2)


@dataclass(frozen=True)
class Truth:
    """One report. ``printed`` overrides how a cell is printed (``0件``, ``1,234``); the value stays.

    ``omitted`` names what the office left out: ``section5``, ``t4``, ``signature``, ``date``.
    """

    county: str
    unit_short: str
    kind: Kind
    year: int
    title: str
    issued_on: date
    signed_by: str
    sections: Mapping[int, str]
    cells: Mapping[str, Value]
    editions: Mapping[str, str]
    preamble: str = ""
    intros: Mapping[int, str] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    omitted: frozenset[str] = frozenset()

    @property
    def unit(self) -> str:
        """The full name, county before town."""
        return f"{self.county}{self.unit_short}"

    def text_of(self, key: str) -> str:
        """What is printed in a cell."""
        value = self.cells.get(key)
        return self.printed.get(key, "" if value is None else f"{value}")

    def whole(self, key: str) -> int:
        """A count for summing: blank and other text are 0."""
        value = self.cells.get(key)
        return value if isinstance(value, int) else 0

    def retold(self) -> Truth:
        """The same report with its text written anew from its figures."""
        return prose.tell(self)


def random_truth(
    seed: int,
    edition: str = "2021",
    kind: Kind = "town",
    size: Size | None = None,
    odd: float = 0.0,
    previous: Truth | None = None,
    editions: Mapping[str, str] | None = None,
) -> Truth:
    """A consistent report; ``odd`` is the share of cells printed in an unusual way.

    With ``previous`` it is the same unit's report of the year after: what was carried forward comes
    back, and documents in force follow from last year's.
    """
    rng = random.Random(seed)
    by_table = dict(editions or dict.fromkeys(("t2", "t3", "t4"), edition))
    scale: Size = size if size is not None else rng.choice(SIZES)
    cells: dict[str, Value] = _table_two(rng, by_table["t2"], kind, scale, previous)
    cells |= _table_three(rng, by_table["t3"], scale, previous)
    cells |= _table_four(rng, scale)
    base = previous or _names(rng, kind, 2020 if by_table["t2"] == "2019" else rng.randint(2022, 2025))
    year = base.year + 1 if previous else base.year
    made = replace(
        base,
        year=year,
        title=prose.title(rng, base.unit, year),
        issued_on=date(year + 1, 1, 4) + timedelta(days=rng.randint(0, 26)),
        cells=cells,
        editions=by_table,
        printed={},
        seed=seed,
    )
    return prose.tell(oddly_printed(made, rng, odd) if odd else made)


def _names(rng: random.Random, kind: Kind, year: int) -> Truth:
    county = rng.choice("澄岚沅蓟郯汶泾皋") + rng.choice("陵岭泽浦麓渚") + "县"
    place = rng.choice("青石白龙柳竹松梨榆沙枫桐") + rng.choice("溪坪湾桥塘埠墩沟堡岗")
    ending = rng.choice(("镇", "镇", "乡", "街道"))
    offices = ("教育局", "财政局", "水利局", "农业农村局", "市场监督管理局", "住房和城乡建设局", "卫生健康委员会")
    short = f"{place}{ending}" if kind == "town" else rng.choice(offices)
    signer = f"{county}{short}"
    if kind == "town":
        signer += "办事处" if ending == "街道" else "人民政府"
    return Truth(county, short, kind, year, "", date(year + 1, 1, 15), signer, {}, {}, {})


def _count(rng: random.Random, limit: int) -> int:
    return 0 if rng.random() < 0.3 else int(limit * rng.random() ** 3 + rng.random())


def _money(rng: random.Random, limit: int) -> Decimal:
    if limit == 0 or rng.random() < 0.4:
        return Decimal(rng.choice(("0", "0", "0.00")))
    places = rng.choice((0, 1, 2, 2, 4, 6))
    amount = f"{rng.random() ** 3 * limit * 15:.{places}f}"
    return Decimal(amount)


def _table_two(rng: random.Random, name: str, kind: Kind, size: Size, previous: Truth | None) -> dict[str, Value]:
    cells: dict[str, Value] = {}
    limit = LIMITS[size]
    for key, _, row, column in table_form("t2", name).cells():
        big = row.key in ("licences", "penalties", "items_last_year") and rng.random() < 0.3
        if column.kind == "money":
            cells[key] = _money(rng, limit)
        elif row.key == "regulations":
            cells[key] = 0
        elif column.kind == "change":
            cells[key] = rng.randint(-min(limit, 40), min(limit, 40))
        else:
            cells[key] = _count(rng, limit * 900 if big else limit)
        if row.optional:
            del cells[key]
    if name == "2021":
        cells |= _documents(rng, limit, previous)
    elif limit:
        for row_key in ("licences", "other_services", "penalties", "coercive_measures", "fees"):
            cells[f"t2.{row_key}.items_last_year"] = rng.randint(40, 400)
    return cells


def _documents(rng: random.Random, limit: int, previous: Truth | None) -> dict[str, Value]:
    row = "t2.normative_documents"
    before = previous.whole(f"{row}.in_force") if previous else _count(rng, limit * 2)
    issued = _count(rng, min(limit, 90))
    repealed = rng.randint(0, before) if before and rng.random() < 0.4 else 0
    return {f"{row}.issued": issued, f"{row}.repealed": repealed, f"{row}.in_force": before + issued - repealed}


def _table_three(rng: random.Random, name: str, size: Size, previous: Truth | None) -> dict[str, Value]:
    rows = [row.key for row in table_form("t3", name).rows]
    results = [
        key for key in rows if key not in ("received", "brought_forward", "processed_total", "carried_forward")
    ]
    figures: dict[str, int] = {}
    for column, weight in zip(APPLICANTS, WEIGHTS, strict=True):
        there = rng.random() < weight
        received = _count(rng, LIMITS[size]) if there else 0
        carried = f"t3.carried_forward.{column}"
        brought = previous.whole(carried) if previous else _count(rng, LIMITS[size] // 8 if there else 0)
        left = rng.randint(0, (received + brought) // 6)
        counts = dict.fromkeys(rows, 0) | {
            "received": received,
            "brought_forward": brought,
            "processed_total": received + brought - left,
            "carried_forward": left,
        }
        for key, share in _shares(rng, results, received + brought - left).items():
            counts[key] = share
        figures |= {f"t3.{key}.{column}": value for key, value in counts.items()}
    for key in rows:
        figures[f"t3.{key}.total"] = sum(figures[f"t3.{key}.{column}"] for column in APPLICANTS)
    return {key: figures[key] for key in edition(name).keys("t3")}


def _shares(rng: random.Random, rows: list[str], total: int) -> dict[str, int]:
    chosen = rng.sample(rows, rng.randint(2, 9))
    shares = dict.fromkeys(chosen, 0)
    if total > 400:
        for key in chosen[1:]:
            shares[key] = rng.randint(0, (total - sum(shares.values())) // 2)
        shares[chosen[0]] = total - sum(shares.values())
        return shares
    for _ in range(total):
        shares[rng.choice(chosen)] += 1
    return shares


def _table_four(rng: random.Random, size: Size) -> dict[str, Value]:
    cells: dict[str, Value] = {}
    for row in RECONSIDERATION:
        busy = rng.random() < 0.5
        counts = [_count(rng, LIMITS[size] // 4 + (size != "zero")) if busy else 0 for _ in OUTCOMES]
        cells |= {f"t4.{row}.{column}": count for column, count in zip(OUTCOMES, counts, strict=True)}
        cells[f"t4.{row}.total"] = sum(counts)
    return cells


def oddly_printed(truth: Truth, rng: random.Random, share: float) -> Truth:
    """The same report with some cells blank, ``/``, with a unit, in full-width digits or with a note."""
    cells, printed = dict(truth.cells), {}
    for key, value in truth.cells.items():
        if not isinstance(value, int) or rng.random() > share:
            continue
        choice = rng.random()
        if value == 0 and choice < 0.6:
            sign = rng.choice((None, None, "/", "-", "—", "无"))
            cells[key], printed[key] = sign, sign or ""
        else:
            printed[key] = _odd(rng, value)
    return replace(truth, cells=cells, printed=printed)


def _odd(rng: random.Random, value: int) -> str:
    forms = [f"{value}件", f"{value}".translate({48 + i: 0xFF10 + i for i in range(10)}), f" {value} "]
    if value > 999:
        forms = [f"{value:,}"]
    if value > 20:
        forms.append(f"{value}（其中修订{value // 3}件）")
    return rng.choice(forms)

"""Published reports with known contradictions: each is found, and no correct one gets an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gongkai_etl.check import CheckItem, CheckResult, check
from gongkai_etl.model import Finding, Report, Unit
from gongkai_etl.pipeline import read_report
from tests.check.build import TODAY, cell

REAL = Path(__file__).parents[3] / "shared" / "real"
SEED = REAL.parent / "seed"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not beside the checkout")

# Report → the rules of which one must speak, with figures that its finding must show.
KNOWN: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "013": [("T4-TOTAL", ("10+1+0+0=11",)), ("T4-TOTAL", ("5+0+0+0=5",))],
    "055": [("T3-BALANCE", ("60", "61")), ("T3-BALANCE", ("62", "63"))],
    "016": [("FORM-BLANK-NEEDED", ("34+2=36", "35")), ("TEXT-PARTS", ("2139", "2160"))],
    "002": [("TEXT-RECONSIDERATION", ("134", "170")), ("TEXT-LITIGATION", ("57", "77")), ("TEXT-GROWTH", ("1.05", "1.08"))],
    "014": [("TEXT-RECEIVED", ("17", "95"))],
    "060": [("TEXT-PARTS", ("7976", "7578"))],
    "074": [("TEXT-PARTS", ("13349", "10480"))],
    "031": [("TEXT-TWICE", ("20", "16"))],
    "015": [("TEXT-OMITTED", ("1",)), ("ID-PLAN-YEAR", ("2023",))],
    "062": [("ID-PUBLISH-YEAR", ("2024年1月",))],
    "066": [("SIGN-EARLY", ("2020年12月25日",))],
    "seed": [("ID-OTHER-UNIT", ("松他克镇",))],
    "021": [("ID-ACCOUNT", ("醉美褒河",))],
    "064": [("ID-TRADE", ("生态环境工作",))],
    "017": [("ID-PLACE-SPELLING", ("沐阳县", "沭阳县")), ("ID-UNIT-SPELLING", ("沐阳县", "沭阳县"))],
    "068": [("FORM-TYPO", ("改情况",)), ("FORM-TYPO", ("其进他",))],
}  # fmt: skip
FAULTY = {"013", "055"}
"""Reports whose figures contradict each other: they must have errors, all others must not."""


def _read(name: str) -> Report:
    path = SEED / "seed.docx" if name == "seed" else next(p for p in REAL.glob(f"{name}.*"))
    report = read_report(path.read_bytes(), path.name)
    return report if name != "055" else _from_truth(report)


def _from_truth(report: Report) -> Report:
    """055 is a paraphrase without columns: its figures are taken from beside it."""
    truth: dict[str, Any] = json.loads((REAL / "truth" / "055.json").read_text("utf-8"))
    cells = {key: cell(value) for key, value in truth["cells"].items()}
    return replace(report, cells={**report.cells, **cells})


@pytest.fixture(scope="module")
def outcome() -> Mapping[str, tuple[Finding, ...]]:
    """All complete reports and all those with known contradictions, in one run."""
    names = sorted({*KNOWN, "001", "012", "018", "053", "054", "070", "072"})
    reports = {name: _read(name) for name in names}
    known: dict[str, dict[str, Any]] = {
        "002": {"previous": reports["001"], "year": 2024},
        "017": {"unit": Unit("", "沭阳县人民政府", "县"), "year": 2025},
        "066": {"received_on": date(2020, 12, 25), "year": 2020},
    }
    result: CheckResult = check(
        [CheckItem(reports[name], name, **known.get(name, {})) for name in names], today=TODAY
    )
    return dict(zip(names, result.findings, strict=True))


@pytest.mark.parametrize(
    ("name", "rule", "figures"), [(n, rule, f) for n, known in KNOWN.items() for rule, f in known]
)
def test_known_contradiction_is_found(
    name: str, rule: str, figures: tuple[str, ...], outcome: Mapping[str, tuple[Finding, ...]]
) -> None:
    said = [" ".join((f.message, f.left or "", f.right or "")) for f in outcome[name] if f.rule == rule]
    assert any(all(figure in text for figure in figures) for text in said)


def test_no_correct_report_has_an_error(outcome: Mapping[str, tuple[Finding, ...]]) -> None:
    wrong = {name: [f.message for f in several if f.severity == "error"] for name, several in outcome.items()}
    assert {name for name, messages in wrong.items() if messages} == FAULTY

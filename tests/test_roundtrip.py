"""Whatever is written is read back: random consistent reports in every layout that Python alone can write."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongkai_etl.pipeline import read_report
from tests.writers.corpus import HYBRIDS, facts, makers
from tests.writers.score import compare, identity
from tests.writers.truth import Truth, random_truth

PROGRAMS = ("browser.", "office.", "scan.", "pdf.unicode")
LAYOUTS = {name: maker for name, maker in makers().items() if not name.startswith(PROGRAMS)}
PAGED = sorted(name for name in LAYOUTS if name.startswith(("pdf.", "ofd.")))
MARKED = sorted(set(LAYOUTS) - set(PAGED))
LOSSY = ("text.spaces", "text.filled", "text.parted")
"""Layouts in which a blank at the end of a row is no longer told from the filling."""
STEADY = sorted(set(LAYOUTS) - {"pdf.mixed"})
"""Layouts that must be read whole; a random mixture may leave figures openly uncertain, never wrong."""
# The same examples in every run; a failing one is small enough as it is.
QUICK = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)


def written_and_read(truth: Truth, layout: str, seed: int) -> tuple[list[str], int, list[str]]:
    """(silently wrong or unread figures in words, how many are silently wrong, what of the identity is wrong)."""
    ending, make = LAYOUTS[layout]
    data = make(truth, random.Random(seed))
    expected: dict[str, Any] = json.loads(json.dumps(facts(truth, layout, "")))
    report = read_report(data, f"report.{ending}")
    score = compare(expected["cells"], report)
    return score.faults, score.wrong, identity(expected, report)


@pytest.mark.parametrize("layout", STEADY)
@pytest.mark.parametrize("size", ["small", "large"])
def test_read_back_whole(layout: str, size: Any) -> None:
    seed = sum(map(ord, layout + size))
    truth = random_truth(seed, size=size, kind=("town", "department")[seed % 2])
    faults, _, names = written_and_read(truth, layout, seed)
    assert not faults
    assert not names


@pytest.mark.parametrize("layout", STEADY)
def test_the_form_of_2019_and_hybrids(layout: str) -> None:
    seed = sum(map(ord, layout))
    for editions in (dict.fromkeys(("t2", "t3", "t4"), "2019"), *HYBRIDS):
        faults, _, _ = written_and_read(random_truth(seed, editions=editions), layout, seed)
        assert not faults, editions


@QUICK
@given(layout=st.sampled_from(PAGED), seed=st.integers(1, 10**6), odd=st.sampled_from([0.0, 0.05, 0.2]))
def test_no_figure_of_a_page_is_silently_wrong(layout: str, seed: int, odd: float) -> None:
    faults, wrong, _ = written_and_read(random_truth(seed, odd=odd), layout, seed)
    assert not wrong, faults


@QUICK
@given(layout=st.sampled_from(MARKED), seed=st.integers(1, 10**6), odd=st.sampled_from([0.0, 0.05, 0.2]))
def test_figures_in_marked_up_tables_are_all_read(layout: str, seed: int, odd: float) -> None:
    faults, wrong, _ = written_and_read(random_truth(seed, odd=odd), layout, seed)
    assert not wrong, faults
    if layout not in LOSSY:
        assert not faults


@QUICK
@given(seed=st.integers(1, 10**6), edition=st.sampled_from(["2019", "2021"]))
def test_made_up_reports_are_consistent(seed: int, edition: str) -> None:
    from gongkai_etl.form import edition as known

    before = random_truth(seed, edition)
    truth = random_truth(seed + 1, edition, previous=before)
    for one in known(edition).identities:
        left, right = (sum(term.sign * truth.whole(term.key) for term in side) for side in (one.left, one.right))
        assert left == right, one.id
    for column in ("natural_person", "business", "total"):
        assert truth.whole(f"t3.brought_forward.{column}") == before.whole(f"t3.carried_forward.{column}")

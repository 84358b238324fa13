"""Where rule functions are registered: a function on one case, or on all cases of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module

from gongkai_etl.check.case import Case
from gongkai_etl.model import Finding

CaseRule = Callable[[Case], Iterable[Finding]]
BatchRule = Callable[[Sequence[Case]], Iterable[tuple[int, Finding]]]

_MODULES = (
    "form_rules",
    "written",
    "cell_rules",
    "signature",
    "identity",
    "others",
    "superiors",
    "years",
    "narrative",
    "sums",
    "money",
    "compared",
    "laws",
    "county",
    "copies",
)
_case_rules: list[tuple[tuple[str, ...], CaseRule]] = []
_batch_rules: list[tuple[tuple[str, ...], BatchRule]] = []


def rule(*ids: str) -> Callable[[CaseRule], CaseRule]:
    """Register a function that gives the findings of these rules for one case."""

    def register(function: CaseRule) -> CaseRule:
        _case_rules.append((ids, function))
        return function

    return register


def batch_rule(*ids: str) -> Callable[[BatchRule], BatchRule]:
    """Register a function that sees the whole batch and gives (position of the case, finding)."""

    def register(function: BatchRule) -> BatchRule:
        _batch_rules.append((ids, function))
        return function

    return register


@cache
def registered() -> tuple[
    tuple[tuple[tuple[str, ...], CaseRule], ...], tuple[tuple[tuple[str, ...], BatchRule], ...]
]:
    """All registered functions with the rules they speak for: (of one case, of a batch)."""
    for name in _MODULES:
        import_module(f"gongkai_etl.check.{name}")
    return tuple(_case_rules), tuple(_batch_rules)

"""Running the suites: one ephemeral Great Expectations context a batch, results as plain dictionaries."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from gongkai_etl.check.datadocs import DataDocs


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one expectation said: its ``meta``, the rows that failed, and the error when it broke down."""

    meta: dict[str, Any]
    rows: tuple[int, ...]
    broken: str | None = None


_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["report"],
    "return_unexpected_index_query": False,
}


def run(
    name: str, frame: pd.DataFrame, documents: Sequence[dict[str, Any]], docs: DataDocs | None = None
) -> tuple[dict[str, Any], list[Outcome]]:
    """Validate a frame by the expectations of several suite documents at once.

    Gives the result for people and archives (without the rows' values) and the outcomes by expectation.
    ``docs``: the Data Docs that are to show the result.
    """
    context = docs.context if docs else new_context()
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=name, expectations=_merged(documents))
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    definition = asset.add_batch_definition_whole_dataframe("batch")
    rows = frame.reset_index()
    if docs:
        result = docs.validate(definition, suite, rows, _FORMAT)
    else:
        result = definition.get_batch(batch_parameters={"dataframe": rows}).validate(suite, result_format=_FORMAT)
    outcomes = [_outcome(entry) for entry in result.results]
    return _plain(name, result, outcomes), outcomes


def new_context() -> Any:
    """A Great Expectations context that lives in memory, sends nothing home and knows our expectations."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    import gongkai_etl.check.expectations  # noqa: F401 -- makes our expectation types known

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _merged(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Identities that two editions share are asked once."""
    seen: dict[str, dict[str, Any]] = {}
    for document in documents:
        for expectation in document["expectations"]:
            seen.setdefault(repr((expectation["type"], expectation["kwargs"])), expectation)
    return list(seen.values())


def _outcome(entry: Any) -> Outcome:
    meta = dict(entry.expectation_config.meta or {})
    error = next((info["exception_message"] for info in _exceptions(entry) if info.get("raised_exception")), None)
    rows = tuple(sorted(int(row["report"]) for row in entry.result.get("unexpected_index_list") or ()))
    return Outcome(meta, rows, error)


def _exceptions(entry: Any) -> list[dict[str, Any]]:
    info = entry.exception_info or {}
    return [info] if "raised_exception" in info else [part for part in info.values() if isinstance(part, dict)]


def _plain(name: str, result: Any, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    critical = [
        outcome
        for entry, outcome in zip(result.results, outcomes, strict=True)
        if not entry.success and str(entry.expectation_config.severity.value) == "critical"
    ]
    return {
        "suite": name,
        "success": not critical,
        "statistics": {
            "evaluated_expectations": len(outcomes),
            "unsuccessful_expectations": sum(not entry.success for entry in result.results),
            "exceptions": sum(outcome.broken is not None for outcome in outcomes),
        },
        "results": [
            {
                "type": entry.expectation_config.type,
                "description": entry.expectation_config.description,
                "severity": str(entry.expectation_config.severity.value),
                "meta": outcome.meta,
                "success": bool(entry.success),
                "reports": list(outcome.rows),
                "exception": outcome.broken,
            }
            for entry, outcome in zip(result.results, outcomes, strict=True)
        ],
    }

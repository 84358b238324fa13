"""Our Great Expectations classes: identities between cells, whole counts, filled cells, rules kept.

Importing this module imports Great Expectations (3 to 4 s): do it only where a check runs.
A row in which a cell of an identity is missing is not evaluated (``ignore_row_if``): missing is
never 0 and never passes; :class:`ExpectCellsToBeFilled` names those rows in the same result.
"""

from __future__ import annotations

from typing import Any, Literal

from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)


class _SignedSum(MulticolumnMapMetricProvider):
    """Σ sign × cell = 0, row by row."""

    condition_metric_name = "multicolumn_values.signed_sum_is_zero"
    condition_domain_keys = (
        "batch_id",
        "table",
        "column_list",
        "row_condition",
        "condition_parser",
        "ignore_row_if",
    )
    condition_value_keys = ("signs",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: Any, signs: list[int], **_: Any) -> Any:  # noqa: N805
        return column_list.mul(signs).sum(axis=1).eq(0) & column_list.notna().all(axis=1)


class _Whole(MulticolumnMapMetricProvider):
    """Each number that is there is whole and not negative."""

    condition_metric_name = "multicolumn_values.whole_and_not_negative"
    condition_domain_keys = _SignedSum.condition_domain_keys
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: Any, **_: Any) -> Any:  # noqa: N805
        values = column_list.to_numpy(dtype="float64")
        return (((values >= 0) & (values == values.round())) | (values != values)).all(axis=1)


class _Filled(MulticolumnMapMetricProvider):
    """Each cell holds a certain number, in the rows whose last column names the edition."""

    condition_metric_name = "multicolumn_values.all_filled"
    condition_domain_keys = _SignedSum.condition_domain_keys
    condition_value_keys = ("edition",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: Any, edition: int, **_: Any) -> Any:  # noqa: N805
        return column_list.notna().all(axis=1) | column_list.iloc[:, -1].ne(edition)


class ExpectIdentityToHold(MulticolumnMapExpectation):
    """The signed sum of the cells of ``column_list`` is zero."""

    map_metric = "multicolumn_values.signed_sum_is_zero"
    success_keys = ("signs", "mostly")
    args_keys = ("column_list", "signs")
    signs: list[int]
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "any_value_is_missing"


class ExpectCountsToBeWhole(MulticolumnMapExpectation):
    """The counts of ``column_list`` are whole and not negative where there are any."""

    map_metric = "multicolumn_values.whole_and_not_negative"
    args_keys = ("column_list",)
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "never"


class ExpectCellsToBeFilled(MulticolumnMapExpectation):
    """Every cell of ``column_list`` holds a number that was read with certainty.

    Its last column is the report's edition of the table; other editions are not asked.
    """

    map_metric = "multicolumn_values.all_filled"
    success_keys = ("edition", "mostly")
    args_keys = ("column_list", "edition")
    edition: int
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "never"

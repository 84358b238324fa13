"""One run: suites over the frame, plain rules over the cases, all outcomes into one validated ledger."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai_etl import form
from gongkai_etl.check.arithmetic import identity_findings, missing_findings
from gongkai_etl.check.case import Case
from gongkai_etl.check.catalogue import catalogue_hash, rules
from gongkai_etl.check.diagnose import with_advice
from gongkai_etl.check.frame import frame, usable_previous
from gongkai_etl.check.items import CheckItem, CheckResult
from gongkai_etl.check.others import roster_names
from gongkai_etl.check.registry import registered
from gongkai_etl.check.suites import document
from gongkai_etl.check.validation import Outcome
from gongkai_etl.check.validation import run as validate
from gongkai_etl.model import Finding, Unit

if TYPE_CHECKING:
    import pandas as pd

    from gongkai_etl.check.datadocs import DataDocs

log = logging.getLogger(__name__)

Found = list[list[Finding]]
Broken = set[tuple[int, str]]


def run(
    items: Sequence[CheckItem], roster: Sequence[Unit], today: date | None, data_docs: Path | None = None
) -> CheckResult:
    """See :func:`gongkai_etl.check.check`."""
    docs = _data_docs(data_docs)
    others = roster_names(roster)
    cases = [Case(item, roster, today or item.received_on or date.today(), others=others) for item in items]
    found: Found = [[] for _ in cases]
    broken: Broken = set()
    if not cases:
        return CheckResult([], [], {"success": True, "validations": []}, catalogue_hash())
    numbers = frame(cases)
    cells, outcomes = validate("cells", numbers, _documents(cases), docs)
    _take(found, identity_findings(cases, outcomes))
    _with_missing(cases, numbers, found)
    _plain_rules(cases, found, broken)
    findings = [_in_order(with_advice(case, several)) for case, several in zip(cases, found, strict=True)]
    broken |= {(row, o.meta["rule"]) for o in outcomes if o.broken for row in range(len(cases))}
    _say_broken(cases, outcomes)
    ledger, _ = validate("ledger", _ledger(findings, broken), [document("ledger")], docs)
    if docs:
        docs.write([case.item.name or case.name for case in cases], date.today().isoformat())
    return CheckResult(
        findings=findings,
        unchecked=[tuple(dict.fromkeys(case.unchecked)) for case in cases],
        validation={
            "success": ledger["success"] and not any(o.broken for o in outcomes),
            "validations": [cells, ledger],
        },
        catalogue_hash=catalogue_hash(),
    )


def _data_docs(folder: Path | None) -> DataDocs | None:
    if folder is None:
        return None
    from gongkai_etl.check.datadocs import DataDocs
    from gongkai_etl.check.validation import new_context

    return DataDocs(new_context(), folder)


def _documents(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The suites of the editions that the batch has, and of years where last year's report is there."""
    used = {name for case in cases for name in case.editions.values()}
    chosen = [name for name in form.editions() if name in used]
    names = [f"cells_{name}" for name in chosen]
    if any(usable_previous(case) for case in cases):
        names += [f"years_{name}" for name in chosen]
    return [document(name) for name in names]


def _take(found: Found, pairs: Iterable[tuple[int, Finding]]) -> None:
    for row, finding in pairs:
        found[row].append(finding)


def _with_missing(cases: Sequence[Case], numbers: pd.DataFrame, found: Found) -> None:
    """Only cases with a cell that is no certain number need a second look: seldom, so in plain Python."""
    missing = numbers.isna().to_numpy()
    place = {name: k for k, name in enumerate(numbers.columns)}
    of_edition: dict[tuple[str, ...], list[int]] = {}
    for row, case in enumerate(cases):
        names = tuple(case.editions[table] for table in form.TABLES)
        if names not in of_edition:
            keys = [
                k for table, name in zip(form.TABLES, names, strict=True) for k in form.edition(name).keys(table)
            ]
            of_edition[names] = [place[key] for key in keys]
        if missing[row, of_edition[names]].any():
            found[row] += missing_findings(case)


def _plain_rules(cases: Sequence[Case], found: Found, broken: Broken) -> None:
    of_case, of_batch = registered()
    for row, case in enumerate(cases):
        for ids, function in of_case:
            found[row] += _guarded(partial(_all_of, function, case), ids, [row], cases, broken)
        case.forget()
    everywhere = list(range(len(cases)))
    for ids, judge in of_batch:
        _take(found, _guarded(partial(_all_of, judge, cases), ids, everywhere, cases, broken))


def _all_of(function: Callable[[Any], Iterable[Any]], given: Any) -> list[Any]:
    return list(function(given))


def _guarded(
    call: Callable[[], list[Any]], ids: tuple[str, ...], rows: Sequence[int], cases: Sequence[Case], broken: Broken
) -> list[Any]:
    """A rule that breaks down is said to have; it neither passes nor stops the others."""
    try:
        return call()
    except Exception:
        log.exception("rule broke down: %s", ids[0])
        for row in rows:
            broken |= {(row, rule) for rule in ids}
            cases[row].unchecked.append(f"规则{'、'.join(ids)}执行出错，没有核对（程序问题，请报告）。")
        return []


def _say_broken(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.broken:
            log.error("expectation broke down: %s: %s", outcome.meta, outcome.broken)
            for case in cases:
                case.unchecked.append(f"规则{outcome.meta.get('rule')}执行出错，没有核对（程序问题，请报告）。")


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(sorted(findings, key=lambda finding: (finding.sort_key, finding.text or ""))))


def _ledger(findings: Sequence[Sequence[Finding]], broken: Broken) -> pd.DataFrame:
    """A row for each report and rule: the outcome, once in ``outcome`` and once under its severity."""
    import numpy as np
    import pandas as pd

    names = [name for name, rule in rules().items() if rule.of_reports]
    place = {name: k for k, name in enumerate(names)}
    words = ["pass", "fail", "unknown", "broken"]
    codes = np.zeros((len(findings), len(names)), dtype="int8")
    for row, several in enumerate(findings):
        for finding in several:
            if (k := place.get(finding.rule)) is not None and codes[row, k] != 1:
                codes[row, k] = 1 if finding.outcome == "fail" else 2
    for row, rule in broken:
        if rule in place:
            codes[row, place[rule]] = 3
    flat = codes.ravel()

    def category(codes: Any, values: list[str]) -> Any:
        return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(values))

    made: dict[str, Any] = {
        "report": np.repeat(np.arange(len(findings), dtype="int32"), len(names)),
        "rule": category(np.tile(np.arange(len(names), dtype="int16"), len(findings)), names),
        "outcome": category(flat, words),
    }
    severities = np.array([rules()[name].severity for name in names])
    for severity in ("error", "warning", "notice"):
        mine = np.tile(severities == severity, len(findings))
        made[severity] = category(np.where(mine, flat, -1).astype("int8"), words)
    return pd.DataFrame(made).set_index("report")

"""The quality page of a batch for operators: charts and tables in one self-contained HTML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from gongkai_etl.check.catalogue import SEVERITIES, catalogue_hash, rules
from gongkai_etl.check.page import Examined, template
from gongkai_etl.model import CellState, Severity

_BARS = 25


def render(files: Sequence[Examined], validation: Mapping[str, Any], made_on: str) -> str:
    """The page as text; charts are drawn as SVG inside it."""
    by_rule: Counter[str] = Counter(f.rule for one in files for f in one.findings)
    by_unit: dict[str, Counter[str]] = {
        _name(one): Counter(str(f.severity) for f in one.findings) for one in files if one.item is not None
    }
    return template("quality.html").render(
        made_on=made_on,
        version=catalogue_hash()[:12],
        files=len(files),
        unread=[{"name": one.name, "error": one.error} for one in files if one.error],
        passed=sum(one.error is None and not any(f.severity == "error" for f in one.findings) for one in files),
        success=bool(validation.get("success")),
        severities=SEVERITIES,
        totals={name: sum(f.severity == name for one in files for f in one.findings) for name in SEVERITIES},
        rules=_rule_bars(by_rule),
        units=_unit_bars(by_unit),
        readings=_readings(files),
        expectations=_expectations(validation),
        unchecked=Counter(text for one in files for text in one.unchecked).most_common(40),
    )


def _name(one: Examined) -> str:
    assert one.item is not None
    return (one.item.unit.name if one.item.unit else one.item.report.unit) or one.name


def _rule_bars(counts: Counter[str]) -> list[dict[str, Any]]:
    most = max(counts.values(), default=1)
    known = rules()
    return [
        {
            "id": name,
            "title": known[name].title if name in known else "",
            "severity": known[name].severity if name in known else "notice",
            "count": count,
            "width": round(100 * count / most, 1),
        }
        for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _unit_bars(counts: Mapping[str, Counter[str]]) -> list[dict[str, Any]]:
    """Units with the most errors first; each bar is made of its severities."""
    most = max((count.total() for count in counts.values()), default=1) or 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1]["error"], -pair[1].total(), pair[0]))
    made = []
    for name, count in ordered[:_BARS]:
        start = 0.0
        parts: list[dict[str, Any]] = []
        for severity in SEVERITIES:
            width = 100 * count[severity] / most
            parts.append({"severity": severity, "start": round(start, 2), "width": round(width, 2)})
            start += width
        numbers: dict[str, Any] = {severity: count[severity] for severity in SEVERITIES}
        made.append({"name": name, "parts": parts, **numbers})
    return made


def _readings(files: Sequence[Examined]) -> list[dict[str, Any]]:
    """How sure the figures are, over all files."""
    kinds: Counter[str] = Counter()
    for one in files:
        for cell in one.item.report.cells.values() if one.item else ():
            kinds[_kind(cell.state, cell.certain)] += 1
    total = kinds.total() or 1
    names = ("读准的数", "没有读准的数", "空白", "代替数字的记号或文字", "没有读到", "表中没有")
    return [{"name": name, "count": kinds[name], "share": round(100 * kinds[name] / total, 2)} for name in names]


def _kind(state: CellState, certain: bool) -> str:
    if state is CellState.NUMBER:
        return "读准的数" if certain else "没有读准的数"
    if state is CellState.BLANK:
        return "空白"
    if state is CellState.UNREAD:
        return "没有读到"
    return "表中没有" if state is CellState.ABSENT else "代替数字的记号或文字"


_LEVELS: dict[str, Severity] = {"critical": "error", "warning": "warning", "info": "notice"}


def _short(entry: Mapping[str, Any]) -> str:
    """What an expectation says; of a long equation the rule's title and its left side."""
    said = str(entry["description"])
    rule = rules().get(str(entry["meta"].get("rule", "")))
    if rule is None or "identity" not in entry["meta"]:
        return said
    return f"{rule.title}：{said.split(' ＝ ')[0]}"


def _expectations(validation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The expectations that were not met, with the number of reports behind each."""
    return [
        {
            "rule": entry["meta"].get("rule", ""),
            "description": _short(entry),
            "severity": SEVERITIES[_LEVELS.get(entry["severity"], "notice")],
            "reports": len(set(entry["reports"])),
            "exception": entry["exception"],
        }
        for part in validation.get("validations", ())
        for entry in part["results"]
        if not entry["success"]
    ]

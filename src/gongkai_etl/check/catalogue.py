"""The rules as data: one entry a rule in ``rules/*.yaml``; what people read about rules is made from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from gongkai_etl.model import Severity

FAMILIES = {
    "T2": "表二：主动公开政府信息情况",
    "T3": "表三：收到和处理政府信息公开申请情况",
    "T4": "表四：行政复议、行政诉讼情况",
    "YEAR": "与上一年报告的衔接",
    "TEXT": "文字与表格",
    "ID": "是谁的报告、哪一年的报告",
    "FORM": "格式与完整",
    "SIGN": "署名与日期",
    "COUNTY": "与全县汇总的关系",
    "READ": "文件的读取（系统一方的问题）",
}
SEVERITIES: dict[Severity, str] = {"error": "错误", "warning": "疑点", "notice": "提示"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``where`` says how it is evaluated: ``identity``, ``cells``, ``report`` or ``batch``; or who
    says it before there is a report: ``file`` (the reading) or ``collect`` (the collecting)."""

    id: str
    severity: Severity
    title: str
    why: str
    explanation: str
    correct: str
    good: str
    bad: str
    where: str = "report"

    @property
    def family(self) -> str:
        """``T3`` of ``T3-BALANCE``."""
        return self.id.split("-")[0]

    @property
    def of_reports(self) -> bool:
        """Whether the rule is evaluated on reports."""
        return self.where not in ("file", "collect")


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by id, in the order of the families."""
    found: dict[str, Rule] = {}
    for family in FAMILIES:
        for entry in load("rules", f"{family.lower()}.yaml"):
            texts: dict[str, Any] = {name: str(value).strip() for name, value in entry.items()}
            rule = Rule(**texts)
            if rule.id in found or rule.family != family or rule.severity not in SEVERITIES:
                raise ValueError(f"rule entry is wrong: {rule.id}")
            found[rule.id] = rule
    return found


@cache
def catalogue_hash() -> str:
    """Hash of all rule entries and word lists: stored with each result, changes with any of them."""
    digest = hashlib.sha256()
    for folder in ("rules", "data"):
        for entry in sorted(files(__package__).joinpath(folder).iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith((".yaml", ".gz")):
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()


@cache
def load(*path: str) -> Any:
    """A YAML file of this package."""
    source = files(__package__).joinpath(*path).read_text("utf-8")
    return yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe

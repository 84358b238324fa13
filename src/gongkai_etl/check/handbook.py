"""``docs/rules.md``: the catalogue for people, made from the rule entries. ``python -m gongkai_etl.check.handbook``."""

from __future__ import annotations

from pathlib import Path

from gongkai_etl.check.catalogue import FAMILIES, SEVERITIES, Rule, rules

WHERE = {
    "identity": "Great Expectations（`expectations/`），逐行逐列",
    "cells": "Great Expectations（`expectations/`），逐格",
    "report": "逐份报告，结果汇入总账由 Great Expectations 验证",
    "file": "读取文件时",
    "collect": "网上采集时",
    "batch": "整批报告，结果汇入总账由 Great Expectations 验证",
}


def markdown() -> str:
    """The whole page."""
    parts = [
        "# 核对规则",
        "",
        "本页由规则条目（`src/gongkai_etl/check/rules/`）生成：`gongkai rules export docs/rules.md`。请勿直接修改。",
        "",
        "级别：**错误**必须改正；**疑点**请核对，属实的可以由审核人豁免；**提示**供参考。"
        "结果有三种：符合、不符合、不能判断（例如格子没有读准），不能判断的不算填报单位的错。",
    ]
    for family, title in FAMILIES.items():
        mine = [rule for rule in rules().values() if rule.family == family]
        parts += ["", f"## {family}　{title}", "", "| 规则 | 级别 | 内容 |", "|---|---|---|"]
        parts += [
            f"| [{rule.id}](#{rule.id.lower()}) | {SEVERITIES[rule.severity]} | {rule.title} |" for rule in mine
        ]
        for rule in mine:
            parts += ["", *_entry(rule)]
    return "\n".join(parts) + "\n"


def _entry(rule: Rule) -> list[str]:
    return [
        f"### {rule.id}",
        "",
        f"**{rule.title}**（{SEVERITIES[rule.severity]}）",
        "",
        rule.explanation,
        "",
        f"- 怎样改：{rule.correct}",
        f"- 依据：{rule.why}",
        f"- 正确：{rule.good}",
        f"- 有误：{rule.bad}",
        f"- 核对方式：{WHERE[rule.where]}",
    ]


if __name__ == "__main__":
    Path("docs").mkdir(exist_ok=True)
    Path("docs/rules.md").write_text(markdown(), encoding="utf-8")

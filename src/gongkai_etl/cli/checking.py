"""``gongkai check``, ``gongkai rules`` and ``gongkai verdict``: what is wrong, by which rule, and what people say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from gongkai_etl.errors import GongkaiError
from gongkai_etl.text import chinese_date

if TYPE_CHECKING:
    from datetime import date

    from gongkai_etl.check.page import Examined
    from gongkai_etl.model import Finding

FAILED, UNREAD = 1, 3
"""Exit statuses: findings of severity error; a file that cannot be read."""
COLOURS = {"error": "red", "warning": "yellow", "notice": "cyan"}


class RulesGroup(TyperGroup):
    """``gongkai rules T3-TOTAL``: what is no sub-command is the id of a rule."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The sub-command, or one that shows the rule of that id."""
        known = super().get_command(ctx, cmd_name)
        return known or TyperCommand(cmd_name, callback=lambda: show_rule(cmd_name))


rules_app = typer.Typer(
    cls=RulesGroup, help="核对规则：列出、查看一条（gongkai rules T3-TOTAL）、导出、变更影响。"
)
verdict_app = typer.Typer(help="审核意见：确认或豁免一项发现。数字一变，意见即失效。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("check")(check)
    rules_app.callback(invoke_without_command=True)(list_rules)
    rules_app.command("impact")(impact)
    rules_app.command("export")(export)
    app.add_typer(rules_app, name="rules")
    verdict_app.command("list")(list_verdicts)
    verdict_app.command("confirm")(confirm)
    verdict_app.command("waive")(waive)
    verdict_app.command("revoke")(revoke)
    app.add_typer(verdict_app, name="verdict")


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="年度报告文件，或存放文件的文件夹", show_default=False)
    ] = None,
    unit: Annotated[str | None, typer.Option(help="应报送的单位")] = None,
    year: Annotated[int | None, typer.Option(help="应报送的年度")] = None,
    previous: Annotated[Path | None, typer.Option(help="同一单位上一年的报告")] = None,
    received: Annotated[str | None, typer.Option(help="收到或网上发布的日期（如 2026-01-15）")] = None,
    units: Annotated[Path | None, typer.Option(help="单位名册（CSV 或 XLSX）")] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="清单 CSV：path、unit、year、previous 四列，可加 received（收到日期）")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="每个文件输出一行 JSON")] = False,
    full: Annotated[bool, typer.Option(help="JSON 中加上依据、建议、能否判断、没有核对的内容")] = False,
    html: Annotated[Path | None, typer.Option(help="另存为一个可打印的网页文件")] = None,
    quality: Annotated[Path | None, typer.Option(help="另存整批的质量报告网页")] = None,
    data_docs: Annotated[
        Path | None, typer.Option(help="另存 Great Expectations 数据文档的文件夹（可离线打开）")
    ] = None,
) -> None:
    """核对年度报告：勾稽关系、文字与表格、单位与年度、格式、日期。不需要数据库，也不联网。"""
    from gongkai_etl.checking import check_files, jobs_of

    jobs = jobs_of(
        files or [], unit=unit, year=year, previous=previous, received=received, manifest=manifest, roster=units
    )
    examined, validation = check_files(jobs, pictures=html is not None, data_docs=data_docs)
    for one in examined:
        if as_json:
            typer.echo(json.dumps(as_plain(one, full), ensure_ascii=False))
        else:
            _print(one)
    _write_pages(examined, validation, html, quality)
    raise typer.Exit(_status(examined))


def _status(examined: list[Examined]) -> int:
    if any(one.error for one in examined):
        return UNREAD
    return FAILED if any(f.severity == "error" for one in examined for f in one.findings) else 0


def _write_pages(
    examined: list[Examined], validation: dict[str, Any], html: Path | None, quality: Path | None
) -> None:
    from datetime import datetime

    from gongkai_etl.check import page
    from gongkai_etl.check import quality as quality_page

    made_on = chinese_date(datetime.now())
    if html is not None:
        html.write_text(page.render(examined, made_on), encoding="utf-8")
    if quality is not None:
        quality.write_text(quality_page.render(examined, validation, made_on), encoding="utf-8")


def as_plain(one: Examined, full: bool = False) -> dict[str, Any]:
    """The JSON object of one file."""
    made: dict[str, Any] = {
        "path": one.name,
        "ok": one.error is None,
        "findings": [_finding(finding, full) for finding in one.findings],
    }
    return made | {"unchecked": list(one.unchecked)} if full else made


def _finding(finding: Finding, full: bool) -> dict[str, Any]:
    names = (
        "rule",
        "severity",
        "message",
        "left",
        "right",
        "cells",
        "text",
        *(("advice", "outcome") if full else ()),
    )
    made = {name: list(finding.cells) if name == "cells" else getattr(finding, name) for name in names}
    return made | {"basis": _basis(finding.rule)} if full else made


def _basis(rule: str) -> str | None:
    """What law or notice a rule rests on; None for an error of the command itself."""
    from gongkai_etl.check.catalogue import rules

    known = rules().get(rule)
    return known.why if known else None


def _print(one: Examined) -> None:
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    from gongkai_etl.check.catalogue import SEVERITIES

    console = Console()
    report = one.item.report if one.item else None
    console.print(Text(report.title or one.name if report else one.name, style="bold"))
    if one.error:
        console.print(Text(f"无法读取：{one.error}", style="red"))
        return
    if not one.findings:
        console.print("没有发现问题。", style="green")
    else:
        table = Table(
            Column("级别", no_wrap=True),
            Column("规则", no_wrap=True),
            Column("发现", ratio=3, overflow="fold"),
            Column("怎样改", ratio=2, overflow="fold"),
        )
        for finding in one.findings:
            level = SEVERITIES[finding.severity] if finding.outcome == "fail" else "不能判断"
            table.add_row(
                Text(level, style=COLOURS[finding.severity]),
                finding.rule,
                Text(finding.message),
                Text(finding.advice or ""),
            )
        console.print(table)
    for text in one.unchecked:
        console.print(Text(f"未核对：{text}", style="dim"))


def list_rules(context: typer.Context) -> None:
    """列出全部规则。"""
    if context.invoked_subcommand is not None:
        return
    from rich.console import Console
    from rich.table import Table

    from gongkai_etl.check.catalogue import FAMILIES, SEVERITIES, catalogue_hash, rules

    console = Console()
    for family, title in FAMILIES.items():
        table = Table(title=f"{family}　{title}", title_justify="left")
        for head in ("规则", "级别", "内容"):
            table.add_column(head, no_wrap=head != "内容")
        for rule in rules().values():
            if rule.family == family:
                table.add_row(rule.id, f"[{COLOURS[rule.severity]}]{SEVERITIES[rule.severity]}[/]", rule.title)
        console.print(table)
    console.print(f"共{len(rules())}条，规则版本 {catalogue_hash()[:12]}。查看一条：gongkai rules T3-TOTAL")


def show_rule(name: str) -> None:
    """Print one rule with its law, explanation and examples."""
    from rich.console import Console

    from gongkai_etl.check.catalogue import FAMILIES, SEVERITIES, rules

    rule = rules().get(name.upper())
    if rule is None:
        raise GongkaiError("CHECK-NO-RULE", f"没有规则“{name}”。gongkai rules 列出全部规则。")
    console = Console(highlight=False)
    console.print(f"[bold]{rule.id}　{rule.title}[/]　[{COLOURS[rule.severity]}]{SEVERITIES[rule.severity]}[/]")
    console.print(f"{FAMILIES[rule.family]}\n")
    for head, text in (
        ("说明", rule.explanation), ("怎样改", rule.correct), ("依据", rule.why), ("正确", rule.good), ("有误", rule.bad),
    ):  # fmt: skip
        console.print(f"[dim]{head}[/]　{text}", markup=True)


def impact(
    reports: Annotated[Path, typer.Argument(help="存放已读取报告（JSON）的文件夹")],
    against: Annotated[
        str, typer.Option(help="另一版本：代码文件夹、代码库版本号，或以前 check --json 的结果文件")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """用现在的规则和另一版本的规则核对同一批报告，列出新增和不再出现的发现。有变化时退出状态为 1。"""
    from dataclasses import asdict

    from gongkai_etl.check.impact import against as compare

    found = compare(reports, against)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        typer.echo(f"核对报告{found.reports}份：新增{len(found.red)}项，不再出现{len(found.green)}项。")
        for mark, changes in (("新增", found.red), ("消失", found.green)):
            for change in changes:
                typer.echo(f"{mark}　{change.report}　{change.rule}　{change.message}")
    raise typer.Exit(1 if found.red or found.green else 0)


def export(
    target: Annotated[Path, typer.Argument(help="规则说明（.md），或存放期望套件的文件夹")],
) -> None:
    """生成规则说明（Markdown）或 Great Expectations 套件（JSON）。"""
    from gongkai_etl.check import handbook, suites

    if target.suffix == ".md":
        target.write_text(handbook.markdown(), encoding="utf-8")
        typer.echo(f"已写入{target}。")
    else:
        typer.echo(f"已写入{len(suites.write(target))}个套件：{target}。")


Reviewer = Annotated[str, typer.Option("--by", help="审核人")]
Reason = Annotated[str, typer.Option(help="理由")]
Until = Annotated[str | None, typer.Option(help="有效到哪一天（如 2026-12-31），不写则长期有效")]
Which = Annotated[int | None, typer.Option("--number", help="同一规则有几项发现时，是第几项")]


def list_verdicts(
    year: Annotated[int | None, typer.Option(help="年度")] = None,
    unit: Annotated[str | None, typer.Option(help="单位（代码或名称）")] = None,
    every: Annotated[bool, typer.Option("--all", help="也列出已撤回和过期的")] = False,
) -> None:
    """列出审核意见。"""
    from gongkai_etl.check.verdicts import DECISIONS

    with _warehouse() as warehouse:
        code = _unit(warehouse, unit) if unit else None
        for word in warehouse.list_verdicts(year, code, standing=not every):
            until = f"，到{word.expires_on}为止" if word.expires_on else ""
            state = "（已撤回）" if word.revoked_at else "（已过期）" if _past(word.expires_on) else ""
            typer.echo(
                f"{word.id}　{word.unit_code}　{word.year}　{word.rule}　{DECISIONS[word.decision]}{state}"
                f"　{word.reviewer}：{word.reason}{until}"
            )


def confirm(
    unit: str, year: int, rule: str, by: Reviewer, reason: Reason, until: Until = None, number: Which = None
) -> None:
    """确认一项发现属实。"""
    _decide("confirm", unit, year, rule, by, reason, until, number)


def waive(
    unit: str, year: int, rule: str, by: Reviewer, reason: Reason, until: Until = None, number: Which = None
) -> None:
    """豁免一项发现：情况已知，可以保留。豁免的发现仍随数据公开。"""
    _decide("waive", unit, year, rule, by, reason, until, number)


def revoke(
    number: Annotated[int, typer.Argument(help="意见的编号（gongkai verdict list）")], by: Reviewer
) -> None:
    """撤回一条审核意见。"""
    with _warehouse() as warehouse:
        warehouse.revoke_verdict(number, by)
    typer.echo(f"已撤回第{number}号意见。")


def _decide(
    decision: Any, unit: str, year: int, rule: str, by: str, reason: str, until: str | None, number: int | None
) -> None:
    from datetime import date

    try:
        expires_on = date.fromisoformat(until) if until else None
    except ValueError as error:
        raise GongkaiError("CHECK-DATE", f"日期“{until}”不对，请写成 2026-12-31。") from error
    if _past(expires_on):
        raise GongkaiError("CHECK-DATE", f"有效期“{until}”已经过去，意见不会起作用，请写今天或以后的日期。")
    with _warehouse() as warehouse:
        code = _unit(warehouse, unit)
        found = [one for one in warehouse.findings(year, code) if one.finding.rule == rule.upper()]
        chosen = _choose(found, number)
        warehouse.save_verdict(
            unit=code, year=year, rule=chosen.finding.rule, binding=chosen.binding, decision=decision,
            reviewer=by, reason=reason, expires_on=expires_on,
        )  # fmt: skip
    typer.echo(f"已记录：{chosen.unit_name}{year}年　{chosen.finding.rule}　{chosen.finding.message}")


def _past(day: date | None) -> bool:
    """Whether a last day of validity is over."""
    from datetime import date

    return day is not None and day < date.today()


def _choose(found: list[Any], number: int | None) -> Any:
    if not found:
        raise GongkaiError("CHECK-NO-FINDING", "这个单位这一年没有这条规则的发现。")
    if number is None and len(found) > 1:
        listed = "\n".join(f"  {k}　{one.finding.message}" for k, one in enumerate(found, 1))
        raise GongkaiError("CHECK-WHICH", f"有{len(found)}项发现，请用 --number 指明是第几项：\n{listed}")
    if number is not None and not 1 <= number <= len(found):
        raise GongkaiError("CHECK-WHICH", f"只有{len(found)}项发现，没有第{number}项。")
    return found[(number or 1) - 1]


def _unit(warehouse: Any, name: str) -> str:
    from gongkai_etl.collect.names import find

    units = warehouse.units()
    found = next((unit for unit in units if unit.code == name), None) or find(units, name)
    if found is None:
        raise GongkaiError("CHECK-NO-UNIT", f"名册中没有“{name}”。")
    return str(found.code)


def _warehouse() -> Any:
    from contextlib import closing

    from gongkai_etl.settings import settings
    from gongkai_etl.store.warehouse import Warehouse

    return closing(Warehouse.connect(settings()))

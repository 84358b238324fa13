"""The papers of the dataset: datapackage.json (Data Package v2), data dictionary, SHA256SUMS, CHANGES."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gongkai_etl.form import cell_labels, edition_of_year
from gongkai_etl.publish.archive import sha256
from gongkai_etl.publish.dataset import Field, Resource, resources
from gongkai_etl.publish.facts import Row
from gongkai_etl.publish.inputs import CountyYear, UnitYear
from gongkai_etl.publish.options import Options
from gongkai_etl.publish.words import figure
from gongkai_etl.text import chinese_date

_PROFILE = "https://datapackage.org/profiles/2.0"
_LINE_END = "\r\n"


def datapackage(county_year: CountyYear, release: str, tables: Mapping[str, bytes], options: Options) -> bytes:
    """The description of the CSV tables. ``tables`` maps table name to the bytes of ``data/NAME.csv``."""
    day = county_year.day.isoformat()
    document = {
        "$schema": f"{_PROFILE}/datapackage.json",
        "name": f"gongkai-{county_year.year}",
        "id": release,
        "title": f"{county_year.county.name}{county_year.year}年政府信息公开工作年度报告数据",
        "description": "各单位年度报告三张表的数据、全县汇总、核对结果和出处。空白不等于 0。",
        "version": release,
        "created": f"{day}T00:00:00Z",
        "licenses": [{"name": options.licence, "path": options.licence_url, "title": options.licence_title}],
        "sources": _sources(county_year),
        "contributors": [{"title": options.publisher or county_year.county.name, "roles": ["publisher"]}],
        "resources": [_resource(resources()[name], data, options) for name, data in tables.items()],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _sources(county_year: CountyYear) -> list[dict[str, str]]:
    notice = edition_of_year(county_year.year).notice
    linked = [unit for unit in county_year.all if unit.submission and unit.submission.url]
    return [
        {"title": f"各单位政府信息公开工作年度报告（格式：{notice}）"},
        *({"title": f"{unit.unit.name}{unit.year}年度报告", "path": _url(unit)} for unit in linked),
    ]


def _url(unit: UnitYear) -> str:
    return (unit.submission.url if unit.submission else None) or ""


def _resource(resource: Resource, data: bytes, options: Options) -> dict[str, Any]:
    return {
        "$schema": f"{_PROFILE}/dataresource.json",
        "name": resource.name.replace("_", "-"),
        "path": f"data/{resource.name}.csv",
        "title": resource.title,
        "description": resource.description,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": _LINE_END, "quoteChar": '"', "doubleQuote": True},
        "bytes": len(data),
        "hash": f"sha256:{sha256(data)}",
        "schema": {
            "$schema": f"{_PROFILE}/tableschema.json",
            "fields": [_field(field, field.name in resource.key) for field in resource.fields],
            "missingValues": [""],
            "primaryKey": list(resource.key),
            "foreignKeys": [_foreign(field, table) for field, table in resource.foreign],
        },
    }


def _foreign(field: str, table: str) -> dict[str, Any]:
    target = {"resource": table.replace("_", "-"), "fields": [field]}
    return {"fields": [field], "reference": target}


def _field(field: Field, in_key: bool) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if field.required or in_key:
        constraints["required"] = True
    if field.minimum is not None:
        constraints["minimum"] = field.minimum
    if field.pattern:
        constraints["pattern"] = field.pattern
    if field.enum:
        constraints["enum"] = list(field.enum)
    entry: dict[str, Any] = {"name": field.name, "type": field.type, "title": field.title}
    if field.description:
        entry["description"] = field.description
    return {**entry, "constraints": constraints} if constraints else entry


def dictionary() -> bytes:
    """The data dictionary in Markdown: every table and field, with type and constraints."""
    lines = [
        "# 数据字典",
        "",
        "数据表以 CSV（UTF-8）、Parquet 和 XLSX 三种格式发布，内容相同。空的字段表示没有数据，不表示 0。",
    ]
    for resource in resources().values():
        lines += ["", f"## {resource.title}（{resource.name}）", "", resource.description, ""]
        lines += [f"主键：{'、'.join(f'`{name}`' for name in resource.key)}。", ""]
        lines += ["| 字段 | 名称 | 类型 | 必填 | 说明 |", "|---|---|---|---|---|"]
        for field in resource.fields:
            required = "是" if field.required or field.name in resource.key else ""
            lines.append(
                f"| `{field.name}` | {field.title} | {field.type} | {required} | {_remarks(field, resource)} |"
            )
    return ("\n".join(lines) + "\n").encode()


def _remarks(field: Field, resource: Resource) -> str:
    words = [field.description] if field.description else []
    target = dict(resource.foreign).get(field.name)
    if target:
        words.append(f"见 {target}")
    if field.minimum is not None:
        words.append(f"不小于 {field.minimum}")
    return "；".join(words).replace("|", "\\|")


def checksums(contents: Mapping[str, str]) -> bytes:
    """SHA256SUMS as ``sha256sum --check`` reads it, from path → hexadecimal hash."""
    return "".join(f"{contents[path]}  {path}\n" for path in sorted(contents)).encode()


def change_list(county_year: CountyYear, release: str, rows: tuple[Row, ...]) -> bytes:
    """CHANGES.md: the figures that differ from the release before, each with its reason."""
    names = {unit.unit.code: unit.unit.name for unit in county_year.all}
    names[county_year.county.code] = "县级调整"
    labels = {**cell_labels("2019"), **cell_labels(edition_of_year(county_year.year).id)}
    lines = [f"# {county_year.county.name}{county_year.year}年度数据 {release}", ""]
    lines += [f"数据截至{chinese_date(county_year.day)}。", ""]
    if county_year.released is None:
        lines.append("首次发布。")
    elif not rows:
        lines.append(f"与 {county_year.released.release} 相比，各单位的数据没有变动。")
    else:
        lines += [f"与 {county_year.released.release} 相比，有 {len(rows)} 个数据变动：", ""]
        lines += ["| 单位 | 数据格 | 原数值 | 现数值 | 原因 |", "|---|---|---|---|---|"]
        lines += [
            f"| {names.get(row['unit_code'], row['unit_code'])} | {labels.get(row['cell_key'], row['cell_key'])} "
            f"| {figure(row['before'])} | {figure(row['after'])} | {row['reason']} |"
            for row in rows
        ]
    return ("\n".join(lines) + "\n").encode()

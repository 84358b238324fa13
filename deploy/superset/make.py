"""Write assets/ (Superset's YAML export, format 1.0.0) from dashboards.yaml and the published views.

Run after either has changed: ``python deploy/superset/make.py``. Identifiers are made from names, so
that an import replaces what an earlier import brought.
"""

from __future__ import annotations

import json
import shutil
import uuid
from pathlib import Path
from typing import Any

import yaml

from gongkai_etl.store.contract import View, views  # noqa: TID253 -- a tool, no DAG

HERE = Path(__file__).parent
ADDRESS = "postgresql+psycopg2://gongkai_reader@localhost:5432/gongkai"
"""Replaced by import_dashboards.py; no password is ever written here."""
_SPACE = uuid.UUID("7d9f1f0a-3a43-4a53-9a53-0f0f7c1d2e11")
_VERSION = "1.0.0"


def identifier(*names: str) -> str:
    """The same for the same names."""
    return str(uuid.uuid5(_SPACE, "/".join(names)))


def assets() -> dict[str, str]:
    """Path below assets/ → YAML text."""
    spec = yaml.safe_load((HERE / "dashboards.yaml").read_text("utf-8"))
    known = {view.name: view for view in views()}
    documents: dict[str, dict[str, Any]] = {
        "metadata.yaml": {"version": _VERSION, "type": "Dashboard", "timestamp": "2026-01-01T00:00:00+00:00"},
        "databases/gongkai.yaml": _database(),
    }
    for name in spec["datasets"]:
        documents[f"datasets/gongkai/{name}.yaml"] = _dataset(known[name], spec["words"].get(name, {}))
    for key, board in spec["dashboards"].items():
        for row in board["rows"]:
            for chart in row:
                documents[f"charts/{key}_{chart['id']}.yaml"] = _chart(key, chart)
        documents[f"dashboards/{key}.yaml"] = _dashboard(key, board)
    return {path: _dump(document) for path, document in documents.items()}


def _dump(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def _database() -> dict[str, Any]:
    return {
        "database_name": "政府信息公开年报",
        "sqlalchemy_uri": ADDRESS,
        "cache_timeout": 600,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"allows_virtual_table_explore": True},
        "uuid": identifier("database"),
        "version": _VERSION,
    }


def _dataset(view: View, words: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "table_name": view.name,
        "main_dttm_col": None,
        "description": view.zh,
        "default_endpoint": None,
        "offset": 0,
        "cache_timeout": None,
        "schema": "publish",
        "sql": None,
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        "extra": None,
        "uuid": identifier("dataset", view.name),
        "metrics": [{"metric_name": "count", "verbose_name": "行数", "expression": "count(*)"}],
        "columns": [
            *(_column(column.name, column.zh) for column in view.columns),
            *(_column(name, word["zh"], word["sql"]) for name, word in words.items()),
        ],
        "version": _VERSION,
        "database_uuid": identifier("database"),
    }


def _column(name: str, zh: str, sql: str | None = None) -> dict[str, Any]:
    """A column of the view, or with ``sql`` one that Superset computes."""
    return {
        "column_name": name,
        "verbose_name": zh.split("；")[0].split("：")[0].split("（")[0],
        "description": zh,
        **({"expression": sql} if sql else {}),
        "is_dttm": False,
        "is_active": True,
        "groupby": True,
        "filterable": True,
    }


def _metric(chart: dict[str, Any]) -> dict[str, Any]:
    metric = chart["metric"]
    return {
        "expressionType": "SQL",
        "sqlExpression": metric["sql"],
        "label": metric["label"],
        "hasCustomLabel": True,
        "optionName": f"metric_{chart['id']}",
    }


def _where(chart: dict[str, Any]) -> list[dict[str, Any]]:
    if "where" not in chart:
        return []
    return [{"expressionType": "SQL", "clause": "WHERE", "sqlExpression": chart["where"]}]


def _number(chart: dict[str, Any]) -> dict[str, Any]:
    return {"viz_type": "big_number_total", "metric": _metric(chart), "y_axis_format": ",d"}


def _pie(chart: dict[str, Any]) -> dict[str, Any]:
    return {
        "viz_type": "pie",
        "groupby": chart["groups"],
        "metric": _metric(chart),
        "row_limit": 100,
        "donut": True,
        "label_type": "key_value",
        "show_legend": True,
        "number_format": ",d",
    }


def _groups(chart: dict[str, Any]) -> list[Any]:
    named = chart.get("group_sql")
    if named is None:
        return list(chart.get("groups", []))
    return [{"label": named["label"], "sqlExpression": named["sql"], "expressionType": "SQL"}]


def _bar(chart: dict[str, Any]) -> dict[str, Any]:
    return {
        "viz_type": "echarts_timeseries_bar",
        "x_axis": chart["x"],
        "xAxisForceCategorical": True,
        "metrics": [_metric(chart)],
        "groupby": _groups(chart),
        "orientation": "horizontal" if chart.get("horizontal") else "vertical",
        "stack": "Stack" if chart.get("stack") else None,
        "row_limit": 1000,
        "limit": 0,
        "truncate_metric": True,
        "show_legend": bool(_groups(chart)),
        "x_axis_sort": chart["metric"]["label"] if chart.get("horizontal") else chart["x"],
        "x_axis_sort_asc": not chart.get("horizontal"),
        "y_axis_format": ",d",
        "rich_tooltip": True,
        **({"series_limit": chart["limit"], "row_limit": chart["limit"]} if "limit" in chart else {}),
    }


def _table(chart: dict[str, Any]) -> dict[str, Any]:
    return {
        "viz_type": "table",
        "query_mode": "raw",
        "all_columns": chart["columns"],
        "order_by_cols": [json.dumps([chart["order"], True])] if "order" in chart else [],
        "show_cell_bars": False,
        "row_limit": 1000,
        "server_page_length": 20,
        "page_length": 20,
        "include_search": True,
        "table_timestamp_format": "%Y-%m-%d",
        "column_config": {"year": {"d3NumberFormat": "d"}},
    }


_KINDS = {"number": _number, "pie": _pie, "bar": _bar, "table": _table}


def _chart(board: str, chart: dict[str, Any]) -> dict[str, Any]:
    params = {**_KINDS[chart["kind"]](chart), "adhoc_filters": _where(chart), "time_range": "No filter"}
    return {
        "slice_name": chart["title"],
        "description": None,
        "certified_by": None,
        "certification_details": None,
        "viz_type": params["viz_type"],
        "params": params,
        "query_context": None,
        "cache_timeout": None,
        "uuid": identifier("chart", board, chart["id"]),
        "version": _VERSION,
        "dataset_uuid": identifier("dataset", chart["dataset"]),
    }


_HEIGHTS = {"number": 22, "pie": 50, "bar": 50, "table": 60}


def _dashboard(key: str, board: dict[str, Any]) -> dict[str, Any]:
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": board["title"]}},
    }
    rows = []
    for number, row in enumerate(board["rows"], 1):
        name = f"ROW-{number}"
        rows.append(name)
        children = [f"CHART-{chart['id']}" for chart in row]
        position[name] = {
            "type": "ROW",
            "id": name,
            "children": children,
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart in row:
            position[f"CHART-{chart['id']}"] = {
                "type": "CHART",
                "id": f"CHART-{chart['id']}",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", name],
                "meta": {
                    # Replaced on import by the number the chart gets; it only has to be there.
                    "chartId": len(position),
                    "uuid": identifier("chart", key, chart["id"]),
                    "sliceName": chart["title"],
                    "width": chart["width"],
                    "height": _HEIGHTS[chart["kind"]],
                },
            }
    position["GRID_ID"] = {"type": "GRID", "id": "GRID_ID", "children": rows, "parents": ["ROOT_ID"]}
    return {
        "dashboard_title": board["title"],
        "description": None,
        "css": "",
        "slug": board["slug"],
        "certified_by": None,
        "certification_details": None,
        "published": True,
        "uuid": identifier("dashboard", key),
        "position": position,
        "metadata": {
            "color_scheme": "supersetColors",
            "refresh_frequency": 0,
            "cross_filters_enabled": True,
            "native_filter_configuration": [_year_filter(key, board, position)],
        },
        "version": _VERSION,
    }


def _year_filter(key: str, board: dict[str, Any], position: dict[str, Any]) -> dict[str, Any]:
    """One year at a time, the newest first: sums over several years would mean nothing."""
    charts = [chart for row in board["rows"] for chart in row]
    apart = [position[f"CHART-{chart['id']}"]["meta"]["chartId"] for chart in charts if chart.get("all_years")]
    dataset = board["rows"][0][0]["dataset"]
    return {
        "id": f"NATIVE_FILTER-{key}-year",
        "name": "报告年度",
        "filterType": "filter_select",
        "type": "NATIVE_FILTER",
        "description": "",
        # Without it the first value is chosen but not applied when the dashboard opens.
        "requiredFirst": True,
        "targets": [{"datasetUuid": identifier("dataset", dataset), "column": {"name": "year"}}],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": apart},
        "controlValues": {
            "multiSelect": False,
            "enableEmptyFilter": True,
            "defaultToFirstItem": True,
            "sortAscending": False,
            "inverseSelection": False,
            "searchAllOptions": False,
        },
        "defaultDataMask": {"filterState": {}, "extraFormData": {}},
        "cascadeParentIds": [],
    }


def main() -> None:
    """Write the folder anew."""
    target = HERE / "assets"
    shutil.rmtree(target, ignore_errors=True)
    for path, text in assets().items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    print(json.dumps({"files": len(assets())}))  # noqa: T201 -- what a tool on the command line says


if __name__ == "__main__":
    main()

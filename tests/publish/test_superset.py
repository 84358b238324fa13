"""The Superset assets: in step with their description and with the published views; SQL of the docs runs."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from gongkai_etl.store.contract import views
from gongkai_etl.store.warehouse import Warehouse

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/superset"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def documents() -> dict[str, dict[str, Any]]:
    found = sorted((FOLDER / "assets").rglob("*.yaml"))
    return {
        path.relative_to(FOLDER / "assets").as_posix(): yaml.safe_load(path.read_text("utf-8")) for path in found
    }


def test_assets_are_in_step_with_views_and_description() -> None:
    want = load("make").assets()
    have = {path: (FOLDER / "assets" / path).read_text("utf-8") for path in documents()}
    assert have == want, "run python deploy/superset/make.py"


def test_every_chart_has_its_dataset_and_real_columns() -> None:
    views_columns = {view.name: {column.name for column in view.columns} for view in views()}
    found = documents()
    datasets = {entry["uuid"]: entry for path, entry in found.items() if path.startswith("datasets/")}
    charts = {path: entry for path, entry in found.items() if path.startswith("charts/")}
    assert len(charts) == 21
    for path, chart in charts.items():
        dataset = datasets[chart["dataset_uuid"]]
        computed = {column["column_name"] for column in dataset["columns"] if "expression" in column}
        known = views_columns[dataset["table_name"]] | computed
        params = chart["params"]
        named = [
            *params.get("all_columns", []),
            *(name for name in params.get("groupby", []) if isinstance(name, str)),
        ]
        named += [params["x_axis"]] if "x_axis" in params else []
        assert set(named) <= known, path
        for term in params["adhoc_filters"]:
            words = re.findall(r"\b[a-z_]+\b", re.sub(r"'[^']*'", "", term["sqlExpression"]))
            assert set(words) <= known, (path, term)


def test_dashboards_hold_every_chart_once() -> None:
    found = documents()
    charts = {entry["uuid"] for path, entry in found.items() if path.startswith("charts/")}
    placed = [
        entry["meta"]["uuid"]
        for path, board in found.items()
        if path.startswith("dashboards/")
        for entry in board["position"].values()
        if isinstance(entry, dict) and entry["type"] == "CHART"
    ]
    assert sorted(placed) == sorted(charts)


def test_the_address_is_put_in_on_the_way_and_nowhere_kept() -> None:
    contents = load("import_dashboards").bundle("postgresql+psycopg2://reader:geheim@db/gongkai")
    assert "sqlalchemy_uri: postgresql+psycopg2://reader:geheim@db/gongkai" in contents["databases/gongkai.yaml"]
    assert "type: assets" in contents["metadata.yaml"]
    for path in FOLDER.rglob("*.yaml"):
        assert not re.search(r"gongkai_reader:[^@]*@", path.read_text("utf-8")), path


def test_the_compose_overlay_follows_the_schema() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [str(checker), "--builtin-schema", "vendor.compose-spec", str(FOLDER / "compose.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    overlay, main = (
        yaml.safe_load(path.read_text("utf-8")) for path in (FOLDER / "compose.yml", ROOT / "docker-compose.yml")
    )
    for name, service in overlay["services"].items():
        assert service["profiles"] == ["dashboards"], f"{name} starts only when it is asked for"
        assert set(service["networks"]) <= set(main["networks"])
        assert set(service["depends_on"]) <= {*main["services"], *overlay["services"]}


@pytest.mark.integration
def test_the_sql_of_charts_and_docs_runs(warehouse: Warehouse) -> None:
    page = (ROOT / "docs/dashboards.md").read_text("utf-8")
    queries = [
        query
        for block in re.findall(r"```sql\n(.*?)```", page, re.S)
        for query in block.split(";\n")
        if query.strip()
    ]
    assert len(queries) == 7
    for query in queries:
        warehouse.query(query.replace("$year", "2025").replace("{{year}}", "2025").rstrip().rstrip(";"))
    found = documents()
    datasets = [entry for path, entry in found.items() if path.startswith("datasets/")]
    tables = {entry["uuid"]: entry["table_name"] for entry in datasets}
    for entry in datasets:
        for column in entry["columns"]:
            warehouse.query(
                f"SELECT {column.get('expression', column['column_name'])} FROM publish.{entry['table_name']}"
            )
    for path, chart in found.items():
        if path.startswith("charts/"):
            params = chart["params"]
            metrics = [params["metric"]] if "metric" in params else params.get("metrics", [])
            groups = [entry for entry in params.get("groupby", []) if isinstance(entry, dict)]
            terms = [entry["sqlExpression"] for entry in (*metrics, *groups)] or ["*"]
            where = " AND ".join(f"({term['sqlExpression']})" for term in params["adhoc_filters"]) or "true"
            by = ", ".join(str(number) for number in range(len(metrics) + 1, len(terms) + 1)) or "()"
            group = f"GROUP BY {by}" if metrics else ""
            table = tables[chart["dataset_uuid"]]
            warehouse.query(f"SELECT {', '.join(terms)} FROM publish.{table} WHERE {where} {group}")

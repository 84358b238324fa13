"""``gongkai extract``: one JSON object a line, in order, and an exit status that tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gongkai_etl.cli import app
from tests.writers import web
from tests.writers.truth import random_truth

FIELDS = {
    "path",
    "ok",
    "error",
    "unit",
    "year",
    "editions",
    "title",
    "issued_on",
    "signed_by",
    "sections",
    "cells",
    "notes",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.html").write_bytes(web.write(random_truth(5), "plain", 1))
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    return tmp_path


def test_json_lines_in_order_and_status_three(folder: Path) -> None:
    result = CliRunner().invoke(app, ["extract", "--json", str(folder)])
    assert result.exit_code == 3
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["ok"], second["ok"]) == (True, False)
    assert second["error"]["code"].startswith("READ-")
    assert set(first) >= FIELDS
    assert set(second) >= FIELDS


def test_counts_are_integers_and_money_is_a_string(folder: Path) -> None:
    result = CliRunner().invoke(app, ["extract", "--json", str(folder / "a.html")])
    assert result.exit_code == 0
    cells = json.loads(result.stdout)["cells"]
    assert len(cells) == 200
    assert all(isinstance(cell["value"], int | None) for key, cell in cells.items() if not key.endswith("amount"))
    assert isinstance(cells["t2.fees.amount"]["value"], str | None)
    assert {"value", "raw", "state", "page", "bbox", "reader", "certain"} <= set(cells["t3.received.total"])


def test_people_get_tables(folder: Path) -> None:
    result = CliRunner().invoke(app, ["extract", str(folder / "a.html")])
    assert result.exit_code == 0
    assert "收到和处理政府信息公开申请情况" in result.stdout
    assert "共 200 格" in result.stdout


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["extract", "--json", str(tmp_path)])
    assert result.exit_code == 3
    assert json.loads(result.output)["error"]["code"] == "READ-FILE"

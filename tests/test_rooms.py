"""Imports run downwards: stages know the form and the model, never each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import gongkai_etl

ROOT = Path(gongkai_etl.__file__).parent
STAGES = ("collect", "read", "extract", "check", "store", "publish", "local")
# To start the embedded stack is to bring the warehouse's tables up to the installed version.
ALLOWED = {("local/prepare.py", "store")}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_stages_do_not_import_each_other() -> None:
    found = {
        (str(path.relative_to(ROOT)), other)
        for stage in STAGES
        for path in (ROOT / stage).rglob("*.py")
        for name in imported(path)
        for other in STAGES
        if other != stage and name.startswith(f"gongkai_etl.{other}.")
    }
    assert found == ALLOWED


def test_the_form_and_the_model_know_no_stage() -> None:
    below = [ROOT / "model.py", ROOT / "text.py", ROOT / "errors.py", *(ROOT / "form").rglob("*.py")]
    names = [name for path in below for name in imported(path)]
    assert not [name for name in names for stage in STAGES if name.startswith(f"gongkai_etl.{stage}.")]

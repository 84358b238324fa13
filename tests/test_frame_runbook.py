"""Every alarm of the stores and the settings has its line in the runbook."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
CODE = re.compile(r'"((?:STORE|SETTINGS)-[A-Z0-9-]+)"')


def test_every_code_is_explained() -> None:
    raised = {
        code for file in (ROOT / "src").rglob("*.py") for code in CODE.findall(file.read_text(encoding="utf-8"))
    }
    explained = set(
        re.findall(r"`((?:STORE|SETTINGS)-[A-Z0-9-]+)`", (ROOT / "docs/runbook.md").read_text("utf-8"))
    )
    assert len(raised) > 20
    assert raised == explained


def test_every_metric_that_is_named_exists() -> None:
    named = set(re.findall(r"`(gongkai_[a-z]+_[a-z_]+)[`{ ]", (ROOT / "docs/runbook.md").read_text("utf-8")))
    metrics = (ROOT / "src/gongkai_etl/board/pages/metrics.py").read_text(encoding="utf-8")
    assert named
    assert {name for name in named if f'"{name}"' not in metrics} - {
        "gongkai_read",
        "gongkai_web",
        "gongkai_remind",
    } == set()

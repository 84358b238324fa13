"""What people read: the page for the town, the page of a batch, the catalogue; and the effect of a rule change."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from gongkai_etl.check import CheckItem, catalogue_hash, check, handbook, impact, page, quality, rules
from gongkai_etl.check.items import CheckResult
from gongkai_etl.errors import GongkaiError
from gongkai_etl.model import to_json
from tests.check.build import TODAY, figures, plain
from tests.check.fixtures import TOWN, last_year

ROOT = Path(__file__).parents[2]
HOSTILE = "</title><script src=http://evil.example/x.js></script>&"


@pytest.fixture(scope="module")
def checked() -> tuple[list[page.Examined], CheckResult]:
    """A correct report, one with errors and hostile words, and a file that was not read."""
    bad = plain(
        cells={**figures({"received": 5, "granted": 4, "processed_total": 4}), "t3.granted.business": None},
        sections={"6": f"无。{HOSTILE}XX镇"},
        title=f"沅陵浦县青溪镇2025年政府信息公开工作年度报告{HOSTILE}",
    )
    items = [CheckItem(plain(), "a.docx", TOWN, 2025), CheckItem(bad, f"b{HOSTILE}.docx", TOWN, 2025)]
    result = check(items, today=TODAY)
    shown = [
        page.Examined(item.name, item, findings, unchecked)
        for item, findings, unchecked in zip(items, result.findings, result.unchecked, strict=True)
    ]
    return [*shown, page.Examined("c.pdf", None, error="文件已加密，请去掉密码后重新报送。")], result


def test_page_is_self_contained_and_escapes(checked: tuple[list[page.Examined], CheckResult]) -> None:
    files, _ = checked
    files[1] = page.Examined(
        files[1].name, files[1].item, files[1].findings, pictures={"t3.received.total": b"\x89PNG"}
    )
    text = page.render(files, "2026年11月1日")
    assert "<script" not in text
    assert "http://" not in text.replace(HOSTILE, "").replace("http://evil.example", "")
    assert "没有发现问题" in text
    assert "5+0=5" in text
    assert "4+0=4" in text
    assert "data:image/png;base64,iVBORw==" in text
    assert "文件已加密" in text
    assert rules()["T3-BALANCE"].why in text
    assert "没有核对的" in text
    assert text == page.render(files, "2026年11月1日")


def test_quality_page_counts(checked: tuple[list[page.Examined], CheckResult]) -> None:
    files, result = checked
    text = quality.render(files, result.validation, "2026年11月1日")
    assert "文件 3 份，没有错误的 1 份，无法读取的 1 份" in text
    assert "不能整批通过" in text
    assert "<svg" in text
    assert "<script" not in text
    assert "T3-BALANCE" in text


def test_handbook_is_in_step() -> None:
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == handbook.markdown()
    for name in rules():
        assert f"### {name}" in handbook.markdown()


def test_catalogue_hash_is_that_of_the_rules() -> None:
    assert len(catalogue_hash()) == 64


def _stored(folder: Path) -> Path:
    folder.mkdir()
    (folder / "good.json").write_bytes(to_json(plain()))
    (folder / "bad.json").write_bytes(to_json(plain(cells={"t4.reconsideration.upheld": 1})))
    (folder / "other.json").write_text('{"no": "report"}')
    return folder


def test_impact_names_newly_red_and_newly_green(tmp_path: Path) -> None:
    folder = _stored(tmp_path / "reports")
    before = tmp_path / "before.jsonl"
    gone: dict[str, object] = {
        "rule": "T9-OLD",
        "severity": "error",
        "message": "旧规则。",
        "cells": [],
        "text": None,
    }
    lines: list[dict[str, object]] = [
        {"path": "good.json", "findings": [gone]},
        {"path": "bad.json", "findings": []},
    ]
    before.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    found = impact.against(folder, str(before))
    assert found.reports == 2
    assert [(change.report, change.rule) for change in found.red] == [("bad.json", "T4-TOTAL")]
    assert [(change.report, change.rule) for change in found.green] == [("good.json", "T9-OLD")]


def test_impact_against_another_checkout_of_the_same_rules_is_nothing(tmp_path: Path) -> None:
    found = impact.against(_stored(tmp_path / "reports"), str(ROOT))
    assert (found.red, found.green) == ((), ())


def _git(folder: Path, *words: str) -> None:
    known = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *known, *words], cwd=folder, check=True, capture_output=True)


def test_impact_against_a_revision_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "repository"
    shutil.copytree(ROOT / "src", repository / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    entries = repository / "src" / "gongkai_etl" / "check" / "rules" / "t4.yaml"
    entries.write_text(
        entries.read_text("utf-8").replace("severity: error", "severity: warning"), encoding="utf-8"
    )
    _git(repository, "init", "-q")
    _git(repository, "add", "src")
    _git(repository, "commit", "-q", "-m", "milder")
    entries.write_text("nothing that is committed", encoding="utf-8")
    monkeypatch.chdir(repository / "src")
    found = impact.against(_stored(tmp_path / "reports"), "HEAD")
    assert [(change.report, change.rule, change.severity) for change in found.red] == [
        ("bad.json", "T4-TOTAL", "error")
    ]
    assert [(change.rule, change.severity) for change in found.green] == [("T4-TOTAL", "warning")]


def test_impact_compares_years_within_the_folder(tmp_path: Path) -> None:
    before = last_year(**figures({"received": 2, "carried_forward": 2}))
    for name, report in (("now", plain()), ("before", before)):
        (tmp_path / f"{name}.json").write_bytes(to_json(report))
    assert {finding["rule"] for finding in impact.findings(tmp_path)["now.json"]} == {"YEAR-CARRY"}


def test_impact_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(GongkaiError, match="CHECK-REVISION"):
        impact.against(tmp_path, "no-such-revision")
    with pytest.raises(GongkaiError, match="CHECK-REVISION"):
        impact.against(tmp_path, "--output=x")

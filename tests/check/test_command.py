"""``gongkai check``: contract of the JSON, exit statuses, manifest, roster, pages."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gongkai_etl.checking import jobs_of
from gongkai_etl.cli import app
from gongkai_etl.errors import GongkaiError
from tests.check.build import small
from tests.writers import word
from tests.writers.faults import plant
from tests.writers.truth import Truth

FIELDS = {"rule", "severity", "message", "left", "right", "cells", "text"}


def _run(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
    done = CliRunner().invoke(app, ["check", *map(str, arguments), "--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _write(folder: Path, name: str, truth: Truth) -> Path:
    path = folder / name
    path.write_bytes(word.write(truth))
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A correct report, one with a planted error, and one that is no report at all."""
    folder = tmp_path_factory.mktemp("drafts")
    good = _write(folder, "good.docx", small())
    bad = _write(folder, "bad.docx", plant("dispute_total", small(), 1).truth)
    broken = folder / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    return {"good": good, "bad": bad, "broken": broken, "folder": folder}


def test_json_and_exit_statuses(files: dict[str, Path]) -> None:
    status, lines = _run(files["good"], files["bad"], "--unit", "沅陵浦县青溪镇", "--year", 2025)
    assert status == 1
    assert [line["path"] for line in lines] == [str(files["good"]), str(files["bad"])]
    assert all(set(line) == {"path", "ok", "findings"} and line["ok"] for line in lines)
    assert lines[0]["findings"] == []
    rules = {finding["rule"]: finding for finding in lines[1]["findings"]}
    assert set(rules["T4-TOTAL"]) == FIELDS
    assert rules["T4-TOTAL"]["cells"][0].endswith(".total")


def test_unreadable_file_does_not_stop_the_others(files: dict[str, Path]) -> None:
    status, lines = _run(files["broken"], files["good"])
    assert status == 3
    assert [line["ok"] for line in lines] == [False, True]
    assert lines[0]["findings"][0]["rule"].startswith("READ-")


def test_manifest_roster_and_pages(files: dict[str, Path]) -> None:
    folder = files["folder"]
    roster, manifest = folder / "units.csv", folder / "list.csv"
    roster.write_text("单位名称\n沅陵浦县青溪镇\n沅陵浦县双柏镇\n", encoding="utf-8")
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "unit", "year", "previous", "received"])
        writer.writerow([files["good"].name, "沅陵浦县青溪镇", 2025, "", "2026-02-25"])
        writer.writerow([files["good"].name, "沅陵浦县双柏镇", 2025, "", ""])
    html, batch = folder / "out.html", folder / "quality.html"
    status, lines = _run("--manifest", manifest, "--units", roster, "--html", html, "--quality", batch)
    assert status == 1
    assert lines[0]["path"] == "good.docx"
    assert "ID-UNIT" not in {finding["rule"] for finding in lines[0]["findings"]}
    assert "SIGN-LATE" in {finding["rule"] for finding in lines[0]["findings"]}
    assert {"ID-UNIT", "ID-SAME-FILE"} <= {finding["rule"] for finding in lines[1]["findings"]}
    assert "核对结果" in html.read_text("utf-8")
    assert "核对质量报告" in batch.read_text("utf-8")


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"files": []}, "CHECK-NO-FILE"),
        ({"files": [Path("a.docx")], "year": 1999}, "CHECK-YEAR"),
        ({"files": [Path("a.docx")], "received": "2026-02-30"}, "CHECK-DATE"),
        ({"files": [], "manifest": Path("nowhere.csv")}, "CHECK-MANIFEST"),
    ],
)
def test_impossible_requests_are_refused(known: dict[str, Any], code: str) -> None:
    with pytest.raises(GongkaiError) as refused:
        jobs_of(known.pop("files"), **known)
    assert refused.value.code == code


def test_unknown_unit_is_refused(files: dict[str, Path]) -> None:
    roster = files["folder"] / "few.csv"
    roster.write_text("单位名称\n沅陵浦县双柏镇\n", encoding="utf-8")
    with pytest.raises(GongkaiError) as refused:
        jobs_of([files["good"]], unit="沅陵浦县青溪镇", roster=roster)
    assert refused.value.code == "ROSTER-UNKNOWN-UNIT"


def test_rules_are_listed_and_shown() -> None:
    runner = CliRunner()
    assert "T3-BALANCE" in runner.invoke(app, ["rules"]).stdout
    shown = runner.invoke(app, ["rules", "t3-balance"]).stdout
    assert "勾稽关系" in shown
    missing = runner.invoke(app, ["rules", "T9-NONE"])
    assert isinstance(missing.exception, GongkaiError)


def test_a_word_that_has_already_expired_is_refused() -> None:
    given = ["verdict", "waive", "青溪镇", "2025", "SIGN-LATE", "--by", "审核人", "--reason", "值班"]
    for until, code in (("2020-01-01", "CHECK-DATE"), ("2026-13-01", "CHECK-DATE")):
        refused = CliRunner().invoke(app, [*given, "--until", until])
        assert isinstance(refused.exception, GongkaiError)
        assert refused.exception.code == code


def test_the_full_json_says_on_what_law_a_finding_rests(files: dict[str, Path]) -> None:
    _, (line,) = _run(files["bad"], "--full")
    (finding,) = [finding for finding in line["findings"] if finding["rule"] == "T4-TOTAL"]
    assert set(finding) == FIELDS | {"basis", "advice", "outcome"}
    assert "国办公开办函" in finding["basis"]

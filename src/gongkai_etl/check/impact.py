"""What a change of the rules changes: the same reports under both sets of rules, newly red and newly green.

``python -m gongkai_etl.check.impact FOLDER`` prints the findings about a folder of stored reports, one
JSON object a line; so another version of this package can be asked in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gongkai_etl.errors import GongkaiError
from gongkai_etl.model import Report, from_json

Key = tuple[str, str, str, str]
"""Name of the report, rule, severity, cells or passage: a rule that is made stricter is newly red."""
TODAY = date(9999, 12, 31)
"""Dates in the future are not what rules are compared by: results must not depend on the day."""


@dataclass(frozen=True, slots=True)
class Change:
    """One finding that only one of the two sets of rules makes."""

    report: str
    rule: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Impact:
    """``red``: found only by the new rules; ``green``: only by the old ones."""

    reports: int
    red: tuple[Change, ...]
    green: tuple[Change, ...]


def stored_reports(folder: Path) -> Iterator[tuple[str, Report]]:
    """(name, report) of all report files of a folder, in the order of their names; other JSON is passed over."""
    from pydantic import ValidationError

    for path in sorted(folder.rglob("*.json")):
        try:
            yield path.relative_to(folder).as_posix(), from_json(Report, path.read_bytes())
        except ValidationError:
            continue


def findings(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Name of the report → its findings under the rules of this package; a unit's report of the year before
    that lies in the same folder is the one its years are compared with."""
    from gongkai_etl.check import CheckItem, check

    stored = list(stored_reports(folder))
    later = {(report.unit, report.year + 1): report for _, report in stored if report.unit and report.year}
    items = [
        CheckItem(report, name, previous=later.get((report.unit or "", report.year or 0)))
        for name, report in stored
    ]
    result = check(items, today=TODAY)
    return {
        item.name: [
            {"rule": f.rule, "severity": f.severity, "message": f.message, "cells": list(f.cells), "text": f.text}
            for f in several
            if f.outcome == "fail"
        ]
        for item, several in zip(items, result.findings, strict=True)
    }


def compare(
    before: Mapping[str, Sequence[Mapping[str, object]]], after: Mapping[str, Sequence[Mapping[str, object]]]
) -> Impact:
    """What each side has that the other has not, by report and rule."""
    old, new = _by_key(before), _by_key(after)
    return Impact(
        reports=len(after),
        red=tuple(new[key] for key in sorted(new.keys() - old.keys())),
        green=tuple(old[key] for key in sorted(old.keys() - new.keys())),
    )


def _by_key(given: Mapping[str, Sequence[Mapping[str, object]]]) -> dict[Key, Change]:
    found = {}
    for name, several in given.items():
        for entry in several:
            cells = entry.get("cells")
            place = "|".join(map(str, cells)) if isinstance(cells, list) and cells else str(entry.get("text"))
            rule, severity = str(entry["rule"]), str(entry["severity"])
            found[name, rule, severity, place] = Change(name, rule, severity, str(entry["message"]))
    return found


def against(folder: Path, other: str) -> Impact:
    """Compare with the rules of ``other``: a folder with another version of this project, a file of findings
    that were printed before, or a revision of the repository in the working folder.

    Raises GongkaiError when ``other`` is none of them or its rules cannot be run.
    """
    path = Path(other)
    if path.is_file():
        return compare(_read_lines(path.read_text("utf-8")), findings(folder))
    if (path / "src" / "gongkai_etl").is_dir():
        return compare(_other_rules(path / "src", folder), findings(folder))
    with tempfile.TemporaryDirectory() as made:
        _checkout(other, Path(made))
        return compare(_other_rules(Path(made) / "src", folder), findings(folder))


def _checkout(revision: str, target: Path) -> None:
    """The sources of a revision, unpacked beside: the working folder stays as it is."""
    if revision.startswith("-"):
        raise GongkaiError("CHECK-REVISION", f"“{revision}”不是版本号。")
    import tarfile
    from io import BytesIO

    packed = _git(_repository(), "archive", "--format=tar", revision, "src")
    if packed is None:
        raise GongkaiError("CHECK-REVISION", f"“{revision}”既不是文件夹、结果文件，也不是代码库中的版本。")
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")


def _repository() -> Path:
    """The top of the repository of the working folder, else of the one that this package runs from."""
    for place in (Path.cwd(), Path(__file__).parent):
        top = _git(place, "rev-parse", "--show-toplevel")
        if top and (Path(top.decode().strip()) / "src" / "gongkai_etl").is_dir():
            return Path(top.decode().strip())
    return Path.cwd()


def _git(place: Path, *words: str) -> bytes | None:
    """What git answers; None when it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(place), *words], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def _other_rules(source: Path, folder: Path) -> dict[str, list[dict[str, object]]]:
    command = [sys.executable, "-m", "gongkai_etl.check.impact", str(folder.resolve())]
    environment = {**os.environ, "PYTHONPATH": str(source.resolve())}
    # Python looks into the working folder first: there must be no other version of the package.
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise GongkaiError("CHECK-OTHER-RULES", f"另一版本的规则不能运行：{done.stderr.strip()[-300:]}")
    return _read_lines(done.stdout)


def _read_lines(text: str) -> dict[str, list[dict[str, object]]]:
    found = {}
    for line in text.splitlines():
        if line.strip():
            entry = json.loads(line)
            found[str(entry["path"])] = entry["findings"]
    return found


def main(folder: Path) -> None:
    """Print the findings about a folder, one report a line."""
    for name, several in findings(folder).items():
        sys.stdout.write(json.dumps({"path": name, "findings": several}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

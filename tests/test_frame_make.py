"""The frame of the project: make, pinned versions, CI."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PINNED = (ROOT / "constraints.txt").read_text(encoding="utf-8")


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    if program is None:
        pytest.skip("make is not on this machine")
    return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_make_alone_lists_every_target() -> None:
    listed = set(re.findall(r"make ([a-z]+)", make().stdout))
    declared = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert declared is not None
    assert listed == set(declared[1].split())
    assert {"demo", "test", "up", "down", "lint", "types", "bench", "clean"} <= listed


def test_every_target_but_help_and_clean_makes_the_environment() -> None:
    for target in ("demo", "test", "up", "down", "lint", "types", "bench"):
        assert re.search(
            rf"^{target}: \$\(READY\) ##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
        )


def test_a_python_that_is_too_old_is_refused_with_a_reason(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\nif [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi\n')
    old.chmod(0o755)
    done = make("lint", f"PYTHON={old}", folder=tmp_path)
    assert done.returncode != 0
    assert "3.11" in done.stdout
    assert "Python 3.9.2" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_constraints_are_names_and_versions_alone() -> None:
    lines = [line for line in PINNED.splitlines() if not line.startswith("#")]
    assert len(lines) > 150
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.+]*", line)] == []
    assert [line for line in lines if line.startswith(("torch", "nvidia", "gongkai"))] == []


def test_every_declared_dependency_is_pinned_within_its_bounds() -> None:
    pinned = dict(line.split("==") for line in PINNED.splitlines() if "==" in line)
    for text in requires("gongkai-etl") or []:
        requirement = Requirement(text)
        name = requirement.name.lower().replace("_", "-")
        assert name in pinned, f"{name} is not in constraints.txt"
        assert requirement.specifier.contains(pinned[name], prereleases=True), text


def test_ci_runs_the_same_targets() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "for step in lint types test" in script
    done = subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=False)
    assert done.returncode == 0

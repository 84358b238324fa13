"""What the documents tell people to type exists, and the two READMEs say the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from gongkai_etl.check.catalogue import rules
from gongkai_etl.cli import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "samples/README.md"])
WRITTEN = [page for page in PAGES if page.name != "rules.md"]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
_COMMAND = re.compile(r"(?:^|`|[$] )(gongkai [^`\n#；，。|&]+)", re.MULTILINE)
_TARGET = re.compile(r"(?:^|`)make((?: [a-z]+)+)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#\s]+)")


def commands(page: Path) -> list[str]:
    return [found.strip() for found in _COMMAND.findall(page.read_text("utf-8"))]


def _resolved(words: list[str]) -> tuple[object, list[str]]:
    """The (sub)command that the words name, and the words after it."""
    command: object = get_command(app)
    rest = list(words)
    while rest and getattr(command, "commands", None) and rest[0] in command.commands:  # type: ignore[attr-defined]
        command = command.commands[rest.pop(0)]  # type: ignore[attr-defined]
    return command, rest


def test_there_are_commands_to_look_at() -> None:
    assert sum(len(commands(page)) for page in WRITTEN) > 30


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_exist_with_their_options(page: Path) -> None:
    for line in commands(page):
        words = shlex.split(line)[1:]
        command, rest = _resolved(words)
        assert len(rest) < len(words), line
        known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}  # type: ignore[attr-defined]
        options = [word.split("=")[0] for word in rest if word.startswith("--")]
        assert set(options) <= known | {"--help"}, line
        named = getattr(command, "commands", None)
        if named and rest and not rest[0].startswith("-"):
            assert line.startswith("gongkai rules "), line


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line in _TARGET.findall(page.read_text("utf-8")):
        assert set(line.split()) <= targets, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf-8")):
        if not link.startswith(("http", "mailto")):
            assert (page.parent / link).exists(), link


def _outline(page: Path) -> Iterator[str]:
    """Heading levels, pictures, links to documents and commands, in their order."""
    text = page.read_text("utf-8")
    for match in re.finditer(r"^(#+) |!\[[^]]*\]\(([^)]+)\)|^(gongkai[^#\n]*|make[^#\n]*)", text, re.MULTILINE):
        yield next(part for part in match.groups() if part).strip()


def test_the_readmes_are_in_step() -> None:
    english, chinese = (list(_outline(page)) for page in READMES)
    assert english == chinese
    links = [
        sorted(set(_LINK.findall(page.read_text("utf-8"))) - {"README.md", "README.zh-CN.md"}) for page in READMES
    ]
    assert links[0] == links[1]


def test_rules_named_in_documents_exist() -> None:
    known = set(rules())
    for page in WRITTEN:
        for rule in re.findall(r"\b(?:T[234]|YEAR|TEXT|FORM|SIGN)-[A-Z][A-Z-]+[A-Z]\b", page.read_text("utf-8")):
            assert rule in known, (page.name, rule)

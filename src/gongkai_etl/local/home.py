"""The folder of the embedded stack (``GONGKAI_HOME``): paths, remembered facts, secrets and locks."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECRET_NAMES = ("postgres", "s3_access", "s3_secret", "jwt", "web", "admin", "op", "viewer")


@dataclass(frozen=True, slots=True)
class Home:
    """Paths under one absolute folder. Nothing is created before ``prepare()``."""

    path: Path

    @classmethod
    def at(cls, path: Path | str) -> Home:
        """The home at ``path``, made absolute without following links."""
        return cls(Path(os.path.abspath(path)))

    @property
    def facts_file(self) -> Path:
        """Addresses of the servers, no secrets; read by ``settings.connections()``."""
        return self.path / "stack.json"

    @property
    def secrets_file(self) -> Path:
        """Passwords and keys, made at random on first start, readable by the owner alone."""
        return self.path / "secrets.json"

    @property
    def run(self) -> Path:
        """Locks, the list of wanted components, the state the supervisor reports."""
        return self.path / "run"

    @property
    def wanted_file(self) -> Path:
        """What the supervisor should run (written by the stack, holds secrets)."""
        return self.run / "wanted.json"

    @property
    def state_file(self) -> Path:
        """What the supervisor runs (written by the supervisor)."""
        return self.run / "state.json"

    @property
    def logs(self) -> Path:
        """One log a component."""
        return self.path / "logs"

    @property
    def airflow(self) -> Path:
        """``AIRFLOW_HOME``."""
        return self.path / "airflow"

    def prepare(self) -> None:
        """Create the folders. Others may pass through the top one (as root, PostgreSQL runs as another user)."""
        self.path.mkdir(parents=True, exist_ok=True)
        if self.path.stat().st_uid == os.geteuid():
            self.path.chmod(self.path.stat().st_mode | 0o711)
        for folder in (self.run, self.logs, self.airflow):
            folder.mkdir(mode=0o700, exist_ok=True)
        ignore = self.path / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")

    def facts(self) -> dict[str, Any]:
        """The remembered facts; empty before the first start."""
        return read_json(self.facts_file)

    def remember(self, **facts: Any) -> dict[str, Any]:
        """Add ``facts`` to the remembered ones and give all of them."""
        known = {**self.facts(), **facts}
        write_json(self.facts_file, known, mode=0o600)
        return known

    def secrets(self) -> dict[str, str]:
        """Passwords and keys; those that are missing are made now."""
        known: dict[str, str] = read_json(self.secrets_file)
        missing = {name: secrets.token_urlsafe(24) for name in SECRET_NAMES if name not in known}
        if missing:
            known |= missing
            write_json(self.secrets_file, known)
        return known


def read_json(path: Path) -> dict[str, Any]:
    """The object in ``path``; empty when the file is missing or was cut off by a crash."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, value: Mapping[str, Any], mode: int = 0o600) -> None:
    """Replace ``path`` in one step, so that a reader never sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1, sort_keys=True)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock file ``path``; gives False when ``wait`` is False and another process holds it.

    The kernel frees the lock when its holder dies, however it dies.
    """
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True

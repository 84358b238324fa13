"""The picture that proves a figure, made once in a child process and kept in the object store."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gongkai_etl.model import Box

if TYPE_CHECKING:
    from gongkai_etl.store.objects import ObjectStore

_SECONDS = 120
_MEMORY = 4 << 30


def box_of(text: str | None) -> Box | str | None:
    """Four lengths in points from the warehouse's text, or the text itself when it is a cell address."""
    try:
        numbers = [float(part) for part in (text or "").split(",")]
    except ValueError:
        return text
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else text


def strip(objects: ObjectStore, report: Mapping[str, Any], key: str, cell: Mapping[str, Any]) -> bytes | None:
    """PNG of the cell's surroundings, or None when nothing can be shown. A kept one is used while its place stands."""
    from gongkai_etl.store import keys

    if not cell["bbox"]:
        return None
    place = f"{cell['page'] or ''}:{cell['bbox']}"
    kept = keys.evidence(report["year"], report["unit_code"], report["sha256"], key)
    known = objects.stat(kept)
    if known is not None and known.metadata.get("place") == place:
        return objects.get(kept)
    picture = _render(objects.get(report["raw_key"]), report["file_name"], cell)
    if picture is not None:
        objects.put(kept, picture, "image/png", {"place": place})
    return picture


def _render(data: bytes, name: str, cell: Mapping[str, Any]) -> bytes | None:
    """Drawing a stranger's file happens in a child process that may fail or hang without harm."""
    told = json.dumps({"page": cell["page"], "bbox": cell["bbox"], "raw": cell["raw"]})
    command = [sys.executable, "-m", __name__, name, told]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def draw(data: bytes, name: str, place: Mapping[str, Any]) -> bytes:
    """The picture, in this process. Raises GongkaiError when there is none."""
    from gongkai_etl.evidence import crop
    from gongkai_etl.model import Cell, CellState, Report

    cell = Cell(None, place["raw"], CellState.TEXT, place["page"], box_of(place["bbox"]))
    return crop(data, name, cell, Report(None, None, None, None, None, {}, {}, {}))


def main() -> None:
    """The child: a file on standard input, its name and the place as arguments, the picture on standard output."""
    from gongkai_etl.errors import GongkaiError

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    try:
        sys.stdout.buffer.write(draw(sys.stdin.buffer.read(), sys.argv[1], json.loads(sys.argv[2])))
    except GongkaiError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

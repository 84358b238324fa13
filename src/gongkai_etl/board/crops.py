"""The picture that proves a figure: a strip of the page with the cell outlined, made once and kept."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gongkai_etl.errors import StoreError
from gongkai_etl.model import Box

if TYPE_CHECKING:
    from gongkai_etl.store.objects import ObjectStore


def box_of(text: str | None) -> Box | None:
    """Four lengths in points from the warehouse's text, or None when the place is a cell address."""
    parts = (text or "").split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def strip(objects: ObjectStore, report: Mapping[str, Any], key: str, cell: Mapping[str, Any]) -> bytes | None:
    """PNG of the cell's surroundings, or None when the file has no pages. Kept in the object store."""
    from gongkai_etl.store import keys

    box = box_of(cell["bbox"])
    if box is None or cell["page"] is None:
        return None
    kept = keys.evidence(report["year"], report["unit_code"], report["sha256"], key)
    try:
        return objects.get(kept)
    except StoreError:
        picture = _render(objects.get(report["raw_key"]), int(cell["page"]), box)
    if picture is not None:
        objects.put_once(kept, picture, "image/png")
    return picture


def _render(data: bytes, page: int, box: Box) -> bytes | None:
    """Drawing a stranger's file happens in a child process that may fail or hang without harm."""
    command = [sys.executable, "-m", __name__, str(page), *map(str, box)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def draw(data: bytes, page: int, box: Box) -> bytes | None:
    """The strip of one page around one cell, in this process; None when the page cannot be drawn."""
    import io

    import pypdfium2
    from PIL import Image, ImageDraw

    scale, around = 130 / 72, 18.0
    try:
        if data[:5] == b"%PDF-" or b"%PDF-" in data[:1024]:
            sheet = pypdfium2.PdfDocument(data)[page - 1]
            width, height = sheet.get_size()
            if width * height > 20_000_000:
                return None
            picture = sheet.render(scale=scale).to_pil().convert("RGB")
        else:
            picture = Image.open(io.BytesIO(data)).convert("RGB")
            scale = 1.0
    except (pypdfium2.PdfiumError, OSError, IndexError, ValueError):
        return None
    left, top, right, bottom = (length * scale for length in box)
    ImageDraw.Draw(picture).rectangle((left - 2, top - 2, right + 2, bottom + 2), outline=(200, 20, 20), width=3)
    band = (
        0,
        max(0, round(top - around * scale)),
        picture.width,
        min(picture.height, round(bottom + around * scale)),
    )
    out = io.BytesIO()
    picture.crop(band).quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """The child: a file on standard input, page and box as arguments, the picture on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (15, 15))
    page, left, top, right, bottom = sys.argv[1:6]
    box = (float(left), float(top), float(right), float(bottom))
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read(), int(page), box) or b"")


if __name__ == "__main__":
    main()

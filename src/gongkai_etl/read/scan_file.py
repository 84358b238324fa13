"""A picture file (JPEG, PNG, TIFF, BMP, WEBP) → its pages as arrays, as few copies of them as can be."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gongkai_etl.errors import ReadError
from gongkai_etl.read.scan_long import pages_in, sheets_in
from gongkai_etl.settings import settings

if TYPE_CHECKING:
    from PIL.Image import Image as Frame

    from gongkai_etl.read.scan_ocr import Image

LONGEST = 3600
"""Pixels of the longer side beyond which a picture is made smaller at once: A4 at 300 dpi has 3508."""
_MOST_PIXELS = 60_000_000


def pictures(data: bytes, name: str) -> Iterator[Image]:
    """The pages of a picture file as BGR arrays, turned as the camera says: its frames, long ones cut.

    Raises ReadError READ-DAMAGED, READ-TOO-LARGE or READ-PAGES.
    """
    import numpy as np
    from PIL import Image, ImageSequence

    try:
        with Image.open(io.BytesIO(data)) as file:
            if file.width * file.height > _MOST_PIXELS:
                raise ReadError("READ-TOO-LARGE", f"图片“{name}”尺寸过大，请以200到300dpi重新扫描后上传。")
            most = settings().read_max_scanned
            if _frames(file, most) * sheets_in(*file.size) > most:
                raise ReadError("READ-PAGES", f"图片“{name}”超过{most}页。请只上传年度报告本身。")
            for frame in ImageSequence.Iterator(file):
                paper = _on_paper(frame)
                for top, end in pages_in(np.asarray(paper.convert("L"))):
                    part = paper.crop((0, top, paper.width, end))
                    yield np.ascontiguousarray(np.asarray(part)[:, :, ::-1])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ReadError(
            "READ-DAMAGED", f"图片“{name}”无法打开，可能已损坏。请重新扫描或重新下载后再上传。"
        ) from error


def _frames(file: Frame, most: int) -> int:
    """How many frames a file has, counted no further than ``most`` and one: the library's count grows with the square."""
    if file.format != "TIFF":
        return int(getattr(file, "n_frames", 1))
    count = 1
    with contextlib.suppress(EOFError):
        while count <= most:
            file.seek(count)
            count += 1
    file.seek(0)
    return count


def _on_paper(frame: Frame) -> Frame:
    """A frame in RGB, upright, what is transparent white, not larger than is worth looking at."""
    from PIL import Image, ImageOps

    ImageOps.exif_transpose(frame, in_place=True)
    clear = frame.has_transparency_data
    small = frame.convert("RGBA" if clear else "L" if frame.mode in {"1", "L"} else "RGB")
    small.thumbnail((LONGEST, LONGEST * sheets_in(*small.size)), Image.Resampling.BOX)
    if clear:
        paper = Image.new("RGBA", small.size, "white")
        paper.alpha_composite(small)
        small = paper
    return small.convert("RGB")

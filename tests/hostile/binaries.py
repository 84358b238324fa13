"""Hostile PDFs, pictures, and files that are not what they are called."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterable


def pdf(objects: Iterable[bytes], root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(
        out + b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, root, start)
    )


def stream(data: bytes, head: bytes = b"") -> bytes:
    """A compressed stream object."""
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n" % (len(data), head) + data + b"\nendstream"


def deflated(megabytes: int, piece: bytes) -> bytes:
    """So many megabytes of a repeated piece, compressed without holding them."""
    packer = zlib.compressobj(9)
    block = piece * (2**20 // len(piece))
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


def one_page(content: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    """A PDF with one page; ``content`` is object 4, further objects follow."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % resources
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content, *more])


def flate_bomb() -> bytes:
    """A page whose content is 1 GiB of drawing commands in 1 MB."""
    return one_page(stream(deflated(1024, b"0 0 m 9 9 l S\n  ")))


def nested_flate() -> bytes:
    """The same compressed twice: 20 kB."""
    inner = zlib.compress(deflated(1024, b"0 0 m 9 9 l S\n  "), 9)
    content = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(inner) + inner + b"\nendstream"
    return one_page(content)


def image_bomb() -> bytes:
    """A page that is one picture of 60,000 × 60,000 points."""
    picture = stream(
        deflated(430, b"\xff" * 64),
        b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 1",
    )
    return one_page(stream(zlib.compress(b"q 595 0 0 842 0 0 cm /I Do Q")), b"/XObject<</I 5 0 R>>", picture)


def pages(count: int) -> bytes:
    """Many empty pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, *[page] * count])


def scanned_pages(count: int) -> bytes:
    """Many pages, each a picture."""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, count + 5))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</XObject<</I 4 0 R>>>>>>"
    head = b"/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8"
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
            stream(zlib.compress(b"595 0 0 842 0 0 cm /I Do")),
            stream(zlib.compress(b"\x80" * 64), head),
            *[page] * count,
        ]
    )


def recursive() -> bytes:
    """A form that draws itself twice, for ever."""
    form = stream(
        zlib.compress(b"/F Do /F Do"),
        b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>",
    )
    return one_page(stream(zlib.compress(b"/F Do")), b"/XObject<</F 5 0 R>>", form)


def doubling() -> bytes:
    """Thirty forms, each drawing the next twice: a billion drawings."""
    forms = [
        stream(
            zlib.compress(b"/F Do /F Do"),
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % (number + 1),
        )
        for number in range(5, 35)
    ]
    last = stream(zlib.compress(b"0 0 m 9 9 l S"), b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return one_page(stream(zlib.compress(b"/F Do")), b"/XObject<</F 5 0 R>>", *forms, last)


def loop_tree() -> bytes:
    """A page tree that is its own child."""
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 9>>"])


def notes(count: int) -> bytes:
    """A page with so many text notes, all the same one."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[%s]>>" % (b"4 0 R " * count),
            b"<</Type/Annot/Subtype/FreeText/Rect[0 0 99 99]/Contents(1)>>",
        ]
    )


def locked() -> bytes:
    """A PDF that asks for a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("geheim", ownerPassword="geheim2"))
    canvas.drawString(10, 10, "secret")
    canvas.save()
    return out.getvalue()


def png(width: int, height: int) -> bytes:
    """A one-bit picture of this size, all zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!L", len(data)) + kind + data + struct.pack("!L", zlib.crc32(kind + data))

    rows = deflated((width // 8 + 1) * height // 2**20 + 1, b"\0")
    head = struct.pack("!2L5B", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def frames(count: int) -> bytes:
    """A picture file of so many small pages."""
    import io

    from PIL import Image

    made, one = io.BytesIO(), Image.new("1", (40, 40))
    one.save(made, "TIFF", save_all=True, append_images=[one] * (count - 1))
    return made.getvalue()


def unlike_frames(count: int) -> bytes:
    """A TIFF of so many directories, each of which points at the next."""
    fields = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 1), (259, 3, 1, 1), (262, 3, 1, 0), (273, 4, 1, 0)]
    fields += [(278, 3, 1, 8), (279, 4, 1, 8)]
    size = 2 + 12 * len(fields) + 4
    one = struct.pack("<H", len(fields)) + b"".join(struct.pack("<HHII", *field) for field in fields)
    return (
        b"II*\0"
        + struct.pack("<I", 8)
        + b"".join(one + struct.pack("<I", 8 + size * k) for k in range(1, count + 1))
    )


def ole(*streams: str) -> bytes:
    """The beginning of an OLE2 file with the names of these streams."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 1000
        + b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)
    )


def noise(size: int) -> bytes:
    """Random bytes, the same each time."""
    return random.Random(7).randbytes(size)


OFFICE = {
    "READ-OFFICE-MISSING",
    "READ-OFFICE-FAILED",
    "READ-TIMEOUT",
    "READ-NO-TEXT",
    "READ-UNSAFE",
    "READ-MEMORY",
}
FLATE = {"READ-TIMEOUT", "READ-MEMORY", "READ-DAMAGED", "READ-UNSAFE", "READ-TOO-LARGE"}
OCR = {"READ-OCR-MISSING", "READ-TOO-LARGE", "READ-DAMAGED", "READ-MEMORY"}

FILES: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "flate-bomb.pdf": (flate_bomb, FLATE),
    "nested-flate.pdf": (nested_flate, FLATE),
    "image-bomb.pdf": (image_bomb, FLATE | OCR),
    "pages.pdf": (lambda: pages(100_000), {"READ-PAGES"}),
    "scanned-pages.pdf": (lambda: scanned_pages(300), {"READ-PAGES"}),
    "recursive.pdf": (recursive, FLATE | {"READ-NO-TEXT"}),
    "doubling.pdf": (doubling, FLATE | {"READ-NO-TEXT"}),
    "loop-tree.pdf": (loop_tree, {"READ-DAMAGED"}),
    "notes.pdf": (lambda: notes(60_000), {"READ-UNSAFE"}),
    "locked.pdf": (locked, {"READ-ENCRYPTED"}),
    "cut.pdf": (lambda: locked()[:300], {"READ-DAMAGED", "READ-ENCRYPTED"}),
    "only-a-head.pdf": (lambda: b"%PDF-1.7\n" + noise(50_000), {"READ-DAMAGED"}),
    "bomb.png": (lambda: png(60_000, 60_000), OCR),
    "frames.tiff": (lambda: frames(1_000), {"READ-PAGES", "READ-OCR-MISSING"}),
    "many-frames.tiff": (lambda: unlike_frames(100_000), {"READ-PAGES", "READ-OCR-MISSING"}),
    "cut.png": (lambda: png(100, 100)[:60], OCR),
    "noise.pdf": (lambda: noise(100_000), {"READ-TYPE"}),
    "program.pdf": (lambda: b"MZ\x90\0" + noise(50_000), {"READ-TYPE"}),
    "elf.docx": (lambda: b"\x7fELF" + noise(50_000), {"READ-TYPE"}),
    "encrypted.docx": (lambda: ole("EncryptionInfo", "EncryptedPackage"), {"READ-ENCRYPTED"}),
    "broken.doc": (lambda: ole("WordDocument") + noise(20_000), OFFICE),
    "broken.xls": (lambda: ole("Workbook") + noise(20_000), {"READ-DAMAGED"}),
    "slides.ppt": (lambda: ole("PowerPoint Document"), {"READ-TYPE"}),
    "deep.rtf": (lambda: b"{\\rtf1" + b"{" * 1_000_000, OFFICE),
}

"""Hostile containers: bombs, names that leave the folder, links, entities."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'


def packed(entries: dict[str, bytes | str]) -> bytes:
    """A zip of these entries."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def document(body: str, head: str = "") -> bytes:
    """A .docx whose document part is this."""
    xml = f'<?xml version="1.0"?>{head}<w:document {WORD}><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": xml})


def text(words: str) -> str:
    """One paragraph."""
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def streamed(entry: str, megabytes: int, start: bytes = b"", piece: bytes = b" ") -> bytes:
    """A zip with one entry of so many megabytes, written without holding them."""
    out = io.BytesIO()
    block = piece * (2**20 // len(piece))
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open(entry, "w", force_zip64=True) as file:
            file.write(start)
            for _ in range(megabytes):
                file.write(block)
        if not entry.startswith("word/document"):
            archive.writestr("word/document.xml", f"<w:document {WORD}/>")
    return out.getvalue()


def overlapped() -> bytes:
    """5,000 entries that all point at the same 10 MB of data."""
    plain = packed({"word/document.xml": b"0" * 10_000_000})
    archive = ZipFile(io.BytesIO(plain))
    size = archive.infolist()[0].compress_size
    first = plain[: plain.index(b"PK\x01\x02")]
    central, count = b"", 5000
    for number in range(count):
        name = b"word/document.xml" if number == 0 else f"word/{number}.xml".encode()
        crc = archive.infolist()[0].CRC
        central += struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, size, 10_000_000, len(name), 0, 0, 0, 0, 0, 0
        )
        central += name
    return (
        first + central + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(central), len(first), 0)
    )


def linked() -> bytes:
    """An entry that is a symbolic link."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        info = ZipInfo("word/document.xml")
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def locked() -> bytes:
    """An entry marked as encrypted."""
    data = bytearray(document(text("秘密")))
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(start)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(start, at + 4)
    return bytes(data)


def many() -> bytes:
    """50,000 entries."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for number in range(50_000):
            archive.writestr(f"word/{number}", b"")
    return out.getvalue()


def far_cell() -> bytes:
    """A sheet whose last filled cell is XFD1048576."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return workbook(rows)


def workbook(rows: str, head: str = "") -> bytes:
    """A .xlsx with one sheet of these rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


def wide_row() -> bytes:
    """A row of a million cells, all in the same few places of the alphabet."""
    cells = "".join(f'<c r="{_letters(number)}1"><v>1</v></c>' for number in range(1, 1_000_000, 17))
    return workbook(f'<row r="1">{cells}</row>')


def _letters(number: int) -> str:
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name[:3]


def ofd(page: str, head: str = "") -> bytes:
    """An .ofd with one page."""
    return packed(
        {
            "OFD.xml": "<OFD><DocBody><DocRoot>D/Document.xml</DocRoot></DocBody></OFD>",
            "D/Document.xml": '<Document><CommonData/><Pages><Page BaseLoc="P.xml"/></Pages></Document>',
            "D/P.xml": f"{head}<Page><Content><Layer>{page}</Layer></Content></Page>",
        }
    )


FILES: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "bomb.docx": (lambda: streamed("word/document.xml", 1024), {"READ-UNSAFE"}),
    "bomb-styles.docx": (lambda: streamed("word/styles.xml", 1024), {"READ-UNSAFE"}),
    "dense.docx": (
        lambda: streamed("word/document.xml", 19, f"<w:document {WORD}><w:body>".encode(), b"<w:p/>" * 8),
        {"READ-DAMAGED", "READ-MEMORY", "READ-UNSAFE"},
    ),
    "overlapped.docx": (overlapped, {"READ-UNSAFE", "READ-DAMAGED"}),
    "laughs.docx": (lambda: document(text("&l9;"), DOCTYPE), {"READ-UNSAFE"}),
    "outside.docx": (lambda: document(text("&l9;"), OUTSIDE), {"READ-UNSAFE"}),
    "utf16-laughs.docx": (
        lambda: packed({"word/document.xml": f'<?xml version="1.0"?>{DOCTYPE}<a>&l9;</a>'.encode("utf-16")}),
        {"READ-UNSAFE"},
    ),
    "deep.docx": (lambda: document("<w:sdt><w:sdtContent>" * 50_000), {"READ-UNSAFE"}),
    "tables.docx": (lambda: document("<w:tbl><w:tr><w:tc>" * 5_000), {"READ-UNSAFE"}),
    "long-text.docx": (lambda: document(text("字" * 8_000_000)), {"READ-UNSAFE"}),
    "parent.docx": (lambda: packed({"word/document.xml": "<a/>", "../../escaped.txt": "x"}), {"READ-UNSAFE"}),
    "absolute.docx": (lambda: packed({"word/document.xml": "<a/>", "/tmp/escaped.txt": "x"}), {"READ-UNSAFE"}),
    "drive.docx": (lambda: packed({"word/document.xml": "<a/>", "C:\\escaped.txt": "x"}), {"READ-UNSAFE"}),
    "backslash.docx": (lambda: packed({"word/document.xml": "<a/>", "..\\escaped.txt": "x"}), {"READ-UNSAFE"}),
    "link.docx": (linked, {"READ-UNSAFE"}),
    "locked.docx": (locked, {"READ-ENCRYPTED"}),
    "many.docx": (many, {"READ-UNSAFE"}),
    "cut.docx": (lambda: document(text("报告"))[:-40], {"READ-DAMAGED"}),
    "broken.docx": (lambda: packed({"word/document.xml": "<w:document>"}), {"READ-DAMAGED"}),
    "empty.docx": (lambda: document(""), {"READ-NO-TEXT"}),
    "nothing.zip": (lambda: packed({}), {"READ-TYPE"}),
    "inner.zip": (lambda: packed({"a.docx": document(text("报告"))}), {"READ-TYPE"}),
    "far-cell.xlsx": (far_cell, {"READ-UNSAFE"}),
    "endless-row.xlsx": (
        lambda: workbook('<row r="1"><c r="A99999999999999999999"><v>1</v></c></row>'),
        {"READ-UNSAFE"},
    ),
    "wide-row.xlsx": (wide_row, {"READ-UNSAFE"}),
    "laughs.xlsx": (
        lambda: workbook('<row r="1"><c r="A1" t="str"><v>&l9;</v></c></row>', DOCTYPE),
        {"READ-UNSAFE"},
    ),
    "broken.xlsx": (lambda: packed({"xl/workbook.xml": "<workbook>"}), {"READ-DAMAGED", "READ-NO-TEXT"}),
    "cut.xlsx": (lambda: far_cell()[:-30], {"READ-DAMAGED"}),
    "laughs.ofd": (lambda: ofd("<TextObject/>", DOCTYPE), {"READ-UNSAFE"}),
    "steps.ofd": (
        lambda: ofd(
            '<TextObject Size="5" Boundary="0 0 9 9"><TextCode X="0" Y="0" DeltaX="g 999999999 1">' + "字"
            "</TextCode></TextObject>"
            + "<PathObject><AbbreviatedData>M 0 0 L 1e999 nan C</AbbreviatedData></PathObject>"
        ).replace(b"PK\x05\x06", b"PK\x05\x07"),
        {"READ-DAMAGED"},
    ),
    "loop.ofd": (
        lambda: packed({"OFD.xml": "<OFD><DocBody><DocRoot>OFD.xml</DocRoot></DocBody></OFD>"}),
        {"READ-NO-TEXT"},
    ),
}


assert zipfile.is_zipfile(io.BytesIO(packed({"a": "b"})))

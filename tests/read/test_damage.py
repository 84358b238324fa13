"""Files damaged at random: each is read or refused, and nothing but a ReadError comes out."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from collections.abc import Callable

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.read import read, sheet
from tests.hostile.zips import ofd, packed, workbook
from tests.read.test_docx import p, tbl, tc, tr
from tests.read.test_sheet import book

PAGE = "<html><body><p>一、总体情况</p><table><tr><td rowspan=2>规章</td><td>0</td></tr><tr><td>1</td></tr></table></body></html>"
WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    f"{p('一、总体情况')}{tbl(tr(tc('规章'), tc('0')))}</w:body></w:document>"
)
OFD = '<TextObject Size="4" Boundary="9 9 40 9"><TextCode X="0" Y="3" DeltaX="g 1 4">规章</TextCode></TextObject>'
FILES: dict[str, Callable[[], bytes]] = {
    "页.html": PAGE.encode,
    "报告.docx": lambda: packed({"word/document.xml": WORD}),
    "报告.xlsx": lambda: book([["规章", 0], ["文件", 1.5]]),
    "裸.xlsx": lambda: workbook('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'),
    "报告.ofd": lambda: ofd(OFD),
    "报告.txt": "二、情况\n规章\t0\t1\n| 甲 | 1 |".encode,
}


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, cut out, repeated or put in."""
    broken = bytearray(data)
    for _ in range(rng.choice((1, 5, 50))):
        place = rng.randrange(len(broken) + 1)
        how = rng.randrange(4)
        if how == 0:
            broken[place : place + 1] = bytes([rng.randrange(256)])
        elif how == 1:
            del broken[place : place + rng.randrange(1, 100)]
        elif how == 2:
            broken[place:place] = broken[: rng.randrange(1, 200)]
        else:
            broken[place:place] = rng.choice(
                (b"<", b'"', b"&", b"<td>", b"</td>", b"<table>", b"-1", b"99999999", b"\0")
            )
    return bytes(broken)


def inside(data: bytes, rng: random.Random) -> bytes:
    """A container whole, but one entry in it damaged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        hit = rng.choice(source.namelist())
        for name in source.namelist():
            target.writestr(name, damaged(source.read(name), rng) if name == hit else source.read(name))
    return out.getvalue()


@pytest.mark.parametrize("name", sorted(FILES))
def test_only_errors_of_reading_come_out(name: str) -> None:
    rng = random.Random(name)
    whole = FILES[name]()
    assert read(whole, name).blocks
    for _ in range(150):
        nested = whole.startswith(b"PK") and rng.random() < 0.7
        data = inside(whole, rng) if nested else damaged(whole, rng)
        with contextlib.suppress(ReadError):
            read(data, name)


def test_a_panic_of_the_spreadsheet_library_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    import python_calamine

    class Panicking:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise PanicException

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Panicking)
    with pytest.raises(ReadError, match="READ-DAMAGED"):
        sheet.read(FILES["报告.xlsx"](), "报告.xlsx")

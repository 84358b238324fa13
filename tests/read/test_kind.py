"""The kind of a file is seen from its content; what cannot be a report is refused with words that help."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.read import read
from gongkai_etl.read.kind import kind_of


def packed(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4 x", "pdf"),
        (b"\r\n\xef\xbb\xbf%PDF-1.7", "pdf"),
        (packed("[Content_Types].xml", "word/document.xml"), "docx"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "sheet"),
        (packed("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (packed("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "sheet"),
        (packed("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "office"),
        (ole("Root Entry", "WordDocument"), "office"),
        (ole("Root Entry", "Workbook"), "sheet"),
        (ole("Root Entry", "Book"), "sheet"),
        (b"{\\rtf1\\ansi x}", "office"),
        (b'<?xml version="1.0"?><w:wordDocument/>', "office"),
        (b"\xff\xd8\xff\xe0JFIF", "image"),
        (b"\x89PNG\r\n\x1a\nIHDR", "image"),
        (b"II*\0\x08", "image"),
        (b"BM\x36\0\0\0\0\0\0\0", "image"),
        (b"<!DOCTYPE html><html>", "html"),
        ("\ufeff<table><tr><td>规章".encode(), "html"),
        ("<html><body>一、总体情况".encode("utf-16"), "html"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "html"),
        (b'{"content": "<table><tr><td>0</td></tr></table>"}', "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "mhtml"),
        ("二、主动公开政府信息情况".encode(), "text"),
        ("二、主动公开政府信息情况".encode("gbk"), "text"),
        ("二、主动公开政府信息情况\r\n".encode("utf-16-le"), "text"),
        ("# 报告\n\n<table><tr><td>规章".encode(), "text"),
        ("BM是一个词".encode(), "text"),
    ],
)
def test_kinds(data: bytes, kind: str) -> None:
    assert kind_of(data, "名.pdf") == kind


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "READ-EMPTY", "重新报送"),
        (b"\0\0\0", "READ-EMPTY", "重新报送"),
        (b"MZ\x90\0", "READ-TYPE", "程序"),
        (b"\x7fELF\x02", "READ-TYPE", "程序"),
        (b"Rar!\x1a\x07", "READ-TYPE", "压缩包"),
        (packed("a.docx"), "READ-TYPE", "解压"),
        (packed("[Content_Types].xml", "ppt/presentation.xml"), "READ-TYPE", "Office"),
        (b"PK\x03\x04" + b"x" * 50, "READ-DAMAGED", "重新下载"),
        (ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "READ-ENCRYPTED", "密码"),
        (ole("Root Entry", "PowerPoint Document"), "READ-TYPE", "Office"),
        (bytes(range(256)) * 20, "READ-TYPE", "换成"),
    ],
)
def test_what_holds_no_report_is_refused_with_advice(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(data, "名.docx")
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.message.startswith("名.docx：")


def test_what_no_reader_foresaw_is_an_error_of_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai_etl.read import text

    def broken(data: bytes, name: str) -> None:
        raise IndexError("bug")

    monkeypatch.setattr(text, "read", broken)
    with pytest.raises(ReadError, match="READ-CRASHED"):
        read("报告".encode(), "a.txt")


def test_an_error_without_the_name_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai_etl.read import text

    def refusing(data: bytes, name: str) -> None:
        raise ReadError("READ-X", "不行。")

    monkeypatch.setattr(text, "read", refusing)
    with pytest.raises(ReadError, match=r"READ-X: a\.txt：不行。"):
        read("报告".encode(), "a.txt")


def test_a_light_import_stays_light() -> None:
    import subprocess
    import sys

    code = (
        "import sys, gongkai_etl.read, gongkai_etl.read.guard_child;"
        "sys.exit(any(n in sys.modules for n in ('lxml', 'numpy', 'pypdfium2', 'pydantic')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

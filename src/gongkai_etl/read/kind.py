"""What kind of file the bytes are. Names lie: a page saved as .doc, a program renamed .pdf."""

from __future__ import annotations

import re
from typing import Literal

from gongkai_etl.errors import ReadError
from gongkai_etl.read.encoding import decode, familiar

Kind = Literal["pdf", "image", "html", "mhtml", "docx", "sheet", "office", "ofd", "text"]

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"BM", b"GIF8")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"MZ": "是一个程序，不是报告",
    b"\x7fELF": "是一个程序，不是报告",
    b"Rar!": "是一个压缩包",
    b"7z\xbc\xaf": "是一个压缩包",
    b"\x1f\x8b": "是一个压缩包",
}
_MARKUP = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|meta)[\s>]|\A[\s\xef\xbb\xbf]*<(?:title|table|div|p|h[1-6]|span|article|section|!--)",
    re.IGNORECASE,
)
_MAIL = re.compile(rb"\A\s*(?:MIME-Version|From|Subject|Snapshot-Content-Location|Content-Type):", re.IGNORECASE)
_FLAT = b"http://schemas.microsoft.com/office/2006/xmlPackage"
"""The namespace of a Word document saved as one XML file."""
_OFFICE = re.compile(rb"schemas[.-]|opendocument|openxmlformats|<\w*:?UOF", re.IGNORECASE)
"""Names of the formats that office programs write as XML."""
_FAMILIAR = 0.2
"""Text in two bytes a character has more common characters than this; other data almost none."""
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of file, from its content.

    Raises:
        ReadError: ``READ-EMPTY`` no content; ``READ-ENCRYPTED`` a password; ``READ-TYPE`` no report can be in it.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError("READ-EMPTY", f"{name}：文件是空的。请让报送单位重新报送。")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _zip_kind(data, name)
    if data.startswith(_OLE2):
        return _ole_kind(data, name)
    if data.lstrip().startswith(b"{\\rtf"):
        return "office"
    if _is_image(data):
        return "image"
    return _plain_kind(data, name)


def _is_image(data: bytes) -> bool:
    if data.startswith(b"BM"):
        return data[6:10] == b"\0\0\0\0"
    return data.startswith(_IMAGES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")


def _zip_kind(data: bytes, name: str) -> Kind:
    from gongkai_etl.read.zips import Zip

    names = Zip(data, name).names
    lower = {entry.lower() for entry in names}
    if any(entry.startswith("word/") for entry in lower):
        return "docx"
    if any(entry.startswith("xl/") for entry in lower):
        return "sheet"
    if "ofd.xml" in lower:
        return "ofd"
    if "mimetype" in lower and "content.xml" in lower:
        return "sheet" if b"opendocument.spreadsheet" in data[:200] else "office"
    if "[content_types].xml" in lower:
        raise _unknown(name, "是 Office 文件，但不是文字文档或表格")
    raise _unknown(name, "是一个压缩包，请解压后只报送其中的报告文件")


def _ole_kind(data: bytes, name: str) -> Kind:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") + b"\0\0" in data

    if has("EncryptedPackage"):
        raise ReadError("READ-ENCRYPTED", f"{name}：文件有密码，无法读取。请让报送单位去掉密码后重新报送。")
    if has("WordDocument"):
        return "office"
    if has("Workbook") or has("Book"):
        return "sheet"
    raise _unknown(name, "是旧版 Office 文件，但不是文字文档或表格，或者已损坏")


def _plain_kind(data: bytes, name: str) -> Kind:
    for start, what in _OTHERS.items():
        if data.startswith(start):
            raise _unknown(name, what)
    head = data[:4096]
    if b"\0" in head:
        text = decode(head[: len(head) // 2 * 2])[0]
        plain = text.encode("utf-8", "replace") if familiar(text) > _FAMILIAR else b"\0"
    else:
        plain = head
    if len(plain.translate(None, _CONTROL)) < 0.98 * len(plain):
        raise _unknown(name, "不是能识别的文件，可能已损坏")
    if _MAIL.match(plain) and b"multipart/" in plain.lower() + data[:20_000].lower():
        return "mhtml"
    xml = plain.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() == b"<?xml"
    if xml and _FLAT in data[:20_000]:
        return "docx"
    if xml and re.search(rb"<(?:\w+:)?Workbook[\s>]", data[:20_000]):
        return "sheet"
    if xml and b"<html" not in plain.lower():
        return "html" if re.search(rb"(?:<|&lt;)(?:td|tr)[\s>&]", data) and not _OFFICE.search(data) else "office"
    if _MARKUP.search(plain) or _is_page_in_a_string(data):
        return "html"
    return "text"


def _is_page_in_a_string(data: bytes) -> bool:
    """An answer of a site's interface, saved: the page is inside a JSON string or a script."""
    start = data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    return start in (b"{", b"[") and re.search(rb"(?:<|&lt;|\\u003c)t[dr]", data, re.IGNORECASE) is not None


def _unknown(name: str, what: str) -> ReadError:
    return ReadError(
        "READ-TYPE",
        f"{name}：这个文件{what}。能读取的有 PDF、OFD、Word（docx、doc、wps、rtf）、Excel（xlsx、xls、et）、"
        "网页、文本和扫描图片，请让报送单位换成其中一种。",
    )

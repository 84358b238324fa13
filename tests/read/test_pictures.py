"""Which pictures of a document are looked at."""

from __future__ import annotations

import pytest

from gongkai_etl.model import Document, Page, Paragraph
from gongkai_etl.read import pictures


def looked_at(monkeypatch: pytest.MonkeyPatch, *texts: str) -> list[bytes]:
    seen: list[bytes] = []

    def read(data: bytes, name: str, number: int) -> tuple[list[Paragraph], Page]:
        seen.append(data)
        return [Paragraph("读到的字")], Page(number, 595, 842, (), scanned=True)

    monkeypatch.setattr(pictures, "_read", read)
    blocks = tuple(Paragraph(text) for text in texts)
    found = pictures.with_pictures(Document("docx", blocks), lambda number: b"%d" % number, "报告.docx")
    assert len(found.pages) == len(seen)
    return seen


def test_only_pictures_in_the_sections_of_tables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = (
        "一、总体情况",
        "\ufffc0",
        "二、主动公开政府信息情况",
        "\ufffc1",
        "五、存在的主要问题及改进情况",
        "\ufffc2",
    )
    assert looked_at(monkeypatch, *texts) == [b"1"]


def test_pictures_without_sections_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked_at(monkeypatch, "通知", "\ufffc0") == []

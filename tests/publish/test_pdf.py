"""PDF by LibreOffice: the same bytes again, and a clear word when it fails."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from gongkai_etl.errors import PublishError
from gongkai_etl.publish import pdf
from gongkai_etl.publish.official import Paper

MOMENT = datetime(2026, 2, 10)


def paper() -> bytes:
    made = Paper("题目", "青禾县")
    made.title("青禾县", "2025年政府信息公开工作年度报告")
    made.text("正文")
    return made.to_bytes(MOMENT)


@pytest.mark.office
def test_the_same_paper_gives_the_same_pdf(tmp_path: Path, soffice: str) -> None:
    (tmp_path / "a.docx").write_bytes(paper())
    first = pdf.convert([tmp_path / "a.docx"], MOMENT)[0].read_bytes()
    second = pdf.convert([tmp_path / "a.docx"], MOMENT)[0].read_bytes()
    assert first == second
    assert b"/CreationDate(D:20260210000000Z" in first


def test_the_same_paper_is_the_same_docx() -> None:
    assert paper() == paper()


def test_dates_and_identifiers_are_replaced_at_equal_length() -> None:
    given = (
        b"/CreationDate(D:20261124111929Z')>>\n/ID [ <" + b"A" * 32 + b">\n<" + b"A" * 32 + b"> ]\n"
        b"/DocChecksum /" + b"B" * 32 + b"\n"
    )
    other = given.replace(b"20261124111929", b"20261125101010").replace(b"A" * 32, b"C" * 32)
    assert len(pdf.fixed(given, MOMENT)) == len(given)
    assert pdf.fixed(given, MOMENT) == pdf.fixed(other, MOMENT)


def test_a_conversion_that_makes_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai_etl.publish.pdf.subprocess.run", lambda *args, **kwargs: None)
    with pytest.raises(PublishError, match=r"a\.pdf"):
        pdf.convert([tmp_path / "a.docx"], MOMENT)
    assert pdf.convert([], MOMENT) == []
    assert pdf.available() == (shutil.which("soffice") is not None)

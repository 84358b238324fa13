"""Containers: limits hold before anything is unfolded."""

from __future__ import annotations

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.read.xml import parse
from gongkai_etl.read.zips import Zip
from tests.hostile.zips import DOCTYPE, OUTSIDE, linked, locked, packed


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        Zip(data, "a.docx")
    return caught.value.code


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "..\\x", "C:/x", "\\x"])
def test_names_that_leave_the_container(name: str) -> None:
    assert refused(packed({name: "x"})) == "READ-UNSAFE"


@pytest.mark.parametrize("name", ["a..b", "word/..x", "a/b/c", "名称.xml"])
def test_names_that_only_look_odd(name: str) -> None:
    assert Zip(packed({name: "x"}), "a.docx").read(name) == b"x"


def test_links_and_passwords() -> None:
    assert refused(linked()) == "READ-UNSAFE"
    assert refused(locked()) == "READ-ENCRYPTED"


def test_an_entry_that_unfolds_beyond_the_ratio() -> None:
    assert refused(packed({"x": b"0" * (21 << 20)})) == "READ-UNSAFE"
    assert len(Zip(packed({"x": b"0" * (19 << 20)}), "a.docx").read("x")) == 19 << 20


def test_an_entry_over_the_callers_limit_or_missing_or_damaged() -> None:
    data = packed({"word/document.xml": bytes(range(256)) * 40})
    with pytest.raises(ReadError, match="READ-UNSAFE"):
        Zip(data, "a.docx").read("word/document.xml", 100)
    with pytest.raises(ReadError, match="READ-DAMAGED"):
        Zip(data, "a.docx").read("other")
    broken = bytearray(data)
    broken[60] ^= 0xFF
    with pytest.raises(ReadError, match="READ-DAMAGED"):
        Zip(bytes(broken), "a.docx").read("word/document.xml")


@pytest.mark.parametrize("head", [DOCTYPE, OUTSIDE, "<!DOCTYPE a>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_a_document_type_is_refused(head: str, encoding: str) -> None:
    with pytest.raises(ReadError, match="READ-UNSAFE"):
        parse(f"{head}<a>&l9;</a>".encode(encoding), "a.docx")


def test_a_document_type_far_behind_comments_is_refused() -> None:
    with pytest.raises(ReadError, match="READ-UNSAFE"):
        parse(f"<!--{'x' * 5000}-->{DOCTYPE}<a>&l9;</a>".encode(), "a.docx")


def test_deep_and_broken_xml() -> None:
    with pytest.raises(ReadError, match="READ-UNSAFE"):
        parse(b"<a>" * 1000 + b"</a>" * 1000, "a.docx")
    with pytest.raises(ReadError, match="READ-DAMAGED"):
        parse(b"<a><b></a>", "a.docx")

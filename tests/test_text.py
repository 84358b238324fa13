"""One written form for each character."""

from __future__ import annotations

import pytest

from gongkai_etl.text import clean, printed, readable, squeeze


def test_radicals_become_ideographs() -> None:
    assert squeeze("⼀ ⼆ ⺠⻅⻔⻚⻘⻓") == "一二民见门页青长"
    assert printed("⾏政") == "行政"


def test_punctuation_stays_as_printed_for_readers_only() -> None:
    assert printed("（一）２０２５年，") == "（一）2025年，"
    assert clean("（一）２０２５年，") == "(一)2025年,"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2025 年 1 月", "2025年1月"),
        ("市政 府", "市政府"),
        ("WiFi 6 代", "WiFi 6代"),
        ("\u3000\u3000一、", "一、"),
    ],
)
def test_typographic_spaces_go(text: str, shown: str) -> None:
    assert readable(text) == shown

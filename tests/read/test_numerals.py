"""Numbers of automatic numbering."""

from __future__ import annotations

import pytest

from gongkai_etl.read.numerals import counting, numeral


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "〇"), (1, "一"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (21, "二十一"), (100, "一百"),
        (101, "一百〇一"), (110, "一百一十"), (1005, "一千〇五"), (20010, "二万〇一十"), (123456, "一二三四五六"),
    ],
)  # fmt: skip
def test_chinese_counting(number: int, text: str) -> None:
    assert counting(number) == text


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("decimal", ["1", "12"]),
        ("decimalZero", ["01", "12"]),
        ("decimalFullWidth", ["１", "１２"]),
        ("decimalEnclosedCircle", ["①", "⑫"]),
        ("chineseCountingThousand", ["一", "十二"]),
        ("ideographDigital", ["一", "一二"]),
        ("ideographTraditional", ["甲", "12"]),
        ("ideographZodiac", ["子", "亥"]),
        ("chineseLegalSimplified", ["壹", "壹拾贰"]),
        ("upperLetter", ["A", "L"]),
        ("lowerRoman", ["i", "xii"]),
        ("upperRoman", ["I", "XII"]),
        ("none", ["", ""]),
        ("somethingNew", ["1", "12"]),
    ],
)
def test_formats(form: str, texts: list[str]) -> None:
    assert [numeral(1, form), numeral(12, form)] == texts


def test_letters_go_round() -> None:
    assert numeral(27, "lowerLetter") == "aa"

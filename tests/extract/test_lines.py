"""The text alone: labels and figures in a stream, glued digits, vertical lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongkai_etl.extract.lines import Line, only_zeros, read_lines, split_glued, splits
from gongkai_etl.extract.tables import Reading, reading_of


def read(text: str) -> Reading:
    rows = read_lines([Line(line) for line in text.splitlines()])
    rows["t3"] = split_glued(rows["t3"])
    return reading_of("lines", rows)


def texts(reading: Reading, prefix: str) -> list[str | None]:
    return [seen.slot.text for key, seen in reading.cells.items() if key.startswith(prefix)]


def test_figures_behind_their_label() -> None:
    reading = read(
        "信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n行政规范性文件 5 1 25\n行政许可 97"
    )
    assert texts(reading, "t2.normative_documents") == ["5", "1", "25"]
    assert texts(reading, "t2.licences") == ["97"]


def test_one_cell_a_line() -> None:
    reading = read("本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n1\n2\n行政规范性文件\n3\n4\n5\n")
    assert texts(reading, "t2.regulations") == ["0", "1", "2"]
    assert texts(reading, "t2.normative_documents") == ["3", "4", "5"]


def test_glued_digits_of_table_two_are_never_split_but_for_noughts() -> None:
    reading = read("信息内容 本年制发件数 本年废止件数 现行有效件数\n规章000\n行政规范性文件693665\n")
    assert texts(reading, "t2.regulations") == ["0", "0", "0"]
    assert texts(reading, "t2.normative_documents") == [None, None, None]


def test_glued_digits_of_table_three_are_split_by_the_row_sum() -> None:
    reading = read("申请人情况\n一、本年新收政府信息公开申请数量70000007\n二、上年结转政府信息公开申请数量1120000")
    assert (
        texts(reading, "t3.received") == ["7", "0", "0", "0", "0", "0", "7"]
        or texts(reading, "t3.received") == [None] * 7
    )
    assert texts(reading, "t3.brought_forward") == [None] * 7


def test_a_label_wrapped_around_its_figures() -> None:
    reading = read(
        "申请人情况\n（三）\n2.其他法律行政法规禁止公\n开 27 0 0 0 0 0 27\n3.危及“三安全一稳定” 6 0 0 0 0 0 6\n"
    )
    assert texts(reading, "t3.refused_prohibited_by_law")[0] == "27"
    assert texts(reading, "t3.refused_public_safety")[0] == "6"


def test_too_few_figures_stay_unread() -> None:
    reading = read("申请人情况\n一、本年新收政府信息公开申请数量 3 3\n")
    assert texts(reading, "t3.received") == [None] * 7


@given(st.lists(st.integers(0, 500), min_size=6, max_size=6))
def test_the_true_split_is_always_among_the_ways(parts: list[int]) -> None:
    numbers = (*parts, sum(parts))
    ways = splits("".join(map(str, numbers)), 7)
    assert numbers in ways or len(ways) > 1000  # too many to list: never taken for the only one


def test_only_noughts() -> None:
    assert only_zeros("000", 3) == ("0", "0", "0")
    assert only_zeros("100", 3) is None


def test_a_run_of_digits_that_is_split_by_its_sum_alone_is_not_sure() -> None:
    reading = read("本列数据的勾稽关系\n一、本年新收政府信息公开申请数量1000001")
    assert texts(reading, "t3.received") == ["1", "0", "0", "0", "0", "0", "1"]
    assert not any(reading.cells[key].sure for key in reading.cells if key.startswith("t3.received"))


def test_a_row_above_a_few_figures_without_a_label_is_not_sure() -> None:
    rows = "申请人情况\n一、本年新收政府信息公开申请数量 6348 0 0 0 0 0 6351{}\n二、上年结转政府信息公开申请数量 1 0 0 0 0 0 1"
    assert read(rows.format("")).cells["t3.received.total"].sure
    assert not read(rows.format("\n1 0")).cells["t3.received.total"].sure

"""Reading files guarded, in order, whatever is among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai_etl.errors import ReadError
from gongkai_etl.pipeline import Reader, read_report
from tests.writers import web
from tests.writers.truth import random_truth


@pytest.fixture(scope="module")
def page() -> bytes:
    return web.write(random_truth(11), "plain", 1)


def test_a_bad_file_never_stops_the_others(page: bytes, tmp_path: Path) -> None:
    good = tmp_path / "good.html"
    good.write_bytes(page)
    items: list[tuple[str, bytes | Path]] = [
        ("empty", b""), ("good", good), ("noise", bytes(range(256)) * 4), ("gone", tmp_path / "gone"), ("bytes", page)
    ]  # fmt: skip
    with Reader(2) as reader:
        outcomes = list(reader.read_all(items))
    assert [outcome.name for outcome in outcomes] == [name for name, _ in items]
    assert [outcome.report is not None for outcome in outcomes] == [False, True, False, False, True]
    assert all(outcome.error is None or outcome.error.code.startswith("READ-") for outcome in outcomes)
    assert outcomes[1].sha256 == outcomes[4].sha256


def test_a_report_knows_the_bytes_it_was_read_from(page: bytes) -> None:
    report = read_report(page, "page.html")
    assert report.sha256 is not None
    assert len(report.sha256) == 64


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("指标名称 计量单位 2018年度 历年累计\n主动公开政府信息数 条 120 900\n政府信息公开\n", "READ-BEFORE-2019"),
        ("会议通知\n请各部门于周五下午到会。\n", "READ-NOT-A-REPORT"),
    ],
)
def test_other_papers_are_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(ReadError) as raised:
        read_report(text.encode(), "paper.txt")
    assert raised.value.code == code

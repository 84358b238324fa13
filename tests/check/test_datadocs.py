"""Data Docs of a batch: written beside the check, without anything loaded from elsewhere, in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

from gongkai_etl.check import check
from gongkai_etl.check.datadocs import offline
from tests.check.build import TODAY
from tests.check.fixtures import FIXTURES, ROSTER

_LOADED = re.compile(r"<(?:script|link|img|iframe)\b|url\(|@import")


def test_pages_show_the_batch_without_network(tmp_path: Path) -> None:
    items = [*FIXTURES["T3-BALANCE"](), *FIXTURES["T2-WHOLE"]()]
    result = check(items, ROSTER, TODAY, data_docs=tmp_path)
    assert result.findings == check(items, ROSTER, TODAY).findings
    pages = {path: path.read_text("utf-8") for path in tmp_path.rglob("*.html")}
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(pages)
    assert not [path for path, text in pages.items() if _LOADED.search(text)]
    front = pages[tmp_path / "index.html"]
    for link in re.findall(r'href="([^"]+)"', front):
        assert (tmp_path / link).is_file()
    (cells,) = [text for path, text in pages.items() if path.name == "cells-cells.html"]
    assert "T3-BALANCE" in cells
    assert "2份中有1份不符合" in cells
    assert "Failed" not in cells


def test_what_is_not_known_stays_as_it_is() -> None:
    page = offline(
        "<html><head><script src='https://x'></script></head><body><p>Status:</p><p>Other</p></body></html>"
    )
    assert "结果：" in page
    assert "Other" in page
    assert "script" not in page

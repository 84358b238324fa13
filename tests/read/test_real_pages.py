"""The example report and stored pages beside the checkout, where they are there: every table, body and fact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongkai_etl.model import Document
from gongkai_etl.read import read
from tests.read.show import lines

SHARED = Path(__file__).parents[3] / "shared"
FILES = ("seed/seed.html", "seed/seed.docx", "real/012.html", "real/015.html")


def document(name: str) -> Document:
    file = SHARED / name
    if not file.exists():
        pytest.skip(f"{name} is not beside the checkout")
    return read(file.read_bytes(), file.name)


@pytest.mark.parametrize("name", FILES)
def test_every_figure_stands_in_a_cell(name: str) -> None:
    grids = document(name).grids
    truth = SHARED / ("seed/seed.truth.json" if "seed" in name else f"real/truth/{Path(name).stem}.json")
    expected = sorted(
        f"{value}" for value in json.loads(truth.read_text("utf-8"))["cells"].values() if value is not None
    )
    figures = sorted(
        cell.text for grid in grids for cell in grid.cells if cell.text[:1].isdigit() and "." not in cell.text
    )
    assert figures == expected
    assert [grid.rows for grid in grids][-2:] == [28, 4]
    assert [grid.columns for grid in grids][-2:] == [10, 15]


@pytest.mark.parametrize("name", FILES)
def test_the_body_holds_the_report_and_nothing_of_the_page(name: str) -> None:
    text = lines(document(name))
    assert sum(line.startswith(("一、", "二、", "三、", "四、", "五、", "六、")) for line in text) == 6
    assert not any(word in line for line in text for word in ("首页", "主办", "索引号", "智能问答", "相关信息"))


def test_what_the_pages_say_about_themselves() -> None:
    assert document("seed/seed.html").metadata["published"] == "2026-01-16"
    assert document("real/015.html").metadata["published"] == "2024-01-17"

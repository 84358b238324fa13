"""The static site as files: self-contained, every link leads somewhere, every figure to its evidence."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from gongkai_etl.publish.inputs import Approval, CountyYear
from gongkai_etl.publish.release import ReleaseFiles, build
from gongkai_etl.publish.site.chain import ChainYear, chain_svg
from gongkai_etl.publish.site.names import slug


def pages(root: Path) -> dict[str, html.HtmlElement]:
    parser = html.HTMLParser(encoding="utf-8")
    return {
        path.relative_to(root).as_posix(): html.parse(str(path), parser).getroot() for path in root.rglob("*.html")
    }


def test_every_link_leads_to_a_file_and_a_place(released: ReleaseFiles) -> None:
    found = pages(released.root)
    links = 0
    for name, page in found.items():
        for element, _, link, _ in page.iterlinks():
            address = urlsplit(link)
            if address.scheme in ("http", "https"):
                assert element.get("rel") == "external", "only the source of a report may be elsewhere"
                continue
            if address.scheme == "data":
                continue
            target = (
                (released.root / name).parent / unquote(address.path) if address.path else released.root / name
            )
            assert target.is_file(), (name, link)
            if address.fragment:
                other = found[target.resolve().relative_to(released.root.resolve()).as_posix()]
                assert other.xpath("//*[@id=$name]", name=address.fragment), (name, link)
            links += 1
    assert links > 2000


def test_nothing_is_loaded_from_elsewhere(released: ReleaseFiles) -> None:
    for path in released.root.rglob("*"):
        if path.suffix in {".html", ".css"} or path.name == "charts.js":
            text = path.read_text("utf-8")
            outside = re.findall(r"(?:src|url\(|@import|fetch\()\s*[=\"'(]*\s*(?:https?:)?//[^\s\"')]+", text)
            assert outside == [], path


def test_pages_have_language_landmarks_and_scoped_heads(released: ReleaseFiles) -> None:
    for name, page in pages(released.root).items():
        assert page.get("lang") == "zh-CN"
        assert len(page.xpath("//main")) == len(page.xpath("//h1")) == 1, name
        for landmark in ("header", "nav[@aria-label]", "footer"):
            assert page.xpath(f"//{landmark}"), (name, landmark)
        assert not page.xpath("//th[not(@scope)]"), name
        identifiers = page.xpath("//@id")
        assert len(identifiers) == len(set(identifiers)), name


def test_each_figure_of_a_unit_leads_to_its_evidence(released: ReleaseFiles) -> None:
    page = pages(released.root)["units/650002.html"]
    cells = page.xpath("//td[@data-key]")
    assert len(cells) == 200
    for cell in cells:
        key = cell.get("data-key")
        assert cell.xpath("./a/@href") == [f"../evidence/650002.html#{key}"]


def test_a_county_figure_is_taken_apart_by_unit(released: ReleaseFiles) -> None:
    found = pages(released.root)
    cell = found["index.html"].xpath("//td[@data-key='t3.received.total']")[0]
    assert cell.xpath("./a/@href") == ["rows/t3.received.html#total"]
    assert "柳泉镇的总计与分项不符，重新计算为 13" in cell.text_content()
    row = found["rows/t3.received.html"].xpath("//tr[th/a[text()='柳泉镇']]")[0]
    assert "分项之和 5" in row.text_content()
    missing = found["rows/t3.received.html"].xpath("//tr[th/a[text()='石桥镇']]")[0]
    assert "未报送" in missing.text_content()
    assert not missing.xpath(".//td[text()='0']")


def test_boxes_stand_on_the_page_picture(released: ReleaseFiles) -> None:
    page = pages(released.root)["evidence/650002.html"]
    box = page.xpath("//a[@id='t3.received.total']")[0]
    assert "box" in box.get("class")
    # The cell (100, 200, 140, 215) on a picture of (0, 150, 600, 450).
    assert box.get("style") == "left:16.67%;top:16.67%;width:6.67%;height:5.00%"
    assert (released.root / "evidence/650002/page-2.png").is_file()


def test_findings_with_both_sides_and_verdicts(released: ReleaseFiles) -> None:
    text = pages(released.root)["findings.html"].text_content()
    assert "左边 6，右边 5" in text
    assert "核实后保留（2026年2月1日）：正文含转办 1 件" in text


def test_the_printed_reason_of_an_approval(county: CountyYear, tmp_path: Path) -> None:
    build(replace(county, approvals=(Approval("县办 <b>核实</b>"),)), tmp_path)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "批准发布的理由：县办 &lt;b&gt;核实&lt;/b&gt;" in text


def test_the_chain_shows_a_break_and_never_draws_a_missing_figure() -> None:
    before = ChainYear(2024, 0, 6, 4, 2)
    svg = chain_svg([before, ChainYear(2025, 1, 5, 6, None)])
    assert "上年报告 2，本年填 1" in svg
    assert "band broken" in svg
    assert 'class="none"' in svg
    assert "2025年上年结转1、本年新收5、本年办结6、结转下年无数据" in svg
    assert "broken" not in chain_svg([before, ChainYear(2025, 2, 5, 6, 1)])
    assert "NaN" not in chain_svg([ChainYear(2025, None, None, None, None)])


@pytest.mark.parametrize("code", ["650001", "白杨镇", "../etc", "a/b", ""])
def test_page_names_are_safe(code: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", slug(code))
    assert slug(code) == slug(code)

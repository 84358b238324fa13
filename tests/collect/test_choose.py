"""Titles as they stand in real columns: which are taken, of which year, of whom. Two readings compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gongkai_etl.cli import app
from gongkai_etl.collect import differ
from gongkai_etl.collect.article import attachments
from gongkai_etl.collect.choose import Entry, Wanted, best, judge, report_year
from gongkai_etl.collect.listing import detect, endpoint_entries, entries, next_link, next_pages
from gongkai_etl.collect.recipes import Recipe, shelf
from gongkai_etl.errors import CollectError
from gongkai_etl.model import Cell, CellState, Report, Unit
from tests.collect.site import YEAR, serve

TOWN = Unit("2", "云岭县青溪镇人民政府", "乡镇", ("青溪镇",))
OTHER = Unit("3", "云岭县财政局", "部门")
WANTED = Wanted(TOWN, 2025, (Unit("1", "云岭县人民政府", "县"), TOWN, OTHER))


@pytest.mark.parametrize(
    ("title", "day", "taken"),
    [
        ("云岭县青溪镇人民政府2025年政府信息公开工作年度报告", "2026-01-15", True),
        ("青溪镇2025年度政府信息公开工作年度报告", "2026-01-15", True),
        ("青溪镇 2025 年信息公开工作 年度报告", "2026-01-15", True),
        ("青溪镇2025年政府信息公开年度报告", "2026-01-15", True),
        ("青溪镇2025年度政府信息公开工作报告", "2026-01-15", True),
        ("2025年青溪镇政府信息公开年度工作报告", "2026-01-15", True),
        ("青溪镇政府信息公开工作年度报告", "2026-01-15", True),
        ("政府信息公开工作年度报告", "2026-01-15", True),
        ("青溪镇2024年政府信息公开工作年度报告", "2026-01-15", False),
        ("青溪镇政府信息公开工作年度报告", "2025-01-15", False),
        ("云岭县财政局2025年政府信息公开工作年度报告", "2026-01-15", False),
        ("关于印发青溪镇2025年政府信息公开工作年度报告的通知", "2026-01-15", False),
        ("青溪镇2025年政府网站工作年度报表", "2026-01-15", False),
        ("青溪镇2025年行政执法统计年报", "2026-01-15", False),
        ("青溪镇2025年法治政府建设年度报告", "2026-01-15", False),
        ("《青溪镇2025年政府信息公开工作年度报告》解读", "2026-01-15", False),
        ("关于2025年政务公开要点落实情况的函", "2026-01-15", False),
        ("青溪镇2025年第四季度政府信息公开工作报告", "2026-01-15", False),
    ],
)
def test_titles(title: str, day: str, taken: bool) -> None:
    assert judge(Entry(title, "http://x/1", date.fromisoformat(day)), WANTED).take is taken


def test_a_shared_list_needs_the_unit_in_the_title() -> None:
    entry = Entry("政府信息公开工作年度报告2025年", "http://x/1", None)
    assert judge(entry, WANTED).take
    assert not judge(entry, replace(WANTED, shared=True)).take


def test_the_corrected_and_the_certain_come_first() -> None:
    plain = judge(Entry("青溪镇2025年政府信息公开工作年度报告", "http://x/1", date(2026, 1, 20)), WANTED)
    newer = judge(Entry("青溪镇2025年政府信息公开工作年度报告（更正）", "http://x/2", date(2026, 1, 19)), WANTED)
    guess = judge(Entry("青溪镇政府信息公开工作年度报告", "http://x/3", date(2026, 1, 30)), WANTED)
    assert best([plain, guess]) == plain
    assert best([plain, newer, guess]) == newer


def test_year_from_the_date_is_only_a_guess() -> None:
    assert report_year("年度报告", date(2026, 1, 3)) == (2025, False)
    assert report_year("年度报告", date(2026, 9, 3)) == (None, False)


def test_attachments_in_links_frames_and_viewers() -> None:
    page = """<body><div id=zoom><a href="/a/P0.pdf">下载</a><a href="b.htm">上一篇</a>
      <a href="/f?id=1">年报.docx</a><iframe src="/pdfjs/viewer.html?file=/c/3.pdf"></iframe>
      <a href="javascript:void(0)">附件下载</a><a href="file:///etc/passwd.pdf">x</a></div>
      <footer><a href="/guide.pdf">指南</a></footer></body>"""
    links = attachments(Recipe(), page, "http://x.gov.cn/z/1.htm")
    assert [link.url for link in links] == [
        "http://x.gov.cn/a/P0.pdf",
        "http://x.gov.cn/f?id=1",
        "http://x.gov.cn/c/3.pdf",
    ]


def test_further_pages() -> None:
    books = shelf()
    assert next(next_pages(books.get("trs"), "http://x/nb/index.html")) == "http://x/nb/index_1.html"
    assert next(next_pages(books.get("ucap"), "http://x/nb/index.shtml")) == "http://x/nb/index_2.shtml"
    assert next(next_pages(books.get("aspnet"), "http://x/a.aspx?cid=1&page=1")) == "http://x/a.aspx?cid=1&page=2"
    assert next_link("<a href='index/3.htm'>下一页</a>", "http://x/nb/index.htm") == "http://x/nb/index/3.htm"
    assert next_link("<a href='javascript:go(2)'>下一页</a>", "http://x/") is None


def test_recipes_say_what_is_wrong_with_them(tmp_path: Path) -> None:
    for text, said in (("listing: {entri: x}", "entri"), ("family: none", "none"), ("[", "YAML"), ("- a", "空")):
        (tmp_path / "mine.yaml").write_text(text, "utf-8")
        with pytest.raises(CollectError) as caught:
            shelf(tmp_path)
        assert "mine" in caught.value.message
        assert said in caught.value.message


def test_source_try_shows_what_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path))
    monkeypatch.setenv("GONGKAI_ROSTER", str(tmp_path / "none.csv"))
    monkeypatch.setenv("GONGKAI_COLLECT_CONTACT", "a@b.cn")
    monkeypatch.setenv("GONGKAI_COLLECT_PAUSE_S", "0")
    monkeypatch.setenv("GONGKAI_COLLECT_ALLOW_LOOPBACK", "true")
    monkeypatch.setenv("COLUMNS", "200")
    from gongkai_etl.settings import settings

    settings.cache_clear()
    with serve() as site:
        run = CliRunner().invoke(app, ["source", "try", site.source(5), "--year", str(YEAR)])
    settings.cache_clear()
    assert run.exit_code == 0, run.output
    assert "✓" in run.stdout
    assert "行政执法" in run.stdout
    assert "网页：" in run.stdout


def report(**cells: Cell) -> Report:
    named = {key.replace("__", "."): cell for key, cell in cells.items()}
    return Report("青溪镇", 2025, None, None, None, {}, {"1": "收到3件"}, named)


def number(value: int | Decimal) -> Cell:
    return Cell(value, str(value), CellState.NUMBER)


def test_differences_are_told_with_place_and_both_sides() -> None:
    page = report(
        t3__received__total=number(3), t3__granted__total=number(1), t4__litigation_direct__total=number(0)
    )
    file = report(
        t3__received__total=number(5),
        t3__granted__total=Cell(None, None, CellState.UNREAD),
        t4__litigation_direct__total=number(0),
    )
    found = differ.page_against_file(page, file, "年报.pdf")
    assert found is not None
    assert found.cells == ("t3.received.total",)
    assert found.left == "表三「一、本年新收政府信息公开申请数量」行「总计」列=3"
    assert found.right is not None
    assert found.right.endswith("=5")
    assert differ.page_against_file(page, page, "x") is None


def test_blank_is_not_nought_and_text_changes_count() -> None:
    before = report(t3__received__total=number(0))
    after = report(t3__received__total=Cell(None, "", CellState.BLANK))
    found = differ.changed(before, replace(after, sections={"1": "收到5件"}))
    assert found is not None
    assert "1处数字" in found.message
    assert "第一部分" in found.message
    assert differ.changed(before, replace(before, sections={"1": "收到 3 件"})) is None


FROZEN = {
    "trs": (
        """<div class="gl-list"><ul><li><a href="./202601/t20260110_97791.htm"
        title="青溪镇2025年政府信息公开工作年度报告">青溪镇2025年政府信息公开…<span>2026-01-10</span></a></li></ul></div>
        <script>var countPage = 3; createPageHTML(countPage, 0, "index", "html");</script>""",
        "http://x.gov.cn/zwgk/zfxxgkznb/202601/t20260110_97791.htm",
    ),
    "jpage": (
        """<div id="1234"><script type="text/xml"><datastore><totalrecord>1</totalrecord><recordset><record><![CDATA[
        <tr><td><a target="_blank" href="/art/2026/1/10/art_98_1.html">青溪镇2025年政府信息公开工作年度报告</a></td>
        <td>[2026-01-10]</td></tr>]]></record></recordset></datastore></script></div>""",
        "http://x.gov.cn/art/2026/1/10/art_98_1.html",
    ),
    "vsb": (
        """<ul><li id="line_u8_0"><span class="fr">2026年01月10日</span>
        <a href="../info/17122/1839562.htm" target="_blank">青溪镇2025年政府信息公开工作年度报告</a></li></ul>""",
        "http://x.gov.cn/zwgk/info/17122/1839562.htm",
    ),
    "ucap": (
        """<ul class="xxgkList"><li><a href="/c112945/202601/0a1b2c.shtml">青溪镇2025年政府信息公开工作年度报告</a>
        <span>2026.01.10</span></li></ul>""",
        "http://x.gov.cn/c112945/202601/0a1b2c.shtml",
    ),
    "aspnet": (
        """<table><tr><td>xx/2026-1</td><td><a href="InfoDetail.aspx?id=7">青溪镇2025年政府信息公开工作年度报告</a></td>
        <td>2026/1/10</td></tr></table>""",
        "http://x.gov.cn/zwgk/zfxxgkznb/InfoDetail.aspx?id=7",
    ),
    "plain": (
        """<div class="list"><div class="row"><a href="gb2025/a.html">青溪镇2025年政府信息公开工作年度报告 2026-01-10</a>
        <span>2026-01-10</span></div></div>""",
        "http://x.gov.cn/zwgk/zfxxgkznb/gb2025/a.html",
    ),
}


@pytest.mark.parametrize("family", FROZEN)
def test_a_frozen_page_of_each_family_is_known_by_its_markup(family: str) -> None:
    markup, address = FROZEN[family]
    noise = "<div class='nav'><ul><li><a href='/'>首页</a></li><li><a href='javascript:void(0)'>搜索</a></li></ul></div>"
    page = f"<html><body>{noise}{markup}</body></html>"
    url = "http://x.gov.cn/zwgk/zfxxgkznb/index.html"
    recipe = detect(shelf(), page, url)
    assert recipe.name == family
    (found,) = [entry for entry in entries(recipe, page, url) if judge(entry, WANTED).take]
    assert found == Entry("青溪镇2025年政府信息公开工作年度报告", address, date(2026, 1, 10))


def test_the_endpoint_of_a_scripted_platform() -> None:
    endpoint = shelf().get("gkmlpt").endpoint
    assert endpoint is not None
    rows = '{"articles":[{"title":"青溪镇2025年<b>政府信息公开</b>工作年度报告","url":"/gkmlpt/content/9/post_1.html","date":1768000000}]}'
    (found,) = endpoint_entries(endpoint, rows, "http://x.gov.cn/gkmlpt/api/all/55?page=1")
    assert found.url == "http://x.gov.cn/gkmlpt/content/9/post_1.html"
    assert found.date == date(2026, 1, 10)
    assert judge(found, WANTED).take
    with pytest.raises(CollectError, match="READ-WEB-JSON"):
        endpoint_entries(endpoint, "<html>", "http://x.gov.cn/")

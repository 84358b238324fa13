"""What the approver sees, and what follows from the answer."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pytest
from lxml import etree

from gongkai_etl import publishing
from gongkai_etl.errors import CollectError
from gongkai_etl.publish.options import Options
from gongkai_etl.steps.checking import check_year, load_year
from gongkai_etl.steps.collecting import collect
from gongkai_etl.steps.plan import plan
from gongkai_etl.steps.release import BY_ITSELF, publish, refuse, still_as_approved, summarise, worth_asking
from gongkai_etl.steps.stores import Stores
from tests.steps.papers import drop, paper, truth

pytestmark = pytest.mark.integration


@pytest.fixture
def collected(stores: Stores) -> Stores:
    """Two years of one unit, one file that cannot be read, one unit missing."""
    for year in (2024, 2025):
        drop(stores, "青溪镇", f"{year}.md", paper(truth("青溪镇", year, seed=year)), year=year)
        drop(stores, "白石镇", f"{year}.pdf", b"%PDF-1.4 and no more", year=year)
        for work in plan(stores, year):
            collect(stores, work)
        check_year(stores, year)
        load_year(stores, year)
    return stores


def test_the_approver_sees_who_is_missing_and_what_has_changed(collected: Stores) -> None:
    summary = summarise(collected, [2025])
    this, last = truth("青溪镇", 2025, seed=2025), truth("青溪镇", 2024, seed=2024)
    received, before = (report.whole("t3.received.total") for report in (this, last))
    assert summary["pending"]
    assert summary["years"] == [2025]
    assert "应报送 **3** 个单位，已收到 **2** 个" in summary["body"]
    assert "未报送：云岭县财政局" in summary["body"]
    assert "云岭县白石镇（1处）" in summary["body"]
    assert f"| {received} | 1 | {before} | {received - before:+} |" in summary["body"]


def test_figures_that_changed_after_the_summary_are_not_those_approved(collected: Stores) -> None:
    summary = summarise(collected, [2025])
    assert still_as_approved(collected, summary)
    drop(collected, "财政局", "报告.md", paper(truth("财政局")))
    for work in plan(collected, 2025):
        collect(collected, work)
    check_year(collected, 2025)
    load_year(collected, 2025)
    assert not still_as_approved(collected, summary)
    assert still_as_approved(collected, summarise(collected, [2025]))


def test_the_same_figures_are_asked_about_once_unless_a_person_orders_it(collected: Stores) -> None:
    assert worth_asking(collected, 2025)
    assert summarise(collected, [2025], ordered=False)["pending"]
    assert not worth_asking(collected, 2025)
    assert not summarise(collected, [2025], ordered=False)["pending"]
    assert summarise(collected, [2025])["pending"]
    collected.warehouse.withdraw(
        "T1", 2025, collected.warehouse.versions(2025, "T1")[0].submission.sha256, "镇办", "错"
    )
    assert worth_asking(collected, 2025) == collected.warehouse.release_pending(2025)


def test_nothing_is_asked_while_nobody_has_reported(stores: Stores) -> None:
    plan(stores, 2025)
    assert not summarise(stores, [2025])["pending"]


def test_a_refusal_keeps_its_reason_and_publishes_nothing(collected: Stores) -> None:
    refuse(collected, [2025], "李主任", "白石镇的文件要重新报送")
    found = collected.warehouse.releases(2025)
    assert [(one.status, one.decided_by, one.reason) for one in found] == [
        ("refused", "李主任", "白石镇的文件要重新报送")
    ]
    assert list(collected.objects.public.list()) == []


def test_what_was_published_is_not_published_again(collected: Stores) -> None:
    first = publish(collected, [2025], BY_ITSELF, "演示")
    assert first[0].written > 0
    kept = [(one.key, one.modified) for one in collected.objects.public.list()]
    assert not summarise(collected, [2025])["pending"]
    again = publish(collected, [2025], BY_ITSELF, "演示")
    assert (again[0].release, again[0].written) == (first[0].release, 0)
    assert [(one.key, one.modified) for one in collected.objects.public.list()] == kept
    notices = [one.key for one in collected.objects.list("notices/2025/")]
    assert notices == ["notices/2025/T2/退回修改通知.docx"]


def test_a_year_out_of_range_is_refused(stores: Stores) -> None:
    with pytest.raises(CollectError, match="2012"):
        summarise(stores, [2012])


def test_the_approver_sees_what_the_county_adds(collected: Stores) -> None:
    collected.warehouse.adjust(2025, "t3.received.total", Decimal(3), "信访转办", "李某")
    body = summarise(collected, [2025])["body"]
    total = truth("青溪镇", 2025, seed=2025).whole("t3.received.total") + 3
    assert f"| {total} | 1 |" in body
    assert "行「总计」列 +3：信访转办" in body
    assert "找不到对应的单位" in body


@pytest.mark.office
def test_notices_in_word_and_pdf_have_names_of_their_own(
    collected: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not on this machine")
    monkeypatch.setattr(publishing, "chosen_options", lambda: Options(pdf=True))
    publish(collected, [2025], BY_ITSELF, "演示")
    kept = {one.key: collected.objects.get(one.key) for one in collected.objects.list("notices/2025/")}
    assert {key: data[:4] for key, data in kept.items()} == {
        "notices/2025/T2/退回修改通知.docx": b"PK\x03\x04",
        "notices/2025/T2/退回修改通知.pdf": b"%PDF",
    }


def test_the_name_of_a_file_is_not_published(collected: Stores) -> None:
    drop(collected, "财政局", "李四13812345678.pdf", b"%PDF-1.4 and no more")
    for work in plan(collected, 2025):
        collect(collected, work)
    check_year(collected, 2025)
    load_year(collected, 2025)
    publish(collected, [2025], BY_ITSELF, "演示")
    keys = [one.key for one in collected.objects.public.list("2025/")]
    texts = [key for key in keys if key.endswith((".csv", ".html", ".json", ".md"))]
    said = [collected.objects.public.get(key).decode() for key in texts]
    assert any("报送的文件" in text for text in said)
    said += [row["message"] for row in collected.warehouse.query("SELECT message FROM publish.findings")]
    assert not [text[:200] for text in said if "李四" in text or "13812345678" in text]


def test_a_figure_of_a_file_without_pages_leads_to_the_table_it_stands_in(collected: Stores) -> None:
    done = publish(collected, [2025], BY_ITSELF, "演示")[0]
    page, unit = (
        etree.fromstring(collected.objects.public.get(f"2025/{done.release}/{path}/T1.html"), etree.HTMLParser())
        for path in ("evidence", "units")
    )
    said = truth("青溪镇", 2025, seed=2025)
    for key in ("t3.received.total", "t2.fees.amount", "t4.reconsideration.total"):
        text = page.xpath(f"string(//table[@class='original']//td[@id='{key}'])")
        assert str(text).strip() == str(said.cells[key])
    assert (
        unit.xpath("string(//td[@data-key='t3.received.total']/a/@href)")
        == "../evidence/T1.html#t3.received.total"
    )

"""The county of 60 in five markups: the right report of the right year, politely, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from gongkai_etl.collect.choose import Wanted
from gongkai_etl.collect.fetch import Fetcher, fetcher
from gongkai_etl.collect.recipes import Shelf, shelf
from gongkai_etl.collect.watch import identity, news
from gongkai_etl.collect.web import Delivery, plan, visit
from gongkai_etl.model import Unit
from gongkai_etl.settings import Settings
from tests.collect.site import (
    BROKEN,
    CHANGING,
    CMS,
    ENDPOINT,
    ENDPOINT_RECIPE,
    LOOP,
    SCRIPT,
    SHORT,
    YEAR,
    Site,
    names,
    serve,
)

PAUSE = 0.03


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def recipes(folder: Path) -> Shelf:
    (folder / "endpoint.yaml").write_text(ENDPOINT_RECIPE, "utf-8")
    return shelf(folder)


def settings(home: Path, fresh: float = 1800) -> Settings:
    return Settings(
        home=home,
        collect_contact="网信股 0591-0000000",
        collect_allow_loopback=True,
        collect_pause_s=PAUSE,
        collect_attempts=2,
        collect_fresh_s=fresh,
        collect_timeout_s=10,
    )


def once(site: Site, unit: Unit, home: Path, books: Shelf, fresh: float = 1800) -> tuple[Delivery, Fetcher]:
    assert unit.source
    where = plan(unit.source, books, unit, YEAR)
    fetch = fetcher(settings(home, fresh), where.hosts)
    fetch.sleep = lambda seconds: __import__("time").sleep(min(seconds, PAUSE))
    units = site.units()
    shared = sum(other.source == unit.source for other in units) > 1
    return visit(where, Wanted(unit, YEAR, units, shared), fetch), fetch


@pytest.fixture(scope="module")
def collected(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Delivery]:
    home = tmp_path_factory.mktemp("home")
    books = recipes(home)
    return {number: once(site, unit, home, books)[0] for number, unit in enumerate(site.units())}


def test_the_right_report_of_the_right_year_for_each(collected: dict[int, Delivery]) -> None:
    missing = {LOOP, BROKEN, SCRIPT}
    for number, delivery in collected.items():
        if number in missing:
            assert delivery.entry is None
            continue
        assert delivery.entry is not None, (number, delivery.findings)
        assert names()[number] in delivery.entry.title
        assert str(YEAR) in delivery.entry.title
        assert "网站" not in delivery.entry.title
        assert [piece.role for piece in delivery.pieces] == ["page", *["attachment"] * (number % 3 == 1)], number
        page = delivery.pieces[0]
        text = page.data.decode("gb18030" if CMS[number % 5] == "ucap" else "utf-8")
        assert f"{YEAR}年1月1日" in text or f"{YEAR}年" in text
        assert names()[number] in text
        assert delivery.sure


def test_attachments_keep_their_kind(collected: dict[int, Delivery]) -> None:
    for delivery in collected.values():
        for piece in delivery.pieces[1:]:
            assert piece.name.endswith(".docx")
            assert piece.data.startswith(b"PK")
    assert collected[SHORT].pieces[0].data.count(b"<table") == 0


@pytest.mark.parametrize(
    ("number", "rule"), [(LOOP, "READ-WEB-LOOP"), (BROKEN, "READ-WEB-DOWN"), (SCRIPT, "READ-WEB-SCRIPT")]
)
def test_what_a_site_does_wrong_is_a_finding(collected: dict[int, Delivery], number: int, rule: str) -> None:
    assert [finding.rule for finding in collected[number].findings] == [rule]


def test_reasons_are_given_for_what_is_not_taken(collected: dict[int, Delivery]) -> None:
    reasons = {verdict.why for verdict in collected[0].verdicts if not verdict.take}
    assert "是通知或转发文件，不是报告本身" in reasons
    assert "是政府网站工作年度报表，不是信息公开年报" in reasons
    assert "是2024年的报告" in reasons
    assert collected[ENDPOINT].entry is not None


def test_polite_and_nothing_twice(site: Site, collected: dict[int, Delivery]) -> None:
    asked = Counter((request.host, request.path) for request in site.log if request.status < 500)
    assert [path for path, count in asked.items() if count > 1] == []
    assert len(collected) == 60
    for cms in CMS:
        times = [(r.began, r.ended) for r in site.log if r.host == site.host(cms)]
        assert len(times) > 12
        for (_, ended), (began, _) in pairwise(times):
            assert began - ended >= PAUSE * 0.8
    assert all("gongkai-etl" in request.agent and "0591" in request.agent for request in site.log)
    assert not any("guide.pdf" in request.path for request in site.log)


def test_second_visit_asks_conditionally_and_sees_a_silent_change(site: Site, tmp_path: Path) -> None:
    unit, books = site.units()[CHANGING], recipes(tmp_path)
    first, _ = once(site, unit, tmp_path, books, fresh=0)
    again, _ = once(site, unit, tmp_path, books, fresh=0)
    assert first.pieces[0].fingerprint == again.pieces[0].fingerprint  # only the visit counter moved
    assert any(r.conditional and r.status == 304 for r in site.log if f"/u{CHANGING}/index" in r.path)
    site.changed = True
    later, _ = once(site, unit, tmp_path, books, fresh=0)
    site.changed = False
    assert later.pieces[0].fingerprint != first.pieces[0].fingerprint


def test_one_dead_host_does_not_stop_the_next_list(site: Site, tmp_path: Path) -> None:
    unit, books = site.units()[5], recipes(tmp_path)
    where = plan(f"http://{site.host('trs')}/gone.html {unit.source}", books, unit, YEAR)
    found = visit(where, Wanted(unit, YEAR), fetcher(settings(tmp_path), where.hosts))
    assert found.entry is not None
    assert [finding.rule for finding in found.findings] == ["READ-WEB-GONE"]


def test_watching_tells_only_what_counts(site: Site, tmp_path: Path) -> None:
    unit, books = site.units()[CHANGING], recipes(tmp_path)
    first, _ = once(site, unit, tmp_path, books, fresh=0)
    known = {piece.url: identity(piece) for piece in first.pieces}
    assert news(first, {}) == tuple(first.pieces)
    again, _ = once(site, unit, tmp_path, books, fresh=0)
    assert again.pieces[0].data != first.pieces[0].data
    assert news(again, known) == ()
    site.changed = True
    later, _ = once(site, unit, tmp_path, books, fresh=0)
    site.changed = False
    assert [piece.role for piece in news(later, known)] == ["page"]

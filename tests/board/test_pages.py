"""The pages of the board: what they show, whom they let in, what hostile texts can do (nothing)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from gongkai_etl.board.services import Services
from gongkai_etl.model import Finding
from tests.board.county import HOSTILE, PLACED, TOWNS, YEAR

pytestmark = pytest.mark.integration
TOWN = TOWNS[0].code


def report_id(services: Services, code: str = TOWN, year: int = YEAR, current: bool = True) -> int:
    (row,) = services.warehouse.query(
        "SELECT r.id FROM gongkai.report r JOIN gongkai.submission s ON s.id = r.submission_id "
        "WHERE s.unit_code = :code AND s.year = :year AND s.is_current = :current",
        code=code,
        year=year,
        current=current,
    )
    return int(row["id"])


def test_progress_shows_every_unit_with_its_state(viewer: TestClient) -> None:
    text = viewer.get("/board").text
    for unit in TOWNS:
        assert unit.name in text
    assert "有错误" in text
    assert "未报送" in text
    assert "2026年1月15日" in text
    assert "<polyline" in text
    assert "有1个文件待认领" in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("state=未报送", "白沙乡", "石桥镇"),
        ("q=石桥", "石桥镇", "白沙乡"),
        ("kind=部门", "财政局", "石桥镇"),
        (f"year={YEAR - 1}", "石桥镇", HOSTILE),
    ],
)
def test_filters(viewer: TestClient, query: str, shown: str, hidden: str) -> None:
    body = viewer.get(f"/board?{query}").text.split("<tbody>")[1]
    assert shown in body
    assert hidden not in body


def test_unit_shows_versions_tables_findings_and_proof(viewer: TestClient, services: Services) -> None:
    text = viewer.get(f"/unit/{TOWN}?year={YEAR}").text
    assert "青溪镇初稿.pdf" in text
    assert "总计与各列之和不等" in text
    assert "总计=12345" in text
    assert "各列之和=12340" in text
    assert "怎么改：核对总计一列。" in text
    number = report_id(services)
    assert f'/report/{number}/cell/{PLACED}"' in text
    assert text.count('<table class="form') == 3
    assert len(re.findall(r'<td[^>]* id="t[234]\.', text)) == 200
    assert "点数字看它在原件里的样子" in text
    assert re.search(rf'id="{PLACED}" class="error"', text)
    assert re.search(r'id="t3.received.natural_person" class="hint"', text)
    assert re.search(r'id="t2.licences.decisions" class="unsure"', text)
    assert re.search(r'id="t4.reconsideration.total" class="gap"', text)


def test_hostile_texts_are_only_texts(viewer: TestClient, operator: TestClient, services: Services) -> None:
    left, right = report_id(services, year=YEAR - 1), report_id(services)
    paths = ["/board", f"/unit/{TOWN}", "/unclaimed", "/quality", f"/compare?left={left}&right={right}"]
    paths += [f"/report/{right}/cell/{PLACED}", f"/board?q={HOSTILE}"]
    for client in (viewer, operator):
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "<script>" not in answer.text
            assert "<img src=x" not in answer.text
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_proof_of_a_figure(viewer: TestClient, services: Services) -> None:
    number = report_id(services)
    page = viewer.get(f"/report/{number}/cell/{PLACED}").text
    assert "12345" in page
    assert "strip.png" in page
    picture = viewer.get(f"/report/{number}/cell/{PLACED}/strip.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert [item.key for item in services.objects.list(f"evidence/{YEAR}/{TOWN}/")]
    assert viewer.get(f"/report/{number}/cell/t4.reconsideration.total/strip.png").status_code == 404
    assert viewer.get(f"/report/{number}/cell/none").status_code == 404
    assert viewer.get("/report/999999/cell/none").status_code == 404


def test_the_strip_shows_the_figure_in_a_red_frame(viewer: TestClient, services: Services) -> None:
    import io

    from PIL import Image

    png = viewer.get(f"/report/{report_id(services)}/cell/{PLACED}/strip.png").content
    image = Image.open(io.BytesIO(png)).convert("RGB")
    colours = [(count, colour) for count, colour in image.getcolors(1_000_000) or [] if isinstance(colour, tuple)]
    red = sum(count for count, colour in colours if colour[0] > 150 and colour[1] < 90)
    dark = sum(count for count, colour in colours if max(colour) < 90)
    assert red > 100
    assert dark > 20
    assert image.height < 200


def test_two_versions_and_two_years_compared(viewer: TestClient, services: Services) -> None:
    older, newer = report_id(services, current=False), report_id(services)
    text = viewer.get(f"/compare?left={older}&right={newer}").text
    assert "1处数字不同" in text
    assert "+5" in text
    assert "<del>" in text
    last = report_id(services, year=YEAR - 1)
    assert "+12338" in viewer.get(f"/compare?left={last}&right={newer}").text
    other = report_id(services, TOWNS[1].code)
    assert viewer.get(f"/compare?left={other}&right={newer}").status_code == 400


def test_received_files_are_downloads_only(viewer: TestClient, services: Services) -> None:
    (row,) = services.warehouse.query(
        "SELECT id FROM gongkai.submission WHERE unit_code = :c AND is_current AND year = :y", c=TOWN, y=YEAR
    )
    answer = viewer.get(f"/file/{row['id']}")
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_notice_says_what_is_open_now(viewer: TestClient) -> None:
    import io

    from docx import Document

    assert viewer.get(f"/unit/{TOWNS[1].code}/notice?year={YEAR}").status_code == 404
    answer = viewer.get(f"/unit/{TOWN}/notice?year={YEAR}")
    assert answer.headers["content-disposition"].startswith("attachment")
    words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs)
    assert "退回修改通知" in words
    assert "总计与各列之和不等" in words


def test_anonymous_is_led_to_the_login_everywhere(anonymous: TestClient, app: FastAPI) -> None:
    public = {"/handin/{token}", "/metrics"}
    seen = 0
    for route in routes(app):
        if route.path in public:
            continue
        path = re.sub(r"\{[^}]+\}", "1", route.path)
        for method in route.methods or set():
            answer = anonymous.request(method, path)
            seen += 1
            if method == "GET":
                assert answer.status_code == 303, path
                assert answer.headers["location"].startswith("/auth/login?next=")
            else:
                assert answer.status_code == 401, path
    assert seen >= 15
    assert anonymous.get("/board", headers={"accept": "application/json"}).status_code == 401


def routes(app: FastAPI) -> list[APIRoute]:
    """All routes, also of routers that are included lazily."""
    found: list[APIRoute] = []

    def walk(items: Any) -> None:
        for item in items:
            if isinstance(item, APIRoute):
                found.append(item)
            elif hasattr(item, "original_router"):
                walk(item.original_router.routes)

    walk(app.routes)
    return found


def test_viewer_cannot_decide(viewer: TestClient, app: FastAPI, services: Services) -> None:
    token = services.signer.form("小王")
    posts = [route for route in routes(app) if "POST" in (route.methods or set()) and "{token}" not in route.path]
    assert len(posts) >= 6
    for route in posts:
        path = re.sub(r"\{[^}]+\}", TOWN, route.path)
        assert viewer.post(path, data={"csrf": token, "year": YEAR}).status_code == 403, path
    page = viewer.get(f"/unit/{TOWN}").text
    assert '<form class="decide"' not in page
    assert "上传报告" not in page


def test_metrics_by_token_or_session(anonymous: TestClient, viewer: TestClient) -> None:
    assert anonymous.get("/metrics", headers={"accept": "text/plain"}).status_code == 401
    assert anonymous.get("/metrics", headers={"authorization": "Bearer wrong", "accept": "*/*"}).status_code == 401
    text = anonymous.get("/metrics", headers={"authorization": "Bearer monitor"}).text
    assert f'gongkai_units{{year="{YEAR}",state="有错误"}} 1' in text
    assert f'gongkai_findings_open{{year="{YEAR}",severity="error"}} 1' in text
    assert f'gongkai_cells_doubtful{{year="{YEAR}",kind="uncertain"}} 2' in text
    assert "gongkai_unclaimed_files 1" in text
    for line in text.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z_]+(\{[^}]*\})? [0-9.e+-]+", line), line
    assert viewer.get("/metrics").status_code == 200


def test_quality(viewer: TestClient) -> None:
    text = viewer.get(f"/quality?year={YEAR}").text
    assert "T3-TOTAL" in text
    assert "pdf" in text
    assert TOWNS[0].name in text


def test_unknown_pages_are_messages(viewer: TestClient) -> None:
    answer = viewer.get("/unit/none")
    assert answer.status_code == 404
    assert "名册里没有这个单位" in answer.text
    assert viewer.get("/nowhere").status_code == 404
    assert viewer.get("/board?year=abc").status_code == 422


def test_mounted_below_a_prefix_links_stay_below_it(app: FastAPI) -> None:
    outer = FastAPI()
    outer.mount("/gongkai", app)
    client = TestClient(outer, headers={"x-test-user": quote("小王:viewer"), "accept": "text/html"})
    text = client.get("/gongkai/board").text
    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
    assert links
    assert all(link.startswith("/gongkai/") for link in links)
    assert client.get("/gongkai/static/board.css").status_code == 200


def test_trouble_at_a_source_is_shown(viewer: TestClient, services: Services) -> None:
    finding = Finding("READ-WEB-SCRIPT", "warning", "列表由脚本生成，需要人工处理", text="http://x.example/")
    services.warehouse.save_source_findings(TOWNS[2].code, YEAR, [finding])
    for path in (f"/unit/{TOWNS[2].code}?year={YEAR}", f"/quality?year={YEAR}"):
        assert "列表由脚本生成，需要人工处理" in viewer.get(path).text

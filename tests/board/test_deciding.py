"""What operators and clerks do: verdicts, claims, uploads, links, and what stops everyone else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from gongkai_etl.board.guards import Link, Signer, secret_of
from gongkai_etl.board.services import Services
from gongkai_etl.errors import GongkaiError
from gongkai_etl.settings import Settings
from tests.board.county import TOWNS, YEAR

pytestmark = pytest.mark.integration
TOWN = TOWNS[0].code


def standing(services: Services) -> list[tuple[str, str | None]]:
    return [(item.finding.rule, item.decision) for item in services.warehouse.findings(YEAR, TOWN)]


def verdict(services: Services, **changes: object) -> dict[str, object]:
    (item,) = (i for i in services.warehouse.findings(YEAR, TOWN) if i.finding.rule == "T3-TOTAL")
    given = {"year": YEAR, "rule": "T3-TOTAL", "binding": item.binding, "decision": "waive"}
    return {**given, "reason": "已与单位核实", "csrf": services.signer.form("老李"), **changes}


def test_a_finding_is_waived_and_taken_back(operator: TestClient, services: Services) -> None:
    answer = operator.post(f"/unit/{TOWN}/verdict", data=verdict(services))
    assert answer.status_code == 303
    assert ("T3-TOTAL", "waive") in standing(services)
    page = operator.get(f"/unit/{TOWN}").text
    assert "核实后保留：已与单位核实（老李" in page
    assert "有错误" not in page.split("<h2>")[0]
    (given,) = services.warehouse.list_verdicts(YEAR, TOWN)
    back = {"csrf": services.signer.form("老李"), "year": YEAR, "number": given.id}
    assert operator.post(f"/unit/{TOWN}/revoke", data=back).status_code == 303
    assert ("T3-TOTAL", None) in standing(services)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"csrf": ""}, 403),
        ({"csrf": "forged"}, 403),
        ({"reason": ""}, 422),
        ({"decision": "delete"}, 422),
        ({"binding": "T3-TOTAL|总计=1|各列之和=2"}, 409),
        ({"rule": "T4-TOTAL"}, 409),
    ],
)
def test_verdicts_that_are_refused(
    operator: TestClient, services: Services, changes: dict[str, object], status: int
) -> None:
    before = standing(services)
    assert operator.post(f"/unit/{TOWN}/verdict", data=verdict(services, **changes)).status_code == status
    assert standing(services) == before


def test_a_form_of_another_visitor_or_site_is_refused(operator: TestClient, services: Services) -> None:
    other = verdict(services, csrf=services.signer.form("小王"))
    assert operator.post(f"/unit/{TOWN}/verdict", data=other).status_code == 403
    foreign = {"sec-fetch-site": "cross-site"}
    assert operator.post(f"/unit/{TOWN}/verdict", data=verdict(services), headers=foreign).status_code == 403


def test_operator_uploads_and_sees_the_check_at_once(operator: TestClient, services: Services, csrf: str) -> None:
    form = {"csrf": csrf, "year": YEAR}
    page = operator.post(f"/unit/{TOWN}/handin", data=form, files={"file": ("年报.pdf", b"%PDF wrong")}).text
    assert "有1处错误需要改正" in page
    assert "T3-TOTAL" in page
    assert "没有上一年的报告" in page
    waiting = [item.key for item in services.objects.list(f"inbox/{YEAR}/{TOWNS[0].name}/")]
    assert len(waiting) == 1
    assert services.objects.get(waiting[0]) == b"%PDF wrong"
    again = operator.post(f"/unit/{TOWN}/handin", data=form, files={"file": ("年报.pdf", b"%PDF good")}).text
    assert "核对通过" in again
    only = {**form, "only_check": "true"}
    operator.post(f"/unit/{TOWN}/handin", data=only, files={"file": ("试.pdf", b"%PDF try")})
    assert len(list(services.objects.list(f"inbox/{YEAR}/{TOWNS[0].name}/"))) == 2


def test_a_file_that_cannot_be_read_is_told_and_kept(operator: TestClient, services: Services, csrf: str) -> None:
    form = {"csrf": csrf, "year": YEAR}
    page = operator.post(f"/unit/{TOWNS[2].code}/handin", data=form, files={"file": ("坏.pdf", b"damaged")}).text
    assert "文件已损坏，请重新导出" in page
    assert len(list(services.objects.list(f"inbox/{YEAR}/{TOWNS[2].name}/"))) == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [("a.exe", b"MZ", "不接受"), ("a.pdf", b"", "文件是空的"), ("a.pdf", b"x" * (2**20 + 1), "文件超过1 MB")],
)
def test_files_that_are_not_accepted(operator: TestClient, csrf: str, name: str, data: bytes, said: str) -> None:
    answer = operator.post(f"/unit/{TOWN}/handin", data={"csrf": csrf, "year": YEAR}, files={"file": (name, data)})
    assert answer.status_code == 400
    assert said in answer.text


def test_bodies_beyond_the_limit_are_not_read(operator: TestClient, csrf: str) -> None:
    big = {"file": ("a.pdf", b"x" * (3 * 2**20))}
    assert operator.post(f"/unit/{TOWN}/handin", data={"csrf": csrf, "year": YEAR}, files=big).status_code == 413

    def endless() -> Iterator[bytes]:
        yield b"x"

    answer = operator.post(f"/unit/{TOWN}/handin", content=endless())
    assert answer.status_code == 411


def test_clerk_hands_in_by_a_link_and_reaches_nothing_else(
    anonymous: TestClient, operator: TestClient, services: Services, csrf: str
) -> None:
    page = operator.post(f"/unit/{TOWNS[1].code}/link", data={"csrf": csrf, "year": YEAR}).text
    path = page.split("http://testserver")[1].split('"')[0]
    form = anonymous.get(path)
    assert form.status_code == 200
    assert TOWNS[1].name in form.text
    assert 'href="/board"' not in form.text
    assert "/unit/" not in form.text
    done = anonymous.post(path, files={"file": ("石桥.pdf", b"%PDF clerk")})
    assert "核对通过" in done.text
    assert len(list(services.objects.list(f"inbox/{YEAR}/{TOWNS[1].name}/"))) == 1
    assert anonymous.get(f"/unit/{TOWNS[1].code}").status_code == 303
    assert anonymous.get(path[:-8] + "x" * 8).status_code == 410
    forged = Signer("other secret", 14).link(Link(TOWN, YEAR))
    assert anonymous.post(f"/handin/{forged}", files={"file": ("a.pdf", b"%PDF")}).status_code == 401
    a_form_is_no_link = services.signer.form("老李")
    assert anonymous.get(f"/handin/{a_form_is_no_link}").status_code == 410


def test_links_expire() -> None:
    signer = Signer("secret", 0)
    token = signer.link(Link(TOWN, YEAR))
    import time

    time.sleep(1.1)
    with pytest.raises(GongkaiError, match="LINK-EXPIRED"):
        signer.read_link(token)


def test_the_secret_is_made_once_and_only_ours_to_read(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    secret = secret_of(settings)
    assert len(secret) > 40
    assert secret_of(settings) == secret
    assert (settings.home / "board.secret").stat().st_mode & 0o077 == 0


def test_a_withdrawn_file_gives_way_to_the_one_before(operator: TestClient, services: Services, csrf: str) -> None:
    (row,) = services.warehouse.query(
        "SELECT sha256 FROM gongkai.submission WHERE unit_code = :c AND year = :y AND is_current", c=TOWN, y=YEAR
    )
    form = {"csrf": csrf, "year": YEAR, "sha256": row["sha256"], "reason": "单位来函撤回"}
    assert operator.post(f"/unit/{TOWN}/withdraw", data=form).status_code == 303
    page = operator.get(f"/unit/{TOWN}?year={YEAR}").text
    assert "已撤回：单位来函撤回" in page
    services.warehouse.query(
        "UPDATE gongkai.submission SET withdrawn_at = NULL, withdrawn_by = NULL, withdrawn_reason = NULL RETURNING 1"
    )


def test_an_unclaimed_file_is_claimed_once(operator: TestClient, services: Services, csrf: str) -> None:
    (row,) = services.warehouse.query("SELECT sha256 FROM gongkai.unclaimed WHERE claimed_at IS NULL")
    assert operator.get(f"/unclaimed/{row['sha256']}").content == b"%PDF stray"
    form = {"csrf": csrf, "unit": TOWNS[3].code, "year": YEAR}
    assert operator.post(f"/unclaimed/{row['sha256']}", data=form).status_code == 303
    (claimed,) = services.warehouse.query("SELECT claimed_unit, claimed_year, claimed_by FROM gongkai.unclaimed")
    assert claimed == {"claimed_unit": TOWNS[3].code, "claimed_year": YEAR, "claimed_by": "老李"}
    assert operator.post(f"/unclaimed/{row['sha256']}", data=form).status_code == 404
    assert "没有待认领的文件" in operator.get("/unclaimed").text


def test_a_check_that_breaks_loses_no_file(
    operator: TestClient, services: Services, csrf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(services, "precheck", broken)
    form, files = {"csrf": csrf, "year": YEAR}, {"file": ("稳.pdf", b"%PDF kept")}
    page = operator.post(f"/unit/{TOWNS[3].code}/handin", data=form, files=files).text
    assert "系统核对时出错" in page
    assert "文件已收到" in page
    assert b"%PDF kept" in [
        services.objects.get(item.key) for item in services.objects.list(f"inbox/{YEAR}/{TOWNS[3].name}/")
    ]

"""A county of 60 units on five hosts in five CMS markups, for tests: serves, misbehaves, writes an access log.

Each host is another loopback address, so that politeness is measured host by host.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from gongkai_etl.collect import roster
from gongkai_etl.model import Unit
from tests.collect.forms import Made, as_docx, as_html

YEAR = 2025
CMS = ("trs", "jpage", "vsb", "ucap", "aspnet")
COUNTY = "云岭县"
LOOP, BROKEN, SLOW, SCRIPT, ENDPOINT, SHORT, CHANGING = 10, 15, 20, 25, 30, 7, 35
TOWNS = "青溪 河口 石桥 白沙 大坪 龙泉 双河 平安 新田 高岭 长滩 云峰 东阳 西岭 南湖 北塘 清水 金鸡 凤凰 松林"
OFFICES = (
    "财政 教育 民政 司法 审计 统计 林业 水利 交通运输 农业农村 自然资源 生态环境 住房和城乡建设 文化和旅游 "
    "卫生健康 应急管理 市场监督管理 医疗保障 退役军人事务 信访 公安 商务 发展和改革 人力资源和社会保障 "
    "工业和信息化 城市管理 科学技术 民族宗教事务 粮食和物资储备 机关事务管理 政务服务管理 乡村振兴 行政审批服务 "
    "国防动员 投资促进 数据 供销合作 档案 地方志 老龄"
)


@dataclass
class Request:
    """One line of the access log; times in seconds of the monotonic clock."""

    host: str
    path: str
    agent: str
    conditional: bool
    status: int
    began: float
    ended: float


@dataclass
class Site:
    """The running site. ``version`` of CHANGING is what its page shows."""

    port: int
    log: list[Request] = field(default_factory=list)
    changed: bool = False

    def host(self, cms: str) -> str:
        return f"127.0.0.{2 + CMS.index(cms)}:{self.port}"

    def source(self, number: int) -> str:
        cms = CMS[number % 5]
        if number == ENDPOINT:
            return f"endpoint http://{self.host(cms)}/json/index.html"
        shared = {"jpage": "col/col101/index.html", "ucap": "zfxxgknb/index.shtml"}.get(cms)
        own = {"trs": "index.html", "vsb": "zfxxgknb.htm", "aspnet": "InfoPublic.aspx?cid=1019&page=1"}.get(cms)
        return f"http://{self.host(cms)}/{shared or f'u{number}/{own}'}"

    def units(self) -> tuple[Unit, ...]:
        return tuple(
            Unit(f"{number:04}", name, "乡镇" if number < 20 else "部门", source=self.source(number))
            for number, name in enumerate(names())
        )


@cache
def names() -> tuple[str, ...]:
    towns = [f"{COUNTY}{name}镇人民政府" for name in TOWNS.split()]
    return tuple([*towns, *(f"{COUNTY}{name}局" for name in OFFICES.split())][:60])


def entries(number: int) -> list[tuple[str, str, str]]:
    """(path of the article, title, date) as listed: the report among its neighbours, newest first."""
    name = names()[number]
    style = number % 3
    title = {
        0: f"{name}2025年政府信息公开工作年度报告",
        1: f"{name}2025年度政府信息公开工作年度报告",
        2: f"2025年{name}政府信息公开年度报告",
    }[style]
    return [
        (f"u{number}/n1", "关于做好2025年政府信息公开工作年度报告编制发布工作的通知", "2026-01-28"),
        (f"u{number}/n2", f"{name}2025年政府网站工作年度报表", "2026-01-22"),
        (f"u{number}/r2025", title, f"2026-01-{5 + number % 20:02}"),
        (f"u{number}/n3", f"{name}2025年度行政执法统计年报", "2026-01-04"),
        (f"u{number}/r2024", f"{name}2024年政府信息公开工作年度报告", "2025-01-16"),
        (f"u{number}/r2023", f"{name}2023年政府信息公开工作年度报告", "2024-01-12"),
    ]


def page(title: str, body: str, charset: str = "utf-8") -> bytes:
    head = f'<head><meta charset="{charset}"><title>{title}</title></head>'
    text = f"<!DOCTYPE html><html>{head}<body>{body}</body></html>"
    return text.encode("gb18030" if charset == "gb2312" else "utf-8")


def trs_list(number: int) -> bytes:
    rows = "".join(
        f'<dd><a href="./{path.split("/")[1]}/t{day.replace("-", "")}_{number}.htm" title="{t}">{t[:18]}…</a>'
        f"{day}</dd>"
        for path, t, day in entries(number)
    )
    return page(
        "年报",
        f"<div class='nav'><li><a href='/'>首页</a></li></div><dl>{rows}</dl><script>var countPage=1</script>",
    )


def vsb_list(number: int) -> bytes:
    rows = "".join(
        f'<li id="line_u5_{i}"><a href="info/{path.split("/")[1]}.htm" title="{t}">{t}</a><span>{day}</span></li>'
        for i, (path, t, day) in enumerate(entries(number))
    )
    return page("年报", f"<ul class='menu'><li><a href='/'>首页</a></li></ul><ul>{rows}</ul>")


def aspnet_list(number: int, n: int) -> bytes:
    part = entries(number)[2 * n - 2 : 2 * n]  # two a page: the report stands on the second
    rows = "".join(
        f'<tr><td>00{i}</td><td><a href="Info.aspx?id={path.split("/")[1]}">{t}</a></td>'
        f"<td>{day.replace('-', '/')}</td></tr>"
        for i, (path, t, day) in enumerate(part)
    )
    return page("年报", f"<table><tr><th>索引号</th><th>名称</th><th>日期</th></tr>{rows}</table>")


def jpage_list() -> bytes:
    lines = [e for number in range(1, 60, 5) for e in entries(number)]
    records = "".join(
        f'<record><![CDATA[<li><a href="/art/2026/1/15/art_{p.replace("/", "_")}.html" title="{t}">{t}</a>'
        f"<span>{day}</span></li>]]></record>"
        for p, t, day in lines
    )
    script = f'<script type="text/xml"><datastore><recordset>{records}</recordset></datastore></script>'
    return page("年报", f"<div id='list'>{script}</div>")


def ucap_list(n: int) -> bytes:
    lines = [e for number in range(3, 60, 5) for e in entries(number)]
    part = lines[30 * n - 30 : 30 * n]
    rows = "".join(
        f'<li><a href="/c101/202601/{p.replace("/", "x")}.shtml">{t}</a><span>{day.replace("-", ".")}</span></li>'
        for p, t, day in part
    )
    return page("年报", f"<ul class='list'>{rows}</ul>", "gb2312")


def article(site: Site, number: int, kind: str, cms: str) -> bytes:
    """The page of one entry; reports carry the tables and every third a DOCX beside them."""
    name = names()[number]
    if not kind.startswith("r"):
        return page("其他", "<div id='zoom'><p>另一份文件。</p></div>")
    made = Made(name, int(kind[1:]), number + (100 if site.changed and number == CHANGING else 0))
    body = as_html(made)
    if number == SHORT:
        body = f"<p>{made.title}</p>"
    if number % 3 == 1:
        link = "/system/_content/download.jsp?wbfileid=9" if cms == "vsb" else "/files/report"
        ending = "" if cms == "vsb" else f"_{number}_{kind}.docx"
        suffix = f"&owner={number}_{kind}" if cms == "vsb" else ""
        body += f'<p>附件：<a href="{link}{ending}{suffix}">{made.title}.docx</a></p>'
    wrap = {
        "trs": "<div class='TRS_UEDITOR'>{}</div>",
        "jpage": "<div id='zoom'>{}</div>",
        "vsb": "<form name='_newscontent_fromname'><div id='vsb_content'>{}</div></form>",
        "ucap": "<ucaptitle>x</ucaptitle><ucapcontent>{}</ucapcontent><publishtime>2026-01-15</publishtime>",
        "aspnet": "<div id='content'>{}</div>",
    }[cms]
    counter = f"<div class='foot'>访问量：{time.monotonic_ns()} <a href='/files/guide.pdf'>使用指南</a></div>"
    return page(escape(made.title), wrap.replace("{}", body) + counter, "gb2312" if cms == "ucap" else "utf-8")


def answer(site: Site, cms: str, path: str) -> tuple[int, str, bytes, dict[str, str]]:
    """(status, content type, body, further headers) for one request."""
    parts = urlsplit(path)
    if parts.path == "/robots.txt":
        return 200, "text/plain", b"User-agent: *\nDisallow: /private/\n", {}
    kind = "text/html; charset=gb2312" if cms == "ucap" else "text/html"
    words = parts.path.strip("/").split("/")
    if parts.path.startswith("/json/"):
        return _json(parts.path)
    if "report_" in parts.path or "download.jsp" in parts.path:
        key = parse_qs(parts.query).get("owner", [""])[0] or parts.path.split("report_")[1].removesuffix(".docx")
        number, year = int(key.split("_")[0]), int(key.split("_")[1][1:])
        disposition = {"Content-Disposition": "attachment; filename*=UTF-8''report.docx"}
        return 200, "application/octet-stream", as_docx(Made(names()[number], year, number)), disposition
    for test, body in (
        (parts.path == "/col/col101/index.html", jpage_list),
        (parts.path == "/zfxxgknb/index.shtml", lambda: ucap_list(1)),
        (parts.path.startswith("/zfxxgknb/index_"), lambda: ucap_list(int(parts.path[16:-6]))),
    ):
        if test:
            return 200, kind, body(), {}
    if not words[0].startswith("u") and "art_" not in path and "/c101/" not in path:
        return 404, "text/html", b"none", {}
    return _unit_answer(site, cms, parts.path, words, parse_qs(parts.query), kind)


def _unit_answer(
    site: Site, cms: str, path: str, words: list[str], query: dict[str, list[str]], kind: str
) -> tuple[int, str, bytes, dict[str, str]]:
    if "art_" in path or "/c101/" in path:
        number_text, key = words[-1].rsplit(".", 1)[0].removeprefix("art_").replace("x", "_").split("_")
        return 200, kind, article(site, int(number_text[1:]), key, cms), {}
    number = int(words[0][1:])
    if number == LOOP:
        return 302, "text/html", b"", {"Location": f"/u{number}/{'b' if path.endswith('.html') else 'index.html'}"}
    if number == BROKEN:
        return 500, "text/html", b"error", {}
    if number == SCRIPT:
        return 200, kind, page("年报", "<div id='app'></div><script src='/app.js'></script>"), {}
    if number == SLOW and "index" in path:
        time.sleep(0.5)
    if len(words) == 2 and words[1] in ("index.html", "zfxxgknb.htm", "InfoPublic.aspx"):
        n = int(query.get("page", ["1"])[0])
        listed = {"trs": trs_list, "vsb": vsb_list}.get(cms) or (lambda u: aspnet_list(u, n))
        return 200, kind, listed(number), {"ETag": f'"list-{number}-{n}"'}
    key = (
        query["id"][0] if "id" in query else next((w for w in words[1:] if w[0] in "rn"), "").removesuffix(".htm")
    )
    return (200, kind, article(site, number, key, cms), {}) if key else (404, "text/html", b"none", {})


def _json(path: str) -> tuple[int, str, bytes, dict[str, str]]:
    if path.endswith(".html"):
        return 200, "text/html", page("年报", "<div id='list'></div><script src='/list.js'></script>"), {}
    rows = [
        {
            "name": t,
            "href": f"/u{ENDPOINT}/{p.split('/')[1]}/t1.htm",
            "time": 1768500000000 if "2026" in day else day,
        }
        for p, t, day in entries(ENDPOINT)
    ]
    return 200, "application/json", json.dumps({"data": {"rows": rows}}).encode(), {}


ENDPOINT_RECIPE = """
about: 测试站点的脚本列表
family: trs
endpoint: {url: /json/list.json, items: data.rows, title: name, link: href, date: time}
"""


def prepared(site: Site, folder: Path, pause: float) -> dict[str, object]:
    """Roster and recipes in ``folder``; gives the settings (without GONGKAI_) under which the county is collected."""
    units = (Unit("C", f"{COUNTY}人民政府", "县"), *site.units())
    (folder / "units.csv").write_bytes(roster.dump(units, "csv"))
    (folder / "endpoint.yaml").write_text(ENDPOINT_RECIPE, "utf-8")
    return {
        "ROSTER": folder / "units.csv",
        "COLLECT_RECIPES": folder,
        "COLLECT_CONTACT": "0591-0000000",
        "COLLECT_ALLOW_LOOPBACK": "true",
        "COLLECT_PAUSE_S": pause,
        "COLLECT_ATTEMPTS": 1,
    }


@contextmanager
def serve() -> Iterator[Site]:
    """Run the site on all five addresses until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            began = time.monotonic()
            cms = CMS[int(self.connection.getsockname()[0].split(".")[3]) - 2]
            status, kind, body, headers = answer(site, cms, self.path)
            conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            agent = self.headers.get("User-Agent", "")
            host = self.headers["Host"]
            site.log.append(Request(host, self.path, agent, conditional, status, began, time.monotonic()))

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()

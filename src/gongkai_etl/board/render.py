"""HTML from templates: everything is escaped, dates are Chinese, links know where the board is mounted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import jinja2
from fastapi import Request
from starlette.responses import HTMLResponse

from gongkai_etl.board.services import Services
from gongkai_etl.text import chinese_date

SEVERITIES = {"error": "错误", "warning": "警告", "notice": "提示"}
DECISIONS = {"confirm": "确认有误", "waive": "核实后保留"}
ORIGINS = {
    "inbox": "收件箱",
    "folder": "收件文件夹",
    "upload": "网页上传",
    "mail": "电子邮件",
    "web": "网站采集",
    "claimed": "人工认领",
}
CELL_STATES = {
    "blank": "空白",
    "not_applicable": "不适用",
    "text": "不是数字",
    "unread": "未能读出",
    "absent": "表中无此项",
}
STATE_CLASSES = {
    "未报送": "missing",
    "已收到": "received",
    "读取有疑": "doubt",
    "有错误": "errors",
    "有提示": "hints",
    "已通过": "passed",
    "已核准": "approved",
    "迟报": "late",
    "撤回": "missing",
}


@cache
def environment() -> jinja2.Environment:
    """The templates; ``None`` prints as nothing."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: "" if value is None else value,
    )
    made.filters |= {"day": chinese_date, "figure": figure, "size": size, "origin": origin, "readers": readers}
    made.globals |= {
        "SEVERITIES": SEVERITIES,
        "DECISIONS": DECISIONS,
        "CELL_STATES": CELL_STATES,
        "STATE_CLASSES": STATE_CLASSES,
    }
    return made


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The answer with this template filled in."""
    services: Services = request.app.state.services
    found = getattr(request.state, "visitor", None)
    root: str = request.scope.get("root_path", "").rstrip("/")

    def link(path: str, **query: Any) -> str:
        told = {name: value for name, value in query.items() if value not in (None, "")}
        return f"{root}{quote(path)}" + (f"?{urlencode(told)}" if told else "")

    text = (
        environment()
        .get_template(template)
        .render(
            link=link,
            visitor=found,
            csrf=services.signer.form(found.name) if found else "",
            moment=lambda value: moment(value, services.zone),
            **values,
        )
    )
    return HTMLResponse(text, status)


def moment(value: datetime | None, zone: ZoneInfo) -> str:
    """2026年1月15日 9:05 in the office's time zone."""
    if value is None:
        return ""
    local = value.astimezone(zone)
    return f"{chinese_date(local)} {local.hour}:{local.minute:02}"


def figure(cell: Mapping[str, Any] | None) -> str:
    """A figure as it is shown in a table: what was printed, or why there is none."""
    if cell is None or cell["state"] == "absent":
        return "—"
    if cell["state"] == "unread":
        return "？"
    if cell["raw"]:
        return str(cell["raw"]).strip()
    value: Decimal | None = cell["value"]
    return "" if value is None else f"{value:f}"


def origin(value: str | None) -> str:
    """How a file arrived; what follows the first word (an address) is left out."""
    word = (value or "").split(" ")[0]
    return ORIGINS.get(word, word)


def readers(value: str | None) -> str:
    """The ways in which a figure was read (``grid+aligned``) in words."""
    from gongkai_etl.extract.proof import READERS

    return "、".join(READERS.get(word, word) for word in (value or "").split("+") if word)


def size(value: int) -> str:
    """Bytes in words."""
    return f"{value / 2**20:.1f} MB" if value >= 2**20 else f"{max(1, value // 1024)} KB"

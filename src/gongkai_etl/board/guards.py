"""What stands between the board and a hostile world: signed tokens, response headers, size limits."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gongkai_etl.board.access import Visitor, visitor
from gongkai_etl.errors import GongkaiError
from gongkai_etl.settings import Settings

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
}
_FORM_HOURS = 12


@dataclass(frozen=True, slots=True)
class Link:
    """What an upload link is good for."""

    unit: str
    year: int


class Signer:
    """Signs forms and upload links with one secret."""

    def __init__(self, secret: str, link_days: int) -> None:
        self._forms = URLSafeTimedSerializer(secret, salt="board-form")
        self._links = URLSafeTimedSerializer(secret, salt="board-link")
        self._seconds = link_days * 86_400

    def form(self, name: str) -> str:
        """The hidden value of every form of this visitor."""
        return self._forms.dumps(name)

    def form_is(self, token: str, name: str) -> bool:
        """Whether the value was made for this visitor, not too long ago."""
        try:
            return bool(self._forms.loads(token, max_age=_FORM_HOURS * 3600) == name)
        except BadSignature:
            return False

    def link(self, link: Link) -> str:
        """The last part of an upload link."""
        return self._links.dumps([link.unit, link.year])

    def read_link(self, token: str) -> Link:
        """What the link is good for. Raises GongkaiError in words for the clerk."""
        try:
            unit, year = self._links.loads(token, max_age=self._seconds)
        except SignatureExpired as error:
            raise GongkaiError("LINK-EXPIRED", "上传链接已过期，请向主管部门要一个新链接。") from error
        except (BadSignature, ValueError, TypeError) as error:
            raise GongkaiError("LINK-INVALID", "上传链接不完整，请从原消息里重新复制。") from error
        return Link(str(unit), int(year))


def secret_of(settings: Settings) -> str:
    """The secret of the settings, else one that is made once and kept in the home."""
    if settings.board_secret is not None:
        return settings.board_secret.get_secret_value()
    path = Path(settings.home) / "board.secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text("ascii")


async def same_site(
    request: Request, found: Annotated[Visitor, Depends(visitor)], csrf: Annotated[str, Form()] = ""
) -> None:
    """Dependency of every form of signed-in visitors. Raises HTTPException 403 on a foreign form."""
    foreign = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
    signer: Signer = request.app.state.services.signer
    if foreign or not signer.form_is(csrf, found.name):
        raise HTTPException(403, "页面已过期或来源不对，请返回刷新后再试。")


Admit = Callable[[Request], Awaitable[bool]]


class Limits:
    """Middleware: security headers on every answer; bodies are refused unread when they are beyond a length,
    have none, or come from someone who may not send any.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, admit: Admit) -> None:
        self._app = app
        self._max = max_bytes
        self._admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safe_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name.lower() for name, _ in message["headers"]}
                extra = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in named]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        refusal = await self._refusal(scope)
        await (refusal or self._app)(scope, receive, safe_send)

    async def _refusal(self, scope: Scope) -> ASGIApp | None:
        from starlette.responses import PlainTextResponse

        if scope["method"] not in ("POST", "PUT", "PATCH", "DELETE"):
            return None
        if not await self._admit(Request(scope)):
            return PlainTextResponse("请先登录，或使用有效的上传链接。", 401)
        length = dict(scope["headers"]).get(b"content-length", b"")
        if not length.isdigit():
            return PlainTextResponse("请求没有写明长度。", 411)
        if int(length) > self._max:
            return PlainTextResponse("文件太大，请压缩图片或导出为PDF后再上传。", 413)
        return None


async def may_send(request: Request) -> bool:
    """Whether anything is read from this sender: a visitor, or the holder of a valid upload link."""
    token = request.url.path.partition("/handin/")[2]
    if not token:
        found: Visitor | None = await request.app.state.auth.visitor(request)
        return found is not None
    try:
        request.app.state.services.signer.read_link(token)
    except GongkaiError:
        return False
    return True

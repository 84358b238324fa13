"""The board as an ASGI application; inside Airflow it is mounted by ``plugins/gongkai_board.py``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from gongkai_etl.board.access import Auth, LoginRequiredError, visitor
from gongkai_etl.board.guards import Limits, may_send
from gongkai_etl.board.pages import files, handin, metrics, progress, quality, unclaimed, unit
from gongkai_etl.board.render import page
from gongkai_etl.board.services import Services, connect
from gongkai_etl.errors import GongkaiError
from gongkai_etl.settings import Settings
from gongkai_etl.settings import settings as read_settings

_FORM_BYTES = 2**20


def create(auth: Auth, services: Services | None = None, settings: Settings | None = None) -> FastAPI:
    """The application. Everything but upload links, metrics (by token) and styles needs a visitor."""
    chosen = settings or read_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.services.precheck.close()

    app = FastAPI(title="收集看板", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.auth = auth
    app.state.services = services or connect(chosen)
    for module in (progress, unit, files, handin, unclaimed, quality):
        app.include_router(module.router, dependencies=[Depends(visitor)])
    for open_module in (handin, metrics):
        app.include_router(open_module.public)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    most = chosen.board_max_upload_mb * 2**20 + _FORM_BYTES
    app.add_middleware(Limits, max_bytes=most, admit=may_send)
    _errors(app)
    return app


def for_airflow() -> FastAPI:
    """The application with Airflow's session as its auth."""
    from gongkai_etl.board.airflow_auth import AirflowAuth

    return create(AirflowAuth())


def _errors(app: FastAPI) -> None:
    """Every error is a page in Chinese that says what to do."""

    @app.exception_handler(LoginRequiredError)
    async def login(request: Request, error: LoginRequiredError) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(app.state.auth.login_url(request), 303)
        return PlainTextResponse("请先登录。", 401)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        return _page(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        fields = "、".join(str(fault["loc"][-1]) for fault in error.errors())
        return _page(request, 422, f"填写的内容不完整或不正确（{fields}），请返回修改。")

    @app.exception_handler(GongkaiError)
    async def ours(request: Request, error: GongkaiError) -> Response:
        status = 503 if isinstance(error, ConnectionError) else 410 if error.code.startswith("LINK-") else 400
        return _page(request, status, error.message)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        return _page(request, 500, "系统出错了，已记入日志。请稍后再试，仍不行请联系维护人员。")


def _page(request: Request, status: int, message: Any) -> Response:
    return page(request, "message.html", status, message=str(message))

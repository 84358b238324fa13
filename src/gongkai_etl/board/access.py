"""Who is looking, and what they may do. Where the answer comes from (Airflow, a test) is plugged in."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, HTTPException, Request


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone who is signed in. Everyone reads; who ``decides`` gives verdicts, claims, uploads, makes links."""

    name: str
    decides: bool


class Auth(Protocol):
    """Finds the visitor of a request."""

    def visitor(self, request: Request) -> Awaitable[Visitor | None]:
        """The visitor, or None when nobody is signed in or may read."""

    def login_url(self, request: Request) -> str:
        """Where to sign in and come back from."""


class LoginRequiredError(Exception):
    """Nobody is signed in: pages lead to the login, everything else answers 401."""


async def visitor(request: Request) -> Visitor:
    """Dependency of every page that is not public. Raises LoginRequiredError."""
    auth: Auth = request.app.state.auth
    found = await auth.visitor(request)
    if found is None:
        raise LoginRequiredError
    request.state.visitor = found
    return found


async def decider(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Dependency of everything that changes something. Raises HTTPException 403 for readers."""
    if not found.decides:
        raise HTTPException(403, "您的账号只能查看，不能办理。请联系管理员开通操作员权限。")
    return found


Reading = Annotated[Visitor, Depends(visitor)]
Deciding = Annotated[Visitor, Depends(decider)]

"""The board inside Airflow's UI: a navigation item and the application behind it."""

from __future__ import annotations

from typing import Any

from airflow.plugins_manager import AirflowPlugin


class LazyBoard:
    """Plugins load in every process; the application is imported when the first request comes."""

    def __init__(self) -> None:
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on."""
        if self._app is None:
            from gongkai_etl.board.app import for_airflow

            self._app = for_airflow()
        await self._app(scope, receive, send)


class GongkaiBoard(AirflowPlugin):
    """收集看板."""

    name = "gongkai_board"
    fastapi_apps = [  # noqa: RUF012 -- Airflow reads them from the class
        {"app": LazyBoard(), "url_prefix": "/gongkai", "name": "gongkai_board"}
    ]
    external_views = [  # noqa: RUF012
        {
            "name": "收集看板",
            "href": "/gongkai/board",
            "destination": "nav",
            "url_route": "gongkai-board",
            "nav_top_level": True,
        }
    ]

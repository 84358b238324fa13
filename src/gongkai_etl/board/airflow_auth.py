"""The visitor from Airflow's own session. The only module that knows Airflow's internal security API."""

from __future__ import annotations

from fastapi import HTTPException, Request

from gongkai_etl.board.access import Visitor


class AirflowAuth:
    """Who may see Airflow's website reads; who may change its variables (role op) decides."""

    async def visitor(self, request: Request) -> Visitor | None:
        """The signed-in user, or None."""
        from airflow.api_fastapi.app import get_auth_manager
        from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
        from airflow.api_fastapi.core_api.security import bearer_scheme, get_user

        try:
            user = await get_user(request, None, await bearer_scheme(request))
        except HTTPException:
            return None
        manager = get_auth_manager()
        if not manager.is_authorized_view(access_view=AccessView.WEBSITE, user=user):
            return None
        decides = manager.is_authorized_variable(method="PUT", user=user)
        return Visitor(user.get_name(), decides)

    def login_url(self, request: Request) -> str:
        """Airflow's login, which comes back to the page."""
        from airflow.api_fastapi.app import get_auth_manager

        # Without scheme and host: behind a proxy ours are not those of the browser.
        query = f"?{request.url.query}" if request.url.query else ""
        return str(get_auth_manager().get_url_login(next_url=request.url.path + query))

"""The REST side put together: routes, who may call them, what is noted, and the rules a test installed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from tests.support.discord_server.backend import ApiError
from tests.support.discord_server.faults import Rules, error_response
from tests.support.discord_server.records import Records, Request
from tests.support.discord_server.rest_channels import ChannelRoutes
from tests.support.discord_server.rest_guilds import GuildRoutes, SelfRoutes
from tests.support.discord_server.rest_interactions import InteractionRoutes

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

    from tests.support.discord_server.backend import Backend

API = "/api/v10"
GATEWAY = "/gateway"
_UPLOAD_LIMIT = 32 * 1024 * 1024
# The token in their path is all that these ask for.
_OPEN = (API + "/interactions/", API + "/webhooks/")


def application(backend: Backend, rules: Rules, records: Records) -> web.Application:
    """Return the whole fake as an aiohttp application."""
    guard = Guard(backend, rules, records)
    api = web.Application(middlewares=[guard.middleware()], client_max_size=_UPLOAD_LIMIT)
    api.router.add_get(GATEWAY, backend.gateway.handle, allow_head=False)
    for routes in (
        SelfRoutes(backend),
        GuildRoutes(backend),
        ChannelRoutes(backend),
        InteractionRoutes(backend),
    ):
        for route in routes.table():
            api.router.add_route(route.method, API + route.path, route.handler)
    return api


class Guard:
    """Stands before each route: notes the request, applies the rules, turns errors into Discord's."""

    def __init__(self, backend: Backend, rules: Rules, records: Records) -> None:
        self._backend, self._rules, self._records = backend, rules, records

    def middleware(self) -> Middleware:
        """Return what aiohttp calls for each request."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path == GATEWAY:
                return await handler(request)
            path = request.path.removeprefix(API)
            answer = await self._rules.run(request, path, partial(self._answer, request, handler))
            self._note(request, path, answer.status)
            return answer

        return guard

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._is_allowed(request):
            return error_response(401, 0, "401: Unauthorized")
        try:
            return await handler(request)
        except ApiError as error:
            return error_response(error.status, error.code, error.message)
        except msgspec.MsgspecError as error:
            return error_response(400, 50109, f"The request body contains invalid JSON: {error}")
        except web.HTTPException as error:
            return error_response(error.status, 0, f"{error.status}: {error.reason}")

    def _is_allowed(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization")
        return request.path.startswith(_OPEN) or given == f"Bot {self._backend.world.token}"

    def _note(self, request: web.Request, path: str, status: int) -> None:
        known = request.match_info.http_exception is None
        given = request.headers.get("Authorization")
        self._records.requests.append(
            Request(request.method, path, dict(request.query), given, status, known)
        )
        self._records.changed()

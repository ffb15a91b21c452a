"""REST routes that answer interactions: the callback, and the webhook of follow-ups and edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.support.discord_server.backend import ApiError, Backend, elapsed
from tests.support.discord_server.bodies import Body, read_message
from tests.support.discord_server.exchange import ANSWER_WITHIN, DEFERRED, MESSAGE, Answer, Exchange
from tests.support.discord_server.faults import json_response
from tests.support.discord_server.messages import CHAT_INPUT_COMMAND, EPHEMERAL, REPLY, FakeMessage
from tests.support.discord_server.snowflakes import timestamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.discord_server.payloads import Json

_LOADING = 1 << 7


class InteractionRoutes:
    """Handlers below `/interactions` and `/webhooks`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def table(self) -> Iterable[web.RouteDef]:
        """Return what to add to the application's router."""
        hook = "/webhooks/{application_id}/{token}"
        message = hook + "/messages/{message_id}"
        return [
            web.post("/interactions/{interaction_id}/{token}/callback", self.callback),
            web.post(hook, self.follow_up),
            web.get(message, self.get, allow_head=False),
            web.patch(message, self.edit),
            web.delete(message, self.delete),
        ]

    async def callback(self, request: web.Request) -> web.Response:
        """Take the first answer, once and within three seconds."""
        exchange = self._exchange(request)
        after = elapsed(exchange)
        if after > ANSWER_WITHIN:
            raise ApiError(404, 10062, "Unknown interaction")
        if exchange.callback is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        body = await read_message(request)
        exchange.note(Answer("callback", body.data, body.files, after))
        if exchange.kind in {MESSAGE, DEFERRED}:
            self._first_message(exchange, body)
        if request.query.get("with_response") not in {"1", "true"}:
            return web.Response(status=204)
        return json_response(_callback_response(exchange))

    async def follow_up(self, request: web.Request) -> web.Response:
        """Add a message. While the answer is deferred, the first one takes its place."""
        exchange = self._exchange(request)
        body = await read_message(request)
        exchange.note(Answer("followup", body.data, body.files, elapsed(exchange)))
        if exchange.original is not None and exchange.original.flags & _LOADING:
            made = exchange.original
            self._edit(made, body)
        else:
            made = self._backend.post(exchange.channel, body.data, body.files, message_type=REPLY)
            exchange.messages[made.id] = made
        return json_response(made.payload(content=True))

    async def get(self, request: web.Request) -> web.Response:
        return json_response(_message(self._exchange(request), request).payload(content=True))

    async def edit(self, request: web.Request) -> web.Response:
        exchange = self._exchange(request)
        found = _message(exchange, request)
        body = await read_message(request)
        exchange.note(Answer("edit", body.data, body.files, elapsed(exchange)))
        self._edit(found, body)
        return json_response(found.payload(content=True))

    async def delete(self, request: web.Request) -> web.Response:
        exchange = self._exchange(request)
        found = _message(exchange, request)
        exchange.note(Answer("delete", {"id": str(found.id)}, (), elapsed(exchange)))
        exchange.messages.pop(found.id, None)
        self._backend.delete(found.channel, found.id)
        return web.Response(status=204)

    def _exchange(self, request: web.Request) -> Exchange:
        found = self._backend.exchanges.get(request.match_info["token"])
        if found is None:
            unknown_hook = "application_id" in request.match_info
            raise (
                ApiError(404, 10015, "Unknown Webhook")
                if unknown_hook
                else ApiError(404, 10062, "Unknown interaction")
            )
        return found

    def _first_message(self, exchange: Exchange, body: Body) -> None:
        data: Json = dict(body.data.get("data") or {})
        if exchange.kind == DEFERRED:
            data["flags"] = (data.get("flags") or 0) | _LOADING
        made = self._backend.post(exchange.channel, data, body.files, message_type=CHAT_INPUT_COMMAND)
        exchange.original = exchange.messages[made.id] = made

    def _edit(self, message: FakeMessage, body: Body) -> None:
        message.flags &= ~_LOADING
        self._backend.edit(message, body.data, body.files, stamp=timestamp_of(self._backend.world.ids.next()))


def _message(exchange: Exchange, request: web.Request) -> FakeMessage:
    name = request.match_info["message_id"]
    found = (
        exchange.original
        if name == "@original"
        else exchange.messages.get(int(name) if name.isdecimal() else 0)
    )
    if found is None:
        raise ApiError(404, 10008, "Unknown Message")
    return found


def _callback_response(exchange: Exchange) -> Json:
    made: Json = {"id": str(exchange.id), "type": exchange.request_type}
    if exchange.original is None:
        return {"interaction": made, "resource": {"type": exchange.kind}}
    made |= {
        "response_message_id": str(exchange.original.id),
        "response_message_loading": exchange.kind == DEFERRED,
        "response_message_ephemeral": bool(exchange.original.flags & EPHEMERAL),
    }
    shown = exchange.original.payload(content=True)
    return {"interaction": made, "resource": {"type": exchange.kind, "message": shown}}

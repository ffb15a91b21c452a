"""REST routes of channels, their messages and their threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.support.discord_server import payloads
from tests.support.discord_server.backend import ApiError, Backend, number, query_limit, query_number
from tests.support.discord_server.bodies import read_message
from tests.support.discord_server.faults import json_response
from tests.support.discord_server.messages import FakeMessage
from tests.support.discord_server.model import PRIVATE_THREAD
from tests.support.discord_server.permissions import Permission
from tests.support.discord_server.snowflakes import timestamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.discord_server.messages import StoredMessage
    from tests.support.discord_server.model import FakeChannel

_PAGE_DEFAULT, _PAGE_MOST = 50, 100


class ChannelRoutes:
    """Handlers below `/channels`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def table(self) -> Iterable[web.RouteDef]:
        """Return what to add to the application's router."""
        one = "/channels/{channel_id}"
        message = one + "/messages/{message_id}"
        return [
            web.get(one, self.get_channel, allow_head=False),
            web.get(one + "/messages", self.list_messages, allow_head=False),
            web.post(one + "/messages", self.create_message),
            web.get(message, self.get_message, allow_head=False),
            web.patch(message, self.edit_message),
            web.delete(message, self.delete_message),
            web.post(one + "/typing", self.typing),
            web.get(one + "/threads/archived/{kind:public|private}", self.archived_threads, allow_head=False),
            web.get(one + "/users/@me/threads/archived/private", self.joined_threads, allow_head=False),
        ]

    async def get_channel(self, request: web.Request) -> web.Response:
        return json_response(payloads.channel_as_bot(self._backend.channel(request)))

    async def list_messages(self, request: web.Request) -> web.Response:
        """Answer a page, newest first; empty and no error where Read Message History is missing."""
        channel = self._backend.channel(request)
        limit = query_limit(request, default=_PAGE_DEFAULT, most=_PAGE_MOST)
        before, after, around = (query_number(request, name) for name in ("before", "after", "around"))
        if not channel.bot_permissions & Permission.READ_MESSAGE_HISTORY:
            return json_response([])
        page = channel.history.page(limit=limit, before=before, after=after, around=around)
        return json_response([self._backend.shown(each) for each in page])

    async def create_message(self, request: web.Request) -> web.Response:
        channel = self._backend.channel(request, needs=Permission.SEND_MESSAGES)
        body = await read_message(request)
        return json_response(self._backend.post(channel, body.data, body.files).payload(content=True))

    async def get_message(self, request: web.Request) -> web.Response:
        channel = self._backend.channel(request, needs=Permission.READ_MESSAGE_HISTORY)
        return json_response(self._backend.shown(_find(channel, request)))

    async def edit_message(self, request: web.Request) -> web.Response:
        found = _find(self._backend.channel(request), request)
        if not isinstance(found, FakeMessage) or found.author_id != self._backend.world.bot.id:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        body = await read_message(request)
        self._backend.edit(found, body.data, body.files, stamp=timestamp_of(self._backend.world.ids.next()))
        return json_response(found.payload(content=True))

    async def delete_message(self, request: web.Request) -> web.Response:
        if not self._backend.delete(self._backend.channel(request), number(request, "message_id")):
            raise ApiError(404, 10008, "Unknown Message")
        return web.Response(status=204)

    async def typing(self, request: web.Request) -> web.Response:
        self._backend.channel(request, needs=Permission.SEND_MESSAGES)
        return web.Response(status=204)

    async def archived_threads(self, request: web.Request) -> web.Response:
        """Answer a page of archived threads, latest archived first; private ones need Manage Threads."""
        private = request.match_info["kind"] == "private"
        needs = Permission.READ_MESSAGE_HISTORY | (Permission.MANAGE_THREADS if private else 0)
        parent = self._backend.channel(request, needs=needs)
        limit = query_limit(request, default=_PAGE_DEFAULT, most=_PAGE_MOST)
        before = request.query.get("before")
        found = [
            (thread.archived_at, thread)
            for thread in ([] if parent.guild is None else parent.guild.threads.values())
            if thread.parent is parent
            and thread.archived_at is not None
            and (thread.kind == PRIVATE_THREAD) == private
            and (before is None or thread.archived_at < before)
        ]
        found.sort(key=lambda pair: pair[0], reverse=True)
        threads = [payloads.channel(thread) for _, thread in found[:limit]]
        return json_response({"threads": threads, "members": [], "has_more": len(found) > limit})

    async def joined_threads(self, request: web.Request) -> web.Response:
        """Answer a page of the private archived threads that the bot is in, by their ids, newest first."""
        parent = self._backend.channel(request, needs=Permission.READ_MESSAGE_HISTORY)
        limit = query_limit(request, default=_PAGE_DEFAULT, most=_PAGE_MOST)
        before = query_number(request, "before")
        found = [
            thread
            for thread in ([] if parent.guild is None else parent.guild.threads.values())
            if thread.parent is parent
            and thread.archived_at is not None
            and thread.kind == PRIVATE_THREAD
            and thread.bot_joined
            and (before is None or thread.id < before)
        ]
        found.sort(key=lambda thread: thread.id, reverse=True)
        page = found[:limit]
        return json_response(
            {
                "threads": [payloads.channel(thread) for thread in page],
                "members": [payloads.own_membership(thread) for thread in page],
                "has_more": len(found) > limit,
            }
        )


def _find(channel: FakeChannel, request: web.Request) -> StoredMessage:
    found = channel.history.get(number(request, "message_id"))
    if found is None:
        raise ApiError(404, 10008, "Unknown Message")
    return found

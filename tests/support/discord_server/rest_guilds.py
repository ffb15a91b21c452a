"""REST routes of the bot itself, of servers, and of registered commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from tests.support.discord_server import payloads
from tests.support.discord_server.backend import ApiError, Backend, number, query_limit, query_number
from tests.support.discord_server.faults import json_response
from tests.support.discord_server.model import FakeUser
from tests.support.discord_server.permissions import Permission, guild_permissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.discord_server.payloads import Json

_MEMBERS_MOST, _LOG_MOST, _INTERESTED_MOST = 1000, 100, 100


class SelfRoutes:
    """Handlers of the bot's own account and of commands."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def table(self) -> Iterable[web.RouteDef]:
        """Return what to add to the application's router."""
        commands = "/applications/{application_id}/commands"
        in_guild = "/applications/{application_id}/guilds/{guild_id}/commands"
        return [
            web.get("/users/@me", self.me, allow_head=False),
            web.post("/users/@me/channels", self.open_direct_messages),
            web.get("/users/{user_id}", self.user, allow_head=False),
            web.get("/oauth2/applications/@me", self.application, allow_head=False),
            web.get("/applications/@me", self.application, allow_head=False),
            web.get("/gateway", self.gateway, allow_head=False),
            web.get("/gateway/bot", self.gateway, allow_head=False),
            *(web.get(path, self.list_commands, allow_head=False) for path in (commands, in_guild)),
            *(web.put(path, self.replace_commands) for path in (commands, in_guild)),
        ]

    async def me(self, _request: web.Request) -> web.Response:
        return json_response(payloads.bot_user(self._backend.world))

    async def user(self, request: web.Request) -> web.Response:
        found = self._backend.world.users.get(number(request, "user_id"))
        if found is None:
            raise ApiError(404, 10013, "Unknown User")
        return json_response(payloads.user(found))

    async def open_direct_messages(self, request: web.Request) -> web.Response:
        asked = msgspec.json.decode(await request.read(), type=dict[str, int | str])
        found = self._backend.world.users.get(int(asked["recipient_id"]))
        if found is None:
            raise ApiError(404, 10013, "Unknown User")
        return json_response(payloads.channel(self._backend.world.direct_messages(found)))

    async def application(self, _request: web.Request) -> web.Response:
        return json_response(payloads.application(self._backend.world))

    async def gateway(self, _request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return json_response({"url": self._backend.gateway.url, "shards": 1, "session_start_limit": limit})

    async def list_commands(self, request: web.Request) -> web.Response:
        return json_response(self._backend.commands.get(_scope(request), []))

    async def replace_commands(self, request: web.Request) -> web.Response:
        """Register all commands anew; one that was there under the same name keeps its id."""
        scope = _scope(request)
        asked = msgspec.json.decode(await request.read(), type=list[dict[str, object]])
        before = {command["name"]: command["id"] for command in self._backend.commands.get(scope, [])}
        made: list[Json] = []
        for each in asked:
            at = before.get(each["name"]) or str(self._backend.world.ids.next())
            made.append(
                {"type": 1, "description": "", "default_member_permissions": None, "nsfw": False, **each}
                | {"id": at, "application_id": str(self._backend.world.bot.id), "version": at}
                | ({} if scope is None else {"guild_id": str(scope)})
            )
        self._backend.commands[scope] = made
        return json_response(made)


class GuildRoutes:
    """Handlers below `/guilds`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def table(self) -> Iterable[web.RouteDef]:
        """Return what to add to the application's router."""
        one = "/guilds/{guild_id}"
        return [
            web.get(one, self.guild, allow_head=False),
            web.get(one + "/channels", self.channels, allow_head=False),
            web.get(one + "/roles", self.roles, allow_head=False),
            web.get(one + "/members", self.members, allow_head=False),
            web.get(one + "/members/{user_id}", self.member, allow_head=False),
            web.get(one + "/threads/active", self.active_threads, allow_head=False),
            web.get(one + "/audit-logs", self.audit_log, allow_head=False),
            web.get(one + "/invites", self.invites, allow_head=False),
            web.get(one + "/scheduled-events/{event_id}/users", self.interested, allow_head=False),
        ]

    async def guild(self, request: web.Request) -> web.Response:
        found = self._backend.guild(request)
        made = payloads.guild(found)
        if request.query.get("with_counts") in {"1", "true"}:
            made |= {"approximate_member_count": len(found.members), "approximate_presence_count": 0}
        return json_response(made)

    async def channels(self, request: web.Request) -> web.Response:
        found = self._backend.guild(request)
        return json_response([payloads.channel(each) for each in found.channels.values()])

    async def roles(self, request: web.Request) -> web.Response:
        return json_response([payloads.role(each) for each in self._backend.guild(request).roles.values()])

    async def members(self, request: web.Request) -> web.Response:
        """Answer a page of members in order of id."""
        limit = query_limit(request, default=1, most=_MEMBERS_MOST)
        after = query_number(request, "after") or 0
        found = self._backend.guild(request).members
        ids = sorted(each for each in found if each > after)[:limit]
        return json_response([payloads.member(found[each]) for each in ids])

    async def member(self, request: web.Request) -> web.Response:
        found = self._backend.guild(request).members.get(number(request, "user_id"))
        if found is None:
            raise ApiError(404, 10007, "Unknown Member")
        return json_response(payloads.member(found))

    async def active_threads(self, request: web.Request) -> web.Response:
        threads = self._backend.guild(request).threads.values()
        seen = [
            payloads.channel(each) for each in threads if each.archived_at is None and each.bot_permissions
        ]
        return json_response({"threads": seen, "members": []})

    async def invites(self, request: web.Request) -> web.Response:
        found = self._backend.guild(request)
        if not guild_permissions(found.me) & Permission.MANAGE_GUILD:
            raise ApiError(403, 50013, "Missing Permissions")
        return json_response([each.payload() for each in found.invites.values()])

    async def interested(self, request: web.Request) -> web.Response:
        """Answer a page of those interested in an event, in order of id."""
        event = self._backend.guild(request).events.get(number(request, "event_id"))
        if event is None:
            raise ApiError(404, 10070, "Unknown Guild Scheduled Event")
        limit = query_limit(request, default=100, most=_INTERESTED_MOST)
        after = query_number(request, "after") or 0
        ids = sorted(each for each in event.interested if each > after)[:limit]
        users = [payloads.user(self._backend.world.users.get(each) or FakeUser(each, "x")) for each in ids]
        return json_response([{"guild_scheduled_event_id": str(event.id), "user": each} for each in users])

    async def audit_log(self, request: web.Request) -> web.Response:
        """Answer entries of the server's log, newest first (oldest first after an id)."""
        found = self._backend.guild(request)
        if not guild_permissions(found.me) & Permission.VIEW_AUDIT_LOG:
            raise ApiError(403, 50013, "Missing Permissions")
        limit = query_limit(request, default=50, most=_LOG_MOST)
        before, after = query_number(request, "before"), query_number(request, "after")
        kind, user = query_number(request, "action_type"), request.query.get("user_id")
        entries = [
            entry
            for entry in sorted(found.audit_log, key=lambda each: int(each["id"]), reverse=after is None)
            if (before is None or int(entry["id"]) < before)
            and (after is None or int(entry["id"]) > after)
            and (kind is None or entry["action_type"] == kind)
            and (user is None or entry["user_id"] == user)
        ][:limit]
        named = {int(entry["user_id"]) for entry in entries if entry.get("user_id")}
        users = [
            payloads.user(self._backend.world.users[each])
            for each in named
            if each in self._backend.world.users
        ]
        empty = ("integrations", "webhooks", "guild_scheduled_events", "threads", "application_commands")
        rest: Json = {name: [] for name in (*empty, "auto_moderation_rules")}
        return json_response({"audit_log_entries": entries, "users": users, **rest})


def _scope(request: web.Request) -> int | None:
    return number(request, "guild_id") if "guild_id" in request.match_info else None

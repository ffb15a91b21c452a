"""Obeys commands that come line by line: how a server in another process is driven."""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from functools import singledispatchmethod
from typing import TYPE_CHECKING

import msgspec

from tests.support.discord_server import commands
from tests.support.discord_server.faults import Bucket, Dropped, Effect, Failing, RateLimited
from tests.support.discord_server.load import Sent
from tests.support.discord_server.worlds import channel_named, guild_named, member_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.discord_server.load import Flood
    from tests.support.discord_server.server import DiscordServer

_TOO_MANY = 429


class Control:
    """Does what is asked of one server. Commands run beside each other, so answers come in any order."""

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._floods: set[Flood] = set()

    async def serve(self, lines: asyncio.StreamReader, write: Callable[[bytes], None]) -> None:
        """Obey until the input ends, which is how the parent's death shows."""
        async with asyncio.TaskGroup() as running:
            while line := await lines.readline():
                running.create_task(self._answer(msgspec.json.decode(line, type=commands.Request), write))
            for flood in self._floods:
                flood.stop()

    async def _answer(self, request: commands.Request, write: Callable[[bytes], None]) -> None:
        try:
            result = msgspec.Raw(msgspec.json.encode(await self.obey(request.ask)))
            reply = commands.Reply(request.id, result)
        except (LookupError, ValueError, TimeoutError) as error:
            reply = commands.Reply(request.id, error=f"{type(error).__name__}: {error}")
        write(msgspec.json.encode(reply) + b"\n")

    @singledispatchmethod
    async def obey(self, ask: commands.Ask) -> object:
        """Do one command and return its answer."""
        raise ValueError(f"Nothing is known of {type(ask).__name__}.")

    @obey.register
    async def _(self, ask: commands.Flood) -> Sent:
        flood = self._server.flood(variety=ask.variety, seed=ask.seed, keep=ask.keep)
        self._floods.add(flood)
        try:
            return await flood.run(rate=ask.rate, total=ask.total)
        finally:
            self._floods.discard(flood)

    @obey.register
    async def _(self, _ask: commands.StopFloods) -> None:
        for flood in self._floods:
            flood.stop()

    @obey.register
    async def _(self, ask: commands.Slash) -> commands.SlashReply:
        guild = guild_named(self._server.world, ask.guild)
        channel, member = channel_named(guild, ask.channel), member_named(guild, ask.member)
        done = await self._server.slash(channel, member, *ask.path, options=ask.options, timeout=ask.timeout)
        shown = msgspec.Raw(msgspec.json.encode(done.shown))
        return commands.SlashReply(
            done.first_response,
            done.last_response,
            done.kind or 0,
            shown,
            [sent.name for sent in done.files],
        )

    @obey.register
    async def _(self, ask: commands.Connection) -> None:
        gateway = self._server.gateway
        match ask.act:
            case "drop":
                gateway.drop()
            case "reconnect":
                gateway.ask_to_reconnect()
            case "invalidate":
                gateway.invalidate()
            case "suspend":
                gateway.invalidate(resumable=True)
            case "hold":
                gateway.hold()
            case "release":
                gateway.release()

    @obey.register
    async def _(self, ask: commands.Close) -> None:
        await self._server.gateway.close(ask.code)

    @obey.register
    async def _(self, ask: commands.Behave) -> None:
        for name, value in msgspec.structs.asdict(ask).items():
            if value is not None:
                setattr(self._server.gateway.behaviour, name, value)

    @obey.register
    async def _(self, ask: commands.Redeliver) -> int:
        again = [
            message
            for channel in self._server.world.channels.values()
            for message in channel.history.latest(ask.last)
        ]
        for message in again:
            await self._server.redeliver(message)
        return len(again)

    @obey.register
    async def _(self, ask: commands.Limit) -> None:
        bucket = Bucket(ask.limit, ask.per, ask.path, ask.method, ask.is_global)
        self._server.rules.buckets.append(bucket)

    @obey.register
    async def _(self, ask: commands.Fail) -> None:
        effect: Effect = Dropped() if ask.status == 0 else Failing(ask.status)
        if ask.status == _TOO_MANY:
            effect = RateLimited(ask.retry_after)
        self._server.rules.add(effect, path=ask.path, method=ask.method, times=ask.times)

    @obey.register
    async def _(self, _ask: commands.Stats) -> commands.StatsReply:
        records, used = self._server.records, resource.getrusage(resource.RUSAGE_SELF)
        return commands.StatsReply(
            [
                commands.SessionStats(
                    each.id, each.shard, each.seq, each.acknowledged, each.outlet is not None
                )
                for each in self._server.gateway.sessions.values()
            ],
            identifies=len(records.identifies),
            resumes=len(records.resumes),
            heartbeats=records.heartbeats,
            requests=len(records.requests),
            refused=sum(bucket.refused for bucket in self._server.rules.buckets),
            unknown=[f"{request.method} {request.path}" for request in records.unknown],
            cpu=used.ru_utime + used.ru_stime,
        )

    @obey.register
    async def _(self, _ask: commands.Totals) -> commands.TotalsReply:
        channels = self._server.world.channels.values()
        by_author = Counter(message.author_id for channel in channels for message in channel.history)
        by_channel = {channel.id: len(channel.history) for channel in channels if len(channel.history)}
        return commands.TotalsReply(by_author.total(), by_channel, dict(by_author))

"""The real listeners on a simulated Discord: a tape of what they record, a clock that a test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import discord
import simcord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from bot.client import ServerstatsClient
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.activity import Activity
from bot.ingest.delta import Delta
from bot.ingest.fold import fold
from bot.ingest.gauges import MemberGauge
from bot.ingest.sessions import GatewaySessions
from bot.ingest.voice import Moment, VoiceTracker
from bot.members.admission import admitting
from bot.members.comparer import MemberComparer
from bot.members.invites import InviteWatcher, Pace
from tests.discord.stage import NOW, MemoryCharts, MemoryReader, fresh_client
from tests.support.rosters import MemoryRosters, nothing

LISTENERS = ("cogs.listeners",)


@dataclass
class Tape:
    """Keeps what is recorded; time stands still but for ``wait``."""

    recorded: list[Activity] = field(default_factory=list)
    sessions: GatewaySessions = field(default_factory=GatewaySessions)
    passed_ms: int = 0
    rosters: MemoryRosters = field(default_factory=MemoryRosters)

    def record(self, activity: Activity) -> None:
        self.recorded.append(activity)
        self.rosters.take(activity)

    def wait(self, seconds: float) -> None:
        self.passed_ms += int(seconds * 1000)

    def now_ms(self) -> int:
        return int(NOW.timestamp() * 1000) + self.passed_ms

    def moment(self) -> Moment:
        return Moment(self.passed_ms, self.now_ms())

    @property
    def delta(self) -> Delta:
        return fold(self.recorded)


@dataclass
class Listening:
    """What a test acts on."""

    env: simcord.Env
    tape: Tape
    guild: GuildHandle
    general: ChannelHandle
    ada: MemberActor
    bob: MemberActor

    @property
    def client(self) -> ServerstatsClient:
        client = self.env.bot
        assert isinstance(client, ServerstatsClient)
        return client

    def pseudonym(self, member: MemberActor) -> int:
        return self.client.services.pseudonyms.of(self.guild.id, member.id)

    def voice_ms(self, member: MemberActor) -> dict[int, int]:
        """Time in voice of a member, by channel."""
        totals: dict[int, int] = {}
        for spent in self.tape.recorded:
            if isinstance(spent, VoiceTime) and spent.member == self.pseudonym(member):
                totals[spent.channel] = totals.get(spent.channel, 0) + spent.ms
        return totals

    async def restart(self, *told: MemberActor) -> None:
        """End the bot as a stop does, and start one that remembers nothing.

        ``told``: members named in GUILD_CREATE, as Discord does with those in voice.
        """
        self.client.services.voice.tick()
        await self.env.restart_bot(listening_client(self.tape))
        for guild in self.client.guilds:
            for actor in told:
                user = {"id": str(actor.id), "username": actor.name, "discriminator": "0", "avatar": None}
                member = {
                    "user": user | {"bot": actor.name == "jukebox"},
                    "roles": [],
                    "flags": 0,
                    "joined_at": None,
                }
                state = self.client._connection
                guild._add_member(discord.Member(data=member, guild=guild, state=state))  # type: ignore[arg-type]
            self.client.dispatch("guild_available", guild)  # simcord leaves it no time to
        await self.env.settle()


def listening_client(tape: Tape, **options: object) -> ServerstatsClient:
    client = fresh_client(MemoryReader(), MemoryCharts(), **{"extensions": LISTENERS, **options})
    calendars, gate = client.services.calendars, client.services.gate
    client.services = replace(
        client.services,
        recording=tape,
        clock=tape,
        members=MemberGauge(tape.record, calendars, tape),
        voice=VoiceTracker(tape.record, calendars.label, tape.moment),
        comparer=MemberComparer(admitting(tape.record, gate), nothing, tape.rosters, calendars, tape),
        invites=InviteWatcher(tape.record, tape.rosters, gate, calendars, tape, Pace(0.0, 0.0)),
    )
    return client


@asynccontextmanager
async def listening(**options: object) -> AsyncIterator[Listening]:
    """A server with a channel and two members, and the bot that listens to it."""
    tape = Tape()
    async with simcord.run(listening_client(tape, **options), strict_sync=False) as env:
        guild = env.create_guild("The Lighthouse")
        general = guild.create_text_channel("general")
        ada, bob = (guild.add_member(env.create_user(name)) for name in ("ada", "bob"))
        await env.settle()
        yield Listening(env, tape, guild, general, ada, bob)

"""Traffic by the ten thousand a second: messages encoded once, id, time and number filled in as they go."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from tests.support.discord_server import message_payloads
from tests.support.discord_server.messages import FakeMessage
from tests.support.discord_server.model import TEXT
from tests.support.discord_server.permissions import Permission
from tests.support.discord_server.snowflakes import timestamp_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.discord_server.gateway import Gateway
    from tests.support.discord_server.model import FakeChannel, FakeGuild, FakeMember, World
    from tests.support.discord_server.payloads import Json
    from tests.support.discord_server.session import Session

_TICK = 0.002
_MOST_AT_ONCE = 1000
_HIGH_WATER, _LOW_WATER = 4 * 1024 * 1024, 2 * 1024 * 1024
_ID, _STAMP = "\ue000id", "\ue000stamp"
_HEAD, _TAIL = b'{"t":"MESSAGE_CREATE","s":%d,"op":0,"d":', b"}"
_TEXT = "the release is out today and we should look at it before the weekend, thanks a lot, see you then"


class MessageTemplate:
    """One author's message in one channel, to be sent any number of times."""

    def __init__(self, channel: FakeChannel, author: FakeMember, content: str) -> None:
        self.channel, self.author, self.guild, self.content = channel, author, author.guild, content
        sample = FakeMessage(0, channel, author, content)
        self._rest = {shown: sample.payload(content=shown) for shown in (True, False)}
        self._frames = {
            shown: _frame(message_payloads.with_guild(sample, body)) for shown, body in self._rest.items()
        }

    def frame(self, seq: int, message_id: int, stamp: bytes, *, content: bool) -> bytes:
        """Return the finished gateway message."""
        return self._frames[content] % (seq, message_id, stamp)

    def rest(self, message_id: int, *, content: bool) -> Json:
        """Return the message object of REST."""
        return {**self._rest[content], "id": str(message_id), "timestamp": timestamp_of(message_id)}


def _frame(body: Json) -> bytes:
    raw = msgspec.json.encode({**body, "id": _ID, "timestamp": _STAMP}).replace(b"%", b"%%")
    return _HEAD + raw.replace(_ID.encode(), b"%d").replace(_STAMP.encode(), b"%b") + _TAIL


@dataclass(frozen=True, slots=True)
class TemplateMessage:
    """A sent message as the history keeps it: an id and what it was made from."""

    id: int
    template: MessageTemplate

    @property
    def author_id(self) -> int:
        return self.template.author.id

    def payload(self, *, content: bool) -> Json:
        return self.template.rest(self.id, content=content)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a flood came to. `stalled`: the seconds not sent in because the client's socket was full."""

    messages: int
    seconds: float
    stalled: float
    first_id: int
    last_id: int
    by_channel: dict[int, int]
    by_author: dict[int, int]


def make_templates(world: World, *, variety: int, seed: int = 0) -> list[MessageTemplate]:
    """Return random pairs of text channel and human member of all servers, to take turns in a flood."""
    chance = random.Random(seed)
    places = [
        channel
        for guild in world.guilds.values()
        for channel in guild.channels.values()
        if channel.kind == TEXT and channel.bot_permissions & Permission.VIEW_CHANNEL
    ]
    people = {
        guild.id: [each for each in guild.members.values() if not each.user.bot]
        for guild in world.guilds.values()
    }
    made = []
    for channel in chance.choices(places, k=variety):
        if channel.guild is not None:
            author = chance.choice(people[channel.guild.id])
            made.append(MessageTemplate(channel, author, _TEXT[: chance.randint(2, len(_TEXT))]))
    return made


@dataclass(slots=True, eq=False)
class Flood:
    """Sends messages from templates at a steady rate; `stop()` ends it early.

    A client that does not read stops the clock (no catching up afterwards): see `Sent.stalled`. With `keep`
    the messages can be read back over REST. `rate` None sends as fast as the client reads.
    """

    world: World
    gateway: Gateway
    templates: Sequence[MessageTemplate]
    keep: bool = True
    sent: int = 0
    stalled: float = 0.0
    _first: int = 0
    _last: int = 0
    _stopped: bool = False

    def stop(self) -> None:
        """End after the present tick."""
        self._stopped = True

    async def run(self, *, rate: float | None, total: int) -> Sent:
        """Send `total` messages and return what was sent."""
        began = time.perf_counter()
        while self.sent < total and not self._stopped:
            running = time.perf_counter() - began - self.stalled
            due = self.sent + _MOST_AT_ONCE if rate is None else int(running * rate)
            self._burst(min(due, total, self.sent + _MOST_AT_ONCE) - self.sent)
            await asyncio.sleep(0 if rate is None else _TICK)
            await self._wait_for_reader()
        return self._summary(time.perf_counter() - began)

    def _burst(self, count: int) -> None:
        targets = {guild.id: self._targets(guild) for guild in self.world.guilds.values()}
        templates, kinds = self.templates, len(self.templates)
        millisecond, stamp = -1, b""
        for at in range(self.sent, self.sent + count):
            template = templates[at % kinds]
            message_id = self.world.ids.next()
            if message_id >> 22 != millisecond:
                millisecond, stamp = message_id >> 22, timestamp_of(message_id).encode()
            for session, content in targets[template.guild.id]:
                session.append(template.frame(session.seq + 1, message_id, stamp, content=content))
            if self.keep:
                template.channel.history.add(TemplateMessage(message_id, template))
            self._last = message_id
            self._first = self._first or message_id
        self.sent += count
        for sessions in targets.values():
            for session, _ in sessions:
                session.flush()

    def _targets(self, guild: FakeGuild) -> list[tuple[Session, bool]]:
        wanting = (
            each for each in self.gateway.sessions_of(guild) if each.wants("MESSAGE_CREATE", in_guild=True)
        )
        return [(session, session.sees_content) for session in wanting]

    async def _wait_for_reader(self) -> None:
        if self.gateway.backlog < _HIGH_WATER:
            return
        since = time.perf_counter()
        while self.gateway.backlog >= _LOW_WATER and not self._stopped:
            await asyncio.sleep(_TICK)
        self.stalled += time.perf_counter() - since

    def _summary(self, seconds: float) -> Sent:
        rounds, rest = divmod(self.sent, len(self.templates))
        channels: Counter[int] = Counter()
        authors: Counter[int] = Counter()
        for at, template in enumerate(self.templates):
            times = rounds + (at < rest)
            channels[template.channel.id] += times
            authors[template.author.id] += times
        return Sent(
            self.sent, seconds, self.stalled, self._first, self._last, dict(+channels), dict(+authors)
        )

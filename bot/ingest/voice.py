"""Time in voice: what voice states say becomes pieces of time, each within one local hour.

Nothing open is kept in the database. Pieces are recorded at every change and at each tick, so a crash loses
what came after the last tick. Durations are those of the monotonic clock; the wall clock only labels them.
Levels (how many are in a channel, in the server) are recorded for the time that they held, so every peak is
in each hour and day in which it was reached.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from analytics.local_time import BLOCK_MS, Label
from bot.ingest.activities.voice import VoiceFlag, VoiceLevel, VoiceTime
from bot.ingest.activity import Activity

WHOLE_SERVER = 0
LATE_MS = 10_000
"""For so long after somebody has gone, voice states of before may still come."""
_COMPANY = 2


class Moment(NamedTuple):
    """An instant on the monotonic clock and on the wall clock, in ms."""

    steady: int
    wall: int


class Presence(NamedTuple):
    """How a member is in voice; ``flags`` are VoiceFlag's that the member's own state decides."""

    channel: int
    kind: int
    flags: int


class Connection(NamedTuple):
    """A member's presence and the voice session that it belongs to, as Discord names it."""

    presence: Presence
    session: str


@dataclass(slots=True)
class _Stay:
    """A member in a channel; ``since`` (monotonic) is from when on the time is not recorded yet."""

    connection: Connection
    since: int
    began: bool


@dataclass(slots=True)
class _Level:
    """How many are somewhere; ``since`` as in a stay."""

    kind: int
    people: int
    since: int


@dataclass(slots=True)
class _Guild:
    """What is known of a server.

    ``gone``: of who has left it the voice session, and when. ``heard``: what was said while it was lost.
    """

    id: int
    stays: dict[int, _Stay] = field(default_factory=dict)
    channels: dict[int, set[int]] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)
    gone: dict[int, tuple[str, int]] = field(default_factory=dict)
    heard: dict[int, Connection | None] = field(default_factory=dict)
    told: Label | None = None
    lost_at: int | None = None


def _levels_of(presence: Presence) -> tuple[int, ...]:
    """Where a member is one more: who is in the AFK channel is not in voice, as for all that is counted."""
    return (presence.channel,) if presence.flags & VoiceFlag.AFK.value else (presence.channel, WHOLE_SERVER)


class VoiceTracker:
    """Follows who is in voice. Members are pseudonyms; bots are not to be told of."""

    def __init__(
        self,
        record: Callable[[Activity], None],
        label: Callable[[int, int], Label],
        now: Callable[[], Moment],
    ) -> None:
        """Hand pieces to ``record``; ``label`` tells the local hour of an instant in a server."""
        self._record = record
        self._label = label
        self._now = now
        self._guilds: dict[int, _Guild] = {}

    def seen(self, guild_id: int, member: int, connection: Connection | None) -> bool:
        """A member came, moved, changed, or left (None); False if that is of before they left the server."""
        now = self._now()
        guild = self._guilds.get(guild_id)
        if guild is not None and connection is not None and _is_late(guild, member, connection, now):
            return False
        if guild is not None and guild.lost_at is not None:
            guild.heard[member] = connection  # what it means, ``sync`` or ``regain`` will tell
        else:
            self._seen(guild_id, member, connection, now)
        return True

    def depart(self, guild_id: int, member: int) -> None:
        """A member has left the server, and so voice; voice states that come late change nothing."""
        guild = self._guilds.get(guild_id)
        if guild is None:
            return
        stay = guild.stays.get(member)
        latest = guild.heard.get(member) or (None if stay is None else stay.connection)
        if latest is not None:
            guild.gone[member] = (latest.session, self._now().steady)
        self.seen(guild_id, member, None)

    def arrive(self, guild_id: int, member: int) -> None:
        """A member has joined the server: what is said of them from now on is of now."""
        guild = self._guilds.get(guild_id)
        if guild is not None:
            guild.gone.pop(member, None)

    def close_channel(self, guild_id: int, channel: int) -> None:
        """A channel was deleted: nobody is in it any more."""
        guild = self._guilds.get(guild_id)
        if guild is not None:
            for member in sorted(guild.channels.get(channel, ())):
                self.seen(guild_id, member, None)

    def tick(self) -> None:
        """Record all time up to now; to be called once a minute. A server without anybody is told hourly."""
        now = self._now()
        for guild in self._guilds.values():
            guild.gone = {who: gone for who, gone in guild.gone.items() if now.steady - gone[1] < LATE_MS}
            if guild.lost_at is not None:
                continue
            self._settle_all(guild, now)
            if guild.told != self._label(guild.id, now.wall):
                self._tell_if_empty(guild, now)

    def sync(self, guild_id: int, present: Mapping[int, Connection]) -> None:
        """Discord told everybody who is in voice.

        After ``lose`` whose session goes on was there meanwhile; the others' time ended then.
        """
        now = self._now()
        guild = self._guilds.setdefault(guild_id, _Guild(guild_id))
        then = now if guild.lost_at is None else _loss(guild.lost_at, now)
        guild.gone.clear()
        guild.heard.clear()
        for member, stay in list(guild.stays.items()):
            connection = present.get(member)
            if connection is None or connection.session != stay.connection.session:
                self._leave(guild, member, then)
        guild.lost_at = None
        for member, connection in present.items():
            if member in guild.stays:
                self._seen(guild_id, member, connection, now)
            else:
                self._come(guild, member, connection, now, began=False)

    def lose(self, guild_id: int) -> None:
        """Discord is not heard of any more: what happens from now on is not known until it is told."""
        now = self._now()
        guild = self._guilds.get(guild_id)
        if guild is not None and guild.lost_at is None:
            self._settle_all(guild, now)
            guild.lost_at = now.steady

    def regain(self, guild_id: int) -> None:
        """The connection was resumed: nothing was missed but when it happened.

        Who has left meanwhile was there until the loss.
        """
        guild = self._guilds.get(guild_id)
        if guild is None or guild.lost_at is None:
            return
        now, heard = self._now(), guild.heard
        then = _loss(guild.lost_at, now)
        guild.lost_at, guild.heard = None, {}
        for member, connection in heard.items():
            stay = guild.stays.get(member)
            if stay is not None and (connection is None or connection.session != stay.connection.session):
                self._leave(guild, member, then)
        for member, connection in heard.items():
            self._seen(guild_id, member, connection, now)

    def leave_guild(self, guild_id: int) -> None:
        """The bot is no longer in a server: nobody there is followed any more."""
        self.lose(guild_id)
        self._guilds.pop(guild_id, None)

    def _seen(self, guild_id: int, member: int, connection: Connection | None, now: Moment) -> None:
        guild = self._guilds.setdefault(guild_id, _Guild(guild_id))
        stay = guild.stays.get(member)
        if stay is None:
            if connection is not None:
                self._come(guild, member, connection, now, began=True)
        elif connection is None:
            self._leave(guild, member, now)
        elif connection.presence.channel != stay.connection.presence.channel:
            self._leave(guild, member, now)
            self._come(guild, member, connection, now, began=True)
        else:
            before, after = stay.connection.presence, connection.presence
            if after != before:
                self._settle(guild, member, now)
            stay.connection = connection
            self._tell_afk(guild, before, after, now)

    def _settle_all(self, guild: _Guild, now: Moment) -> None:
        for member in guild.stays:
            self._settle(guild, member, now)
        for channel in guild.levels:
            self._settle_level(guild, channel, now)

    def _come(self, guild: _Guild, member: int, connection: Connection, now: Moment, *, began: bool) -> None:
        presence = connection.presence
        occupants = guild.channels.setdefault(presence.channel, set())
        self._settle_companion(guild, occupants, now, people=1)
        occupants.add(member)
        guild.stays[member] = _Stay(connection, now.steady, began)
        for channel in _levels_of(presence):
            self._change_level(guild, channel, presence.kind, 1, now)

    def _leave(self, guild: _Guild, member: int, now: Moment) -> None:
        presence = guild.stays[member].connection.presence
        occupants = guild.channels[presence.channel]
        self._settle(guild, member, now)
        self._settle_companion(guild, occupants, now, people=_COMPANY)
        occupants.discard(member)
        del guild.stays[member]
        for channel in _levels_of(presence):
            self._change_level(guild, channel, presence.kind, -1, now)
        if not occupants:
            del guild.channels[presence.channel]
        if WHOLE_SERVER in _levels_of(presence):
            self._tell_if_empty(guild, now)

    def _settle_companion(self, guild: _Guild, occupants: set[int], now: Moment, *, people: int) -> None:
        """Record the time of who has been alone, or soon will be: when there are so many in the channel."""
        if len(occupants) == people:
            for member in sorted(occupants):
                self._settle(guild, member, now)

    def _settle(self, guild: _Guild, member: int, now: Moment) -> None:
        stay = guild.stays[member]
        presence = stay.connection.presence
        alone = len(guild.channels[presence.channel]) == 1
        flags = presence.flags | (VoiceFlag.ALONE.value if alone else 0)
        for at, ms, label in self._pieces(guild.id, stay.since, now):
            began = VoiceFlag.BEGAN.value if stay.began else 0
            stay.began = False
            self._record(
                VoiceTime(
                    guild.id, presence.channel, presence.kind, member, at, ms, *label, flags=flags | began
                )
            )
        stay.since = max(stay.since, now.steady)

    def _change_level(self, guild: _Guild, channel: int, kind: int, by: int, now: Moment) -> None:
        level = guild.levels.get(channel)
        if level is None:
            level = guild.levels[channel] = _Level(kind, 0, now.steady)
        self._settle_level(guild, channel, now)
        level.people += by
        if not level.people:
            del guild.levels[channel]

    def _settle_level(self, guild: _Guild, channel: int, now: Moment) -> None:
        level = guild.levels[channel]
        if level.people:
            for at, ms, label in self._pieces(guild.id, level.since, now):
                self._record(
                    VoiceLevel(guild.id, channel, level.kind, at + ms - 1, *label, people=level.people)
                )
                if channel == WHOLE_SERVER:
                    guild.told = label
        level.since = max(level.since, now.steady)

    def _tell_afk(self, guild: _Guild, before: Presence, after: Presence, now: Moment) -> None:
        """Another channel has become the AFK channel: who is there is in voice, or no longer."""
        by = (WHOLE_SERVER in _levels_of(after)) - (WHOLE_SERVER in _levels_of(before))
        if by:
            self._change_level(guild, WHOLE_SERVER, after.kind, by, now)
            self._tell_if_empty(guild, now)

    def _tell_if_empty(self, guild: _Guild, now: Moment) -> None:
        if WHOLE_SERVER in guild.levels:
            return
        guild.told = self._label(guild.id, now.wall)
        self._record(VoiceLevel(guild.id, WHOLE_SERVER, 0, now.wall, *guild.told, people=0))

    def _pieces(self, guild_id: int, since: int, now: Moment) -> Iterator[tuple[int, int, Label]]:
        """Time from ``since`` (monotonic) to now as (wall time, ms, label), cut where the label changes."""
        at = now.wall - max(0, now.steady - since)
        label = self._label(guild_id, at)
        end = at
        while end < now.wall:
            end = min(now.wall, (end // BLOCK_MS + 1) * BLOCK_MS)
            following = self._label(guild_id, end)
            if following != label or end == now.wall:
                yield at, end - at, label
                at, label = end, following


def _loss(lost_at: int, now: Moment) -> Moment:
    """When Discord was last heard of."""
    return Moment(lost_at, now.wall - (now.steady - lost_at))


def _is_late(guild: _Guild, member: int, connection: Connection, now: Moment) -> bool:
    """Whether a voice state is of before its member left the server."""
    session, at = guild.gone.get(member, (None, 0))
    return connection.session == session and now.steady - at < LATE_MS

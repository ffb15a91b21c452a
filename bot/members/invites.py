"""Who came by which invite: after joins, uses are read again, and what has grown is recorded.

Discord says of a join not by which invite it was. So the uses of all are read, a moment after a join and when
a session begins; the sums come out right however many join at once, and also after downtime. An invite that
goes with its last use is not listed any more: as long as joins are missing, it is taken to have brought one.

Where Discord tells of invites that are made and deleted, one that lived between two readings alone is known,
too, and one that went while nobody joined is known to have been deleted by somebody.
"""

import asyncio
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.ingest.activities.invites import InviteRead
from bot.ingest.activity import Activity
from bot.ingest.calendars import Calendars
from bot.ingest.store import StoreUnavailable
from bot.members.comparer import RosterStore
from bot.members.listed import ListUnavailableError
from bot.privacy.consent import snowflake_at
from bot.privacy.gate import Gate
from bot.tasks import end_all

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds from a join to the reading, in which others may join too, and between two readings."""

    delay: float = 2.0
    pause: float = 10.0
    longest: float = 600.0
    """Where readings fail, the pause doubles up to this."""


USUAL = Pace()
MAX_TOLD = 1_000
"""Invites made, or deleted, since a reading; where there are more, it is time for the next one."""
NEAR_MS = 10_000
"""Who comes by an invite's last use, and the invite's end, are told of within so long."""


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite as Discord lists it; ``invite`` is a keyed hash, ``inviter`` a pseudonym (0: unknown).

    ``most``: how often it can be used (0: without limit). Times are in ms since 1970; 0: none.
    """

    invite: int
    code: str
    inviter: int
    uses: int
    most: int = 0
    made: int = 0
    expires: int = 0
    vanity: bool = False


class InviteSource(Protocol):
    """Discord's lists of invites."""

    async def invites(self, guild: int) -> Sequence[Invite] | None:
        """All of a server's; None where the bot may not read them. Raises ListUnavailableError."""


@dataclass(slots=True)
class _Server:
    """What is known of a server: the last reading (None: none yet), and what has been told since.

    That is when members joined, which invites were made, and when which ones were deleted (ms).
    """

    read: dict[int, Invite] | None = None
    joins: list[int] = field(default_factory=list)
    made: dict[int, Invite] = field(default_factory=dict)
    deleted: dict[int, int] = field(default_factory=dict)
    again: bool = False
    task: asyncio.Task[None] | None = None


class InviteWatcher:
    """Reads invites where members have joined."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it works with, named once in bot.app
        self,
        record: Callable[[Activity], None],
        store: RosterStore,
        gate: Gate,
        calendars: Calendars,
        clock: Clock,
        pace: Pace = USUAL,
    ) -> None:
        self._record = record
        self._store = store
        self._gate = gate
        self._calendars = calendars
        self._clock = clock
        self._pace = pace
        self._source: InviteSource | None = None
        self._servers: dict[int, _Server] = {}
        self._stopped = False

    def attach(self, source: InviteSource) -> None:
        """Have Discord's lists from here."""
        self._source = source

    def joined(self, guild: int) -> None:
        """Hear of a join."""
        self._servers.setdefault(guild, _Server()).joins.append(self._clock.now_ms())
        self.look(guild)

    def made(self, guild: int, invite: Invite) -> None:
        """Hear of an invite that was just made."""
        made = self._servers.setdefault(guild, _Server()).made
        made[invite.invite] = invite
        self._look_if_many(guild, made)

    def deleted(self, guild: int, invite: int) -> None:
        """Hear that an invite is no more: its last use, or somebody's doing."""
        deleted = self._servers.setdefault(guild, _Server()).deleted
        deleted[invite] = self._clock.now_ms()
        self._look_if_many(guild, deleted)

    def look(self, guild: int) -> None:
        """Read a server's invites soon."""
        if self._source is None or self._stopped:
            return
        server = self._servers.setdefault(guild, _Server())
        if server.task is None or server.task.done():
            server.task = asyncio.create_task(self._read_soon(guild, server, self._source), name="invites")
        else:
            server.again = True

    def _look_if_many(self, guild: int, told: Sized) -> None:
        if len(told) > MAX_TOLD:
            self.look(guild)

    def forget(self, guild: int) -> None:
        """The bot has left a server."""
        server = self._servers.pop(guild, None)
        if server is not None and server.task is not None:
            server.task.cancel()

    async def stop(self) -> None:
        """End what goes on; nothing begins any more."""
        self._stopped = True
        await end_all(server.task for server in self._servers.values() if server.task is not None)

    async def _read_soon(self, guild: int, server: _Server, source: InviteSource) -> None:
        await asyncio.sleep(self._pace.delay)
        pause = self._pace.pause
        while True:
            server.again = False
            try:
                await self._read(guild, server, source)
            except (ListUnavailableError, StoreUnavailable) as error:
                _log.info("invites are read later", cause=str(error), seconds=pause)
                server.again = True
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._pace.longest)
                continue
            pause = self._pace.pause
            await asyncio.sleep(pause)
            if not server.again:
                return

    async def _read(self, guild: int, server: _Server, source: InviteSource) -> None:
        joins, made, deleted = list(server.joins), dict(server.made), dict(server.deleted)
        before = server.read
        known_until = 0 if before is not None else (await self._store.roster(guild)).known_until
        listed = await source.invites(guild)
        server.joins = server.joins[len(joins) :]
        server.made = {name: each for name, each in server.made.items() if name not in made}
        server.deleted = {name: each for name, each in server.deleted.items() if name not in deleted}
        if listed is None:
            return
        at = self._clock.now_ms()
        label = self._calendars.label(guild, at)

        def record(invite: Invite, uses: int, *, new: bool) -> None:
            self._record(
                InviteRead(
                    guild,
                    invite.invite,
                    invite.code,
                    self._inviter(guild, invite),
                    uses,
                    at,
                    *label,
                    new,
                    invite.vanity,
                )
            )

        now = {invite.invite: invite for invite in listed}
        found = 0
        for invite in listed:
            last = None if before is None else before.get(invite.invite)
            if last is not None and last.uses == invite.uses:
                continue
            new = last is None and (
                before is not None or invite.invite in made or 0 < known_until < invite.made
            )
            if last is not None or new:
                found += max(0, invite.uses - (0 if last is None else last.uses))
            record(invite, invite.uses, new=new and not invite.vanity)
        known = made | (before or {})
        gone = [each for each in used_up(known, now, at) if _may_be_used(deleted.get(each.invite), joins)]
        for invite in gone[: max(0, len(joins) - found)]:
            record(invite, invite.most, new=before is None or invite.invite not in before)
        server.read = now

    def _inviter(self, guild: int, invite: Invite) -> int:
        """Who made an invite; 0 for who has opted out, or was erased since it was made."""
        counts = self._gate.counts_begun(guild, invite.inviter, snowflake_at(invite.made))
        return invite.inviter if counts else 0


def _may_be_used(deleted: int | None, joins: Sequence[int]) -> bool:
    """Whether an invite that is gone may have brought somebody: unless it went while nobody came."""
    return deleted is None or any(abs(joined - deleted) <= NEAR_MS for joined in joins)


def used_up(before: dict[int, Invite], now: dict[int, Invite], at: int) -> list[Invite]:
    """Invites that are gone and had one use left, unless their time was over."""
    return [
        invite
        for name, invite in before.items()
        if name not in now
        and invite.most
        and invite.uses == invite.most - 1
        and (not invite.expires or invite.expires > at)
    ]

"""Who is interested in an event: changes as they are told, and the whole list at a start."""

import asyncio
from collections.abc import Iterable

import structlog

from bot.client import ServerstatsClient
from bot.history.source import BusyError, GoneError, NotAllowedError
from bot.ingest.activities.events import EventInterest, EventInterestRead
from bot.privacy.pseudonym import NOBODY
from cogs.history.source import said_plainly

PAGE_SIZE = 100
MAX_INTERESTED = 100_000
"""Longer lists are not read: they would not fit the journal's record."""
LANES = 4

_log = structlog.get_logger(__name__)


class InterestReader:
    """Records changes and lists; what changes while a list is read is put over what was read."""

    def __init__(self, client: ServerstatsClient) -> None:
        services = client.services
        self._client = client
        self._recording = services.recording
        self._pseudonyms = services.pseudonyms
        self._gate = services.gate
        self._clock = services.clock
        self._slots = asyncio.Semaphore(LANES)
        self._changed: dict[tuple[int, int], dict[int, bool]] = {}

    def told(self, guild: int, event: int, user: int, *, interested: bool) -> None:
        """Somebody is interested in an event, or no longer."""
        if self._client.get_guild(guild) is None:
            return
        member = self._pseudonyms.of(guild, user)
        if member == NOBODY:
            return
        if interested and not self._gate.counts(guild, 0, 0, member):
            return
        if (guild, event) in self._changed:
            self._changed[guild, event][member] = interested
        self._recording.record(EventInterest(guild, event, member, interested, self._clock.now_ms()))

    async def read(self, guild: int, events: Iterable[int]) -> None:
        """Read the lists of events; one that Discord does not give is left as it was."""
        async with self._slots:
            for event in events:
                if (guild, event) not in self._changed:
                    await self._read(guild, event)

    async def _read(self, guild: int, event: int) -> None:
        changed = self._changed[guild, event] = {}
        try:
            users = await self._users(guild, event)
        except (NotAllowedError, GoneError, BusyError) as error:
            _log.info(
                "who is interested cannot be read", guild=guild, scheduled_event=event, cause=str(error)
            )
        else:
            # since when somebody is interested, the list does not say: perhaps since before an erasure
            listed = {self._pseudonyms.of(guild, user) for user in users} - {NOBODY}
            members = {member for member in listed if self._gate.counts_begun(guild, member, event)}
            members |= {member for member, interested in changed.items() if interested}
            members = {member for member in members if self._gate.counts(guild, 0, 0, member)}
            members -= {member for member, interested in changed.items() if not interested}
            if len(members) <= MAX_INTERESTED:
                read = EventInterestRead(guild, event, tuple(sorted(members)), self._clock.now_ms())
                self._recording.record(read)
        finally:
            del self._changed[guild, event]

    async def _users(self, guild: int, event: int) -> set[int]:
        """Ids of all who are interested; discord.py's own iterator loses its way behind the first page."""
        found: set[int] = set()
        after = 0
        while len(found) <= MAX_INTERESTED:
            with said_plainly():
                page = await self._client.http.get_scheduled_event_users(
                    guild, event, limit=PAGE_SIZE, with_member=False, after=after
                )
            ids = {int(each["user"]["id"]) for each in page}
            if len(page) < PAGE_SIZE or ids <= found:
                return found | ids
            found |= ids
            after = max(ids)
        return found

"""What admins of a server prefer, besides what is counted: kept, used from then on, and noted."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from analytics.charts.spec import Theme
from analytics.local_time import ZoneHistory
from bot.audit import Audit, SettingChange
from bot.clock import Clock
from bot.ingest.calendars import Calendars


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many days a server keeps each class of data; None: as long as the host does."""

    members: int | None = None
    left: int | None = None
    totals: int | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """``statistics_roles`` may see figures, ``member_roles`` those and figures of single members, by id.

    ``language`` is the tag of that in which all read; None: Discord's of the server. Messages with a greater
    id than ``sentiment_after`` are scored; None: none are.
    """

    statistics_roles: frozenset[int] = frozenset()
    member_roles: frozenset[int] = frozenset()
    report_channel: int | None = None
    theme: Theme = Theme.DARK
    keeping: Keeping = Keeping()
    language: str | None = None
    sentiment_after: int | None = None


class PreferenceStore(Protocol):
    """Where preferences are kept."""

    async def save_preferences(self, guild: int, preferences: Preferences) -> None:
        """Write down a server's preferences; raises StoreUnavailable."""


class ZoneStore(Protocol):
    """Where time zones are kept."""

    async def change_zone(self, guild_id: int, zone: str, now_ms: int) -> ZoneHistory:
        """Let a server live in another zone soon; raises LookupError for one that is not known."""


_NONE = Preferences()


class PreferenceDesk:
    """Changes what servers prefer, one change after the other; each is first written into the audit log.

    Where that, or the change itself, cannot be written, StoreUnavailable is raised, and nothing has changed
    but perhaps the audit log.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one argument a thing that it needs
        self,
        store: PreferenceStore,
        zone_store: ZoneStore,
        calendars: Calendars,
        audit: Audit,
        clock: Clock,
        known: Mapping[int, Preferences] | None = None,
    ) -> None:
        self._store = store
        self._zone_store = zone_store
        self._calendars = calendars
        self._audit = audit
        self._clock = clock
        self._known = dict(known or {})
        self._turn = asyncio.Lock()

    def present(self, guild: int) -> Preferences:
        """What a server prefers."""
        return self._known.get(guild, _NONE)

    def keepings(self) -> dict[int, Keeping]:
        """How long servers keep what they do not keep as long as the host."""
        return {guild: each.keeping for guild, each in self._known.items() if each.keeping != _NONE.keeping}

    @property
    def wants_sentiment(self) -> bool:
        """Whether any server has its messages scored."""
        return any(each.sentiment_after is not None for each in self._known.values())

    def zones(self, guild: int) -> ZoneHistory:
        """The time zones that a server has lived in, and will soon."""
        return self._calendars.zones(guild)

    async def change(
        self, guild: int, actor: int, change: SettingChange, become: Callable[[Preferences], Preferences]
    ) -> None:
        """Let a preference hold from now on, as ``actor`` (a pseudonym) wants it."""
        async with self._turn:
            await self._audit.note_change(guild, actor, change, self._clock.now_ms())
            after = become(self.present(guild))
            await self._store.save_preferences(guild, after)
            self._known[guild] = after

    async def change_zone(self, guild: int, actor: int, change: SettingChange) -> None:
        """Let a server live in the zone that ``change`` names, from the next quarter of an hour on.

        Raises LookupError where nothing is known of the server.
        """
        async with self._turn:
            now_ms = self._clock.now_ms()
            await self._audit.note_change(guild, actor, change, now_ms)
            self._calendars.change(guild, await self._zone_store.change_zone(guild, change.after, now_ms))

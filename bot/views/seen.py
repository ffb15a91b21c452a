"""What views read, as far as the readers of the answer may see it: the place where channels are kept back.

A view asks this reader as it asks any. Channels that are not seen come without a name and under numbers that
are no ids, so that a view cannot show which they are. ``analytics.sight`` tells them apart.
"""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import cast

from msgspec import structs

from analytics.day_counts import ChannelDayHours
from analytics.local_time import HourRange
from analytics.period_days import PeriodDays
from analytics.sight import Sight, Veil
from bot.db.channel_facts import ThreadTimes
from bot.db.day_counts import ChannelPart, VoicePart
from bot.db.reader import Reader
from bot.views.refusal import CannotShow
from bot.views.scope import Scope
from bot.views.view import View
from schemas.results.board import Board
from texts import LazyText, tr_n

UNSEEN = LazyText(
    "I know no such channel that everybody may see who reads this answer. Choose another channel, or ask in "
    "the channel itself."
)


def require_seen(view: View, scope: Scope) -> None:
    """Raise CannotShow where the question names a channel that is not seen, or one that there never was."""
    named = (*scope.channels, *scope.chosen, *((scope.subject,) if view.of_channel else ()))
    if not all(map(scope.sight.sees, named)):
        raise CannotShow(str(UNSEEN))


def left_out(board: Board, scope: Scope) -> Board:
    """The board, with a note where the chosen categories have channels that are not seen."""
    if not scope.unseen:
        return board
    note = tr_n(
        "{count} channel of the chosen categories is not shown, and not counted here.",
        "{count} channels of the chosen categories are not shown, and not counted here.",
        scope.unseen,
    )
    return structs.replace(board, notes=(*board.notes, note))


def as_seen(reader: Reader, sight: Sight) -> Reader:
    """The reader for those who see this; where nothing is kept back, the reader itself."""
    return reader if sight.unlimited else cast("Reader", SeenReader(reader, sight))


class SeenReader:
    """``Reader`` for one answer. What knows no channels is answered by the reader behind it."""

    def __init__(self, reader: Reader, sight: Sight) -> None:
        self._reader = reader
        self._veil = Veil(sight)

    def __getattr__(self, name: str) -> object:
        """What is not kept back in any part."""
        return getattr(self._reader, name)

    async def channel_names(self, guild_id: int) -> dict[int, str]:
        """See ``Reader.channel_names``: of channels that are seen."""
        return self._veil.names(await self._reader.channel_names(guild_id))

    async def text_channels(self, guild_id: int) -> dict[int, int] | None:
        """See ``Reader.text_channels``."""
        found = await self._reader.text_channels(guild_id)
        return None if found is None else self._veil.keys(found)

    async def last_messages(self, guild_id: int, channels: Collection[int]) -> dict[int, datetime]:
        """See ``Reader.last_messages``."""
        return self._veil.keys(await self._reader.last_messages(guild_id, self._channels(channels)))

    async def threads_begun(
        self, guild_id: int, begun: tuple[int, int], channels: Collection[int]
    ) -> list[ThreadTimes]:
        """See ``Reader.threads_begun``."""
        found = await self._reader.threads_begun(guild_id, begun, self._channels(channels))
        return [replace(thread, channel=self._veil.number(thread.channel)) for thread in found]

    async def period(self, guild_id: int, ranges: tuple[HourRange, ...]) -> PeriodDays:
        """See ``Reader.period``."""
        found = await self._reader.period(guild_id, ranges)
        return PeriodDays(found.ranges, self._veil.written(found.channels), found.wrote)

    async def channel_days(
        self, guild_id: int, ranges: tuple[HourRange, ...], *parts: ChannelPart
    ) -> list[ChannelDayHours]:
        """See ``Reader.channel_days``."""
        days = await self._reader.channel_days(guild_id, ranges, *parts)
        return await asyncio.to_thread(self._veil.days, days)

    async def voice_parts(
        self, guild_id: int, ranges: tuple[HourRange, ...], channels: Collection[int]
    ) -> dict[VoicePart, int]:
        """See ``Reader.voice_parts``: sums, which name no channel."""
        return await self._reader.voice_parts(guild_id, ranges, self._channels(channels))

    def _channels(self, numbers: Collection[int]) -> list[int]:
        return [self._veil.channel(number) for number in numbers]

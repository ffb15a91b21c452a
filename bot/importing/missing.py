"""How many messages of a file were neither counted before nor count now, at least.

Of a time that is taken to be complete the database does not keep which messages were counted, but how many a
day. A file that holds more of a channel's days than there are counted holds some that are left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.day_counts import messages
from analytics.local_time import HOURS_PER_DAY, HourRange
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.ingest.activities.messages import MessageSent

DAYS_AT_ONCE = 366


@dataclass(slots=True)
class Held:
    """What a file holds of a channel: messages that may count, ``settled`` of them, from day to day."""

    messages: int
    settled: int
    first: int
    last: int


HeldByChannel = dict[tuple[int, int], Held]
"""By channel and epoch of the time zone."""


def note_held(held: HeldByChannel, sent: MessageSent, *, settled: bool) -> None:
    """Note a message with an id. Those of threads are passed over: their days have no counts of their own."""
    if sent.thread or not sent.id:
        return
    key = (sent.channel, sent.zone)
    known = held.get(key)
    if known is None:
        known = held[key] = Held(0, 0, sent.day, sent.day)
    known.messages += 1
    known.settled += settled
    known.first, known.last = min(known.first, sent.day), max(known.last, sent.day)


async def left_out(reader: Reader, guild_id: int, files: Iterable[HeldByChannel], oldest: int) -> int:
    """How many messages of the files are counted neither before nor now, at least.

    Days before ``oldest`` are kept no longer: of channels that reach beyond nothing can be said. What
    several files hold of a channel is taken for the same.
    """
    found: dict[tuple[int, int], int] = {}
    for held in files:
        asked = {key: each for key, each in held.items() if each.settled and each.first >= oldest}
        counted = await _counted(reader, guild_id, asked)
        for key, each in asked.items():
            lacking = min(each.settled, each.messages - counted[key])
            found[key] = max(found.get(key, 0), lacking)
    return sum(found.values())


async def _counted(
    reader: Reader, guild_id: int, asked: Mapping[tuple[int, int], Held]
) -> dict[tuple[int, int], int]:
    """Messages counted in channels over the days of each."""
    sums = dict.fromkeys(asked, 0)
    for zone in {zone for _, zone in asked}:
        here = {channel: each for (channel, at), each in asked.items() if at == zone}
        first, stop = min(each.first for each in here.values()), 1 + max(each.last for each in here.values())
        for start in range(first, stop, DAYS_AT_ONCE):
            end = min(start + DAYS_AT_ONCE, stop)
            span = HourRange(zone, start * HOURS_PER_DAY, end * HOURS_PER_DAY)
            for day in await reader.channel_days(guild_id, (span,), ChannelPart.MESSAGES):
                ids, by_hour = messages(day.columns)
                for channel, count in zip(ids.tolist(), by_hour.sum(axis=1).tolist(), strict=True):
                    each = here.get(channel)
                    if each is not None and each.first <= day.day <= each.last:
                        sums[channel, zone] += count
    return sums

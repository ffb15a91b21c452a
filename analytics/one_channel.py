"""A channel's days out of those of all channels."""

from collections.abc import Sequence

from analytics.packs import ChannelColumns, totals_by_id


def messages_by_day(days: Sequence[ChannelColumns], channel: int) -> dict[int, int]:
    """A channel's messages by local day, where it has any."""
    found: dict[int, int] = {}
    for day in days:
        number = int(day.messages[day.channels == channel].sum())
        if number:
            found[day.day] = found.get(day.day, 0) + number
    return found


def place_of(days: Sequence[ChannelColumns], channel: int) -> tuple[int | None, int, int]:
    """Place among the channels with messages (None: it has none), how many there are, and all messages."""
    totals = totals_by_id([day.channels for day in days], [day.messages for day in days])
    totals = {each: number for each, number in totals.items() if number}
    own = totals.get(channel)
    place = None if own is None else 1 + sum(number > own for number in totals.values())
    return place, len(totals), sum(totals.values())

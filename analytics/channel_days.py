"""What happened in channels on a day: ``channelDays`` documents brought into columns, and these added up."""

from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.day_columns import CHANNEL_SUMS, COUNT, ID, SENTIMENT, SIGNED, TIME, ChannelDayColumns
from analytics.local_time import HOURS_PER_DAY
from analytics.packs import Ids


def channels_of_slices(slices: Iterable[tuple[int, Mapping[str, Any]]]) -> ChannelDayColumns:
    """Columns of ``channelDays`` documents, by channel id."""
    messages: dict[int, list[int]] = {}
    voice: dict[int, list[int]] = {}
    reactions: dict[int, int] = {}
    sentiment: dict[int, list[int]] = {}
    sums = dict.fromkeys(CHANNEL_SUMS, 0)
    for channel, stored in slices:
        if stored["hours"]:
            messages[channel] = _by_hour(stored["hours"])
        times = stored.get("voice", {})
        if times.get("hours"):
            voice[channel] = _outside_afk(times)
        if stored.get("reactions", 0):
            reactions[channel] = stored["reactions"]
        scored = stored.get("sentiment")
        if scored:
            sentiment[channel] = [scored.get(name, 0) for name in SENTIMENT]
        for name in CHANNEL_SUMS:
            sums[name] += stored.get(name, 0)
    return ChannelDayColumns(
        *_matrix(messages, COUNT),
        *_matrix(voice, TIME),
        np.array(sorted(reactions), ID),
        np.array([reactions[channel] for channel in sorted(reactions)], SIGNED),
        *_matrix(sentiment, SIGNED, len(SENTIMENT)),
        sums,
    )


def add_channels(base: ChannelDayColumns, later: ChannelDayColumns) -> ChannelDayColumns:
    """Sum of two sets of columns of one day."""
    reacted = _sum_rows(
        (base.reacted_channels, base.reactions[:, None]), (later.reacted_channels, later.reactions[:, None])
    )
    return ChannelDayColumns(
        *_sum_rows((base.channels, base.messages), (later.channels, later.messages)),
        *_sum_rows((base.voice_channels, base.voice), (later.voice_channels, later.voice), empty=True),
        reacted[0],
        reacted[1][:, 0],
        *_sum_rows((base.sentiment_channels, base.sentiment), (later.sentiment_channels, later.sentiment)),
        {name: base.sums.get(name, 0) + later.sums.get(name, 0) for name in CHANNEL_SUMS},
    )


def _by_hour(hours: Mapping[str, int]) -> list[int]:
    return [hours.get(str(hour), 0) for hour in range(HOURS_PER_DAY)]


def _outside_afk(times: Mapping[str, Any]) -> list[int]:
    """Time by hour less that in the AFK channel. A channel with nothing else keeps a row of zeros.

    Where a version before kept the time in the AFK channel of the day and not of its hours, each hour is
    taken to have had the same share of it: mostly all, since it is seldom another channel by the evening.
    """
    hours = _by_hour(times["hours"])
    afk = _by_hour(times.get("afkHours", {}))
    outside = [max(spent - away, 0) for spent, away in zip(hours, afk, strict=True)]
    unknown = times.get("afkMs", 0) - sum(afk)
    return outside if unknown <= 0 else _less(outside, unknown)


def _less(amounts: list[int], taken: int) -> list[int]:
    """Amounts of which so much is taken in all, from each by its share; exact in the sum."""
    whole = sum(amounts)
    left = max(whole - taken, 0)
    edges = [amount * left // whole if whole else 0 for amount in accumulate(amounts, initial=0)]
    return [after - before for before, after in pairwise(edges)]


def _matrix(
    rows: Mapping[int, list[int]], kind: np.dtype[Any], width: int = HOURS_PER_DAY
) -> tuple[Ids, npt.NDArray[Any]]:
    ids = sorted(rows)
    values = np.array([rows[identity] for identity in ids], kind).reshape(-1, width)
    return np.array(ids, ID), values


def _sum_rows(
    base: tuple[Ids, npt.NDArray[Any]], later: tuple[Ids, npt.NDArray[Any]], *, empty: bool = False
) -> tuple[Ids, npt.NDArray[Any]]:
    """Rows by id, those of the same id added; rows without any value go, unless ``empty`` ones may stay."""
    ids, place = np.unique(np.concatenate([base[0], later[0]]), return_inverse=True)
    values = np.concatenate([base[1], later[1]])
    sums = np.zeros((len(ids), values.shape[1]), values.dtype)
    np.add.at(sums, place, values)
    kept = sums.any(axis=1) | empty
    return ids[kept], sums[kept]

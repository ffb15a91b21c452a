"""Sums of sentiment over days, channels and buckets, and the shares and means that they come to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from analytics.day_columns import SENTIMENT
from analytics.day_counts import Calendar, ChannelDayHours
from analytics.local_time import HOURS_PER_DAY
from analytics.packs import Ids
from schemas.results.curve import Curve
from schemas.results.sentiment import Moods

Sums = npt.NDArray[np.int64]


def moods(days: Iterable[ChannelDayHours], only: Sequence[int] = ()) -> Moods:
    """Sums over all days as whole ones, and over all channels or ``only`` some."""
    messages, sums = 0, _nothing()
    for day in days:
        messages += int(day.columns.messages[_wanted(day.columns.channels, only)].sum())
        sums += _of_day(day, only)
    return Moods(messages, *sums.tolist())


def moods_by_channel(days: Iterable[ChannelDayHours], only: Sequence[int] = ()) -> dict[int, Moods]:
    """Sums of each channel of which anything was looked at; messages are left out."""
    found: dict[int, Sums] = {}
    for day in days:
        columns = day.columns
        for channel, row in zip(columns.sentiment_channels.tolist(), columns.sentiment, strict=True):
            if not only or channel in only:
                found[channel] = found.get(channel, _nothing()) + row
    return {channel: Moods(0, *sums.tolist()) for channel, sums in found.items()}


@dataclass(frozen=True, slots=True)
class MoodCurves:
    """Curves as ``schemas.results.sentiment.SentimentActivity`` has them."""

    scored: Curve
    positive: Curve
    neutral: Curve
    negative: Curve
    mean: Curve


def mood_curves(days: Sequence[ChannelDayHours], calendar: Calendar, only: Sequence[int] = ()) -> MoodCurves:
    """What the sums of the calendar's buckets, of days at the finest, come to."""
    by_day = {day.day * HOURS_PER_DAY: _nothing() for day in days}
    for day in days:
        by_day[day.day * HOURS_PER_DAY] += _of_day(day, only)
    sums = [
        calendar.by_day().curve({hour: int(of_day[column]) for hour, of_day in by_day.items()}, None)
        for column in range(len(SENTIMENT))
    ]
    buckets = [
        Moods(0, *(int(value or 0) for value in bucket))
        for bucket in zip(*(curve.values for curve in sums), strict=True)
    ]

    def curve(of: Callable[[Moods], float | None]) -> Curve:
        return replace(sums[0], values=tuple(map(of, buckets)))

    return MoodCurves(
        curve(lambda bucket: bucket.scored if bucket.looked_at else None),
        curve(lambda bucket: share(bucket.positive, bucket)),
        curve(lambda bucket: share(neutral(bucket), bucket)),
        curve(lambda bucket: share(bucket.negative, bucket)),
        curve(mean),
    )


def neutral(sums: Moods) -> int:
    """Scored messages that are neither positive nor negative."""
    return sums.scored - sums.positive - sums.negative


def share(part: int, sums: Moods) -> float | None:
    """Part of the scored messages; None where there are none."""
    return part / sums.scored if sums.scored else None


def mean(sums: Moods) -> float | None:
    """Mean score from -100 to 100; None where nothing was scored."""
    return sums.hundredths / sums.scored if sums.scored else None


def means_of(channels: Mapping[int, Moods], enough: int) -> dict[int, float]:
    """Mean score of each channel with ``enough`` scored messages."""
    found = ((channel, mean(sums)) for channel, sums in channels.items() if sums.scored >= enough)
    return {channel: value for channel, value in found if value is not None}


def _of_day(day: ChannelDayHours, only: Sequence[int]) -> Sums:
    columns = day.columns
    wanted = columns.sentiment[_wanted(columns.sentiment_channels, only)]
    sums: Sums = wanted.sum(axis=0, dtype=np.int64)
    return sums


def _wanted(ids: Ids, only: Sequence[int]) -> npt.NDArray[np.bool_]:
    return np.isin(ids, np.array(only, np.uint64)) if only else np.ones(len(ids), np.bool_)


def _nothing() -> Sums:
    return np.zeros(len(SENTIMENT), np.int64)

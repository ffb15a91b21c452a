"""Sums of sentiment, held against a naive count of the single messages."""

from collections import defaultdict
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.channel_days import channels_of_slices
from analytics.day_counts import Calendar, ChannelDayHours
from analytics.local_time import HOURS_PER_DAY
from analytics.sentiment import mean, means_of, mood_curves, moods, moods_by_channel, neutral, share
from analytics.timeframes import Bucket, Period, Recent
from bot.ingest.activities.messages import UNSCORED, MessageSent
from bot.ingest.fold import fold
from schemas.results.sentiment import Moods

FIRST = 20_000
DAYS = 4


class Said(NamedTuple):
    day: int
    channel: int
    score: int | None


scores = st.none() | st.just(UNSCORED) | st.integers(-100, 100) | st.sampled_from([-5, -4, 0, 4, 5])
messages = st.lists(st.builds(Said, st.integers(0, DAYS - 1), st.integers(1, 3), scores), max_size=40)


def days_of(said: list[Said]) -> list[ChannelDayHours]:
    """What the real fold and the real columns make of messages."""
    delta = fold(
        MessageSent(1, each.channel, 0, 0, 1, 0, 0, 0, 0, FIRST + each.day, 9, 0, each.score) for each in said
    )
    slices: dict[int, list[tuple[int, dict[str, object]]]] = defaultdict(list)
    for (_, _, day, channel), entry in delta.channel_days.items():
        sums = {
            "lookedAt": entry.looked_at,
            "scored": entry.scored,
            "positive": entry.positive,
            "negative": entry.negative,
            "hundredths": entry.sentiment,
        }
        stored = {"hours": {"9": entry.messages}} | ({"sentiment": sums} if entry.looked_at else {})
        slices[day].append((channel, stored))
    return [
        ChannelDayHours(0, day, range(HOURS_PER_DAY), channels_of_slices(rows))
        for day, rows in sorted(slices.items())
    ]


def naive(said: list[Said]) -> Moods:
    looked = [each.score for each in said if each.score is not None]
    known = [score for score in looked if score != UNSCORED]
    positive, negative = [s for s in known if s >= 5], [s for s in known if s <= -5]
    return Moods(len(said), len(looked), len(known), len(positive), len(negative), sum(known))


@given(messages, st.sets(st.integers(1, 3), max_size=2))
def test_sums_are_those_of_a_naive_count(said: list[Said], only: set[int]) -> None:
    chosen = tuple(sorted(only))
    here = [each for each in said if not only or each.channel in only]
    assert moods(days_of(said), chosen) == naive(here)
    by_channel = moods_by_channel(days_of(said), chosen)
    for channel in (1, 2, 3):
        mine = naive([each for each in here if each.channel == channel])
        expected = Moods(0, mine.looked_at, mine.scored, mine.positive, mine.negative, mine.hundredths)
        assert by_channel.get(channel, Moods()) == expected


@settings(deadline=None)
@given(messages)
def test_curves_say_what_each_day_comes_to_and_leave_the_rest_unknown(said: list[Said]) -> None:
    start = FIRST * HOURS_PER_DAY
    stop = start + DAYS * HOURS_PER_DAY
    period = Period(Recent(DAYS, "d"), start, stop, running=False, previous=None, bucket=Bucket.HOUR)
    curves = mood_curves(days_of(said), Calendar(period, ZoneInfo("UTC"), start))
    for day in range(DAYS):
        sums = naive([each for each in said if each.day == day])
        assert curves.scored.values[day] == (sums.scored if sums.looked_at else None)
        assert curves.mean.values[day] == mean(sums)
        shares = [curve.values[day] for curve in (curves.positive, curves.neutral, curves.negative)]
        assert shares == [share(part, sums) for part in (sums.positive, neutral(sums), sums.negative)]
        assert None in shares or abs(sum(shares) - 1) < 1e-9
        assert (None in shares) == (sums.scored == 0)


def test_a_channel_with_few_scored_messages_has_no_mean() -> None:
    channels = {1: Moods(0, 30, 20, 5, 2, 400), 2: Moods(0, 30, 19, 5, 2, 400), 3: Moods(0, 9)}
    assert means_of(channels, 20) == {1: 20.0}
    assert means_of(channels, 0) == {1: 20.0, 2: 400 / 19}

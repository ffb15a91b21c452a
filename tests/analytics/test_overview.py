"""The overview against a naive count of the messages themselves."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from analytics.day_columns import DatedMembers
from analytics.local_time import HourRange, ZoneHistory, date_of, day_of
from analytics.member_days import members_within
from analytics.member_spans import MemberSpan, span_of_day
from analytics.overview import GuildFacts, compute
from analytics.packs import ChannelColumns, channel_columns
from analytics.period_days import PeriodDays
from analytics.timeframes import AllTime, Between, Period, Recent, Timeframe, resolve
from schemas.results.overview import Overview
from tests.support.slices import members_of_slices

ZONE = ZoneInfo("Europe/Berlin")
ZONES = ZoneHistory.single(ZONE)
NOW = int(datetime(2026, 3, 31, 12, 0, tzinfo=UTC).timestamp() * 1000)  # two days after a clock change
TODAY = day_of(date(2026, 3, 31))


class Sent(NamedTuple):
    day: int
    hour: int
    channel: int
    member: int


messages = st.lists(
    st.builds(Sent, st.integers(TODAY - 80, TODAY), st.integers(0, 13), st.integers(1, 4), st.integers(1, 9)),
    max_size=60,
)


def period_days(sent: list[Sent], ranges: tuple[HourRange, ...]) -> PeriodDays:
    channels: list[ChannelColumns] = []
    wrote: list[list[MemberSpan]] = []
    for span in ranges:
        wrote.append([])
        for day in span.days:
            hours = range(max(span.start - day * 24, 0), min(span.stop - day * 24, 24))
            here = [m for m in sent if m.day == day]
            channels.append(channel_columns(0, day, rows(here, "channel"), hours))
            columns = members_of_slices((who, {"hours": sent}) for who, sent in rows(here, "member"))
            wrote[-1].append(span_of_day(DatedMembers(day, members_within(columns, hours))))
    return PeriodDays(ranges, channels, wrote)


def rows(sent: list[Sent], field: str) -> list[tuple[int, dict[str, int]]]:
    ids = sorted({getattr(m, field) for m in sent})
    return [(i, dict(Counter(str(m.hour) for m in sent if getattr(m, field) == i))) for i in ids]


def overview(sent: list[Sent], timeframe: Timeframe) -> tuple[Period, Overview]:
    first_day = min((m.day for m in sent), default=None)
    period = resolve(timeframe, NOW, ZONES, first_day)
    facts = GuildFacts(1, "A server", ZONES, first_day, None, {1: "general"})
    before = period_days(sent, period.previous_ranges(ZONES))
    return period, compute(
        facts, period, period_days(sent, period.ranges(ZONES)), before if before.ranges else None
    )


timeframes = st.sampled_from(
    [
        Recent(24, "h"),
        Recent(7, "d"),
        Recent(30, "d"),
        Recent(365, "d"),
        AllTime(),
        Between(date(2026, 3, 1), date(2026, 3, 20)),
        Between(date(2026, 3, 29), date(2026, 3, 29)),
    ]
)


@given(messages, timeframes)
def test_every_figure_is_that_of_a_naive_count(sent: list[Sent], timeframe: Timeframe) -> None:
    period, result = overview(sent, timeframe)
    inside = [m for m in sent if period.start <= m.day * 24 + m.hour < period.stop]
    if min((m.day * 24 for m in sent), default=period.stop) >= period.stop:
        assert (result.messages, result.writers) == (None, None)
    else:
        assert result.messages == len(inside)
        assert result.writers == len({m.member for m in inside})
    by_channel = Counter(m.channel for m in inside)
    assert [(c.channel_id, c.messages) for c in result.top_channels] == sorted(
        by_channel.items(), key=lambda row: (-row[1], row[0])
    )
    assert sum(v or 0 for v in result.values) == len(inside)
    assert len(result.values) == len(result.bucket_starts)


@given(messages, timeframes)
def test_the_period_before_is_compared_only_where_all_of_it_was_counted(
    sent: list[Sent], timeframe: Timeframe
) -> None:
    period, result = overview(sent, timeframe)
    first = min((m.day * 24 for m in sent), default=None)
    if period.previous is None or first is None or first > period.previous[0]:
        assert result.previous_messages is None
        assert result.previous_writers is None
        assert result.previous_values is None
        return
    inside = [m for m in sent if period.previous[0] <= m.day * 24 + m.hour < period.previous[1]]
    assert result.previous_messages == len(inside)
    assert result.previous_writers == len({m.member for m in inside})
    assert result.previous_values is not None
    assert sum(v or 0 for v in result.previous_values) == len(inside)
    assert len(result.previous_values) == len(result.values)


def test_buckets_before_counting_began_are_unknown_and_not_zero() -> None:
    sent = [Sent(TODAY - 3, 5, 1, 1), Sent(TODAY, 5, 1, 2)]
    _, result = overview(sent, Recent(7, "d"))
    assert result.values == (None, None, None, 1, 0, 0, 1)


def test_a_day_is_a_day_of_the_servers_own_zone() -> None:
    _, result = overview([Sent(TODAY - 3, 5, 1, 1)], Recent(7, "d"))
    start = result.bucket_starts[0]
    assert start.isoformat() == "2026-03-25T00:00:00+01:00"
    assert result.bucket_starts[-1].isoformat() == "2026-03-31T00:00:00+02:00"
    assert date_of(TODAY) == result.bucket_starts[-1].date()


def test_names_that_are_not_known_stay_unknown() -> None:
    _, result = overview([Sent(TODAY, 5, 1, 1), Sent(TODAY, 5, 2, 1)], Recent(7, "d"))
    assert [channel.name for channel in result.top_channels] == ["general", None]

from collections import Counter
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import UNSCORED, MessageFlag, MessageSent
from bot.ingest.activities.voice import VoiceLevel, VoiceTime
from bot.ingest.activity import decode, encode
from bot.ingest.delta import Delta
from bot.ingest.fold import Foldable, fold
from schemas.guild_day_names import GuildCount

small = st.integers(1, 3)
messages = st.builds(
    MessageSent,
    guild=small,
    channel=small,
    thread=st.sampled_from([0, 0, 7, 8]),
    kind=st.integers(0, 5),
    member=small,
    id=st.integers(1, 2**63),
    session=small,
    at=st.integers(0, 10**13),
    zone=st.integers(0, 1),
    day=st.integers(20_000, 20_003),
    hour=st.integers(0, 23),
    flags=st.integers(0, 127),
    sentiment=st.none() | st.just(UNSCORED) | st.integers(-100, 100),
)
gauges = st.builds(
    MembersCounted,
    guild=small,
    at=st.integers(0, 10**13),
    zone=st.integers(0, 1),
    day=st.integers(20_000, 20_003),
    hour=st.integers(0, 23),
    members=st.integers(0, 10**6),
)
label = {"zone": st.integers(0, 1), "day": st.integers(20_000, 20_003), "hour": st.integers(0, 23)}
voice_times = st.builds(
    VoiceTime,
    guild=small,
    channel=small,
    kind=st.integers(1, 2),
    member=small,
    at=st.integers(0, 10**13),
    ms=st.integers(1, 3_600_000),
    flags=st.integers(0, 63),
    **label,
)
voice_levels = st.builds(
    VoiceLevel,
    guild=small,
    channel=st.integers(0, 3),
    kind=st.integers(1, 2),
    at=st.integers(0, 10**13),
    people=st.integers(0, 99),
    **label,
)
activities = st.lists(messages | gauges | voice_times | voice_levels, max_size=40)


def combined(field: str, a: int | dict[int, int], b: int | dict[int, int]) -> int | dict[int, int]:
    """How two values of a counter's field add up: times take the extreme, maps and counts add."""
    if field in {"first_at", "last_at"}:
        return min(a, b) if field == "first_at" else max(a, b)
    if field == "peak":
        return max(a, b)
    if field == "kind":
        return a
    return dict(Counter(a) + Counter(b)) if isinstance(a, dict) else a + b


def greatest(a: dict[int, int], b: dict[int, int]) -> dict[int, int]:
    return {key: max(a.get(key, 0), b.get(key, 0)) for key in a.keys() | b.keys()}


def plus(left: Delta, right: Delta) -> Delta:
    """Add two deltas by the letter."""
    for name in ("member_days", "channel_days", "thread_days", "voice_member_days", "voice_channel_days"):
        mine, theirs = getattr(left, name), getattr(right, name)
        for key, entry in theirs.items():
            if key in mine:
                for field in entry.__struct_fields__:
                    value = combined(field, getattr(mine[key], field), getattr(entry, field))
                    setattr(mine[key], field, value)
            else:
                mine[key] = entry
    for key, day in right.guild_days.items():
        mine = left.guild_days.setdefault(key, type(day)())
        mine.voice_peak = max(mine.voice_peak, day.voice_peak)
        mine.voice_peaks = greatest(mine.voice_peaks, day.voice_peaks)
        for level, readings in day.levels.items():
            for hour, (at, value) in readings.items():
                mine.read(level, hour, at, value)
        for count, hours in day.counts.items():
            for hour, number in hours.items():
                mine.count(count, hour, number)
    return left


def without_kind(delta: Delta) -> Delta:
    """A channel's type is a label, not a count: the test mixes types within a channel."""
    for days in (delta.channel_days, delta.thread_days, delta.voice_channel_days):
        for entry in days.values():
            entry.kind = 0
    return delta


@given(activities, st.randoms())
def test_order_does_not_matter(batch: list[Foldable], random: Random) -> None:
    shuffled = batch[:]
    random.shuffle(shuffled)
    assert without_kind(fold(batch)) == without_kind(fold(shuffled))


@given(activities, st.integers(0, 40))
def test_folding_parts_adds_up_to_folding_the_whole(batch: list[Foldable], cut: int) -> None:
    parts = plus(fold(batch[:cut]), fold(batch[cut:]))
    assert without_kind(parts) == without_kind(fold(batch))


@given(activities)
def test_totals_are_those_of_a_naive_count(batch: list[Foldable]) -> None:
    delta = fold(batch)
    sent = [a for a in batch if isinstance(a, MessageSent)]
    assert sum(d.messages for d in delta.member_days.values()) == len(sent)
    assert sum(d.messages for d in delta.channel_days.values()) == len(sent)
    for key, day in delta.channel_days.items():
        here = [a for a in sent if (a.guild, a.zone, a.day, a.channel) == key]
        assert day.hours == Counter(a.hour for a in here)
        assert day.files == sum(bool(a.flags & MessageFlag.FILES) for a in here)
        assert day.forwards == sum(bool(a.flags & MessageFlag.FORWARD) for a in here)
        assert day.content_unknown == sum(bool(a.flags & MessageFlag.CONTENT_UNKNOWN) for a in here)
        assert day.thread_messages == sum(a.thread != 0 for a in here)
        looked = [a.sentiment for a in here if a.sentiment is not None]
        known = [score for score in looked if score != UNSCORED]
        assert (day.looked_at, day.scored, day.sentiment) == (len(looked), len(known), sum(known))
        assert (day.positive, day.negative) == (sum(s >= 5 for s in known), sum(s <= -5 for s in known))
    for key, day in delta.guild_days.items():
        here = [a for a in sent if (a.guild, a.zone, a.day) == key]
        stickers = Counter(a.hour for a in here if a.flags & MessageFlag.STICKERS)
        assert day.counts.get(GuildCount.STICKERS, {}) == stickers
        assert day.counts.get(GuildCount.THREAD_MESSAGES, {}) == Counter(a.hour for a in here if a.thread)
    for key, member in delta.member_days.items():
        mine = [a for a in sent if (a.guild, a.zone, a.day, a.member) == key]
        assert member.channels == Counter(a.channel for a in mine)
        assert (member.first_at, member.last_at) == (min(a.at for a in mine), max(a.at for a in mine))


@given(messages | gauges | voice_times | voice_levels)
def test_a_record_reads_back_as_it_was(activity: Foldable) -> None:
    assert decode(encode(activity)) == activity


def test_a_record_is_small() -> None:
    sent = MessageSent(1 << 60, 1 << 60, 0, 0, 1 << 63, 1 << 60, 1 << 61, 1_790_000_000_000, 0, 20_000, 13, 3)
    assert len(encode(sent)) <= 70


def test_a_record_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(msgspec.msgpack.encode([99, 1]))


def test_a_record_of_before_there_was_sentiment_says_that_nobody_looked() -> None:
    old = [1, 1 << 60, 1 << 60, 0, 0, 1 << 63, 1 << 60, 1 << 61, 1_790_000_000_000, 0, 20_000, 13, 3]
    sent = decode(msgspec.msgpack.encode(old))
    assert isinstance(sent, MessageSent)
    assert (sent.flags, sent.sentiment) == (3, None)


@given(st.lists(messages, max_size=20))
def test_messages_of_nobody_count_for_all_but_members(sent: list[MessageSent]) -> None:
    nobodys = [msgspec.structs.replace(each, member=0) for each in sent]
    delta, others = fold(nobodys), fold(sent)
    assert delta.member_days == {}
    assert (delta.channel_days, delta.thread_days) == (others.channel_days, others.thread_days)
    assert delta.guild_days == others.guild_days

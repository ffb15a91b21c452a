from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.local_time import ZoneHistory, date_of, day_of, weekday_of
from bot.demo.community import DISCORD_EPOCH_MS, Community, Messages, snowflakes
from bot.demo.names import CREW
from bot.demo.plan import ROOMS, Plan
from bot.ingest.activities.messages import MessageFlag

BERLIN = ZoneInfo("Europe/Berlin")
LAST_DAY = day_of(date(2026, 11, 20))
DAY_MS = 86_400_000


def plan(**changes: object) -> Plan:
    return replace(Plan(zone=BERLIN, last_day=LAST_DAY), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def community() -> Community:
    return Community(plan())


@pytest.fixture(scope="module")
def history(community: Community) -> dict[int, Messages]:
    first, last = community.plan.first_day, community.plan.last_day
    return {day: community.messages(day) for day in range(first, last + 1)}


def columns(messages: Messages) -> list[list[int]]:
    return [getattr(messages, name).tolist() for name in Messages.__slots__]


def whole(history: dict[int, Messages], name: str) -> np.ndarray:
    return np.concatenate([getattr(messages, name) for messages in history.values()])


def mean(history: dict[int, Messages], days: range) -> float:
    return sum(len(history[day]) for day in days) / len(days)


def test_the_same_plan_gives_the_same_history() -> None:
    day = LAST_DAY - 5
    one, two, other = (Community(plan(seed=seed)).messages(day) for seed in (1, 1, 2))
    assert columns(one) == columns(two)
    assert columns(one) != columns(other)


def test_time_going_on_changes_nothing_that_was(history: dict[int, Messages]) -> None:
    later = Community(plan(), LAST_DAY + 40)

    assert columns(later.messages(LAST_DAY)) == columns(history[LAST_DAY])
    assert later.crowd.names[:100] == Community(plan()).crowd.names[:100]
    assert len(later.messages(LAST_DAY + 40)) > 100


def test_its_size_is_that_of_a_middling_community(community: Community, history: dict[int, Messages]) -> None:
    assert 45_000 < sum(map(len, history.values())) < 70_000
    ends = [max(messages.at.tolist()) for messages in history.values()]
    members = [community.crowd.members_at(at) for at in (ends[0], ends[100], ends[-1])]
    assert members == sorted(members)
    assert members[0] < 140
    assert 220 < members[-1] < 260


def test_ids_ascend_and_hold_the_instant(history: dict[int, Messages]) -> None:
    ids, at = whole(history, "ids"), whole(history, "at")
    assert (np.diff(ids) > 0).all()
    assert ((ids >> 22) + DISCORD_EPOCH_MS == at).all()


def test_ids_of_one_instant_differ() -> None:
    ids = snowflakes(np.array([DISCORD_EPOCH_MS + 1] * 3 + [DISCORD_EPOCH_MS + 2]))
    assert ids.tolist() == [1 << 22, (1 << 22) + 1, (1 << 22) + 2, 2 << 22]


def test_weekends_are_busier(history: dict[int, Messages]) -> None:
    quiet_time = range(LAST_DAY - 60, LAST_DAY - 18)
    free = [len(history[day]) for day in quiet_time if weekday_of(day) in (0, 6)]
    working = [len(history[day]) for day in quiet_time if weekday_of(day) not in (0, 6)]
    assert np.mean(free) > 1.15 * np.mean(working)


def test_evenings_are_busier_than_nights(history: dict[int, Messages]) -> None:
    zones = ZoneHistory.single(BERLIN)
    hours = np.bincount([zones.label(int(at)).hour for at in whole(history, "at")], minlength=24)
    assert hours[18:22].sum() > 3 * hours[2:6].sum()
    assert (hours > 0).all()


def test_few_write_much_and_many_write_nothing(community: Community, history: dict[int, Messages]) -> None:
    counts = np.sort(np.bincount(whole(history, "people"), minlength=len(community.crowd.names)))[::-1]
    total = counts.sum()
    assert counts[0] < 0.15 * total
    assert counts[: len(counts) // 10].sum() > 0.5 * total
    assert 0.3 < np.mean(counts == 0) < 0.7


def test_a_release_stirs_everyone_up_and_holidays_are_quiet(
    community: Community, history: dict[int, Messages]
) -> None:
    release = community.plan.release_day
    assert mean(history, range(release, release + 4)) > 1.6 * mean(history, range(release - 14, release))
    away = [day for day in history if community.plan.on_holiday(day)]
    before = range(away[0] - 14, away[0])
    assert mean(history, range(away[0], away[-1] + 1)) < 0.6 * mean(history, before)


def test_newcomers_write(community: Community, history: dict[int, Messages]) -> None:
    new = np.flatnonzero(community.crowd.first_day > LAST_DAY - 30)
    assert len(new) > 10
    assert np.isin(new, whole(history, "people")).mean() > 0.25


def test_only_members_write(community: Community, history: dict[int, Messages]) -> None:
    people, at = whole(history, "people"), whole(history, "at")
    assert (community.crowd.joined[people] <= at).all()
    assert (community.crowd.left[people] > at).all()
    assert (community.crowd.left < at.max()).sum() > 10


def test_only_the_crew_writes_in_its_rooms(history: dict[int, Messages]) -> None:
    people, rooms = whole(history, "people"), whole(history, "rooms")
    for number, room in enumerate(ROOMS):
        authors = set(people[rooms == number].tolist())
        assert authors
        assert authors.issubset(range(len(CREW))) == room.crew, room.name


def test_every_post_of_a_forum_begins_with_a_message_of_its_own(history: dict[int, Messages]) -> None:
    for messages in history.values():
        forum = np.isin(messages.rooms, [number for number, room in enumerate(ROOMS) if room.is_forum])
        assert (messages.threads[forum] > 0).all()
        room_of = dict(zip(messages.ids.tolist(), messages.rooms.tolist(), strict=True))
        written = zip(messages.threads.tolist(), messages.ids.tolist(), messages.rooms.tolist(), strict=True)
        assert all(room_of[thread] == room and thread <= id_ for thread, id_, room in written if thread)


def test_rooms_without_threads_have_none_and_pictures_are_shown_in_the_showcase(
    history: dict[int, Messages],
) -> None:
    rooms, threads = whole(history, "rooms"), whole(history, "threads")
    assert not threads[np.isin(rooms, [n for n, room in enumerate(ROOMS) if not room.threads])].any()
    files = whole(history, "flags") & MessageFlag.FILES.value > 0
    showcase = rooms == [room.name for room in ROOMS].index("showcase")
    assert files[showcase].mean() > 4 * files[~showcase].mean()


def test_names_are_all_different() -> None:
    names = Community(plan(joins_a_day=20.0)).crowd.names
    assert len(names) > 2_500
    assert len(set(names)) == len(names)
    assert names[: len(CREW)] == CREW


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]),
    st.integers(0, 400),
)
def test_what_a_day_holds_is_labelled_with_that_day(zone: str, ago: int) -> None:
    day = LAST_DAY - ago
    small = Community(plan(zone=ZoneInfo(zone), last_day=day, days=1, people=20, messages_a_day=400.0))
    zones = ZoneHistory.single(small.plan.zone)
    assert {zones.label(int(at)).day for at in small.messages(day).at} == {day}


def test_an_hour_that_the_clock_skips_stays_empty() -> None:
    spring = date(2026, 3, 29)
    day = day_of(spring)
    found = Community(plan(last_day=day, days=1, messages_a_day=5_000.0)).messages(day)
    zones = ZoneHistory.single(BERLIN)
    assert 2 not in {zones.label(int(at)).hour for at in found.at}
    assert date_of(day + 1) == spring + timedelta(days=1)
    assert max(found.at) - min(found.at) < 23 * DAY_MS // 24


def test_a_part_of_a_day(history: dict[int, Messages]) -> None:
    messages = history[LAST_DAY]
    middle = int(messages.at[len(messages) // 2])
    early, late = messages.within(0, middle), messages.within(middle, 1 << 62)
    assert columns(early)[1] + columns(late)[1] == columns(messages)[1]
    assert int(early.at[-1]) == middle

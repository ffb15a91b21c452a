"""Warnings against a model in which each case is recorded and resolved at most once."""

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.recording import MongoStore
from bot.db.warnings import Warnings
from bot.ingest.activities.warnings import Case, WarningRecorded, WarningResolved
from bot.ingest.activity import decode, encode
from bot.ingest.books.warnings import WarningCase, apply
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from tests.support.consents import silent_nobody

GUILD = 7
DAY = 20_700


def recorded(case: int, moderator: int = 11, day: int = DAY) -> WarningRecorded:
    return WarningRecorded(GUILD, case, 100 + case, moderator, "spam", day * 86_400_000, 0, day, 0)


def resolved(case: int, moderator: int = 12, day: int = DAY) -> WarningResolved:
    return WarningResolved(GUILD, case, moderator, "settled", day * 86_400_000, 0, day, 0)


events = st.lists(
    st.builds(
        lambda make, *given: make(*given),
        st.sampled_from([recorded, resolved]),
        st.integers(1, 3),
        st.integers(11, 13),
        st.integers(DAY, DAY + 2),
    ),
    max_size=20,
)


@given(events)
def test_the_first_record_and_the_first_resolution_behind_it_count(script: list[Case]) -> None:
    delta, cases = Delta(), {number: WarningCase() for number in (1, 2, 3)}
    expected: Counter[tuple[int, int, str]] = Counter()
    known, closed = set[int](), set[int]()
    for event in script:
        again = decode(encode(event))
        assert again == event
        for change in apply(cases[event.case], event):
            fold_into(delta, change)
        if isinstance(event, WarningRecorded) and event.case not in known:
            known.add(event.case)
            expected[event.day, event.moderator, "warnings"] += 1
        if isinstance(event, WarningResolved) and event.case in known - closed:
            closed.add(event.case)
            expected[event.day, event.moderator, "warningsResolved"] += 1
    by_moderator = {
        (key[2], key[3], str(name)): count
        for key, counts in delta.moderation_days.items()
        for name, count in counts.items()
    }
    assert by_moderator == expected
    by_hour: Counter[tuple[int, str]] = Counter()
    for (day, _, name), count in expected.items():
        by_hour[day, name] += count
    hours_of_days = {
        (key[2], str(name)): hours[0]
        for key, day in delta.guild_days.items()
        for name, hours in day.counts.items()
    }
    assert hours_of_days == by_hour
    assert {number for number, case in cases.items() if case.resolved_at} == closed


async def test_cases_outlive_restarts_and_unknown_ones_are_not_made_up(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    script: list[Case] = [recorded(1), recorded(1), resolved(2), resolved(1), recorded(3), resolved(1, 13)]
    for each in script:
        lease = await leases.acquire(db, ALL_SERVERS, "me")
        store = MongoStore(driver, db, lease)
        recorder = Recorder(Journal(tmp_path / "journal"), store, GatewaySessions(), silent_nobody())
        recorder.record(each)
        await recorder.flush()
        await store.close()
    assert await db.warnings.count_documents({}) == 2
    case = (await Warnings(db).of_member(GUILD, 101))[1]
    assert (case.member, case.moderator, case.resolved_by, case.resolution) == (101, 11, 12, "settled")
    open_one = (await Warnings(db).of_member(GUILD, 103))[3]
    assert (open_one.resolved_at, open_one.resolution) == (0, None)
    assert await Warnings(db).of_member(GUILD, 102) == {}
    day = await db.guildDays.find_one({})
    assert day is not None
    assert day["counts"] == {"warnings": {"0": 2}, "warningsResolved": {"0": 1}}

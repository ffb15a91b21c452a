"""Warnings when the database is silent or gone: they are recorded all the same, and no list is made up."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest

from bot.ingest.activities.warnings import WarningRecorded, WarningResolved
from bot.ingest.activity import Activity
from bot.ingest.books.warnings import WarningCase, apply
from bot.ingest.calendars import Calendars
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.store import LeaseLost, StoreUnavailable
from bot.moderation.warnings import WarningDesk
from bot.privacy.consents import Consents
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import Pseudonyms
from bot.privacy.records import OptedOut
from bot.views.service import Unavailable
from schemas.guild_day_names import GuildCount

PSEUDONYMS = Pseudonyms(bytes(32))


@dataclass
class Database:
    """A recorder and a lookup that fail, or wait until they are let go."""

    failure: Exception | None = None
    recorded: list[Activity] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    flushed: int = 0

    def record(self, activity: Activity) -> None:
        self.recorded.append(activity)

    async def flush(self) -> None:
        if self.failure is not None:
            raise self.failure
        await self.answers.wait()
        self.flushed += 1

    async def of_member(self, guild: int, member: int) -> Mapping[int, WarningCase]:
        return {guild: WarningCase(member=member)}

    def now_ms(self) -> int:
        return 1_790_000_000_000


def desk_of(database: Database, consents: Consents | None = None) -> WarningDesk:
    gate = Gate(consents or Consents(PSEUDONYMS.seal))
    return WarningDesk(database, database, gate, Calendars(ZoneInfo("UTC")), database, patience_seconds=0.05)


async def test_a_silent_database_is_not_waited_for_and_its_commit_not_broken_off() -> None:
    database = Database()
    desk = desk_of(database)
    desk.record(7, 1, 100, 11, "spam")
    with pytest.raises(Unavailable):
        await desk.of_member(7, 100)
    (recorded,) = database.recorded
    assert isinstance(recorded, WarningRecorded)
    assert (recorded.case, recorded.member, recorded.category) == (1, 100, "spam")
    database.answers.set()
    async with asyncio.timeout(5):
        while not database.flushed:
            await asyncio.sleep(0.01)
    assert (await desk.of_member(7, 100))[7].member == 100


@pytest.mark.parametrize("failure", [StoreUnavailable("gone"), LeaseLost("another")])
async def test_a_list_that_may_lack_what_was_recorded_is_not_shown(failure: Exception) -> None:
    with pytest.raises(Unavailable):
        await desk_of(Database(failure)).of_member(7, 100)


def test_a_moderator_who_opted_out_stands_on_the_case_and_counts_for_the_server_alone() -> None:
    consents = Consents(PSEUDONYMS.seal)
    consents.note(OptedOut(7, 11, 5))
    consents.note(OptedOut(7, 100, 5))
    database = Database()
    desk = desk_of(database, consents)
    desk.record(7, 1, 100, 11, "spam")
    desk.resolve(7, 1, 12, "settled")
    recorded, resolved = database.recorded
    assert isinstance(recorded, WarningRecorded)
    assert isinstance(resolved, WarningResolved)
    case, delta = WarningCase(), Delta()
    for event in (recorded, resolved):
        for change in apply(case, event):
            fold_into(delta, change)
    assert (case.member, case.moderator, case.resolved_by) == (100, 11, 12), "a moderation record stays whole"
    assert {key[3] for key in delta.moderation_days} == {12}
    (day,) = delta.guild_days.values()
    assert sum(day.counts[GuildCount.WARNINGS].values()) == 1

"""Members' documents on a real database: archived on leave, taken up again on rejoin, to the last count."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analytics.stays import PastStay
from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.distinct import count_distinct
from bot.db.instants import optional_milliseconds
from bot.db.keys import member_id
from bot.db.member_lists import MemberLists
from bot.db.members import read_members
from bot.db.reader import Reader
from bot.db.recording import MongoStore
from bot.db.writes import instant
from bot.ingest.activities.invites import InviteRead
from bot.ingest.activities.members import JoinSeen, MemberChanged, MemberJoined, MemberLeft, MembersCompared
from bot.ingest.activities.messages import ChannelKind, MessageSent
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.activity import Activity
from bot.ingest.books.members import Away, LeaveLabel, MemberState
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.members.comparer import Roster
from bot.members.comparison import digest
from bot.privacy.pseudonym import hexadecimal
from schemas.invites import Invite, InviteDay
from schemas.member_activity_stats import MemberActivityStats
from schemas.member_archive import ArchivedMember
from tests.support.consents import silent_nobody

GUILD = 7
DAY = 20_700
AT = DAY * 86_400_000
ADA, BOB = 0xA, 0xB


def joined(
    member: int, at: int = AT, roles: tuple[int, ...] = (), boosting: int = 0, *, pending: bool = False
) -> MemberJoined:
    return MemberJoined(GUILD, member, at, 0, DAY, 3, JoinSeen.LIVE, roles, boosting, pending)


def left(member: int, at: int, not_before: int = 0, *, found: bool = False) -> MemberLeft:
    return MemberLeft(GUILD, member, at, 0, DAY, 4, found, not_before)


def wrote(member: int, number: int, hour: int = 3, session: int = 1) -> MessageSent:
    return MessageSent(
        GUILD, 50, 0, ChannelKind.TEXT, member, number << 22, session, AT + number, 0, DAY, hour, 0
    )


def spoke(member: int, ms: int, channel: int = 60) -> VoiceTime:
    return VoiceTime(GUILD, channel, ChannelKind.VOICE, member, AT + ms, ms, 0, DAY, 3, 0)


class Life:
    """One bot after the other on the same journal and database."""

    def __init__(self, driver: Driver, db: Handle, folder: Path) -> None:
        self.driver, self.db, self.folder = driver, db, folder

    async def take(self, activities: Sequence[Activity], *, each: bool = False) -> None:
        """Record and commit, in one batch or each in its own; the bot has forgotten what was before."""
        lease = await leases.acquire(self.db, ALL_SERVERS, "me")
        store = MongoStore(self.driver, self.db, lease)
        recorder = Recorder(Journal(self.folder / "journal"), store, GatewaySessions(), silent_nobody())
        for activity in activities:
            recorder.record(activity)
            if each:
                await recorder.flush()
        await recorder.flush()
        await recorder.stop()
        await store.close()

    async def document(self, collection: str, member: int) -> dict[str, Any] | None:
        return await self.db[collection].find_one({"_id": member_id(GUILD, hexadecimal(member))})

    async def counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        async for day in self.db.guildDays.find():
            for name, hours in day.get("counts", {}).items():
                counts[name] = counts.get(name, 0) + sum(hours.values())
        return {name: count for name, count in counts.items() if count}


@pytest.fixture
def life(driver: Driver, db: Handle, tmp_path: Path) -> Life:
    return Life(driver, db, tmp_path)


async def test_a_member_who_only_joins_has_a_whole_document(life: Life) -> None:
    await life.take([joined(ADA, roles=(5, 6), boosting=AT + 1, pending=True)])
    stored = await life.document("memberActivityStats", ADA)
    assert stored is not None
    member = msgspec.convert(stored, MemberActivityStats)
    assert (member.join_timestamp, member.leave_history) == (instant(AT), [])
    assert member.standing is not None
    assert (member.standing.roles, member.standing.pending) == (["5", "6"], True)
    assert member.standing.boosting_since == instant(AT + 1)
    assert member.message_stats.total_count == 0
    assert await life.counts() == {"joins": 1}


async def test_what_is_stored_is_what_was_known(life: Life) -> None:
    await life.take([joined(ADA, roles=(5,)), left(ADA, AT + 9_001, found=True, not_before=AT + 7_003)])
    known = await read_members(life.db, [(GUILD, ADA), (GUILD, BOB)])
    assert known[GUILD, BOB] == MemberState()
    assert known[GUILD, ADA] == MemberState(
        joined=AT,
        absences=[Away(AT + 9_001, 0, AT + 7_003, AT)],
        left=LeaveLabel(0, DAY, 4, found=True, boosted=False),
    )


@pytest.mark.parametrize("each", [False, True], ids=["one batch", "a batch each"])
async def test_totals_are_archived_on_leave_and_resumed_on_rejoin(life: Life, *, each: bool) -> None:
    before = [joined(ADA), wrote(ADA, 1), wrote(ADA, 2, hour=5), spoke(ADA, 1_000), wrote(BOB, 3)]
    await life.take([*before, left(ADA, AT + 5_000), wrote(ADA, 4, hour=3)], each=each)
    assert await life.document("memberActivityStats", ADA) is None
    archived = await life.document("memberArchive", ADA)
    assert archived is not None
    kept = msgspec.convert(archived, ArchivedMember)
    assert kept.left_at == instant(AT + 5_000)
    assert kept.message_stats.total_count == 3, "a straggler is not lost"
    assert kept.voice_ms.total == 1_000

    after = [joined(ADA, AT + 9_000), wrote(ADA, 5, hour=5), spoke(ADA, 500, channel=61)]
    await life.take(after, each=each)
    assert await life.db.memberArchive.count_documents({}) == 0
    stored = await life.document("memberActivityStats", ADA)
    assert stored is not None
    assert "leftAt" not in stored
    member = msgspec.convert(stored, MemberActivityStats)
    assert member.message_stats.total_count == 4
    assert member.message_stats.hourly_activity == {"3": 2, "5": 2}
    assert member.message_stats.channel_distribution == {"50": 4}
    assert member.message_stats.weekly_activity == {str((DAY + 4) % 7): 4}
    assert member.message_stats.first_message_timestamp == instant(AT + 1)
    assert member.message_stats.last_message_timestamp == instant(AT + 5)
    assert member.voice_ms.channels == {"60": 1_000, "61": 500}
    assert member.voice_stats.total_minutes == pytest.approx(1_500 / 60_000)
    assert member.voice_stats.channel_minutes == {"60": pytest.approx(1 / 60), "61": pytest.approx(0.5 / 60)}
    assert member.join_timestamp == instant(AT + 9_000)
    (absence,) = member.leave_history
    assert (absence.left_at, absence.rejoined_at) == (instant(AT + 5_000), instant(AT + 9_000))
    assert await life.counts() == {"joins": 2, "rejoins": 1, "leaves": 1}
    assert await life.db.memberDays.count_documents({"userId": hexadecimal(ADA)}) == 1, "days stay"


async def test_what_comes_of_a_former_member_later_goes_to_the_archive(life: Life) -> None:
    await life.take([joined(ADA), wrote(ADA, 1), spoke(ADA, 600), left(ADA, AT + 5_000)])
    await life.take([wrote(ADA, 2), spoke(ADA, 600)])
    assert await life.document("memberActivityStats", ADA) is None
    archived = await life.document("memberArchive", ADA)
    assert archived is not None
    kept = msgspec.convert(archived, ArchivedMember)
    assert (kept.message_stats.total_count, kept.voice_ms.total) == (2, 1_200)
    assert kept.voice_stats.total_minutes == pytest.approx(0.02)
    assert kept.join_timestamp == instant(AT)
    assert kept.leave_history[0].left_at == kept.left_at == instant(AT + 5_000)


async def test_channels_go_on_counting_who_has_left_once(life: Life) -> None:
    async def authors() -> dict[str, tuple[int, int]]:
        await count_distinct(life.db, GUILD)
        return {
            channel["channelId"]: (
                channel["metrics"]["uniqueAuthors"],
                channel["metrics"]["uniqueVoiceUsers"],
            )
            async for channel in life.db.channelStats.find()
        }

    await life.take([joined(ADA), wrote(ADA, 1), spoke(ADA, 600), wrote(BOB, 2)])
    everybody = {"50": (2, 0), "60": (0, 1)}
    assert await authors() == everybody
    await life.take([left(ADA, AT + 5_000), spoke(ADA, 600)])
    assert await authors() == everybody
    await life.take([spoke(ADA, 600), wrote(ADA, 3)])
    assert await authors() == everybody
    await life.take([joined(ADA, AT + 9_000), wrote(ADA, 4)])
    assert await authors() == everybody
    await life.take([left(ADA, AT + 15_000)])
    await life.db.memberArchive.delete_many({})
    assert await authors() == everybody, "the archive may expire"


async def test_after_the_archive_has_expired_a_rejoin_is_a_join(life: Life) -> None:
    await life.take([joined(ADA), wrote(ADA, 1), left(ADA, AT + 5_000)])
    await life.db.memberArchive.delete_many({})  # as its TTL index does
    await life.take([joined(ADA, AT + 9_000)])
    stored = await life.document("memberActivityStats", ADA)
    assert stored is not None
    assert (stored["messageStats"]["totalCount"], stored["leaveHistory"]) == (0, [])
    assert await life.counts() == {"joins": 2, "leaves": 1}


async def test_a_leave_that_was_told_again_is_taken_back_with_the_archive(life: Life) -> None:
    again = [left(ADA, AT + 5_000), joined(ADA, AT + 9_000)]
    await life.take([joined(ADA), wrote(ADA, 1), *again])
    await life.take([again[0]])
    assert await life.document("memberActivityStats", ADA) is None
    await life.take([again[1]])
    stored = await life.document("memberActivityStats", ADA)
    assert stored is not None
    assert stored["messageStats"]["totalCount"] == 1
    assert len(stored["leaveHistory"]) == 1
    assert await life.counts() == {"joins": 2, "rejoins": 1, "leaves": 1}


async def test_a_prune_of_many_fits_and_loses_nobody(life: Life) -> None:
    crowd = range(1, 3_001)
    await life.take([joined(member, AT + member) for member in crowd])
    await life.take([left(member, AT + 9_000 + member) for member in crowd])
    assert await life.db.memberArchive.count_documents({}) == 3_000
    assert await life.db.memberActivityStats.count_documents({}) == 0
    assert await life.counts() == {"joins": 3_000, "leaves": 3_000}


async def test_roles_are_counted_by_role_and_kept_with_who_is_there(life: Life) -> None:
    change = MemberChanged(GUILD, ADA, AT, 0, DAY, 3, (5, 8), 0, pending=False)
    await life.take([joined(ADA, roles=(5,)), change, change, joined(BOB, roles=(5,))])
    (day,) = await life.db.guildDays.find().to_list(None)
    assert (day["rolesGiven"], day.get("rolesTaken", {})) == ({"8": 1}, {})
    here = life.db.memberActivityStats.find({"standing.roles": "5"})
    assert {member["userId"] async for member in here} == {hexadecimal(ADA), hexadecimal(BOB)}


async def test_a_change_of_somebody_unknown_makes_no_document(life: Life) -> None:
    await life.take([MemberChanged(GUILD, ADA, AT, 0, DAY, 3, (5,), 0, pending=False)])
    assert await life.db.memberActivityStats.count_documents({}) == 0


async def test_the_comparison_reads_who_is_there(life: Life) -> None:
    lists = MemberLists(life.db)
    assert await lists.roster(GUILD) == Roster(0, 0)
    crowd = range(1, 2_503)  # more than two batches
    await life.take([joined(member, AT + member, roles=(9, 3)) for member in crowd])
    await life.take([left(1, AT + 9_000), wrote(BOB << 60, 1), MembersCompared(GUILD, AT + 77, AT + 2_502)])
    known = await lists.known(GUILD)
    rows = zip(known.members, known.joined, known.digests, strict=True)
    assert sorted(rows) == [(member, AT + member, digest((3, 9), 0, pending=False)) for member in crowd[1:]]
    await lists.heard([GUILD, 8], AT + 99)
    await lists.heard([GUILD], AT + 98)
    assert await lists.roster(GUILD) == Roster(AT + 2_502, AT + 99)
    assert await life.db.memberRosters.count_documents({}) == 1, "of a server never compared nothing is known"


async def test_the_archive_expires(life: Life) -> None:
    await life.take([joined(ADA), left(ADA, AT + 5_000)])
    stored = await life.document("memberArchive", ADA)
    assert stored is not None
    assert stored["leftAt"] - instant(AT) == timedelta(seconds=5)
    assert optional_milliseconds(stored["leftAt"]) == AT + 5_000


def read(uses: int, *, new: bool = False, inviter: int = ADA, vanity: bool = False) -> InviteRead:
    return InviteRead(GUILD, 99, "abc", inviter, uses, AT + uses, 0, DAY, 3, new, vanity)


async def test_joins_by_an_invite_are_kept_by_day_and_inviter(life: Life) -> None:
    await life.take([read(4), read(4), read(6)])
    await life.take([read(6), read(7)])
    (day,) = await life.db.inviteDays.find().to_list(None)
    assert (day["code"], day["userId"], day["joins"]) == ("abc", hexadecimal(ADA), 3)
    msgspec.convert(day, InviteDay)
    (invite,) = await life.db.invites.find().to_list(None)
    assert msgspec.convert(invite, Invite).uses == 7
    assert await life.counts() == {"joinsInvited": 3}
    await life.take([read(9, inviter=0, vanity=True)])
    assert await life.counts() == {"joinsInvited": 3, "joinsVanity": 2}


async def test_a_flush_that_is_cancelled_loses_nothing(life: Life) -> None:
    lease = await leases.acquire(life.db, ALL_SERVERS, "me")
    store = MongoStore(life.driver, life.db, lease)
    recorder = Recorder(Journal(life.folder / "journal"), store, GatewaySessions(), silent_nobody())
    for number in range(1, 41):
        recorder.record(wrote(ADA, number))
        flushing = asyncio.create_task(recorder.flush())
        await asyncio.sleep(number / 4_000)
        flushing.cancel()
        await asyncio.gather(flushing, return_exceptions=True)
    await recorder.flush()
    await recorder.stop()
    await store.close()
    stored = await life.document("memberActivityStats", ADA)
    assert stored is not None
    assert stored["messageStats"]["totalCount"] == 40


async def test_who_came_back_is_found_without_reading_who_never_left(life: Life) -> None:
    await life.take([joined(ADA), left(ADA, AT + 5_000), joined(ADA, AT + 9_000), joined(BOB)])

    since = {"guildId": str(GUILD), "leaveHistory.leftAt": {"$gte": instant(AT)}}
    plan = await life.db.command(
        "explain", {"find": "memberActivityStats", "filter": since}, verbosity="executionStats"
    )

    stages = plan["executionStats"]
    assert (stages["nReturned"], stages["totalKeysExamined"], stages["totalDocsExamined"]) == (1, 1, 1)
    stays = await Reader(life.db).past_stays(GUILD, AT)
    assert stays == [PastStay(ADA, AT, AT + 5_000, AT + 9_000)]

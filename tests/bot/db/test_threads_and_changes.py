"""Threads, channels and changed messages from the journal to the documents, on a real mongod."""

from pathlib import Path
from typing import Any

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.cleaning import Cleaner
from bot.db.database import Driver, Handle
from bot.db.recording import MongoStore
from bot.db.retention import apply_retention
from bot.ingest.activities.channels import CATEGORY, ChannelsListed, ListedChannel
from bot.ingest.activities.levels import ThreadsCounted
from bot.ingest.activities.message_changes import MessageDeleted, MessageEdited, PreviewShown
from bot.ingest.activities.messages import ChannelKind, MessageFlag, MessageSent
from bot.ingest.activities.threads import ThreadJoined, ThreadSeen
from bot.ingest.activity import Activity
from bot.ingest.journal import Journal
from bot.ingest.pages import HistoryPage
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.privacy.pseudonym import hexadecimal
from tests.support.consents import silent_nobody

GUILD, CHANNEL, THREAD = 7, 5, 60
CREATOR, OTHER = 21, 22
AT = 1_790_000_000_000
LABEL = (0, 20_717, 14)


def sent(number: int, member: int, thread: int = 0, flags: int = 0) -> MessageSent:
    return MessageSent(
        GUILD, CHANNEL, thread, ChannelKind.FORUM, member, number, 1, AT + number, *LABEL, flags
    )


def seen(*, archived: bool = False, at: int = AT, live: bool = True) -> ThreadSeen:
    return ThreadSeen(
        guild=GUILD,
        channel=CHANNEL,
        thread=THREAD,
        kind=ChannelKind.FORUM,
        creator=CREATOR,
        live=live,
        archived=archived,
        locked=False,
        tagged=False,
        created=AT,
        changed=at,
        last=AT,
        idle=86_400_000,
        at=at,
        created_label=LABEL,
        changed_label=LABEL,
        label=LABEL,
    )


class Lives:
    """Recorders one after the other, each of a process of its own."""

    def __init__(self, driver: Driver, db: Handle, folder: Path) -> None:
        self._driver, self._db, self._folder = driver, db, folder

    async def live(self, *activities: Activity, page: HistoryPage | None = None) -> None:
        """Start, record, commit, and end without a word."""
        lease = await leases.acquire(self._db, ALL_SERVERS, "me")
        store = MongoStore(self._driver, self._db, lease)
        recorder = Recorder(Journal(self._folder / "journal"), store, GatewaySessions(), silent_nobody())
        for activity in activities:
            recorder.record(activity)
        await recorder.flush()
        if page is not None:
            await recorder.fill(page)
        await store.close()

    async def guild_day(self) -> dict[str, Any]:
        day = await self._db.guildDays.find_one({"_id": "7:0:2026-09-21"})
        assert day is not None, [each["_id"] async for each in self._db.guildDays.find()]
        return dict(day)


async def test_a_forum_post_through_restarts_and_repeats(driver: Driver, db: Handle, tmp_path: Path) -> None:
    lives = Lives(driver, db, tmp_path)
    join = ThreadJoined(GUILD, CHANNEL, THREAD, ChannelKind.FORUM, OTHER, 2**63 + 5, AT + 9, *LABEL)
    closed = seen(archived=True, at=AT + 90_000)
    await lives.live(seen(), sent(THREAD, CREATOR, THREAD))
    await lives.live(seen(live=False), sent(900, OTHER, THREAD), join)
    await lives.live(join, closed, closed)
    await lives.live(closed, ThreadsCounted(GUILD, AT, *LABEL, 3))
    thread = await db.threads.find_one()
    assert thread is not None
    assert {name: thread[name] for name in ("parentType", "forum", "creator", "messages", "archivings")} == {
        "parentType": "FORUM",
        "forum": True,
        "creator": hexadecimal(CREATOR),
        "messages": 2,
        "archivings": 1,
    }
    assert (thread["firstReplyAt"] - thread["createdAt"]).total_seconds() == 0.9
    assert (thread["solvedAt"] - thread["createdAt"]).total_seconds() == 90
    assert (thread["membersJoined"], thread["earliest"]) == (1, [])
    day = await lives.guild_day()
    hour = str(LABEL[2])
    for name in ("threadsCreated", "threadsArchived", "threadsSolved", "threadsJoined"):
        assert day["counts"][name] == {hour: 1}, name
    assert day["activeThreads"][hour]["value"] == 3
    stats = {each["userId"]: each["threadParticipation"] async for each in db.memberActivityStats.find()}
    assert stats == {
        hexadecimal(CREATOR): {"created": 1, "joined": 0, "messagesInThreads": 1},
        hexadecimal(OTHER): {"created": 0, "joined": 1, "messagesInThreads": 1},
    }
    channel = await db.channelStats.find_one({"channelId": str(CHANNEL)})
    assert channel is not None
    assert channel["metrics"]["threadCount"] == 1
    slice_ = await db.memberDays.find_one({"userId": hexadecimal(CREATOR)})
    assert slice_ is not None
    assert slice_["threadsCreated"] == 1


async def test_history_finds_an_earlier_reply(driver: Driver, db: Handle, tmp_path: Path) -> None:
    lives = Lives(driver, db, tmp_path)
    page = HistoryPage(
        (GUILD, THREAD), [sent(500, OTHER, THREAD), sent(300, CREATOR, THREAD), sent(400, 23, THREAD)], 0, 900
    )
    await lives.live(sent(900, OTHER, THREAD), page=page)
    thread = await db.threads.find_one()
    assert thread is not None
    assert [early["userId"] for early in thread["earliest"]] == [hexadecimal(CREATOR), hexadecimal(23)]
    await lives.live(seen(live=False))
    thread = await db.threads.find_one()
    assert thread is not None
    assert (thread["firstReplyAt"] - thread["createdAt"]).total_seconds() == 0.4
    assert (thread["earliest"], thread["messages"]) == ([], 4)


async def test_edits_previews_and_deletions(driver: Driver, db: Handle, tmp_path: Path) -> None:
    lives = Lives(driver, db, tmp_path)
    preview = PreviewShown(GUILD, CHANNEL, 0, 1, AT + 1, *LABEL)
    edit = MessageEdited(GUILD, CHANNEL, 0, CREATOR, 1, AT + 50, AT + 51, *LABEL)
    gone = MessageDeleted(GUILD, CHANNEL, 0, 1, 0, AT + 60, *LABEL)
    await lives.live(sent(1, CREATOR), sent(2, CREATOR, flags=MessageFlag.EMBEDS), preview, edit)
    await lives.live(PreviewShown(GUILD, CHANNEL, 0, 2, AT + 2, *LABEL), preview, edit, gone)
    await lives.live(gone)
    day = await lives.guild_day()
    hour = str(LABEL[2])
    assert day["counts"]["embeds"] == {hour: 2}
    assert (day["counts"]["messagesEdited"], day["counts"]["messagesDeleted"]) == ({hour: 1}, {hour: 1})
    channel = await db.channelDays.find_one()
    assert channel is not None
    assert [channel[name] for name in ("messages", "embeds", "edits", "deletions")] == [2, 2, 1, 1]
    member = await db.memberDays.find_one()
    assert member is not None
    assert (member["messages"], member["edits"]) == (2, 1)
    assert await db.messageMarks.count_documents({}) == 2


async def test_channels_that_changed_while_the_bot_was_away(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    def listed(*channels: tuple[int, int, int]) -> ChannelsListed:
        entries = tuple(ListedChannel(n, kind, name, 0, 0, 20_700, n) for n, kind, name in channels)
        return ChannelsListed(GUILD, AT, *LABEL, entries)

    lives = Lives(driver, db, tmp_path)
    first = listed((1, CATEGORY, 11), (2, ChannelKind.TEXT, 12), (3, ChannelKind.VOICE, 2**64 - 1))
    await lives.live(first)
    await lives.live(listed((1, CATEGORY, 11), (2, ChannelKind.TEXT, 13), (4, ChannelKind.MEDIA, 14)))
    day = await lives.guild_day()
    hour = str(LABEL[2])
    assert day["counts"] == {"channelsDeleted": {hour: 1}, "channelsRenamed": {hour: 1}}
    levels = ("categories", "textChannels", "voiceChannels", "stageChannels", "forumChannels")
    assert [day[level][hour]["value"] for level in levels] == [1, 1, 1, 0, 1]
    made = await db.guildDays.find_one({"_id": "7:0:2026-09-04"})
    assert made is not None
    assert made["counts"] == {"channelsCreated": {"4": 1}}


async def test_a_thread_forgets_persons_after_their_retention(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    lives = Lives(driver, db, tmp_path)
    await db.guilds.insert_one(
        {"_id": str(GUILD), "schemaVersion": 1, "name": "x", "zones": [], "discordSince": None}
    )
    await lives.live(sent(62, OTHER, 61), seen())
    await apply_retention(db, {"members": 30, "totals": None})
    late = AT + 31 * 86_400_000
    assert (await Cleaner(db).clean(AT + 29 * 86_400_000)).threads == 0
    assert (await Cleaner(db).clean(late)).threads == 2
    threads = {each["threadId"]: each async for each in db.threads.find()}
    assert threads["60"]["creator"] is None
    assert threads["61"]["earliest"] == []
    assert (await Cleaner(db).clean(late)).threads == 0
    await lives.live(seen())
    assert (await lives.guild_day())["counts"]["threadsCreated"] == {str(LABEL[2]): 1}

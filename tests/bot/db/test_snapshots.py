"""Snapshots against a naive count of the same activities, made on time, late, and across restarts."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.local_time import ZoneHistory, ZoneSpan
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.guild_settings import GuildSettings
from bot.db.packing import Packer
from bot.db.retention import apply_retention
from bot.db.snapshots import SETTLE_MS, Snapshotter
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import MessageFlag, MessageSent
from bot.ingest.activities.voice import VoiceFlag, VoiceLevel, VoiceTime
from bot.ingest.books.reactions import Given, MessageReacted, ReactionCounted
from bot.ingest.fold import Foldable
from bot.preferences import Keeping, Preferences
from tests.bot.db.counting import count_activities

ON_TIME, LATE = 1, 2
HOUR = 3_600_000
BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")


def ms(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type] - parts of a date


@dataclass(frozen=True)
class World:
    """A stretch of time, and the zones in which the server lived."""

    start: int
    stop: int
    zones: ZoneHistory


AUTUMN = World(
    ms(2026, 10, 23),
    ms(2026, 11, 3),
    ZoneHistory((ZoneSpan(0, BERLIN, None), ZoneSpan(1, KOLKATA, ms(2026, 10, 31, 14, 45)))),
)
SPRING = World(ms(2026, 3, 27, 12), ms(2026, 4, 2), ZoneHistory.single(BERLIN))
Happened = tuple[int, Callable[[int], Foldable]]
"""When, and what as of which server."""


def some(random: Random, world: World, number: int) -> list[Happened]:
    return [one(random, world) for _ in range(number)]


def one(random: Random, world: World) -> Happened:
    at = random.randrange(world.start, world.stop)
    zone, day, hour = label = world.zones.label(at)
    member, channel = random.randrange(1, 6), random.choice([11, 12])
    flags = random.choice([0, 0, 1, 3, 4, 0, MessageFlag.CONTENT_UNKNOWN if random.random() < 0.2 else 2])
    thread = random.choice([0, 0, 77])
    make: list[Callable[[int], Foldable]] = [
        lambda guild: MessageSent(guild, channel, thread, 0, member, 0, 0, at, *label, flags),
        lambda guild: VoiceTime(guild, 13, 1, member + 3, at, 60_000 + at % 7, *label, at % 64),
        lambda guild: VoiceLevel(guild, 0, 0, at, *label, at % 9),
        lambda guild: MembersCounted(guild, at, *label, at % 1_000),
        lambda guild: ReactionCounted(
            guild, channel, 0, 0, member + 5, member, Given("x", zone, day, hour), 1, at
        ),
        lambda guild: MessageReacted(guild, channel, 0, 0, zone, day, hour, 1),
    ]
    return at, random.choice(make)


async def live(
    driver: Driver, db: Handle, world: World, happened: Iterable[Happened], random: Random
) -> None:
    """Let it happen to one server as time goes on: some is known late only, and the bot starts again."""
    arrivals = sorted(
        (at if random.random() < 0.9 else random.randrange(at, world.stop), number, make)
        for number, (at, make) in enumerate(happened)
    )
    snapshotter = Snapshotter(db)
    for now in range(world.start, world.stop + 4 * HOUR, 4 * HOUR):
        arrived = [make(ON_TIME) for at, _, make in arrivals if now - 4 * HOUR <= at < now]
        if arrived:
            await count_activities(driver, db, ON_TIME, arrived)
        await Packer(db).pack_all(now)
        if random.random() < 0.2:
            snapshotter = Snapshotter(db)
        await snapshotter.make_all(now + SETTLE_MS)


async def all_snapshots(db: Handle, guild: int) -> dict[tuple[str, datetime], dict[str, Any]]:
    found = [each async for each in db.guildActivitySnapshots.find({"guildId": str(guild)})]
    return {
        (each["interval"], each["timestamp"]): {k: v for k, v in each.items() if k not in {"_id", "guildId"}}
        for each in found
    }


async def make_world(db: Handle, world: World) -> None:
    for guild in (ON_TIME, LATE):
        await Directory(db).add_guild(guild, "A server", world.zones.spans[0].zone.key)
        await Directory(db).mark_discord(guild, world.start - 24 * HOUR)
        for span in world.zones.spans[1:]:
            await Directory(db).change_zone(guild, span.zone.key, (span.since_ms or 0) - 900_000)


def intervals(world: World, at: int) -> dict[str, tuple[int, str]]:
    """Names of the intervals that an instant lies in."""
    span = world.zones.span_at(at)
    local = datetime.fromtimestamp(at / 1000, span.zone)
    monday = local.date() - timedelta(days=local.weekday())
    names = {
        "1h": f"{local:%Y-%m-%d %H}",
        "1d": f"{local:%Y-%m-%d}",
        "1w": str(monday),
        "1m": f"{local:%Y-%m}",
    }
    return {interval: (span.epoch, name) for interval, name in names.items()}


def naive(world: World, happened: Iterable[Happened]) -> dict[tuple[str, datetime], dict[str, Any]]:
    """Every interval that is over, by walking through time."""
    shown: dict[tuple[str, tuple[int, str]], list[int]] = defaultdict(list)
    stops = world.stop + 40 * 24 * HOUR
    for at in range(world.start - 40 * 24 * HOUR, stops, 900_000):
        for interval, name in intervals(world, at).items():
            shown[interval, name].append(at)
    inside: dict[tuple[str, tuple[int, str]], list[tuple[int, Any]]] = defaultdict(list)
    for at, make in happened:
        for interval, name in intervals(world, at).items():
            inside[interval, name].append((at, make(0)))
    days = {name for interval, name in inside if interval == "1d"}
    found = {}
    for (interval, name), instants in shown.items():
        over = instants[-1] + 900_000 <= world.stop
        there = (name[0], name[1][:10]) in days if interval in {"1h", "1d"} else (interval, name) in inside
        if over and there:
            start = datetime.fromtimestamp(instants[0] / 1000, UTC)
            found[interval, start] = counted(world, inside[interval, name])
    return found


def counted(world: World, inside: list[tuple[int, Any]]) -> dict[str, Any]:
    sent = [a for _, a in inside if isinstance(a, MessageSent)]
    voice = [a for _, a in inside if isinstance(a, VoiceTime)]
    levels = [a for _, a in inside if isinstance(a, VoiceLevel)]
    gauges = [a for _, a in inside if isinstance(a, MembersCounted)]
    given = [a for _, a in inside if isinstance(a, ReactionCounted)]
    hidden = any(m.flags & MessageFlag.CONTENT_UNKNOWN for m in sent)
    active = {m.member for m in sent} | {g.member for g in given}
    active |= {v.member for v in voice if not v.flags & VoiceFlag.AFK}
    spent: Counter[str] = Counter()
    for each in voice:
        if not each.flags & VoiceFlag.AFK:
            spent[str(each.channel)] += each.ms
    weekdays = Counter(
        str(datetime.fromtimestamp(m.at / 1000, world.zones.span_at(m.at).zone).isoweekday() % 7)
        for m in sent
    )
    return {
        "members": {
            "total": max((g.at, g.members) for g in gauges)[1] if gauges else None,
            "active": len(active),
            "voice": max((v.at, v.people) for v in levels)[1] if levels else None,
            "messageAuthors": len({m.member for m in sent}),
        },
        "messages": {
            "total": len(sent),
            "perChannel": dict(Counter(str(m.channel) for m in sent)),
            "withFiles": None if hidden else sum(bool(m.flags & MessageFlag.FILES) for m in sent),
            "withEmbeds": None if hidden else sum(bool(m.flags & MessageFlag.EMBEDS) for m in sent),
            "withStickers": sum(bool(m.flags & MessageFlag.STICKERS) for m in sent),
            "withReactions": sum(isinstance(a, MessageReacted) for _, a in inside),
        },
        "voice": {
            "totalMinutes": sum(spent.values()) / 60_000,
            "perChannel": {channel: time / 60_000 for channel, time in spent.items()},
            "peakConcurrent": max((v.people for v in levels), default=None),
        },
        "threadMessages": sum(m.thread != 0 for m in sent),
        "hourly": Counter(str(m.hour) for m in sent),
        "daily": weekdays,
    }


def said(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    metrics = snapshot["metrics"]
    return {
        **{part: metrics[part] for part in ("members", "messages", "voice")},
        "threadMessages": metrics["threads"]["messageCount"],
        **snapshot["activityHeatmap"],
    }


@pytest.mark.parametrize(("world", "seed"), [(AUTUMN, 1), (SPRING, 2)], ids=["autumn", "spring"])
async def test_a_snapshot_is_the_same_made_on_time_or_late(
    driver: Driver, db: Handle, world: World, seed: int
) -> None:
    random = Random(seed)
    happened = some(random, world, 400)
    await make_world(db, world)
    await live(driver, db, world, happened, random)
    await count_activities(driver, db, LATE, [make(LATE) for _, make in happened])
    await Packer(db).pack_all(world.stop)
    await Snapshotter(db).make_all(world.stop + SETTLE_MS)
    on_time, late = await all_snapshots(db, ON_TIME), await all_snapshots(db, LATE)
    expected = naive(world, happened)
    assert set(late) == set(expected)
    for key, figures in expected.items():
        assert said(late[key]) == figures, key
    assert on_time == late
    assert {interval for interval, _ in late} >= {"1h", "1d", "1w"}


def said_at(*when: int, member: int = 5) -> MessageSent:
    at = ms(*when)
    zone, day, hour = ZoneHistory.single(ZoneInfo("UTC")).label(at)
    return MessageSent(ON_TIME, 11, 0, 0, member, 0, 0, at, zone, day, hour, 0)


async def members_of_day(db: Handle, *day: int) -> dict[str, Any]:
    found = await db.guildActivitySnapshots.find_one(
        {"interval": "1d", "timestamp": datetime(*day, tzinfo=UTC)}  # type: ignore[arg-type] - parts of a date
    )
    assert found is not None
    members: dict[str, Any] = found["metrics"]["members"]
    return members


async def test_nothing_is_made_before_its_time_or_twice(driver: Driver, db: Handle) -> None:
    await count_activities(driver, db, ON_TIME, [said_at(2026, 3, 10, 9, 30)])
    snapshotter = Snapshotter(db)
    assert await snapshotter.make(ms(2026, 3, 10, 10) + SETTLE_MS - 1) == 0
    assert await db.guildActivitySnapshots.count_documents({}) == 9, "the hours before"
    await snapshotter.make(ms(2026, 3, 10, 10) + SETTLE_MS)
    assert await db.guildActivitySnapshots.count_documents({"interval": "1h"}) == 10
    assert await snapshotter.make(ms(2026, 3, 11) + SETTLE_MS) == 0, "the day is not packed yet"
    await Packer(db).pack_all(ms(2026, 3, 11))
    assert await snapshotter.make(ms(2026, 3, 11) + SETTLE_MS) == 1
    assert await snapshotter.make(ms(2026, 3, 11) + SETTLE_MS) == 0
    assert await db.guildActivitySnapshots.distinct("interval") == ["1d", "1h"]
    assert await snapshotter.make(ms(2026, 4, 1) + SETTLE_MS) == 2
    assert await db.guildActivitySnapshots.count_documents({}) == 24 + 3
    assert (await db.guildDays.find_one({}))["due"] == []


@pytest.mark.parametrize("live", [None, ms(2026, 3, 10, 9, 30)])
async def test_what_files_do_not_hold_is_unknown_until_the_bot_came(
    driver: Driver, db: Handle, live: int | None
) -> None:
    await count_activities(driver, db, ON_TIME, [said_at(2026, 3, 10, 8), said_at(2026, 3, 10, 10)])
    if live is not None:
        await Directory(db).mark_discord(ON_TIME, live)
    await Packer(db).pack_all(ms(2026, 3, 11))
    await Snapshotter(db).make_all(ms(2026, 3, 11) + SETTLE_MS)

    found = [each async for each in db.guildActivitySnapshots.find().sort("timestamp", 1)]

    def known(interval: str) -> list[bool]:
        metrics = [each["metrics"] for each in found if each["interval"] == interval]
        said = [
            (each["voice"]["totalMinutes"], each["threads"]["created"], each["messages"]["withReactions"])
            for each in metrics
        ]
        assert set(said) <= {(0, 0, 0), (None, None, None)}
        assert all(each["messages"]["total"] is not None for each in metrics)
        return [values == (0, 0, 0) for values in said]

    assert known("1h") == ([False] * 24 if live is None else [False] * 9 + [True] * 15)
    assert known("1d") == [live is not None], "a part of the day is known"


async def keep(db: Handle, wish: str, **days: int) -> None:
    """Keep data for so many days, by the host's wish or the server's own."""
    hosts = days if wish == "the host's" else {}
    await apply_retention(db, {"members": hosts.get("members"), "hours": hosts.get("hours"), "totals": None})
    if wish != "the host's":
        await GuildSettings(db).save_preferences(ON_TIME, Preferences(keeping=Keeping(**days)))


@pytest.mark.parametrize("wish", ["the host's", "the server's"])
async def test_members_whose_days_have_expired_are_kept_as_counted_or_unknown(
    driver: Driver, db: Handle, wish: str
) -> None:
    await keep(db, wish, members=10_000)
    now = ms(2026, 3, 12)
    await count_activities(driver, db, ON_TIME, [said_at(2026, 3, 10, 9), said_at(2026, 3, 10, 9, member=6)])
    await Packer(db).pack_all(now)
    await Snapshotter(db).make_all(now)
    assert await members_of_day(db, 2026, 3, 10) == {
        "total": None, "active": 2, "voice": None, "messageAuthors": 2,
    }  # fmt: skip
    await db.memberDays.delete_many({})
    await db.memberPacks.delete_many({})
    later = now + 10_000 * 24 * HOUR
    await count_activities(driver, db, ON_TIME, [said_at(2026, 3, 10, 9), said_at(2026, 3, 11, 9)])
    await Packer(db).pack_all(later)
    await Snapshotter(db).make_all(later)
    assert (await members_of_day(db, 2026, 3, 10))["active"] == 2, "the first count stands"
    assert (await members_of_day(db, 2026, 3, 11))["active"] is None
    changed = await db.guildActivitySnapshots.find_one({"_id": f"{ON_TIME}:0:1d:2026-03-10"})
    assert changed is not None
    assert changed["metrics"]["messages"]["total"] == 3


async def test_hours_that_version_0_1_did_not_keep_are_unknown(driver: Driver, db: Handle) -> None:
    sent = said_at(2026, 3, 10, 9)
    await Directory(db).add_guild(ON_TIME, "A server", "UTC")
    await Directory(db).mark_discord(ON_TIME, ms(2026, 3, 1))
    await count_activities(
        driver,
        db,
        ON_TIME,
        [sent, ReactionCounted(ON_TIME, 11, 0, 0, 7, 5, Given("x", sent.zone, sent.day, sent.hour), 1, 1)],
    )
    await db.guildDays.update_many({}, {"$set": {"counts": {}}})
    await db.channelDays.update_many({}, {"$set": {"files": 2, "withReactions": 1}})
    await db.memberDays.update_many({}, {"$unset": {"reactionHours": 1}})
    await Packer(db).pack_all(ms(2026, 3, 11))
    await Snapshotter(db).make_all(ms(2026, 3, 11) + SETTLE_MS)
    hour = await db.guildActivitySnapshots.find_one({"_id": f"{ON_TIME}:0:1h:2026-03-10T09"})
    day = await db.guildActivitySnapshots.find_one({"_id": f"{ON_TIME}:0:1d:2026-03-10"})
    assert hour is not None
    assert day is not None
    assert day["metrics"]["members"]["active"] == 2
    assert hour["metrics"]["members"] == {"total": None, "active": None, "voice": None, "messageAuthors": 1}
    of_day, of_hour = day["metrics"]["messages"], hour["metrics"]["messages"]
    assert (of_day["withFiles"], of_day["withReactions"], of_day["withStickers"]) == (2, 1, 0)
    assert (of_hour["withFiles"], of_hour["withReactions"], of_hour["withStickers"]) == (None, None, 0)


async def test_hours_are_not_made_that_the_server_keeps_no_longer(driver: Driver, db: Handle) -> None:
    await keep(db, "the server's", hours=9_000)
    await count_activities(driver, db, ON_TIME, [said_at(2026, 3, 10, 9)])
    now = ms(2026, 3, 10, 12) + 9_000 * 24 * HOUR
    await Packer(db).pack_all(now)
    await Snapshotter(db).make_all(now)
    kept = await db.guildActivitySnapshots.distinct("timestamp", {"interval": "1h"})
    assert kept == [datetime(2026, 3, 10, hour, tzinfo=UTC) for hour in range(12, 24)]


async def test_hours_are_kept_for_a_time_of_their_own(driver: Driver, db: Handle) -> None:
    await apply_retention(db, {"members": None, "totals": None, "hours": 9_000})
    stored = (await db.guildActivitySnapshots.index_information())["timestamp_1_interval_1h"]
    assert (stored["expireAfterSeconds"], stored["partialFilterExpression"]) == (
        9_000 * 86_400,
        {"interval": "1h"},
    )
    await count_activities(driver, db, ON_TIME, [said_at(2026, 3, 10, 9)])
    now = ms(2026, 3, 10, 12) + 9_000 * 24 * HOUR
    await Packer(db).pack_all(now)
    await Snapshotter(db).make_all(now)
    kept = await db.guildActivitySnapshots.distinct("timestamp", {"interval": "1h"})
    assert kept == [datetime(2026, 3, 10, hour, tzinfo=UTC) for hour in range(12, 24)]
    assert await db.guildActivitySnapshots.count_documents({"interval": {"$ne": "1h"}}) == 3
    await apply_retention(db, {"members": None, "totals": 9_000, "hours": 8_000})
    stored = await db.guildActivitySnapshots.index_information()
    assert stored["timestamp_1_interval_1h"]["expireAfterSeconds"] == 8_000 * 86_400
    assert stored["timestamp_1"]["expireAfterSeconds"] == 9_000 * 86_400


async def test_hours_of_a_day_that_never_rests_are_made(driver: Driver, db: Handle) -> None:
    midnight, day = ms(2026, 3, 1), ms(2026, 3, 1) // (24 * HOUR)
    written = [
        MessageSent(ON_TIME, 11, 0, 0, 1, 0, 0, midnight + hour * HOUR, 0, day, hour, 0) for hour in range(3)
    ]
    await count_activities(driver, db, ON_TIME, written)

    async def write_on() -> None:
        while True:
            await db.guildDays.update_one({"guildId": str(ON_TIME)}, {"$inc": {"revision": 1}})

    writing = asyncio.create_task(write_on())
    await Snapshotter(db).make(midnight + 3 * HOUR + SETTLE_MS)
    writing.cancel()
    assert await db.guildActivitySnapshots.count_documents({"interval": "1h"}) == 3

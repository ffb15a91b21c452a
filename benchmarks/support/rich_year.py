"""What the generated year has besides messages: voice, reactions, joins and threads, for every view."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from pymongo import UpdateOne

from benchmarks.overview import CHANNELS, GUILD, MEMBERS
from bot.db.imports import Imports
from bot.db.keys import member_id
from bot.importing.importer import NOTHING
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.books.members import MembershipCounted
from bot.ingest.books.reactions import Given, ReactionCounted
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.store import Changes, FilePlace, ImportMove
from bot.opening import Writing
from bot.privacy.pseudonym import hexadecimal
from schemas.guild_day_names import GuildCount

VOICE, REACTIONS, JOINS, THREADS = 1_000, 2_000, 30, 20
"""A day's pieces of voice, reactions, joins and threads."""
VOICE_CHANNELS = 20
_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000
_EMOJI = ("👍", "🎉", "❤️", "😂", "👀")


def pseudonym_of(member: int) -> int:
    """As those of the messages: spread over the whole range."""
    return (member + 1) * 0x9E3779B97F4A7C15 % (1 << 64)


async def enrich(writing: Writing, days: range, now_hour: int, scale: float) -> None:
    """Add to each day, until an hour number."""
    random = np.random.default_rng(11)
    place = NOTHING
    import_id = await Imports(writing.opened.db).begin(GUILD, place)
    for day in days:
        after = FilePlace(place.index + 1, place.offset + 1, b"")
        delta = _day(random, day, now_hour, scale)
        await writing.store.commit(Changes(delta, {}, ImportMove(import_id, place, after)))
        place = after
    await _join(writing, random, days)
    await _open_threads(writing, random, days, scale)


def _day(random: np.random.Generator, day: int, now_hour: int, scale: float) -> Delta:
    delta = Delta()
    until = min(23, now_hour - day * 24)
    for who, hour in _draws(random, int(VOICE * scale), until):
        channel = 5_000 + who % VOICE_CHANNELS
        at = day * _DAY_MS + hour * _HOUR_MS
        fold_into(delta, VoiceTime(GUILD, channel, 1, pseudonym_of(who), at, 1_800_000, 0, day, hour, 32))
    for who, hour in _draws(random, int(REACTIONS * scale), until):
        given = Given(_EMOJI[who % len(_EMOJI)], 0, day, hour)
        author, channel = pseudonym_of(who * 7 % MEMBERS), 1_000 + who % CHANNELS
        fold_into(
            delta, ReactionCounted(GUILD, channel, 0, 0, pseudonym_of(who), author, given, 1, day * _DAY_MS)
        )
    fold_into(delta, MembershipCounted(GUILD, 0, day, 0, GuildCount.JOINS, JOINS))
    return delta


def _draws(random: np.random.Generator, number: int, until: int) -> Iterator[tuple[int, int]]:
    """Members and hours: few do most."""
    weights = 1 / np.arange(5, MEMBERS + 5)
    members = random.choice(MEMBERS, number, p=weights / weights.sum())
    hours = np.minimum(random.binomial(23, 0.6, number), until)
    return zip(members.tolist(), hours.tolist(), strict=True)


async def _join(writing: Writing, random: np.random.Generator, days: range) -> None:
    """Let members have joined on some day, and the bot have been there before all."""
    db = writing.opened.db
    joined = random.integers(days.start, days.stop, MEMBERS).tolist()
    await db.memberActivityStats.bulk_write(
        [
            UpdateOne(
                {"_id": member_id(GUILD, hexadecimal(pseudonym_of(member)))},
                {"$set": {"joinTimestamp": datetime.fromtimestamp(day * 86_400, UTC)}},
            )
            for member, day in enumerate(joined)
        ],
        ordered=False,
    )
    since = datetime.fromtimestamp(days.start * 86_400, UTC) - timedelta(days=1)
    await db.guilds.update_one({"_id": str(GUILD)}, {"$set": {"discordSince": since}})


async def _open_threads(writing: Writing, random: np.random.Generator, days: range, scale: float) -> None:
    first = datetime.fromtimestamp(days.start * 86_400, UTC)
    waits = random.exponential(7_200, int(THREADS * scale) * len(days)).tolist()
    rows: list[dict[str, object]] = [
        {
            "_id": f"{GUILD}:{number}",
            "schemaVersion": 1,
            "guildId": str(GUILD),
            "threadId": str(number),
            "channelId": str(1_000 + number % CHANNELS),
            "parentType": "TEXT",
            "forum": False,
            "creator": None,
            "createdAt": first + timedelta(days=len(days) * number / len(waits)),
            "firstReplyAt": first + timedelta(days=len(days) * number / len(waits), seconds=waited),
            "earliest": [],
            "archived": False,
            "changedAt": None,
            "archivings": 0,
            "locked": False,
            "wasLocked": False,
            "lockedAt": None,
            "solved": False,
            "solvedAt": None,
            "deletedAt": None,
            "messages": 1,
            "membersJoined": 0,
            "joined": b"",
        }
        for number, waited in enumerate(waits)
    ]
    if rows:
        await writing.opened.db.threads.insert_many(rows, ordered=False)

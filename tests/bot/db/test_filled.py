"""Each field of the specification and what fills it; the rows of the table of counters are held to it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from analytics.day_columns import SENTIMENT
from bot.db.counters import CHANNEL, MEMBER, THREAD, Subject
from schemas import channel_stats, guild_activity_snapshots, member_activity_stats
from schemas.collection import Collection
from schemas.day_slices import CHANNEL_DAYS, GUILD_DAYS, MEMBER_DAYS
from schemas.guild_day_names import GuildCount

NAME, ROW, DERIVED, BOOK, JOB, LATER = (
    "names the document",
    "a row of bot.db.counters",
    "computed from exact sums in the same transaction",
    "a book of bot.db.books",
    "a job: bot.db.daily",
    "not filled yet",
)

MEMBER_FIELDS: Mapping[str, str] = {
    "guildId": NAME,
    "userId": NAME,
    "joinTimestamp": BOOK,
    "leaveHistory": BOOK,
    "messageStats.totalCount": ROW,
    "messageStats.firstMessageTimestamp": ROW,
    "messageStats.lastMessageTimestamp": ROW,
    "messageStats.channelDistribution": ROW,
    "messageStats.hourlyActivity": ROW,
    "messageStats.weeklyActivity": ROW,
    "messageStats.reactionCount.given": ROW,
    "messageStats.reactionCount.received": ROW,
    "voiceStats.totalMinutes": DERIVED,
    "voiceStats.channelMinutes": DERIVED,
    "voiceStats.lastActive": ROW,
    "voiceStats.hourlyActivity": DERIVED,
    "voiceStats.weeklyActivity": DERIVED,
    "threadParticipation.created": ROW,
    "threadParticipation.joined": ROW,
    "threadParticipation.messagesInThreads": ROW,
    "lastActive": ROW,
    "activityScore": JOB,
}
CHANNEL_FIELDS: Mapping[str, str] = {
    "guildId": NAME,
    "channelId": NAME,
    "type": NAME,
    "metrics.messageCount": ROW,
    "metrics.uniqueAuthors": JOB,
    "metrics.attachmentCount": ROW,
    "metrics.reactionCount": ROW,
    "metrics.threadCount": ROW,
    "metrics.voiceMinutes": DERIVED,
    "metrics.uniqueVoiceUsers": JOB,
    "metrics.peakConcurrentUsers": ROW,
    "hourlyActivity": ROW,
    "weeklyActivity": ROW,
    "lastActive": ROW,
}
SLICES = {"memberDays": MEMBER_DAYS, "channelDays": CHANNEL_DAYS, "guildDays": GUILD_DAYS}
SNAPSHOT_SOURCES: Mapping[str, str] = {
    "metrics.members.total": "guildDays.members",
    "metrics.members.active": "memberDays.hours",
    "metrics.members.voice": "guildDays.voice",
    "metrics.members.messageAuthors": "memberDays.hours",
    "metrics.messages.total": "channelDays.messages",
    "metrics.messages.perChannel": "channelDays.messages",
    "metrics.messages.withFiles": "channelDays.files",
    "metrics.messages.withEmbeds": "channelDays.embeds",
    "metrics.messages.withStickers": "channelDays.stickers",
    "metrics.messages.withReactions": "channelDays.withReactions",
    "metrics.voice.totalMinutes": "channelDays.voice.ms",
    "metrics.voice.perChannel": "channelDays.voice.ms",
    "metrics.voice.peakConcurrent": "guildDays.voicePeak",
    "metrics.threads.active": "guildDays.activeThreads",
    "metrics.threads.created": "guildDays.counts.threadsCreated",
    "metrics.threads.archived": "guildDays.counts.threadsArchived",
    "metrics.threads.messageCount": "channelDays.threadMessages",
    "metrics.channels.categories": "guildDays.categories",
    "metrics.channels.text": "guildDays.textChannels",
    "metrics.channels.voice": "guildDays.voiceChannels",
    "metrics.channels.stage": "guildDays.stageChannels",
    "metrics.channels.forum": "guildDays.forumChannels",
    "activityHeatmap.hourly": "channelDays.hours",
    "activityHeatmap.daily": "channelDays.hours",
}
BESIDE = {"_id", "schemaVersion", "voiceMs", "forgotten", "standing"}
"""Not of the specification: ``voiceMs`` holds the exact sums, ``forgotten`` what was deleted, ``standing``
what a present member has."""


def leaves(schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Paths of fields; a map or a list is one field."""
    for name, field in schema["properties"].items():
        path = f"{at}.{name}" if at else name
        if path in BESIDE:
            continue
        if "properties" in field:
            yield from leaves(field, path)
        else:
            yield path


def rows(*subjects: Subject) -> set[str]:
    """Lifetime paths that rows write."""
    found: set[str | None] = set()
    for subject in subjects:
        for family in subject.families:
            found.update(path for row in family.counters for path in (row.total, row.weekdays))
            found.update(path for extreme in family.extremes for path in extreme.totals)
    return {path for path in found if path is not None and path.partition(".")[0] not in BESIDE}


def derived(*subjects: Subject) -> set[str]:
    return {path for subject in subjects for stage in subject.derived for path in stage["$set"]}


@pytest.mark.parametrize(
    ("collection", "fields", "subjects"),
    [
        (member_activity_stats.COLLECTION, MEMBER_FIELDS, (MEMBER,)),
        (channel_stats.COLLECTION, CHANNEL_FIELDS, (CHANNEL, THREAD)),
    ],
    ids=["member", "channel"],
)
def test_each_field_is_filled_by_what_is_listed(
    collection: Collection, fields: Mapping[str, str], subjects: tuple[Subject, ...]
) -> None:
    assert set(leaves(collection.validator()["$jsonSchema"])) == set(fields)
    assert {path for path, by in fields.items() if by == ROW} == rows(*subjects)
    assert {path for path, by in fields.items() if by == DERIVED} == derived(*subjects)
    for subject in subjects:
        required = {path for path, by in fields.items() if by != NAME} - {
            "messageStats.firstMessageTimestamp"
        }
        assert set(subject.total_new) == required, "a new document has every other field"


@pytest.mark.parametrize("path", sorted(SNAPSHOT_SOURCES))
def test_what_a_snapshot_is_made_of_is_kept(path: str) -> None:
    """Snapshots are a job's, made of day slices: each field has its counter there."""
    source = SNAPSHOT_SOURCES[path]
    collection, _, field = source.partition(".")
    schema = SLICES[collection].validator()["$jsonSchema"]
    named, _, count = field.partition("counts.")
    assert not count or count in set(GuildCount), source
    for name in (named or "counts").split("."):
        assert name in schema["properties"], source
        schema = schema["properties"][name]


def test_every_field_of_a_snapshot_is_listed() -> None:
    schema = guild_activity_snapshots.COLLECTION.validator()["$jsonSchema"]
    assert set(leaves(schema)) - {"guildId", "timestamp", "interval", "zone"} == set(SNAPSHOT_SOURCES)


def test_each_sum_of_sentiment_has_its_row_and_nothing_of_it_is_about_a_member_or_for_life() -> None:
    stored = CHANNEL_DAYS.validator()["$jsonSchema"]["properties"]["sentiment"]["properties"]
    counters = [
        (subject, row)
        for subject in (CHANNEL, MEMBER, THREAD)
        for family in subject.families
        for row in family.counters
        if row.day.startswith("sentiment.")
    ]
    assert {row.day.removeprefix("sentiment.") for _, row in counters} == set(stored)
    assert tuple(stored) == SENTIMENT
    assert all(subject is CHANNEL and row.total is None for subject, row in counters)

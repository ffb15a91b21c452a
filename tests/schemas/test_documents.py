"""The three documents of the specification: every field, in its spelling; and what a stored field may be."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
import pytest

from bot.ingest.activities.messages import ChannelKind
from schemas import channel_stats, guild_activity_snapshots, member_activity_stats
from schemas.collection import Collection, bson_schema
from schemas.registry import COLLECTIONS

MEMBER = """
guildId userId joinTimestamp leaveHistory[].leftAt leaveHistory[].rejoinedAt
messageStats.totalCount messageStats.firstMessageTimestamp messageStats.lastMessageTimestamp
messageStats.channelDistribution.* messageStats.hourlyActivity.* messageStats.weeklyActivity.*
messageStats.reactionCount.given messageStats.reactionCount.received
voiceStats.totalMinutes voiceStats.channelMinutes.* voiceStats.lastActive voiceStats.hourlyActivity.*
voiceStats.weeklyActivity.* threadParticipation.created threadParticipation.joined
threadParticipation.messagesInThreads lastActive activityScore
"""
SNAPSHOT = """
guildId timestamp interval
metrics.members.total metrics.members.active metrics.members.voice metrics.members.messageAuthors
metrics.messages.total metrics.messages.perChannel.* metrics.messages.withFiles metrics.messages.withEmbeds
metrics.messages.withStickers metrics.messages.withReactions
metrics.voice.totalMinutes metrics.voice.perChannel.* metrics.voice.peakConcurrent
metrics.threads.active metrics.threads.created metrics.threads.archived metrics.threads.messageCount
metrics.channels.categories metrics.channels.text metrics.channels.voice metrics.channels.stage
metrics.channels.forum activityHeatmap.hourly.* activityHeatmap.daily.*
"""
CHANNEL = """
guildId channelId type metrics.messageCount metrics.uniqueAuthors metrics.attachmentCount
metrics.reactionCount metrics.threadCount metrics.voiceMinutes metrics.uniqueVoiceUsers
metrics.peakConcurrentUsers hourlyActivity.* weeklyActivity.* lastActive
"""

OWN = {"voiceMs", "forgotten", "standing"}
"""What exact sums, distinct counts, joins and leaves rest on."""


def paths(schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    if "properties" in schema:
        for name, field in schema["properties"].items():
            yield from paths(field, f"{at}.{name}" if at else name)
    elif "items" in schema:
        yield from paths(schema["items"], f"{at}[]")
    elif "additionalProperties" in schema:
        yield from paths(schema["additionalProperties"], f"{at}.*")
    else:
        yield at


@pytest.mark.parametrize(
    ("collection", "name", "fields"),
    [
        (member_activity_stats.COLLECTION, "memberActivityStats", MEMBER),
        (guild_activity_snapshots.COLLECTION, "guildActivitySnapshots", SNAPSHOT),
        (channel_stats.COLLECTION, "channelStats", CHANNEL),
    ],
)
def test_every_field_of_the_specification_is_there(collection: Collection, name: str, fields: str) -> None:
    assert collection.name == name
    stored = set(paths(collection.validator()["$jsonSchema"]))
    beside = {path for path in stored - set(fields.split()) if path.partition(".")[0] not in OWN}
    assert beside - {"leaveHistory[].notBefore", "leaveHistory[].joinedAt", "zone"} == {
        "_id",
        "schemaVersion",
    }
    assert set(fields.split()) <= stored


def test_every_collection_has_a_name_of_its_own() -> None:
    assert len({collection.name for collection in COLLECTIONS}) == len(COLLECTIONS)


def test_every_kind_of_channel_has_a_stored_type() -> None:
    kinds = {kind.stored for kind in ChannelKind}
    field = next(f for f in msgspec.structs.fields(channel_stats.ChannelStats) if f.name == "type")
    assert kinds | {"THREAD"} == set(bson_schema(field.type)["enum"])


def test_one_of_some_words_or_nothing_takes_nothing() -> None:
    assert bson_schema(Literal["a", "b"] | None) == {"bsonType": ["string", "null"], "enum": ["a", "b", None]}


def test_what_cannot_be_stored_is_refused() -> None:
    with pytest.raises(TypeError, match="no stored field"):
        bson_schema(complex)

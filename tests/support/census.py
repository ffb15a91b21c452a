"""Counts the database through and through: every message once, every total equal, nothing forgotten."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.packs import ids_from_bytes
from bot.privacy.pseudonym import Pseudonyms, hexadecimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from bot.db.database import Handle
    from tests.support.discord_server.messages import FakeMessage

Totals = dict[str, int]


@dataclass(frozen=True, slots=True)
class Census:
    """What the database says of messages. Totals are by hexadecimal pseudonym, or by channel id.

    Who began a thread and a channel that has one are there without a message; they are left out.
    """

    members: Totals
    member_days: Totals
    member_channels: Totals
    channels: Totals
    threads: Totals
    channel_days: Totals
    coverage: Mapping[int, ChannelCensus]

    @property
    def messages(self) -> int:
        return sum(self.members.values())


@dataclass(frozen=True, slots=True)
class ChannelCensus:
    """Coverage of one channel or thread: its session, its ranges and the counted ids above the floor."""

    session: int
    floor: int
    recent: frozenset[int]
    ranges: tuple[tuple[int, int, frozenset[int]], ...]

    def uncounted(self, message_id: int) -> bool:
        """Whether the history worker will look for a message that never came."""
        return message_id > max(self.recent, default=self.floor) or any(
            after < message_id < before and message_id not in counted
            for after, before, counted in self.ranges
        )


async def take_census(db: Handle, guild_id: int) -> Census:
    """Read all counters of a server."""
    here = {"guildId": str(guild_id)}
    members = await db.memberActivityStats.find(here).to_list(None)
    channels = await db.channelStats.find(here).to_list(None)
    return Census(
        members=_writers(members),
        member_days=_sum(await db.memberDays.find(here).to_list(None), "userId", "messages"),
        member_channels=dict(
            sum((Counter(each["messageStats"]["channelDistribution"]) for each in members), Counter())
        ),
        channels=_counts(each for each in channels if each["type"] != "THREAD"),
        threads=_counts(each for each in channels if each["type"] == "THREAD"),
        channel_days=_sum(await db.channelDays.find(here).to_list(None), "channelId", "messages"),
        coverage={int(each["channelId"]): _coverage(each) async for each in db.coverage.find(here)},
    )


async def counted(db: Handle, guild_id: int) -> int:
    """How many messages of a server are counted."""
    rows = db.channelDays.aggregate(
        [{"$match": {"guildId": str(guild_id)}}, {"$group": {"_id": None, "n": {"$sum": "$messages"}}}]
    )
    return sum([row["n"] async for row in rows])


async def settled(db: Handle, guild_id: int, at_least: int, seconds: float = 30) -> None:
    """Wait until so many messages are counted."""
    async with asyncio.timeout(seconds):
        while await counted(db, guild_id) < at_least:
            await asyncio.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was sent, and what a bot accepted, of a server's messages."""

    guild_id: int
    sent: Mapping[int, FakeMessage]
    accepted: AbstractSet[int]
    pseudonyms: Pseudonyms

    def counted(self, census: Census) -> set[int]:
        """Ids of the counted messages; fails if one counts twice, or was never sent."""
        by_member = {self.pseudonym(message_id): message_id for message_id in self.sent}
        assert set(census.members) <= set(by_member), "somebody counts who never wrote"
        assert set(census.members.values()) <= {1}, "a message counts twice"
        return {by_member[member] for member in census.members}

    def pseudonym(self, message_id: int) -> str:
        return hexadecimal(self.pseudonyms.of(self.guild_id, self.sent[message_id].author_id))


def key_of(data: Path) -> Pseudonyms:
    """Pseudonyms under the key of a data folder."""
    return Pseudonyms(bytes.fromhex((data / "pseudonym.key").read_text("ascii").strip()))


def check_sums(ledger: Ledger, census: Census) -> None:
    """Every collection says the same of the same messages."""
    ids = ledger.counted(census)
    places: Counter[str] = Counter()
    threads: Counter[str] = Counter()
    for message_id in ids:
        channel = ledger.sent[message_id].channel
        places[str(channel.parent.id if channel.is_thread and channel.parent else channel.id)] += 1
        if channel.is_thread:
            threads[str(channel.id)] += 1
    assert census.member_days == census.members
    assert census.channels == places
    assert census.channel_days == places
    assert census.member_channels == places
    assert census.threads == threads


def check_coverage(ledger: Ledger, census: Census) -> None:
    """The history worker will find what is not counted, and nothing that is."""
    ids = ledger.counted(census)
    for message_id, message in ledger.sent.items():
        place = census.coverage[message.channel.id]
        assert place.uncounted(message_id) != (message_id in ids), (
            f"{message_id} of {place}: counted {message_id in ids}"
        )


def _sum(rows: list[dict[str, Any]], key: str, value: str) -> Totals:
    sums: Totals = {}
    for row in rows:
        assert row[value] == sum(row["hours"].values())
        sums[row[key]] = sums.get(row[key], 0) + row[value]
    return _some(sums)


def _writers(rows: Iterable[Mapping[str, Any]]) -> Totals:
    """Those who wrote; others are there because they joined."""
    totals = {row["userId"]: row["messageStats"]["totalCount"] for row in rows}
    return {member: total for member, total in totals.items() if total}


def _counts(rows: Iterable[Mapping[str, Any]]) -> Totals:
    return _some({row["channelId"]: row["metrics"]["messageCount"] for row in rows})


def _some(totals: Totals) -> Totals:
    return {name: total for name, total in totals.items() if total}


def _coverage(stored: Mapping[str, Any]) -> ChannelCensus:
    return ChannelCensus(
        stored["session"],
        stored["floor"],
        frozenset(ids_from_bytes(stored["recent"]).tolist()),
        tuple(
            (span["after"], span["before"], frozenset(ids_from_bytes(span["counted"]).tolist()))
            for span in stored["uncounted"]
        ),
    )

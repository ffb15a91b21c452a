"""What the views ask of the database.

A period of d days reads d ``guildDays`` and d packs of each kind; only days without a valid pack (the running
day, days just written to) are read document by document.
"""

import asyncio
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

from analytics.day_columns import ALL_PARTS, DatedMembers, MemberPart
from analytics.day_counts import ChannelDayHours, GuildDayHours
from analytics.local_time import (
    HOURS_PER_DAY,
    HourRange,
    ZoneHistory,
    day_of,
    day_of_midnight,
    midnight_utc,
)
from analytics.member_spans import (
    MemberSpan,
    SpanPart,
)
from analytics.packs import (
    ChannelColumns,
    Ids,
    channel_columns,
    counts_from_bytes,
    cut_channels,
    ids_from_bytes,
)
from analytics.period_days import PeriodDays
from analytics.stays import PastStay
from bot.db.agreements import read_partners
from bot.db.channel_facts import (
    ThreadTimes,
    read_last_messages,
    read_text_channels,
    read_threads_begun,
)
from bot.db.database import LONG_AGO, Handle
from bot.db.day_counts import (
    ChannelPart,
    VoicePart,
    read_channel_days,
    read_guild_days,
    read_voice_parts,
)
from bot.db.directory import Directory, GuildRecord
from bot.db.member_reading import MemberReading
from bot.db.member_times import read_member_times, read_past_stays
from bot.db.retention import kept_days
from bot.db.role_holders import read_role_holders
from bot.db.valid_packs import (
    Revisions,
    days_of,
    hours_within,
    read_marks,
    read_packs,
    revisions_of,
)
from bot.db.writes import instant
from schemas.channel_stats import COLLECTION as CHANNEL_STATS
from schemas.day_packs import CHANNEL_PACKS, MEMBER_PACKS, PACK_FORM
from schemas.day_slices import CHANNEL_DAYS, GUILD_DAYS, MEMBER_DAYS
from schemas.guild_day_names import GuildCount
from schemas.invites import INVITE_DAYS
from schemas.member_activity_stats import COLLECTION as MEMBER_STATS
from schemas.member_archive import COLLECTION as MEMBER_ARCHIVE
from schemas.member_rosters import COLLECTION as MEMBER_ROSTERS
from schemas.threads import THREADS

ROWS = 2_000
"""Day documents a batch: the driver decodes it in one go, 4 ms in which nothing else runs."""
FEW = 2
"""Documents a batch where mostly the first will do."""


_WROTE = (SpanPart.WROTE,)


class UnknownGuild(LookupError):  # noqa: N818 - reads as what it says
    """Nothing is known of this server."""


class Reader:
    """Reads counters; never writes."""

    def __init__(self, db: Handle) -> None:
        self._db = db
        self._directory = Directory(db)

    async def guild(self, guild_id: int) -> GuildRecord:
        """The server; raises UnknownGuild."""
        found = await self._directory.guild(guild_id)
        if found is None:
            raise UnknownGuild(f"nothing is known of server {guild_id}")
        return found

    async def zones(self, guild_id: int) -> ZoneHistory:
        """The server's time zones; raises UnknownGuild."""
        return (await self.guild(guild_id)).zones

    async def channel_names(self, guild_id: int) -> dict[int, str]:
        """Names of the server's channels, by id."""
        return await self._directory.channel_names(guild_id)

    async def counted_days(self, guild_id: int) -> range:
        """From the first local day with anything counted to the last; empty if there is none."""
        edges = [
            day_of_midnight(stored["day"])
            for zone in (await self.zones(guild_id)).spans
            for direction in (1, -1)
            async for stored in self._db[GUILD_DAYS.name]
            .find({"guildId": str(guild_id), "zone": zone.epoch}, {"day": 1})
            .sort("day", direction)
            .limit(1)
        ]
        return range(min(edges), max(edges) + 1) if edges else range(0)

    async def partners(self, guild_id: int) -> dict[int, str]:
        """The servers with which a server agrees now to be compared, with their names: 2 documents each."""
        return await read_partners(self._db, guild_id)

    async def text_channels(self, guild_id: int) -> dict[int, int] | None:
        """The channels that the server has for writing: 1 document; None: it was never listed.

        With when each was made, in ms since 1970 UTC.
        """
        return await read_text_channels(self._db, guild_id)

    async def last_messages(self, guild_id: int, channels: Collection[int]) -> dict[int, datetime]:
        """When the last message in each of c channels was sent: c documents."""
        return await read_last_messages(self._db, guild_id, channels)

    async def threads_begun(
        self, guild_id: int, begun: tuple[int, int], channels: Collection[int]
    ) -> list[ThreadTimes]:
        """Threads begun between two instants, in some channels: one document each, 50,000 at most."""
        return await read_threads_begun(self._db, guild_id, begun, channels)

    async def first_thread(self, guild_id: int) -> datetime | None:
        """When the oldest thread was begun of which that is known: 1 document; None: there is none."""
        begun = {"guildId": str(guild_id), "createdAt": {"$gt": datetime(1970, 1, 1, tzinfo=UTC)}}
        oldest = await self._db[THREADS.name].find_one(begun, {"createdAt": 1}, sort=[("createdAt", 1)])
        return None if oldest is None else oldest["createdAt"]

    async def first_invited_day(self, guild_id: int) -> int | None:
        """The first local day with a join of known way: 1 document a zone; None: there is none."""
        days = [
            day_of_midnight(stored["day"])
            for zone in (await self.zones(guild_id)).spans
            async for stored in self._db[INVITE_DAYS.name]
            .find({"guildId": str(guild_id), "zone": zone.epoch}, {"day": 1})
            .sort("day", 1)
            .limit(1)
        ]
        return min(days, default=None)

    async def last_message_ms(self, guild_id: int) -> int | None:
        """When the latest counted message was sent, in ms since 1970 UTC; None if there is none."""
        latest = await self._db[CHANNEL_STATS.name].find_one(
            {"guildId": str(guild_id)}, {"lastActive": 1}, sort=[("lastActive", -1)]
        )
        return None if latest is None else round(latest["lastActive"].timestamp() * 1000)

    async def members(self, guild_id: int, ranges: tuple[HourRange, ...]) -> int | None:
        """The latest reading of the number of members within the ranges; None if there is none."""
        for span in reversed(ranges):
            if not span.days:
                continue
            days = self._db[GUILD_DAYS.name].find(
                {**days_of(guild_id, span), "members": {"$gt": {}}}, {"day": 1, "members": 1}
            )
            async for stored in days.sort("day", -1).batch_size(FEW):
                start = day_of_midnight(stored["day"]) * HOURS_PER_DAY
                readings = [
                    (gauge["at"], gauge["value"])
                    for hour, gauge in stored["members"].items()
                    if span.start <= start + int(hour) < span.stop
                ]
                if readings:
                    return int(max(readings)[1])
        return None

    async def period(self, guild_id: int, ranges: tuple[HourRange, ...]) -> PeriodDays:
        """Days of a period."""
        found = await asyncio.gather(*(self._period(guild_id, span) for span in ranges))
        return PeriodDays(
            ranges, [day for channels, _ in found for day in channels], [wrote for _, wrote in found]
        )

    async def dated_member_days(
        self, guild_id: int, ranges: tuple[HourRange, ...], *parts: MemberPart
    ) -> list[DatedMembers]:
        """What members did on each day: of d days d packs, and the slices of days that have no valid one.

        Days that a range cuts are cut in their packs; where a day was archived by a version whose packs had
        no hours, it counts whole. Only the ``parts`` are read (none: all); of the others a column may or may
        not be there.
        """
        wanted = parts or ALL_PARTS
        found = await asyncio.gather(
            *(MemberReading(self._db, guild_id, span).days(wanted) for span in ranges)
        )
        return [dated for days in found for dated in days]

    async def member_spans(
        self, guild_id: int, ranges: tuple[HourRange, ...], *parts: SpanPart
    ) -> list[MemberSpan]:
        """What members did: months that lie whole in the ranges out of one document each, the rest by day.

        Of d days this reads d ``guildDays`` and a document a month whose days have not changed since it was
        packed; all other days are read as ``dated_member_days`` reads them. Only the ``parts`` are read; none
        means all.
        """
        wanted = parts or tuple(SpanPart)
        found = await asyncio.gather(
            *(MemberReading(self._db, guild_id, span).spans(wanted) for span in ranges)
        )
        return [member_span for spans in found for member_span in spans]

    async def members_since(self, guild_id: int, now_ms: int) -> int | None:
        """First local day of which is known what members did, as of an instant; None: nothing is counted.

        Days older than the retention are unknown unless their members are still there.
        """
        counted = await self.counted_days(guild_id)
        if not counted:
            return None
        kept = await kept_days(self._db, guild_id, MEMBER_DAYS)
        zones = await self.zones(guild_id)
        oldest = counted.start if kept is None else zones.label(now_ms).day - kept
        if oldest <= counted.start:
            return counted.start
        earliest = [
            day_of_midnight(stored["day"])
            for zone in zones.spans
            for collection in (MEMBER_DAYS, MEMBER_PACKS)
            async for stored in self._db[collection.name]
            .find({"guildId": str(guild_id), "zone": zone.epoch}, {"day": 1})
            .sort("day", 1)
            .limit(1)
        ]
        return min([oldest, *earliest])

    async def channel_days(
        self, guild_id: int, ranges: tuple[HourRange, ...], *parts: ChannelPart
    ) -> list[ChannelDayHours]:
        """What happened in channels on each day, by hour: d packs; only the ``parts`` are read."""
        spans = [await read_channel_days(self._db, guild_id, span, parts) for span in ranges]
        return [day for days in spans for day in days]

    async def guild_days(
        self, guild_id: int, ranges: tuple[HourRange, ...], *only: GuildCount
    ) -> list[GuildDayHours]:
        """What happened in the server on each day, by hour: d documents, of which ``only`` these counts."""
        return [day for span in ranges for day in await read_guild_days(self._db, guild_id, span, only)]

    async def voice_parts(
        self, guild_id: int, ranges: tuple[HourRange, ...], channels: Collection[int]
    ) -> dict[VoicePart, int]:
        """Time in some channels by kind in ms, over whole days: one document a day and channel."""
        spans = [await read_voice_parts(self._db, guild_id, span, channels) for span in ranges]
        return {part: sum(span[part] for span in spans) for part in VoicePart}

    async def joined(self, guild_id: int, first_ms: int, stop_ms: int) -> dict[int, int]:
        """Who joined last within a time and when (ms), by pseudonym; who left is in it while archived.

        Reads an index entry a member.
        """
        times = {"$gte": instant(first_ms), "$lt": instant(stop_ms)}
        within = {"guildId": str(guild_id), "joinTimestamp": times}
        present, archived = await asyncio.gather(
            *(
                read_member_times(self._db, collection.name, within, "joinTimestamp")
                for collection in (MEMBER_STATS, MEMBER_ARCHIVE)
            )
        )
        return present | archived

    async def past_stays(self, guild_id: int, since_ms: int) -> list[PastStay]:
        """Stays that ended since an instant, and earlier ones of the same members.

        Reads a document for each member who has left since then.
        """
        since = {"$gte": instant(since_ms)}
        back, away = await asyncio.gather(
            read_past_stays(
                self._db, MEMBER_STATS.name, {"guildId": str(guild_id), "leaveHistory.leftAt": since}
            ),
            read_past_stays(self._db, MEMBER_ARCHIVE.name, {"guildId": str(guild_id), "leftAt": since}),
        )
        return back + away

    async def membership_told(self, guild_id: int) -> bool:
        """Whether joins and leaves are told of at all, which takes the members intent: 3 documents.

        Then the member list was compared, somebody's join is known, or somebody has left.
        """
        guild = str(guild_id)
        signs = (
            (MEMBER_ROSTERS, {"_id": guild}),
            (MEMBER_STATS, {"guildId": guild, "joinTimestamp": {"$gte": LONG_AGO}}),
            (MEMBER_ARCHIVE, {"guildId": guild}),
        )
        for collection, which in signs:
            if await self._db[collection.name].find_one(which, {"_id": 1}) is not None:
                return True
        return False

    async def left(self, guild_id: int, first_ms: int, stop_ms: int) -> dict[int, int]:
        """Who left within a time, is away and still archived, and when (ms), by pseudonym.

        Reads an index entry a member.
        """
        times = {"$gte": instant(first_ms), "$lt": instant(stop_ms)}
        within = {"guildId": str(guild_id), "leftAt": times}
        return await read_member_times(self._db, MEMBER_ARCHIVE.name, within, "leftAt")

    async def role_holders(self, guild_id: int, roles: Collection[int]) -> dict[int, Ids] | None:
        """Who has each role now; None: nobody knows. Reads an index entry a role and member who has it."""
        return await read_role_holders(self._db, guild_id, roles)

    async def days_leavers_are_kept(self, guild_id: int) -> int | None:
        """For how many days who has left is archived; None: for good."""
        return await kept_days(self._db, guild_id, MEMBER_ARCHIVE)

    async def _period(self, guild_id: int, span: HourRange) -> tuple[list[ChannelColumns], list[MemberSpan]]:
        members = MemberReading(self._db, guild_id, span)
        marks, months = await asyncio.gather(read_marks(self._db, guild_id, span), members.months(_WROTE))
        return await asyncio.gather(
            self._channels(guild_id, span, revisions_of(marks)), members.spans_of(marks, months, _WROTE)
        )

    async def _channels(self, guild_id: int, span: HourRange, revisions: Revisions) -> list[ChannelColumns]:
        whole = {day: revision for day, revision in revisions.items() if day in span.whole_days}
        cut = {day: revision for day, revision in revisions.items() if day not in span.whole_days}
        packs, cut_packs = await asyncio.gather(
            read_packs(
                self._db, CHANNEL_PACKS.name, (guild_id, span.zone), whole, ("channels", "messages", "hours")
            ),
            read_packs(
                self._db, CHANNEL_PACKS.name, (guild_id, span.zone), cut, ("channels", "channelHours", "form")
            ),
        )
        columns = {
            day: ChannelColumns(
                span.zone,
                day,
                ids_from_bytes(pack["channels"]),
                counts_from_bytes(pack["messages"]),
                counts_from_bytes(pack["hours"]),
            )
            for day, pack in packs.items()
        }
        for day, pack in cut_packs.items():
            if pack.get("form") == PACK_FORM:
                columns[day] = cut_channels(
                    span.zone,
                    day,
                    ids_from_bytes(pack["channels"]),
                    counts_from_bytes(pack["channelHours"]),
                    hours_within(span, day),
                )
        rows = await self._rows(CHANNEL_DAYS.name, guild_id, span.zone, revisions.keys() - columns.keys())
        columns.update(await asyncio.to_thread(_channel_columns, span, rows))
        return [columns[day] for day in sorted(columns)]

    async def _rows(
        self, collection: str, guild_id: int, zone: int, days: Iterable[int]
    ) -> list[dict[str, Any]]:
        """Day documents of the days: thousands, so what is made of them is made in a thread."""
        wanted = [midnight_utc(day) for day in days]
        if not wanted:
            return []
        found = self._db[collection].find(
            {"guildId": str(guild_id), "zone": zone, "day": {"$in": wanted}},
            {"hours": 1},
            batch_size=ROWS,
        )
        return await found.to_list(None)


def _channel_columns(span: HourRange, rows: list[dict[str, Any]]) -> dict[int, ChannelColumns]:
    by_day = {
        day: [(int(channel), hours) for channel, hours in counts] for day, counts in _by_day(rows).items()
    }
    return {
        day: channel_columns(span.zone, day, counts, hours_within(span, day))
        for day, counts in by_day.items()
    }


def _by_day(rows: list[dict[str, Any]]) -> dict[int, list[tuple[str, dict[str, int]]]]:
    """Hours with whose they are, by day: both stand in the id, and a thousand dates would take longer."""
    found: dict[str, list[tuple[str, dict[str, int]]]] = {}
    for row in rows:
        _, day, whose = row["_id"].rsplit(":", 2)
        found.setdefault(day, []).append((whose, row["hours"]))
    return {day_of(date.fromisoformat(day)): counts for day, counts in found.items()}

"""Making snapshots: of every interval that is over and has changed since its snapshot was made.

All is read from the day's slices or packs and its ``guildDays`` document, and what is stored is replaced only
where it differs, so it does not matter when, or how often, a snapshot is made. Each commit marks its days as
``due``; the mark goes when the snapshots were made of the day's present revision.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import OperationFailure

from analytics.day_packs import channels_of_pack, members_of_pack
from analytics.intervals import DayInterval, IntervalDays, begin_of, interval_of, start_of_hour
from analytics.local_time import HOURS_PER_DAY, Label, ZoneHistory, date_of, day_of_midnight, midnight_utc
from analytics.snapshots import DayFacts, Figures, as_of_files, figures_of_days, figures_of_hour
from bot.claims import ALL_SERVERS, Claim
from bot.db.database import Handle
from bot.db.directory import Directory
from bot.db.dumping import SNAPSHOT_TOO_OLD, SNAPSHOT_UNAVAILABLE
from bot.db.keys import day_id, snapshot_id
from bot.db.retention import DAY_SECONDS, days_in_force, own_days, retention_in_force, shorter
from bot.db.slices import ServerDay, channel_slices, member_slices
from bot.db.writes import SCHEMA_VERSION, instant
from schemas.day_packs import CHANNEL_PACKS, MEMBER_PACKS, PACK_FORM
from schemas.day_slices import GUILD_DAYS, MEMBER_DAYS, GuildDay
from schemas.guild_activity_snapshots import COLLECTION as SNAPSHOTS
from schemas.guild_activity_snapshots import GuildActivitySnapshot, Interval

SETTLE_MS = 120_000
"""How long after an interval's end its snapshot is made: by then what happened in it has been written."""
ROUND = 200
HOUR_MS = 3_600_000
_LONGER: tuple[DayInterval, ...] = ("1w", "1m")
_MARK = {"guildId": 1, "zone": 1, "day": 1, "revision": 1, "dirty": 1}


@dataclass(frozen=True, slots=True)
class _Round:
    """What holds while one round is made: the time, and for how many days members and hours are kept.

    ``own_members`` and ``own_hours``: in servers that keep them for another time. ``live``: since when (ms
    since 1970 UTC) servers were listened to; those that never were are missing.
    """

    now_ms: int
    members: int | None
    hours: int | None
    own_members: dict[int, int]
    own_hours: dict[int, int]
    zones: dict[int, ZoneHistory]
    live: dict[int, int]

    def as_known(self, guild: int, figures: Figures, stop_ms: int) -> Figures:
        """Figures of an interval, by when it ended."""
        live = self.live.get(guild)
        return as_of_files(figures) if live is None or stop_ms <= live else figures

    def members_since(self, guild: int) -> datetime:
        """From when on is kept what members did."""
        return instant(_since(self.now_ms, shorter(self.members, self.own_members.get(guild))))

    def hours_since_ms(self, guild: int) -> int:
        """From when on snapshots of hours are kept."""
        return _since(self.now_ms, shorter(self.hours, self.own_hours.get(guild)))


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """One to be written: ``first_hour`` is the number of its first hour."""

    interval: Interval
    zone: int
    first_hour: int
    start_ms: int
    figures: Figures


class _NotYet(Exception):  # noqa: N818 - a state of the data
    """The days are being written to, or are not packed yet: the next round will do."""


class _Gone(Exception):  # noqa: N818 - same
    """The days' channels are kept no longer: what was made of them stands."""


class Snapshotter:
    """Makes the snapshots of the servers that a process claims."""

    def __init__(self, db: Handle, claim: Claim = ALL_SERVERS) -> None:
        self._db = db
        self._claim = claim
        self._directory = Directory(db)
        self._hours_made: dict[int, Label] = {}

    async def make_all(self, now_ms: int) -> None:
        """Make what is due until nothing is left that can be made."""
        while await self.make(now_ms):
            pass

    async def make(self, now_ms: int, limit: int = ROUND) -> int:
        """Make what is due of up to ``limit`` days, weeks and months each; returns how many were done."""
        zones = await self._directory.zones()
        mine = {guild: history for guild, history in zones.items() if self._claim.holds(guild)}
        hours = SNAPSHOTS.retention_of_some
        this = _Round(
            now_ms,
            await retention_in_force(self._db, MEMBER_DAYS),
            None if hours is None else await days_in_force(self._db, SNAPSHOTS.name, hours),
            await own_days(self._db, "members"),
            await own_days(self._db, "hours"),
            mine,
            await self._directory.live_since(),
        )
        made = await self._days(this, limit)
        for interval in _LONGER:
            made += await self._intervals(this, interval, limit)
        return made

    async def _days(self, this: _Round, limit: int) -> int:
        made = 0
        async for mark in self._db[GUILD_DAYS.name].find({"due": "1d"}, _MARK).sort("day", 1):
            guild, day = int(mark["guildId"]), day_of_midnight(mark["day"])
            if guild in this.zones:
                over = interval_of(mark["zone"], day, "1d").over(self._now(this, guild))
                if over and not mark["dirty"]:
                    made += await self._closed_day(this, mark)
                elif not over:
                    await self._running_day(this, guild, mark["zone"], day)
            if made >= limit:
                break
        return made

    def _now(self, this: _Round, guild: int) -> Label:
        """The label of the hour that is running, or may still be written to."""
        return this.zones[guild].label(this.now_ms - SETTLE_MS)

    async def _closed_day(self, this: _Round, mark: Mapping[str, Any]) -> int:
        guild, zone, day = int(mark["guildId"]), mark["zone"], day_of_midnight(mark["day"])
        try:
            (facts,) = await self._packed(this, guild, zone, range(day, day + 1))
        except _NotYet:
            return 0
        except _Gone:
            return await self._done([mark], "1d")
        zones = this.zones[guild]
        snapshots = await asyncio.to_thread(
            _hours, this, guild, zone, facts, range(HOURS_PER_DAY), since_ms=this.hours_since_ms(guild)
        )
        whole = await asyncio.to_thread(figures_of_days, [facts])
        first = day * HOURS_PER_DAY
        stop = begin_of(zones, zone, first + HOURS_PER_DAY)
        known = this.as_known(guild, whole, stop)
        snapshots.append(_Snapshot("1d", zone, first, begin_of(zones, zone, first), known))
        await self._write(guild, snapshots)
        return await self._done([mark], "1d")

    async def _running_day(self, this: _Round, guild: int, zone: int, day: int) -> None:
        """Make the hours that are over, once an hour: what changes them later waits for the next."""
        now = self._now(this, guild)
        if self._hours_made.get(guild) == now or (now.zone, now.day) != (zone, day):
            return
        try:
            facts = await self._unpacked(this, guild, zone, day)
        except _NotYet:
            return
        hours = range(now.hour)
        await self._write(guild, await asyncio.to_thread(_hours, this, guild, zone, facts, hours))
        self._hours_made[guild] = now

    async def _intervals(self, this: _Round, interval: DayInterval, limit: int) -> int:
        due: dict[tuple[int, IntervalDays], None] = {}
        async for mark in self._db[GUILD_DAYS.name].find({"due": interval}, _MARK).sort("day", 1):
            guild = int(mark["guildId"])
            span = interval_of(mark["zone"], day_of_midnight(mark["day"]), interval)
            if guild in this.zones and span.over(self._now(this, guild)):
                due[guild, span] = None
            if len(due) >= limit:
                break
        return sum([await self._interval(this, guild, span) for guild, span in due])

    async def _interval(self, this: _Round, guild: int, span: IntervalDays) -> int:
        marks = (
            await self._db[GUILD_DAYS.name].find(_within(guild, span.zone, span.days), _MARK).to_list(None)
        )
        try:
            facts = await self._packed(this, guild, span.zone, span.days)
        except _NotYet:
            return 0
        except _Gone:
            return await self._done(marks, span.interval)
        first = span.days.start * HOURS_PER_DAY
        start = begin_of(this.zones[guild], span.zone, first)
        figures = await asyncio.to_thread(figures_of_days, facts)
        stop = begin_of(this.zones[guild], span.zone, span.days.stop * HOURS_PER_DAY)
        known = this.as_known(guild, figures, stop)
        await self._write(guild, [_Snapshot(span.interval, span.zone, first, start, known)])
        return await self._done(marks, span.interval)

    async def _done(self, marks: Sequence[Mapping[str, Any]], interval: DayInterval) -> int:
        """Take the mark from days that are still as they were; returns how many."""
        updates = [
            UpdateOne({"_id": mark["_id"], "revision": mark["revision"]}, {"$pull": {"due": interval}})
            for mark in marks
        ]
        return (await self._db[GUILD_DAYS.name].bulk_write(updates, ordered=False)).modified_count

    async def _packed(self, this: _Round, guild: int, zone: int, days: range) -> list[DayFacts]:
        """Days that are over, out of their packs; raises _NotYet or _Gone."""
        which = _within(guild, zone, days)
        stored = await self._db[GUILD_DAYS.name].find(which).sort("day", 1).to_list(None)
        channels = await self._packs(CHANNEL_PACKS.name, which)
        members = await self._packs(MEMBER_PACKS.name, which)
        if not stored:
            raise _Gone
        facts = []
        for document in stored:
            pack, who = channels.get(document["_id"]), members.get(document["_id"])
            if document["dirty"] or any(
                each is not None and each["revision"] != document["revision"] for each in (pack, who)
            ):
                raise _NotYet
            if pack is None or pack.get("form") != PACK_FORM:
                raise _Gone
            kept = (
                who is not None
                and who.get("form", 1) >= PACK_FORM
                and document["day"] >= this.members_since(guild)
            )
            facts.append(
                DayFacts(
                    day_of_midnight(document["day"]),
                    msgspec.convert(document, GuildDay),
                    channels_of_pack(pack),
                    members_of_pack(who) if kept and who is not None else None,
                )
            )
        return facts

    async def _packs(self, collection: str, which: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        return {pack["_id"]: pack async for pack in self._db[collection].find(which)}

    async def _unpacked(self, this: _Round, guild: int, zone: int, day: int) -> DayFacts:
        """The running day out of its slices, all of one instant; raises _NotYet.

        They are written to every second, so that there is no other way to read tens of thousands.
        """
        which = {"_id": day_id(guild, zone, day)}
        try:
            async with await self._db.client.start_session(snapshot=True) as session:
                stored = await self._db[GUILD_DAYS.name].find_one(which, session=session)
                members = await member_slices(self._db, ServerDay(guild, zone, day), session)
                channels = await channel_slices(self._db, ServerDay(guild, zone, day), session)
        except OperationFailure as error:
            if error.code in {SNAPSHOT_TOO_OLD, SNAPSHOT_UNAVAILABLE}:
                raise _NotYet from error
            raise
        if stored is None:
            raise _NotYet
        kept = members if stored["day"] >= this.members_since(guild) else None
        return DayFacts(day, msgspec.convert(stored, GuildDay), channels, kept)

    async def _write(self, guild: int, snapshots: Sequence[_Snapshot]) -> None:
        """Store what differs from what is stored."""
        documents = {document["_id"]: document for document in (_document(guild, each) for each in snapshots)}
        found = self._db[SNAPSHOTS.name].find({"_id": {"$in": list(documents)}})
        stored = {each["_id"]: each async for each in found}
        changed = [
            ReplaceOne({"_id": identity}, document, upsert=True)
            for identity, document in documents.items()
            if _keep_members(document, stored.get(identity)) != stored.get(identity)
        ]
        if changed:
            await self._db[SNAPSHOTS.name].bulk_write(changed, ordered=False)


def _since(now_ms: int, days: int | None) -> int:
    """From when on documents are kept."""
    return 0 if days is None else now_ms - days * DAY_SECONDS * 1000


def _hours(  # noqa: PLR0913 - which hours of which day of which server
    this: _Round, guild: int, zone: int, facts: DayFacts, hours: range, *, since_ms: int = 0
) -> list[_Snapshot]:
    """Snapshots of the hours of a day that a clock has shown, and that are still kept."""
    first, zones = facts.day * HOURS_PER_DAY, this.zones[guild]
    starts = {hour: start_of_hour(zones, zone, first + hour) for hour in hours}
    return [
        _Snapshot(
            "1h",
            zone,
            first + hour,
            start,
            this.as_known(guild, figures_of_hour(facts, hour), start + HOUR_MS),
        )
        for hour, start in starts.items()
        if start is not None and start >= since_ms
    ]


def _document(guild: int, made: _Snapshot) -> dict[str, Any]:
    day, hour = divmod(made.first_hour, HOURS_PER_DAY)
    document: dict[str, Any] = msgspec.to_builtins(
        GuildActivitySnapshot(
            id=snapshot_id(guild, made.zone, made.interval, date_of(day), hour),
            schema_version=SCHEMA_VERSION,
            guild_id=str(guild),
            timestamp=instant(made.start_ms),
            interval=made.interval,
            zone=made.zone,
            metrics=made.figures.metrics,
            activity_heatmap=made.figures.heatmap,
        ),
        builtin_types=(datetime,),
    )
    return document


def _keep_members(document: dict[str, Any], stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """Let the members of an interval stand, once counted, when what they did has expired."""
    members = document["metrics"]["members"]
    if stored is not None and members["messageAuthors"] is None:
        counted = stored["metrics"]["members"]
        members.update({name: counted[name] for name in ("active", "messageAuthors")})
    return document


def _within(guild: int, zone: int, days: range) -> dict[str, Any]:
    between = {"$gte": midnight_utc(days.start), "$lt": midnight_utc(days.stop)}
    return {"guildId": str(guild), "zone": zone, "day": between}

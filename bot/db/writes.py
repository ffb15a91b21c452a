"""The upserts that a delta becomes: plain additions, so that they commute. ``bot.db.counters`` says which."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from pymongo import UpdateOne

from analytics.local_time import midnight_utc, weekday_of
from bot.db.counters import SUBJECTS, Counter, Extreme, Family, Subject
from bot.db.keys import day_id
from bot.ingest.delta import Delta
from bot.privacy.pseudonym import hexadecimal
from bot.turns import PORTION, portions
from schemas import day_slices, invites
from schemas.moderation import MODERATION_DAYS

SCHEMA_VERSION = 1
BULK = 500
"""Updates sent at once: the driver encodes them in one go, 2 ms in which nothing else runs."""

Bulk = tuple[str, list[UpdateOne]]
"""Updates of a collection."""
DUE = ["1d", "1w", "1m"]
"""Which snapshots a change of a day calls for."""

_Updates = dict[str, "_Update"]


class _Update:
    """What is to be done to one document, by its id. Made for thousands a second: plain dictionaries."""

    __slots__ = ("_add", "_greatest", "_least", "fields", "new")

    def __init__(self, name: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.new: dict[str, Any] = {"schemaVersion": SCHEMA_VERSION, **name, **new}
        self.fields: dict[str, Any] = {}
        self._add: dict[str, int] = {}
        self._least: dict[str, Any] = {}
        self._greatest: dict[str, Any] = {}

    def count(self, path: str, number: int) -> None:
        """Add a sum."""
        self.new.pop(path, None)
        self._add[path] = self._add.get(path, 0) + number

    def count_each(self, path: str, numbers: Mapping[int, int] | Mapping[str, int]) -> None:
        """Add each of a map of sums."""
        self.new.pop(path, None)
        add = self._add
        for key, number in numbers.items():
            name = f"{path}.{key}"
            add[name] = add.get(name, 0) + number

    def limit(self, operator: str, path: str, value: Any) -> None:  # noqa: ANN401 - a number or a date
        """Keep the least or greatest."""
        self.new.pop(path, None)
        least = operator == "min"
        known = self._least if least else self._greatest
        if path not in known or (value < known[path]) == least:
            known[path] = value

    def upsert(self, identity: str) -> UpdateOne:
        """Add to the document, or make it."""
        operators = {"$inc": self._add, "$set": self.fields, "$min": self._least, "$max": self._greatest}
        update = {operator: fields for operator, fields in operators.items() if fields}
        return UpdateOne({"_id": identity}, {"$setOnInsert": self.new, **update}, upsert=True)


def writes(delta: Delta) -> Iterator[Bulk | None]:
    """All upserts of a delta, a bulk at a time; None now and then while one is made, for others' turns."""
    for subject in SUBJECTS:
        days: _Updates = {}
        totals: _Updates = {}
        for family in subject.families:
            yield from _gather(delta, subject, family, days, totals)
        for collection, updates in ((subject.day_slices, days), (subject.totals, totals)):
            if collection is not None:
                yield from _bulks(
                    collection, (update.upsert(identity) for identity, update in updates.items())
                )
    yield from _bulks(day_slices.GUILD_DAYS.name, _guild_days(delta))
    yield from _bulks(MODERATION_DAYS.name, _moderation_days(delta))
    yield from _bulks(invites.INVITE_DAYS.name, _invite_days(delta))


def derivations(delta: Delta) -> Iterator[Bulk]:
    """What to compute anew, after ``writes`` and in the same transaction, from exact sums beside it."""
    for subject in SUBJECTS:
        if subject.derived:
            changed = sorted(
                {(key[0], key[3]) for family in subject.derived_of for key in getattr(delta, family)}
            )
            recompute = list(subject.derived)
            yield from _bulks(
                subject.totals,
                (UpdateOne({"_id": subject.total_id(guild, who)}, recompute) for guild, who in changed),
            )


def _bulks(collection: str, updates: Iterable[UpdateOne]) -> Iterator[Bulk]:
    for some in portions(updates, BULK):
        yield collection, some


def instant(ms: int) -> datetime:
    """Date of a number of milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _gather(
    delta: Delta, subject: Subject, family: Family, days: _Updates, totals: _Updates
) -> Iterator[None]:
    """Bring a family's entries to the documents of their days and of their lifetimes; yield now and then."""
    day_names: dict[tuple[int, int, int], Mapping[str, Any]] = {}
    for number, ((guild, zone, day, who), entry) in enumerate(getattr(delta, family.days).items(), start=1):
        if number % PORTION == 0:
            yield
        name = subject.name(who)
        total_id = subject.total_id(guild, who)
        total = totals.get(total_id)
        if total is None:
            named = {"guildId": str(guild), subject.named: name}
            if subject.stored_type is not None:
                named["type"] = subject.stored_type(entry.kind)
            total = totals[total_id] = _Update(named, subject.total_new)
        slice_: _Update | None = None
        if subject.day_slices is not None:
            slice_id = day_id(guild, zone, day, name)
            slice_ = days.get(slice_id)
            if slice_ is None:
                of_day = day_names.get((guild, zone, day))
                if of_day is None:
                    of_day = day_names[guild, zone, day] = _day(guild, zone, day)
                slice_ = days[slice_id] = _Update({**of_day, subject.named: name}, subject.day_new)
        _add(family, entry, weekday_of(day), slice_, total)


def _add(family: Family, entry: msgspec.Struct, weekday: int, day: _Update | None, total: _Update) -> None:
    """Bring one entry's counters and extremes to its documents."""
    for counter in family.counters:
        value = getattr(entry, counter.field)
        if value:
            _count(counter, value, weekday, day, total)
    for extreme in family.extremes:
        value = getattr(entry, extreme.field)
        if value:
            _limit(extreme, value, day, total)


def _count(
    row: Counter, value: int | dict[int, int], weekday: int, day: _Update | None, total: _Update
) -> None:
    if isinstance(value, dict):
        if day is not None:
            day.count_each(row.day, value)
        if row.total is not None:
            total.count_each(row.total, value)
        return
    if day is not None:
        day.count(row.day, value)
    if row.total is not None:
        total.count(row.total, value)
    if row.weekdays is not None:
        total.count_each(row.weekdays, {weekday: value})


def _limit(row: Extreme, value: int, day: _Update | None, total: _Update) -> None:
    stored = instant(value) if row.time else value
    if day is not None and row.day is not None:
        day.limit(row.operator, row.day, stored)
    for path in row.totals:
        total.limit(row.operator, path, stored)


def _guild_days(delta: Delta) -> Iterator[UpdateOne]:
    for (guild, zone, day), added in delta.guild_days.items():
        update = _Update(_day(guild, zone, day), {"members": {}})
        update.count("revision", 1)
        for level, readings in added.levels.items():
            update.new.pop(level, None)
            for hour, (at, value) in readings.items():
                update.limit("max", f"{level}.{hour}", {"at": instant(at), "value": value})
        for count, hours in added.counts.items():
            update.count_each(f"counts.{count}", hours)
        for tally, sums in added.tallies.items():
            update.count_each(tally, sums)
        if added.emoji:
            update.count_each("emoji", added.emoji)
        if added.voice_peaks:
            update.limit("max", "voicePeak", added.voice_peak)
        for hour, people in added.voice_peaks.items():
            update.limit("max", f"voicePeaks.{hour}", people)
        update.fields["dirty"] = True
        update.fields["due"] = DUE
        yield update.upsert(day_id(guild, zone, day))


def _invite_days(delta: Delta) -> Iterator[UpdateOne]:
    for (guild, zone, day, invite), added in delta.invite_days.items():
        inviter = hexadecimal(added.inviter) if added.inviter else None
        named = {**_day(guild, zone, day), "code": added.code, "userId": inviter}
        update = _Update(named, {})
        update.count("joins", added.joins)
        yield update.upsert(day_id(guild, zone, day, hexadecimal(invite)))


def _moderation_days(delta: Delta) -> Iterator[UpdateOne]:
    for (guild, zone, day, moderator), counts in delta.moderation_days.items():
        name = hexadecimal(moderator)
        update = _Update({**_day(guild, zone, day), "userId": name}, {})
        update.count_each("counts", counts)
        yield update.upsert(day_id(guild, zone, day, name))


def _day(guild: int, zone: int, day: int) -> dict[str, Any]:
    return {"guildId": str(guild), "zone": zone, "day": midnight_utc(day)}

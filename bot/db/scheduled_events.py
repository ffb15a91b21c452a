"""Scheduled events as they are stored and read back, and which of them are not over."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bson import Int64
from pymongo import ReplaceOne

from bot.db.database import DatabaseError, Handle
from bot.db.keys import event_id, pseudonym_number
from bot.db.writes import SCHEMA_VERSION, instant
from bot.ingest.activities.events import EventStage, EventWhere
from bot.ingest.books.book import BookKey
from bot.ingest.books.scheduled_events import EventState, PastOccurrence
from bot.ingest.store import StoreUnavailable
from bot.privacy.pseudonym import hexadecimal
from schemas.scheduled_events import SCHEDULED_EVENTS, EventPlace, EventStatus

_STATUS: Mapping[EventStage, EventStatus] = MappingProxyType(
    {
        EventStage.UNKNOWN: "unknown",
        EventStage.SCHEDULED: "scheduled",
        EventStage.ACTIVE: "active",
        EventStage.COMPLETED: "completed",
        EventStage.CANCELLED: "cancelled",
        EventStage.DELETED: "deleted",
        EventStage.GONE: "gone",
    }
)
_STAGES = MappingProxyType({status: stage for stage, status in _STATUS.items()})
_PLACE: Mapping[EventWhere, EventPlace] = MappingProxyType(
    {
        EventWhere.UNKNOWN: "unknown",
        EventWhere.STAGE: "stage",
        EventWhere.VOICE: "voice",
        EventWhere.EXTERNAL: "external",
    }
)
_WHERE = MappingProxyType({place: where for where, place in _PLACE.items()})


class ScheduledEvents:
    """Looks events up."""

    def __init__(self, db: Handle) -> None:
        self._events = db[SCHEDULED_EVENTS.name]

    async def unfinished(self, guild: int) -> list[int]:
        """Events of a server that are planned or on, as far as is known; raises StoreUnavailable."""
        theirs = {"guildId": str(guild), "status": {"$in": ["unknown", "scheduled", "active"]}}
        try:
            # not to_list: it complains when whoever waits is cancelled, as at a stop
            return [int(stored["eventId"]) async for stored in self._events.find(theirs, {"eventId": 1})]
        except DatabaseError as error:
            raise StoreUnavailable(str(error)) from error


async def read_events(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, EventState]:
    """What is known of events; an empty state where nothing is."""
    wanted = {event_id(*key): key for key in keys}
    found = {key: EventState() for key in wanted.values()}
    async for document in db[SCHEDULED_EVENTS.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = _read(document)
    return found


def event_document(key: BookKey, state: EventState) -> ReplaceOne[dict[str, Any]]:
    """Write an event down."""
    guild, event = key
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "guildId": str(guild),
        "eventId": str(event),
        "channelId": str(state.channel) if state.channel else None,
        "place": _PLACE[state.where],
        "observed": state.observed,
        "interested": sorted(hexadecimal(member) for member in state.interested),
        "attendance": [
            {"userId": hexadecimal(member), "ms": Int64(ms)} for member, ms in state.attendance.items()
        ],
        "past": [_occurrence(each) for each in state.past],
        "updatedAt": instant(state.updated_at),
        **_occurrence(state.occurrence),
    }
    return ReplaceOne({"_id": event_id(guild, event)}, document, upsert=True)


def _occurrence(one: PastOccurrence) -> dict[str, Any]:
    return {
        "plannedStart": _date(one.starts),
        "plannedEnd": _date(one.ends),
        "startedAt": _date(one.started_at),
        "endedAt": _date(one.ended_at),
        "status": _STATUS[one.stage],
        "interestedCount": one.interested,
        "attendedCount": one.attended,
        "attendedInterestedCount": one.attended_interested,
    }


def _read(document: dict[str, Any]) -> EventState:
    now = _past(document)
    return EventState(
        where=_WHERE[document["place"]],
        channel=int(document["channelId"] or 0),
        stage=now.stage,
        starts=now.starts,
        ends=now.ends,
        started_at=now.started_at,
        ended_at=now.ended_at,
        observed=document["observed"],
        updated_at=_ms(document["updatedAt"]),
        interested={pseudonym_number(member) for member in document["interested"]},
        attendance={pseudonym_number(each["userId"]): each["ms"] for each in document["attendance"]},
        past=[_past(each) for each in document["past"]],
    )


def _past(document: dict[str, Any]) -> PastOccurrence:
    return PastOccurrence(
        starts=_ms(document["plannedStart"]),
        ends=_ms(document["plannedEnd"]),
        started_at=_ms(document["startedAt"]),
        ended_at=_ms(document["endedAt"]),
        stage=_STAGES[document["status"]],
        interested=document["interestedCount"],
        attended=document["attendedCount"],
        attended_interested=document["attendedInterestedCount"],
    )


def _date(ms: int) -> datetime | None:
    return instant(ms) if ms else None


def _ms(at: datetime | None) -> int:
    return 0 if at is None else round(at.timestamp() * 1000)

"""Facts of threads, as they are stored and read back."""

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import ReplaceOne

from analytics.packs import ids_from_bytes, ids_to_bytes
from bot.db.database import Handle
from bot.db.keys import channel_id, pseudonym_number
from bot.db.message_marks import milliseconds, moment
from bot.db.writes import SCHEMA_VERSION, instant
from bot.ingest.activities.messages import ChannelKind
from bot.ingest.books.book import BookKey
from bot.ingest.books.threads import Early, ThreadState
from bot.privacy.pseudonym import hexadecimal
from schemas.threads import THREADS

_FORUMS = frozenset({ChannelKind.FORUM, ChannelKind.MEDIA})


async def read_threads(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, ThreadState]:
    """What is known of threads; a new state where nothing is."""
    wanted = {channel_id(*key): key for key in keys}
    found = {key: ThreadState() for key in wanted.values()}
    async for document in db[THREADS.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = read_thread(document)
    return found


def thread_document(key: BookKey, state: ThreadState) -> ReplaceOne[dict[str, Any]]:
    """Write down what is known of a thread."""
    guild, thread = key
    kind = ChannelKind(state.kind)
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "guildId": str(guild),
        "threadId": str(thread),
        "channelId": str(state.channel),
        "parentType": kind.stored,
        "forum": kind in _FORUMS,
        "creator": hexadecimal(state.creator) if state.creator else None,
        "createdAt": moment(state.created),
        "firstReplyAt": moment(state.first_reply),
        "earliest": [
            {"userId": hexadecimal(early.member), "at": instant(early.at)} for early in state.earliest
        ],
        "archived": state.archived,
        "changedAt": moment(state.changed),
        "archivings": state.archivings,
        "locked": state.locked,
        "wasLocked": state.was_locked,
        "lockedAt": moment(state.locked_at),
        "solved": state.solved,
        "solvedAt": moment(state.solved_at),
        "deletedAt": moment(state.deleted_at),
        "messages": state.messages,
        "membersJoined": len(state.joined),
        "joined": ids_to_bytes(sorted(state.joined)),
    }
    return ReplaceOne({"_id": channel_id(guild, thread)}, document, upsert=True)


def read_thread(document: Mapping[str, Any]) -> ThreadState:
    """What a stored document says."""
    creator = document["creator"]
    return ThreadState(
        channel=int(document["channelId"]),
        kind=ChannelKind[document["parentType"]].value,
        created=milliseconds(document["createdAt"]),
        creator=pseudonym_number(creator) if creator else 0,
        first_reply=milliseconds(document["firstReplyAt"]),
        earliest=[
            Early(milliseconds(early["at"]), pseudonym_number(early["userId"]))
            for early in document["earliest"]
        ],
        archived=document["archived"],
        changed=milliseconds(document["changedAt"]),
        archivings=document["archivings"],
        locked=document["locked"],
        was_locked=document["wasLocked"],
        locked_at=milliseconds(document["lockedAt"]),
        solved=document["solved"],
        solved_at=milliseconds(document["solvedAt"]),
        deleted_at=milliseconds(document["deletedAt"]),
        messages=document["messages"],
        joined=set(ids_from_bytes(document["joined"]).tolist()),
    )

"""Threads and forum posts: facts of each, and what changes in the counters when one is seen to have changed.

Events and lists say what a thread looks like. Held against what is known, that gives what has happened,
once each, whether it comes as an event, twice, after a restart, or from a list of archived threads. The first
reply is a minimum, so that history may bring messages in any order; until the creator is known, the earliest
messages of two members are kept, one of whom is not the creator.
"""

from collections.abc import Iterator

import msgspec

from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.threads import ThreadDeleted, ThreadJoined, ThreadSeen
from schemas.guild_day_names import GuildCount

SLACK_MS = 60_000
"""How much earlier than it says Discord may archive an idle thread."""

Label = tuple[int, int, int]
"""zone epoch, day, hour"""


class Early(msgspec.Struct, frozen=True, order=True):
    """When a member first wrote in a thread."""

    at: int
    member: int


class ThreadState(msgspec.Struct):
    """Facts of a thread. Times are in ms since 1970, 0: not yet, or unknown when.

    ``created`` 0: only messages or members of it are known. ``earliest`` is empty once the creator is known.
    ``changed`` is when it was last archived or opened again.
    """

    channel: int = 0
    kind: int = 0
    created: int = 0
    creator: int = 0
    first_reply: int = 0
    earliest: list[Early] = msgspec.field(default_factory=list)
    archived: bool = False
    changed: int = 0
    archivings: int = 0
    locked: bool = False
    was_locked: bool = False
    locked_at: int = 0
    solved: bool = False
    solved_at: int = 0
    deleted_at: int = 0
    messages: int = 0
    joined: set[int] = msgspec.field(default_factory=set)


class ThreadCreated(msgspec.Struct, frozen=True):
    """A thread counts for its creator (0: nobody) and its channel."""

    guild: int
    channel: int
    kind: int
    member: int
    at: int
    label: Label


class JoinCounted(msgspec.Struct, frozen=True):
    """A member who joined a thread counts."""

    joined: ThreadJoined


class ThreadEvent(msgspec.Struct, frozen=True):
    """Something that the server's day counts has happened to a thread."""

    guild: int
    count: GuildCount
    label: Label


Change = ThreadCreated | JoinCounted | ThreadEvent


def thread_of(activity: MessageSent | ThreadSeen | ThreadJoined | ThreadDeleted) -> tuple[int, int] | None:
    """Which thread an activity concerns; None for a message in none."""
    return (activity.guild, activity.thread) if activity.thread else None


def follow(
    state: ThreadState, activity: MessageSent | ThreadSeen | ThreadJoined | ThreadDeleted
) -> Iterator[Change]:
    """Note an activity in the facts of its thread; yields what changes in the counters."""
    if not state.channel or not isinstance(activity, ThreadDeleted):  # its channel may be gone before it
        state.channel, state.kind = activity.channel, activity.kind
    match activity:
        case MessageSent():
            state.messages += 1
            # Else it is the post itself, or by a deleted account, which may be that of the creator.
            if activity.id != activity.thread and activity.member:
                _wrote(state, Early(activity.at, activity.member))
        case ThreadSeen():
            yield from _see(state, activity)
        case ThreadJoined():
            if activity.joining not in state.joined and not (
                state.created and activity.member == state.creator
            ):
                state.joined.add(activity.joining)
                yield JoinCounted(activity)
        case ThreadDeleted():
            if not state.deleted_at:
                state.deleted_at = activity.at
                label = (activity.zone, activity.day, activity.hour)
                yield ThreadEvent(activity.guild, GuildCount.THREADS_DELETED, label)


def _wrote(state: ThreadState, early: Early) -> None:
    if state.created:
        if early.member != state.creator and (not state.first_reply or early.at < state.first_reply):
            state.first_reply = early.at
        return
    first = {each.member: each for each in sorted([*state.earliest, early], reverse=True)}
    state.earliest = sorted(first.values())[:2]


def _see(state: ThreadState, seen: ThreadSeen) -> Iterator[Change]:
    known = bool(state.created)
    if not known:
        state.created, state.creator = seen.created, seen.creator
        earliest, state.earliest = state.earliest, []
        for early in earliest:
            _wrote(state, early)
        yield ThreadCreated(
            seen.guild, seen.channel, seen.kind, seen.creator, seen.created, seen.created_label
        )
    if seen.changed < state.changed:
        return  # an old picture
    happened = _when(state, seen, known=known)
    if seen.archived and not (state.archived and seen.changed == state.changed):
        state.archivings += 1
        yield ThreadEvent(seen.guild, GuildCount.THREADS_ARCHIVED, seen.changed_label)
        solved = _by_somebody(state, seen)
    else:
        solved = False
    state.archived, state.changed, state.locked = seen.archived, seen.changed, seen.locked
    if seen.locked and not state.was_locked:
        state.was_locked = True
        state.locked_at, label = happened
        if state.locked_at:
            yield ThreadEvent(seen.guild, GuildCount.THREADS_LOCKED, label)
    if not state.solved and (seen.locked or seen.tagged or solved):
        state.solved = True
        state.solved_at, label = (seen.changed, seen.changed_label) if solved else happened
        if state.solved_at:
            yield ThreadEvent(seen.guild, GuildCount.THREADS_SOLVED, label)


def _when(state: ThreadState, seen: ThreadSeen, *, known: bool) -> tuple[int, Label]:
    """When what is new in a picture has happened, as far as that can be said (0: it cannot).

    Somebody who archives a thread mostly locks or tags it at the same time. What a list shows of a thread
    that was seen otherwise before has happened by now.
    """
    if seen.archived and (not known or (not seen.live and seen.changed > state.changed)):
        return seen.changed, seen.changed_label
    return (seen.at, seen.label) if known else (0, seen.label)


def _by_somebody(state: ThreadState, seen: ThreadSeen) -> bool:
    """Whether the creator or staff archived it: nobody else may, and by itself it happens only when idle.

    What was written since does not show any more how long nothing had been.
    """
    opened = state.changed if not state.archived else 0
    idle = seen.changed - max(seen.created, seen.last, opened)
    return 0 <= idle < seen.idle - SLACK_MS

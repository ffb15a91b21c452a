"""The audit log against what of it is counted: each entry once, be it told by the gateway or read in the log.

Everything up to ``floor`` is counted; above it exactly the entries in ``recent`` are. Only reading the log
moves the floor, so what the gateway did not tell is found by the next reading. Discord may list an entry a
little after a later one: the floor stays a minute behind what was read.

What follows a timeout decides whether it ran out, so timeouts wait here until that can no longer change.
"""

from collections.abc import Iterator

import msgspec

from bot.ingest.activities.moderation import AuditLog, AuditLogRead, Moderated, ModerationAction
from bot.ingest.snowflakes import id_at, time_of

KEPT_MS = 45 * 86_400_000
"""For how long Discord keeps an entry."""
LATE_MS = 60_000
"""How much later than its id says an entry may appear."""


class Gap(msgspec.Struct, frozen=True):
    """From ``since`` to ``until`` (ms) nothing is known: Discord had forgotten before the log was read."""

    since: int
    until: int


class TimeoutNote(msgspec.Struct, frozen=True):
    """A timeout set (until when, and how that instant is labelled) or lifted (``until`` 0)."""

    id: int
    target: int
    until: int = 0
    zone: int = 0
    day: int = 0
    hour: int = 0


class AuditLogState(msgspec.Struct):
    """What is counted of a server's audit log, known from ``since`` to ``settled`` (ms) but for ``gaps``."""

    floor: int = 0
    since: int = 0
    settled: int = 0
    recent: set[int] = msgspec.field(default_factory=set)
    gaps: list[Gap] = msgspec.field(default_factory=list)
    timeouts: list[TimeoutNote] = msgspec.field(default_factory=list)


class ModerationCounted(msgspec.Struct, frozen=True):
    """An entry counts."""

    entry: Moderated


class TimeoutExpired(msgspec.Struct, frozen=True):
    """A timeout ran out in that hour."""

    guild: int
    zone: int
    day: int
    hour: int


def apply(state: AuditLogState, told: AuditLog) -> Iterator[ModerationCounted | TimeoutExpired]:
    """Note an entry or a reading; yields what changes in the counters."""
    if isinstance(told, Moderated):
        if told.id > state.floor and told.id not in state.recent:
            state.recent.add(told.id)
            _note_timeout(state, told)
            yield ModerationCounted(told)
    else:
        _note_reading(state, told)
        yield from _expired(state, told.guild)


def _note_timeout(state: AuditLogState, entry: Moderated) -> None:
    if not entry.target:
        return
    if entry.action == ModerationAction.TIMEOUT:
        ends = (entry.until, entry.until_zone, entry.until_day, entry.until_hour)
        state.timeouts.append(TimeoutNote(entry.id, entry.target, *ends))
    elif entry.action == ModerationAction.TIMEOUT_LIFTED:
        state.timeouts.append(TimeoutNote(entry.id, entry.target))


def _note_reading(state: AuditLogState, read: AuditLogRead) -> None:
    kept_since = read.at - KEPT_MS
    if not state.settled:
        state.since = state.settled = kept_since
    elif state.settled < kept_since:
        state.gaps.append(Gap(state.settled, kept_since))
        state.timeouts.clear()  # whether they were lifted is not known
    state.settled = max(state.settled, read.settled)
    state.floor = max(state.floor, min(read.upto, id_at(time_of(read.upto) - LATE_MS)))
    state.recent = {entry for entry in state.recent if entry > state.floor}


def _expired(state: AuditLogState, guild: int) -> Iterator[TimeoutExpired]:
    """Decide about the timeouts whose end, or next change, lies in the time that is settled."""
    certain = state.settled - LATE_MS
    by_target: dict[int, list[TimeoutNote]] = {}
    for note in sorted(state.timeouts, key=lambda each: each.id):
        by_target.setdefault(note.target, []).append(note)
    state.timeouts = []
    for notes in by_target.values():
        for note, following in zip(notes, [*notes[1:], None], strict=True):
            changed = None if following is None else time_of(following.id)
            ended = note.until if changed is None else min(note.until, changed)
            if max(ended, time_of(note.id)) > certain:
                state.timeouts.append(note)
            elif note.until and (changed is None or changed >= note.until):
                yield TimeoutExpired(guild, note.zone, note.day, note.hour)

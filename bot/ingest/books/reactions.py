"""Reactions against what is known of their message.

Discord says of a reaction that is taken off neither when it was given nor whose message it was on, a clear
does not say whose reactions are gone, and events may come twice. So what was counted is kept per message, and
undone where it was counted: on the day on which the reaction was given. This depends on the order of events,
which is that of the journal. What is known is written in the transaction that counts.
"""

from collections.abc import Iterator

import msgspec

from bot.ingest.activities.reactions import Reaction, ReactionAdded, ReactionRemoved

KEPT_MS = 90 * 86_400_000
"""How long after its last reaction a message is remembered; what is taken off later is not undone."""

MessageKey = tuple[int, int]
"""guild, message (hashed)"""


class Given(msgspec.Struct, frozen=True):
    """A reaction that counts, and where; ``received``: also for the message's author."""

    emoji: str
    zone: int
    day: int
    hour: int
    received: bool = True


class MessageState(msgspec.Struct):
    """A message's reactions by their ids.

    ``author`` 0: nobody receives; ``sent_hour`` -1: unknown; ``expires`` in ms since 1970.
    """

    channel: int = 0
    thread: int = 0
    kind: int = 0
    author: int = 0
    sent_zone: int = 0
    sent_day: int = 0
    sent_hour: int = -1
    expires: int = 0
    reactions: dict[int, Given] = msgspec.field(default_factory=dict)


class ReactionCounted(msgspec.Struct, frozen=True):
    """A reaction counts (1), or no longer (-1), for who gave it and who got it (0: nobody that is counted).

    ``stays``: a moderator cleared it, so it is no longer received, and stays given.
    """

    guild: int
    channel: int
    thread: int
    kind: int
    member: int
    author: int
    given: Given
    by: int
    at: int
    stays: bool = False


class MessageReacted(msgspec.Struct, frozen=True):
    """A message of that day and hour (-1: unknown) has its first reaction (1), or has none left (-1)."""

    guild: int
    channel: int
    thread: int
    kind: int
    zone: int
    day: int
    hour: int
    by: int


def apply(state: MessageState, reaction: Reaction) -> Iterator[ReactionCounted | MessageReacted]:
    """Note a reaction in what is known of its message; yields what changes in the counters."""
    before = bool(state.reactions)
    if isinstance(reaction, ReactionAdded):
        yield from _add(state, reaction)
    elif isinstance(reaction, ReactionRemoved):
        given = state.reactions.pop(reaction.reaction, None)
        if given is not None:
            yield _counted(state, reaction.guild, reaction.member, given, -1)
    else:
        for identity, given in list(state.reactions.items()):
            if reaction.emoji in {"", given.emoji}:
                del state.reactions[identity]
                yield msgspec.structs.replace(_counted(state, reaction.guild, 0, given, -1), stays=True)
    state.expires = max(state.expires, reaction.at + KEPT_MS)
    if before != bool(state.reactions):
        yield MessageReacted(
            reaction.guild,
            state.channel,
            state.thread,
            state.kind,
            state.sent_zone,
            state.sent_day,
            state.sent_hour,
            -1 if before else 1,
        )


def _add(state: MessageState, added: ReactionAdded) -> Iterator[ReactionCounted]:
    if not state.reactions:  # nothing counts for what was known before
        state.channel, state.thread, state.kind = added.channel, added.thread, added.kind
        state.sent_zone, state.sent_day = added.sent_zone, added.sent_day
        state.sent_hour = added.sent_hour
        state.author = added.author
    elif not state.author and added.author:
        # The author opted in again, or was erased: what counted for nobody must not be taken away later.
        for identity, given in state.reactions.items():
            state.reactions[identity] = msgspec.structs.replace(given, received=False)
        state.author = added.author
    if added.reaction not in state.reactions:
        given = Given(added.emoji, added.zone, added.day, added.hour)
        state.reactions[added.reaction] = given
        yield _counted(state, added.guild, added.member, given, 1, added.at)


def _counted(  # noqa: PLR0913, PLR0917 - one value of each kind
    state: MessageState, guild: int, member: int, given: Given, by: int, at: int = 0
) -> ReactionCounted:
    author = state.author if given.received else 0
    return ReactionCounted(guild, state.channel, state.thread, state.kind, member, author, given, by, at)

"""Edits, deletions and link previews against what is known of their message.

Events come twice, and an update does not say what it changes: an edit counts if it is later than the last one
known, a deletion once, and a preview only for a message that had none when it was counted. The last holds in
any order, since history may read a message after its preview came.
"""

from collections.abc import Iterator

import msgspec

from bot.ingest.activities.message_changes import MessageDeleted, MessageEdited, PreviewShown
from bot.ingest.activities.messages import MessageFlag, MessageSent

KEPT_MS = 86_400_000
"""How long after the last event a message is remembered."""
NEWS_MS = 3_600_000
"""How old an edit, or a message that gets a preview, may be: well within the time it is remembered."""

_EMBEDS = MessageFlag.EMBEDS.value


class MessageMark(msgspec.Struct):
    """What counted of a message; ``edited`` and ``expires`` in ms since 1970 (0: never)."""

    edited: int = 0
    sent_with_embeds: bool = False
    previewed: bool = False
    deleted: bool = False
    expires: int = 0


class EditCounted(msgspec.Struct, frozen=True):
    """An edit counts."""

    edit: MessageEdited


class DeletionCounted(msgspec.Struct, frozen=True):
    """A deletion counts."""

    deletion: MessageDeleted


class PreviewCounted(msgspec.Struct, frozen=True):
    """A message has embeds (1), or they are counted with the message and no longer as a preview (-1)."""

    guild: int
    channel: int
    kind: int
    zone: int
    day: int
    hour: int
    by: int


Change = EditCounted | DeletionCounted | PreviewCounted


def marked_message(
    activity: MessageSent | MessageEdited | PreviewShown | MessageDeleted,
) -> tuple[int, int] | None:
    """Which mark an activity concerns: of messages only those that had embeds when they were read."""
    if isinstance(activity, MessageSent) and not (activity.flags & _EMBEDS and activity.id):
        return None
    return activity.guild, activity.id


def mark(
    known: MessageMark, activity: MessageSent | MessageEdited | PreviewShown | MessageDeleted
) -> Iterator[Change]:
    """Note an activity in what is known of its message; yields what changes in the counters."""
    known.expires = max(known.expires, activity.at + KEPT_MS)
    match activity:
        case MessageSent():
            if known.previewed and not known.sent_with_embeds:
                yield _preview(activity, -1)
            known.sent_with_embeds = True
        case PreviewShown():
            if not known.previewed and not known.sent_with_embeds:
                yield _preview(activity, 1)
                known.previewed = True
        case MessageEdited():
            if activity.edited > known.edited:
                known.edited = activity.edited
                yield EditCounted(activity)
        case MessageDeleted():
            if not known.deleted:
                known.deleted = True
                yield DeletionCounted(activity)


def _preview(of: MessageSent | PreviewShown, by: int) -> PreviewCounted:
    return PreviewCounted(of.guild, of.channel, of.kind, of.zone, of.day, of.hour, by)

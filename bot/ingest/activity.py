"""Activities: what happened, in the form in which it is journalled and folded.

An activity holds ids, times and flags, never content. Whatever depended on settings (excluded or not, the
server's time zone at that moment) was decided before it was made, so folding it again gives the same.
Records are msgpack arrays with a numeric tag; fields are only ever added at the end, with a default.
"""

import msgspec

from bot.ingest.activities.channels import ChannelsListed
from bot.ingest.activities.events import EventPlan
from bot.ingest.activities.invites import InviteRead
from bot.ingest.activities.levels import MembersCounted, ThreadsCounted
from bot.ingest.activities.members import MembersCompared, Membership
from bot.ingest.activities.message_changes import MessageChange
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.moderation import AuditLog
from bot.ingest.activities.polls import PollVote
from bot.ingest.activities.reactions import Reaction
from bot.ingest.activities.threads import ThreadActivity
from bot.ingest.activities.voice import VoiceLevel, VoiceTime
from bot.ingest.activities.warnings import Case
from bot.privacy.records import ConsentRecord

Activity = (
    MessageSent
    | MembersCounted
    | VoiceTime
    | VoiceLevel
    | Reaction
    | Membership
    | MembersCompared
    | InviteRead
    | MessageChange
    | ThreadActivity
    | ThreadsCounted
    | ChannelsListed
    | AuditLog
    | Case
    | EventPlan
    | PollVote
    | ConsentRecord
)

encode = msgspec.msgpack.Encoder().encode

decode = msgspec.msgpack.Decoder(Activity).decode


def read_back(payload: bytes) -> Activity | None:
    """An activity out of the journal; None: an older version wrote what nobody can read."""
    try:
        found: Activity = decode(payload)
    except msgspec.MsgspecError:
        return None
    return found


LIMIT = 1 << 63
"""The database's numbers are below."""
KEYED = frozenset(
    {
        "author",
        "creator",
        "invite",
        "inviter",
        "joining",
        "member",
        "members",
        "message",
        "moderator",
        "name",
        "reaction",
        "session",
        "target",
        "vote",
    }
)
"""Fields that hold keyed hashes, which have 64 bits and are stored otherwise."""


def journalled(activity: Activity) -> bytes:
    """An activity as it stands in the journal.

    Raises ValueError for one that nobody could read back or store: in the journal it would block all that
    comes behind it.
    """
    if type(activity) is MessageSent:  # made of numbers alone, a thousand a second
        if not (0 <= activity.id < LIMIT and 0 <= activity.channel < LIMIT and 0 <= activity.thread < LIMIT):
            raise ValueError("a message's ids are none")
        return encode(activity)
    try:
        payload = encode(activity)
        decode(payload)
    except (msgspec.MsgspecError, OverflowError) as error:
        raise ValueError(f"{type(activity).__name__} is not as it should be: {error}") from None
    _require_storable(activity)
    return payload


def _require_storable(struct: msgspec.Struct) -> None:
    for name in struct.__struct_fields__:
        if name in KEYED:
            continue
        value = getattr(struct, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, msgspec.Struct):
                _require_storable(each)
            elif isinstance(each, int) and not -LIMIT <= each < LIMIT:
                raise ValueError(f"{name} of {type(struct).__name__} is no number that can be stored")

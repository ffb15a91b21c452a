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

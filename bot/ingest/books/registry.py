"""The books, one row each; where their states are stored is a row in ``bot.db.books``."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.ingest.activities.channels import ChannelsListed
from bot.ingest.activities.events import EventInterest, EventInterestRead, EventPlan, EventPresence, EventSeen
from bot.ingest.activities.invites import InviteRead
from bot.ingest.activities.members import MemberChanged, MemberJoined, MemberLeft, MembersCompared, Membership
from bot.ingest.activities.message_changes import MessageDeleted, MessageEdited, PreviewShown
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.moderation import AuditLog, AuditLogRead, Moderated
from bot.ingest.activities.polls import PollVote, PollVoted, PollVoteRemoved
from bot.ingest.activities.reactions import Reaction, ReactionAdded, ReactionRemoved, ReactionsCleared
from bot.ingest.activities.threads import ThreadDeleted, ThreadJoined, ThreadSeen
from bot.ingest.activities.warnings import Case, WarningRecorded, WarningResolved
from bot.ingest.books import audit_log, invites, members, polls, reactions, scheduled_events, warnings
from bot.ingest.books.book import WHOLE_SERVER, Book, BookKey
from bot.ingest.books.channel_lists import ChannelList, compare, list_of
from bot.ingest.books.message_changes import MessageMark, mark, marked_message
from bot.ingest.books.threads import ThreadState, follow, thread_of


def _message(reaction: Reaction) -> BookKey:
    return reaction.guild, reaction.message


def _member(activity: Membership) -> BookKey:
    return activity.guild, activity.member


def _invite(read: InviteRead) -> BookKey:
    return read.guild, read.invite


def _server(compared: MembersCompared) -> BookKey:
    return compared.guild, 0


def _audit_log(told: AuditLog) -> BookKey:
    return told.guild, WHOLE_SERVER


def _case(event: Case) -> BookKey:
    return event.guild, event.case


def _event(told: EventPlan) -> BookKey:
    return told.guild, told.event


def _poll(vote: PollVote) -> BookKey:
    return vote.guild, vote.message


BOOKS: tuple[Book, ...] = (
    Book(
        "messages",
        (ReactionAdded, ReactionRemoved, ReactionsCleared),
        _message,
        reactions.MessageState,
        reactions.apply,
    ),
    Book(
        "members",
        (MemberJoined, MemberLeft, MemberChanged),
        _member,
        members.MemberState,
        members.apply,
        heavy=(MemberLeft,),
    ),
    Book("rosters", (MembersCompared,), _server, members.RosterState, members.apply_compared),
    Book("invites", (InviteRead,), _invite, invites.InviteState, invites.apply_invite),
    Book(
        "marks", (MessageSent, MessageEdited, PreviewShown, MessageDeleted), marked_message, MessageMark, mark
    ),
    Book("threads", (MessageSent, ThreadSeen, ThreadJoined, ThreadDeleted), thread_of, ThreadState, follow),
    Book("channels", (ChannelsListed,), list_of, ChannelList, compare),
    Book("audit logs", (Moderated, AuditLogRead), _audit_log, audit_log.AuditLogState, audit_log.apply),
    Book("warnings", (WarningRecorded, WarningResolved), _case, warnings.WarningCase, warnings.apply),
    Book(
        "events",
        (EventSeen, EventInterest, EventInterestRead, EventPresence),
        _event,
        scheduled_events.EventState,
        scheduled_events.apply,
    ),
    Book("polls", (PollVoted, PollVoteRemoved), _poll, polls.PollState, polls.apply),
)
BOOKS_OF: Mapping[type, tuple[Book, ...]] = MappingProxyType(
    {
        kind: tuple(book for book in BOOKS if kind in book.activities)
        for kind in {kind for book in BOOKS for kind in book.activities}
    }
)

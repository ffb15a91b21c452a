"""Books: what has to be known besides the counters, because order matters or an event names too little.

A removal does not say what it takes back, a redelivered event not that it came before. So a book keeps a
state per key (a message, a member, a thread …), loaded before a batch is folded and written in its
transaction. Each book is a row of ``BOOKS``; where its states are stored is a row in ``bot.db.books``.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.ingest import audit_log, invites, members, polls, reactions, scheduled_events, warnings
from bot.ingest.activity import (
    Activity,
    AuditLog,
    AuditLogRead,
    Case,
    ChannelsListed,
    EventInterest,
    EventInterestRead,
    EventPlan,
    EventPresence,
    EventSeen,
    InviteRead,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MembersCompared,
    Membership,
    MessageDeleted,
    MessageEdited,
    MessageSent,
    Moderated,
    PollVote,
    PollVoted,
    PollVoteRemoved,
    PreviewShown,
    Reaction,
    ReactionAdded,
    ReactionRemoved,
    ReactionsCleared,
    ThreadDeleted,
    ThreadJoined,
    ThreadSeen,
    WarningRecorded,
    WarningResolved,
)
from bot.ingest.channel_lists import ChannelList, compare, list_of
from bot.ingest.delta import Delta
from bot.ingest.fold import FOLDS, fold_into
from bot.ingest.message_changes import MessageMark, mark, marked_message
from bot.ingest.threads import ThreadState, follow, thread_of
from bot.turns import Turns, portions

HEAVY = 3
LOADED_AT_A_TIME = 200
"""States that are read in one go, in under 2 ms."""
MAX_CACHED = 2_000
"""States of a book kept in memory between batches."""

BookKey = tuple[int, int]
"""guild, and what the book is about"""
WHOLE_SERVER = 0
"""What a book is about that has one state a server."""
States = Mapping[str, Mapping[BookKey, Any]]
"""States by book and key."""


@dataclass(frozen=True, slots=True)
class Book:
    """``key`` says which state an activity concerns (None: none of this book's).

    ``apply`` notes the activity in the state and yields what changes in the counters.
    """

    name: str
    activities: tuple[type, ...]
    key: Callable[[Any], BookKey | None]
    new: Callable[[], Any]
    apply: Callable[[Any, Any], Iterator[Any]]
    heavy: tuple[type, ...] = ()
    """Activities for which not one document is written, but ``HEAVY``: what is known is moved."""


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


class Shelf:
    """The books' states at hand: loaded, changed by a batch, and forgotten when a commit is in doubt."""

    def __init__(self, load: Callable[[str, Iterable[BookKey]], Awaitable[Mapping[BookKey, Any]]]) -> None:
        self._load = load
        self._states: dict[str, dict[BookKey, Any]] = {book.name: {} for book in BOOKS}
        self._asked: dict[str, set[BookKey]] = {}
        self._touched: dict[str, set[BookKey]] = {}
        self.asked = 0
        """How many documents the states take, about, that were asked for."""
        self.documents = 0
        """How many documents the states take that the batch has changed so far."""

    def begin(self) -> None:
        """Begin a batch."""
        self._asked, self._touched = {}, {}
        self.asked = self.documents = 0

    def ask(self, activity: Activity) -> None:
        """Want the states at hand that an activity concerns."""
        for book in BOOKS_OF.get(type(activity), ()):
            key = book.key(activity)
            if key is not None:
                self.asked += _note(self._asked, book, key, activity)

    async def load(self) -> None:
        """Have at hand what was asked for since the batch began."""
        turns = Turns()
        for name, keys in self._asked.items():
            known = self._states[name]
            missing = keys - known.keys()
            if len(known) + len(missing) > MAX_CACHED:
                known = self._states[name] = {key: known[key] for key in keys - missing}
            for some in portions(missing, LOADED_AT_A_TIME):
                known.update(await self._load(name, some))
                await turns.give_way()

    async def prepare(self, activities: Iterable[Activity], *, joins: bool = False) -> None:
        """Have the states at hand that activities concern; begins a batch, or ``joins`` the one before."""
        if not joins:
            self.begin()
        for activity in activities:
            self.ask(activity)
        await self.load()

    def fold(self, delta: Delta, activity: Activity) -> None:
        """Add an activity to a delta: what it says itself, and what the books make of it."""
        fold = FOLDS.get(type(activity))
        if fold is not None:
            fold(delta, activity)
        for book in BOOKS_OF.get(type(activity), ()):
            key = book.key(activity)
            if key is not None:
                self.documents += _note(self._touched, book, key, activity)
                for change in book.apply(self._states[book.name][key], activity):
                    fold_into(delta, change)

    @property
    def changed(self) -> States:
        """The states that the batch has changed."""
        return {name: {key: self._states[name][key] for key in keys} for name, keys in self._touched.items()}

    def committed(self) -> None:
        """The batch is in the database: the next one that joins begins anew."""
        self.begin()

    def forget(self) -> None:
        """Distrust what is in memory."""
        self._states = {book.name: {} for book in BOOKS}


def _note(notes: dict[str, set[BookKey]], book: Book, key: BookKey, activity: Activity) -> int:
    """Note a state of a book; how many documents more it takes."""
    keys = notes.setdefault(book.name, set())
    if key in keys:
        return 0
    keys.add(key)
    return HEAVY if type(activity) in book.heavy else 1

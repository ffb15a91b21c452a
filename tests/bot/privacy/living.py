"""A channel in which members write, react, opt out and are erased, and the bot's writing half counting it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.claims import ALL_SERVERS
from bot.datafolder import DataFolder
from bot.db import leases
from bot.db.instants import optional_milliseconds
from bot.db.recording import MongoStore
from bot.history.source import PAGE_SIZE, Page, Place
from bot.history.worker import _filling, _next_page
from bot.ingest.activities.members import JoinSeen, MemberJoined, MemberLeft
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.polls import PollVoted, PollVoteRemoved
from bot.ingest.activities.reactions import ReactionAdded, ReactionRemoved
from bot.ingest.activities.threads import ThreadSeen
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.ingest.snowflakes import time_of
from bot.members.admission import admitting
from bot.opening import open_consents
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import Pseudonyms, hexadecimal
from bot.privacy.records import ConsentRecord, Erased, OptedIn, OptedOut

if TYPE_CHECKING:
    from pathlib import Path

    from bot.db.database import Driver, Handle
    from bot.ingest.pages import HistoryPage

GUILD, CHANNEL, DAY = 7, 5, 20_700
KEY = (GUILD, CHANNEL)
FULL = 4
"""Messages a page of this small world."""
FIRST = 1_400_000_000_000_000_000
STEP = 700 << 22


@dataclass
class Reacted:
    """A reaction that stands: whether it counts for who gave it and for the author."""

    era: int
    given: bool
    received: bool


@dataclass
class Voted:
    """A vote that stands: whether it counts for who gave it."""

    given: bool


@dataclass
class World:
    """What happened, who should have how much of it, and the bot."""

    driver: Driver
    db: Handle
    folder: Path
    pseudonyms: Pseudonyms = field(default_factory=lambda: Pseudonyms(bytes(32)))
    newest: int = FIRST
    messages: dict[int, int] = field(default_factory=dict)
    decided: dict[int, list[ConsentRecord]] = field(default_factory=dict)
    reactions: dict[tuple[int, int], Reacted] = field(default_factory=dict)
    given: Counter[int] = field(default_factory=Counter)
    received: Counter[int] = field(default_factory=Counter)
    joins: dict[int, int] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    threads: dict[int, int] = field(default_factory=dict)
    seen_threads: set[int] = field(default_factory=set)
    begun: dict[int, int] = field(default_factory=dict)
    votes: dict[int, Voted] = field(default_factory=dict)
    voted: Counter[int] = field(default_factory=Counter)
    connected: bool = False
    session: int = 1
    open_page: HistoryPage | None = None

    async def start(self) -> None:
        """Begin a life of the bot, as ``open_app`` does."""
        folder = DataFolder(self.folder)
        folder.root.mkdir(parents=True, exist_ok=True)
        self.consents = await open_consents(self.db, folder, self.pseudonyms)
        self.gate = Gate(self.consents)
        self.lease = await leases.acquire(self.db, ALL_SERVERS, "me")
        self.store = MongoStore(self.driver, self.db, self.lease)
        self.journal = Journal(folder.journal, segment_bytes=4_096)
        self.recorder = Recorder(self.journal, self.store, GatewaySessions(), self.consents)
        self.connected = False
        self.open_page = None

    async def kill(self) -> None:
        """End it as ``kill -9`` would, and begin the next life."""
        await self.store.close()
        await self.start()

    def connect(self) -> None:
        self.connected = True
        self.session += 1

    def leave(self) -> None:
        self.connected = False

    def member(self, number: int) -> int:
        return self.pseudonyms.of(GUILD, number)

    def next_id(self) -> int:
        self.newest += STEP
        return self.newest

    def sent(self, message: int, session: int) -> MessageSent | None:
        """What a translator makes of a message now."""
        member = self.member(self.messages[message])
        if not self.gate.counts(GUILD, CHANNEL, 0, member, message):
            return None
        return MessageSent(GUILD, CHANNEL, 0, 0, member, message, session, 1_790_000_000_000, 0, DAY, 1, 0)

    def send(self, who: int) -> None:
        self.messages[self.next_id()] = who
        self.deliver(self.newest)

    def deliver(self, message: int) -> None:
        sent = self.sent(message, self.session) if self.connected else None
        if sent is not None:
            self.recorder.record(sent)

    def consent_model(self, who: int, at: int) -> bool:
        """Whether what a member does at an instant counts, by all that was decided ever."""
        records = self.decided.get(who, [])
        if any(isinstance(each, Erased) and at <= each.at for each in records):
            return False
        out = [each for each in records if not isinstance(each, Erased) and each.at < at]
        return not out or isinstance(out[-1], OptedIn)

    def decide(self, kind: type[OptedOut | OptedIn | Erased], who: int) -> None:
        """A member decides, and the bot hears of it, as ``Decisions`` does."""
        record = kind(GUILD, self.member(who), self.next_id())
        self.recorder.decide(record)
        self.decided.setdefault(who, []).append(record)
        for (message, _), reacted in self.reactions.items():
            if self.messages[message] == who and kind is not OptedIn:
                reacted.received = False
        if kind is Erased:
            del self.given[who], self.received[who], self.voted[who]
            self.known.pop(who, None)
            self.begun = {thread: creator for thread, creator in self.begun.items() if creator != who}
            if who in self.votes:
                self.votes[who].given = False
            for (_, giver), reacted in self.reactions.items():
                reacted.given = reacted.given and giver != who

    def react(self, who: int, message: int) -> None:
        """As the listener does."""
        if not self.connected or (message, who) in self.reactions:
            return
        member, author = self.member(who), self.member(self.messages[message])
        if not self.gate.counts(GUILD, CHANNEL, 0, member):
            return
        heard = self.gate.counts_received(GUILD, author)
        self.recorder.record(
            ReactionAdded(
                GUILD, CHANNEL, 0, 0, message, author if heard else 0, 0, DAY, member,
                self.identity(who, message, self.gate.erasures(GUILD, member)), "x", 1, 0, DAY, 1,
            )
        )  # fmt: skip
        self.reactions[message, who] = Reacted(self.gate.erasures(GUILD, member), given=True, received=heard)
        self.given[who] += 1
        self.received[self.messages[message]] += heard

    def unreact(self, who: int, message: int) -> None:
        """As the listener does."""
        if not self.connected:
            return
        member = self.member(who)
        now = self.gate.erasures(GUILD, member)
        whose = member if self.gate.counts_received(GUILD, member) else 0
        for era in range(max(0, now - 3), now + 1):
            identity = self.identity(who, message, era)
            self.recorder.record(ReactionRemoved(GUILD, message, whose if era == now else 0, identity, 1))
        reacted = self.reactions.pop((message, who), None)
        if reacted is not None:
            self.given[who] -= reacted.given and bool(whose)
            self.received[self.messages[message]] -= reacted.received

    def identity(self, who: int, message: int, era: int) -> int:
        return self.pseudonyms.of_reaction(GUILD, message, "x", who, era)

    def join(self, who: int) -> None:
        """A member comes, or the list shows who is there; both as the listener and the comparer do."""
        if self.connected:
            at = self.joins.setdefault(who, self.next_id())
            member, joined = self.member(who), time_of(at)
            admit = admitting(self.recorder.record, self.gate)
            admit(MemberJoined(GUILD, member, joined, 0, DAY, 1, JoinSeen.LIVE))
            if self.consent_model(who, at) and self.consent_model(who, self.newest + 1):
                self.known[who] = joined

    def part(self, who: int) -> None:
        """As the listener does."""
        if self.connected and self.joins.pop(who, 0):
            at = time_of(self.next_id())
            admitting(self.recorder.record, self.gate)(MemberLeft(GUILD, self.member(who), at, 0, DAY, 1))
            if self.consent_model(who, self.newest + 1):
                self.known[who] = -1

    def see_thread(self, thread: int) -> None:
        """As the listener does for one that is new, or listed again."""
        if not self.connected:
            return
        thread = thread or self.next_id()
        who = self.threads.setdefault(thread, 1 + len(self.threads) % 4)
        creator = self.member(who)
        counts = self.gate.counts(GUILD, CHANNEL, thread, creator, thread)
        at, label = time_of(thread), (0, DAY, 1)
        new = thread not in self.seen_threads
        self.recorder.record(
            ThreadSeen(
                guild=GUILD, channel=CHANNEL, thread=thread, kind=0, creator=creator if counts else 0,
                live=True, archived=False, locked=False, tagged=False, created=at, changed=at, last=0, idle=1,
                at=at, created_label=label, changed_label=label, label=label,
            )
        )  # fmt: skip
        self.seen_threads.add(thread)
        if new and self.consent_model(who, thread):
            self.begun[thread] = who

    def vote(self, who: int) -> None:
        """Vote in the only poll, as the listener does."""
        member = self.member(who)
        if self.connected and who not in self.votes and self.gate.counts(GUILD, CHANNEL, 0, member):
            vote = self.pseudonyms.of_vote(GUILD, 9, 1, who, self.gate.erasures(GUILD, member))
            self.recorder.record(PollVoted(GUILD, CHANNEL, 0, 9, member, vote, 1, 0, DAY, 1))
            self.votes[who] = Voted(given=True)
            self.voted[who] += 1

    def unvote(self, who: int) -> None:
        """As the listener does."""
        if not self.connected:
            return
        member = self.member(who)
        now = self.gate.erasures(GUILD, member)
        whose = member if self.gate.counts_received(GUILD, member) else 0
        for era in range(max(0, now - 3), now + 1):
            vote = self.pseudonyms.of_vote(GUILD, 9, 1, who, era)
            self.recorder.record(PollVoteRemoved(GUILD, 9, whose if era == now else 0, vote, 1))
        voted = self.votes.pop(who, None)
        if voted is not None:
            self.voted[who] -= voted.given and bool(whose)

    def expected_besides(self) -> dict[str, tuple[int, int, int]]:
        """Of each member the present join (ms, -1: has left), threads created, and votes."""
        begun = Counter(self.begun.values())
        everybody = {who: (self.known.get(who, 0), begun[who], self.voted[who]) for who in range(1, 5)}
        return {hexadecimal(self.member(who)): found for who, found in everybody.items() if any(found)}

    async def stored_besides(self) -> dict[str, tuple[int, int, int]]:
        """The same as the database has it."""
        found = {}
        for each in await self.totals():
            joined = -1 if "leftAt" in each else optional_milliseconds(each["joinTimestamp"])
            days = await self.db.memberDays.find({"userId": each["userId"]}, {"pollVotes": 1}).to_list(None)
            votes = sum(day.get("pollVotes", 0) for day in days)
            counts = (joined, each["threadParticipation"]["created"], votes)
            if any(counts):
                found[each["userId"]] = counts
        return found

    async def totals(self) -> list[dict[str, Any]]:
        """Of everybody, also of who has left."""
        here, left = self.db.memberActivityStats.find(), self.db.memberArchive.find()
        return [*await here.to_list(None), *await left.to_list(None)]

    async def fetch(self) -> bool:
        """Ask for the page that the worker would ask for, and keep it for later."""
        place = Place(GUILD, CHANNEL, latest=max(self.messages, default=None))
        before = _next_page((await self.recorder.standing([KEY]))[KEY], place, self.session)
        if before is None or not self.connected:
            return False
        found = sorted(i for i in self.messages if not before or i < before)[-FULL:]
        size = PAGE_SIZE if len(found) == FULL else len(found)
        sent = [each for i in reversed(found) if (each := self.sent(i, 0)) is not None]
        page = Page(sent, size, min(found, default=0), max(found, default=0))
        self.open_page = _filling(KEY, page, before, self.session)
        return True

    async def fill(self) -> None:
        if self.open_page is not None:
            await self.recorder.fill(self.open_page)
            self.open_page = None

    async def finish(self) -> None:
        """Let the bot catch up with everything."""
        await self.recorder.flush()
        await self.fill()
        if not self.connected:
            self.connect()
        while await self.fetch():
            await self.fill()
        await self.recorder.flush()

    async def stop(self) -> None:
        await self.recorder.stop()
        await self.store.close()
        await leases.release(self.db, self.lease)

    def expected(self) -> dict[str, tuple[int, int, int]]:
        """Messages, reactions given and received of each member of whom anything is to be stored."""
        written = Counter(who for i, who in self.messages.items() if self.consent_model(who, i))
        everybody = {who: (written[who], self.given[who], self.received[who]) for who in range(1, 5)}
        return {hexadecimal(self.member(who)): counts for who, counts in everybody.items() if any(counts)}

    async def stored(self) -> dict[str, tuple[int, int, int]]:
        """The same as the database has it."""
        found = {}
        for each in await self.totals():
            stats = each["messageStats"]
            counts = (
                stats["totalCount"],
                stats["reactionCount"]["given"],
                stats["reactionCount"]["received"],
            )
            if any(counts):
                found[each["userId"]] = counts
        return found

"""Threads: random lives, told with gaps, repeats and restarts, against what the whole story says."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bson import BSON
from bson.codec_options import CodecOptions
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.db.threads import read_thread, thread_document
from bot.ingest.activities.messages import ChannelKind, MessageSent
from bot.ingest.activities.threads import ThreadActivity, ThreadDeleted, ThreadJoined, ThreadSeen
from bot.ingest.activity import decode, encode
from bot.ingest.books.threads import SLACK_MS, ThreadState, follow, thread_of
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from schemas.guild_day_names import GuildCount

GUILD, CHANNEL, THREAD, CREATOR = 7, 5, 60, 21
CREATED, HOUR = 1_790_000_000_000, 3_600_000
IDLE = 24 * HOUR
CODEC: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)

Event = MessageSent | ThreadActivity


def label(at: int) -> tuple[int, int, int]:
    return 0, at // (24 * HOUR), at // HOUR % 24


@dataclass
class Post:
    """A thread as Discord has it."""

    now: int = CREATED
    archived: bool = False
    locked: bool = False
    tagged: bool = False
    changed: int = CREATED
    last: int = 0

    def picture(self, *, live: bool, creator: int = CREATOR) -> ThreadSeen:
        return ThreadSeen(
            guild=GUILD,
            channel=CHANNEL,
            thread=THREAD,
            kind=ChannelKind.FORUM,
            creator=creator,
            live=live,
            archived=self.archived,
            locked=self.locked,
            tagged=self.tagged,
            created=CREATED,
            changed=self.changed,
            last=self.last,
            idle=IDLE,
            at=self.now,
            created_label=label(CREATED),
            changed_label=label(self.changed),
            label=label(self.now),
        )

    def message(self, member: int) -> MessageSent:
        self.last = self.now
        return MessageSent(GUILD, CHANNEL, THREAD, 3, member, self.now, 1, self.now, *label(self.now), 0)

    def join(self, member: int) -> ThreadJoined:
        return ThreadJoined(GUILD, CHANNEL, THREAD, 3, member, member * 1000, self.now, *label(self.now))

    def switch(self, *, archived: bool) -> None:
        self.archived, self.changed = archived, self.now

    def act(self, what: str, member: int) -> Event | None:
        """Let something happen; what an event says of it, None where it cannot happen now."""
        if what == "join":
            return self.join(member)
        if what == "message":
            return None if self.archived else self.message(member)  # it would open the thread
        if (what == "open") != self.archived and what in {"archive", "expire", "open"}:
            return None
        if what == "expire":
            self.now = max(self.last, self.changed) + IDLE + HOUR
        if what in {"archive", "expire", "open"}:
            self.switch(archived=what != "open")
        else:
            self.locked = {"lock": True, "unlock": False}.get(what, self.locked)
            self.tagged = self.tagged or what == "tag"
        return self.picture(live=True)


@dataclass
class Story:
    """What the bot is told, in order, and when somebody archived the thread, as far as that can be known.

    While the bot is away nothing is told; then come a picture, and the messages backwards. ``opened`` is when
    the bot knows that the thread was opened last.
    """

    told: list[Event] = field(default_factory=list)
    by_somebody: set[int] = field(default_factory=set)
    missed: list[MessageSent] | None = None
    opened: int = CREATED

    def archived(self, post: Post) -> None:
        if post.now - max(post.last, self.opened) < IDLE - SLACK_MS:
            self.by_somebody.add(post.now)

    def go(self) -> None:
        self.missed = [] if self.missed is None else self.missed

    def come(self, post: Post) -> None:
        if self.missed is not None:
            self.told += [post.picture(live=False), *reversed(self.missed)]
            self.missed = None
            if not post.archived:
                self.opened = post.changed

    def hear(self, event: Event | None) -> bool:
        if self.missed is None and event is not None:
            self.told.append(event)
            return True
        if self.missed is not None and isinstance(event, MessageSent):
            self.missed.append(event)
        return False


THINGS = ("message", "message", "join", "archive", "expire", "open", "lock", "unlock", "tag", "go", "come")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A thread's life, with some of it told again."""
    post, story = Post(), Story()
    if draw(st.booleans()):
        story.hear(post.picture(live=True))
    else:
        story.go()
    for what in draw(st.lists(st.sampled_from(THINGS), max_size=25)):
        post.now += draw(st.integers(1, 3 * HOUR))
        if what == "go":
            story.go()
        elif what == "come":
            story.come(post)
        else:
            if what == "archive" and not post.archived:
                story.archived(post)
            heard = story.hear(post.act(what, draw(st.sampled_from([CREATOR, 22, 23]))))
            if heard and what == "open":
                story.opened = post.changed
            repeatable = [each for each in story.told if not isinstance(each, MessageSent)]
            if heard and repeatable:
                story.told += draw(st.lists(st.sampled_from(repeatable), max_size=2))
    return story


@dataclass
class Heard:
    """What a story adds."""

    state: ThreadState
    delta: Delta
    counts: Counter[GuildCount]


def hear(told: list[Event], *, restarts: bool = True) -> Heard:
    state, delta = ThreadState(), Delta()
    for event in told:
        again: Any = decode(encode(event))
        assert again == event
        assert thread_of(again) == (GUILD, THREAD)
        for change in follow(state, again):
            fold_into(delta, change)
        if restarts:
            state = stored_and_read(state)
    counts: Counter[GuildCount] = Counter()
    for day in delta.guild_days.values():
        for name, hours in day.counts.items():
            counts[name] += sum(hours.values())
    return Heard(state, delta, counts)


def stored_and_read(state: ThreadState) -> ThreadState:
    """What a restart leaves of what is known."""
    document = thread_document((GUILD, THREAD), state)._doc
    return read_thread(BSON.encode(document).decode(CODEC))


def first_reply(told: list[Event]) -> int:
    return min((e.at for e in told if isinstance(e, MessageSent) and e.member != CREATOR), default=0)


@settings(max_examples=150, deadline=None)
@given(stories())
def test_counts_and_facts_are_those_of_the_story(story: Story) -> None:
    heard = hear(story.told)
    state, counts = heard.state, heard.counts
    pictures = [event for event in story.told if isinstance(event, ThreadSeen)]
    messages = [event for event in story.told if isinstance(event, MessageSent)]
    assert counts[GuildCount.THREADS_CREATED] == bool(pictures)
    assert state.messages == len(messages)
    if pictures:
        assert state.first_reply == first_reply(story.told)
        assert state.earliest == []
        assert (state.created, state.creator) == (CREATED, CREATOR)
        newest = max(pictures, key=lambda seen: (seen.changed, seen.at))
        assert state.archived == newest.archived
    archivings = {seen.changed for seen in pictures if seen.archived}
    assert counts[GuildCount.THREADS_ARCHIVED] == state.archivings == len(archivings)
    assert state.was_locked == any(seen.locked for seen in pictures)
    assert counts[GuildCount.THREADS_LOCKED] == bool(state.locked_at) <= state.was_locked
    solved = any(seen.locked or seen.tagged for seen in pictures) or archivings & story.by_somebody
    assert state.solved == bool(solved)
    assert counts[GuildCount.THREADS_SOLVED] == bool(state.solved_at) <= state.solved
    if pictures and pictures[0].live:
        assert bool(state.solved_at) == state.solved
    assert state.solved_at in {0} | {seen.at for seen in pictures} | archivings


@settings(max_examples=80, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_the_first_reply_does_not_depend_on_the_order(story: Story, random: Random) -> None:
    told = [event for event in story.told if isinstance(event, MessageSent)]
    told.append(Post().picture(live=False))
    random.shuffle(told)
    assert hear(told).state.first_reply == first_reply(told)


@settings(max_examples=80, deadline=None)
@given(stories())
def test_each_member_joins_once_and_the_creator_created(story: Story) -> None:
    told: list[Event] = [Post().picture(live=True), *story.told]
    heard = hear(told)
    joined = {event.member for event in told if isinstance(event, ThreadJoined)} - {CREATOR}
    days = heard.delta.thread_member_days.items()
    assert Counter({key[3]: entry.joined for key, entry in days if entry.joined}) == Counter(joined)
    assert {key[3]: entry.created for key, entry in days if entry.created} == {CREATOR: 1}
    ((key, channel),) = heard.delta.thread_channel_days.items()
    assert (key, channel.threads) == ((GUILD, *label(CREATED)[:2], CHANNEL), 1)


def test_a_thread_that_was_archived_before_the_bot_came_counts_when_it_was() -> None:
    post = Post(now=CREATED + 5 * HOUR, locked=True)
    post.switch(archived=True)
    post.now += 1000 * HOUR
    heard = hear([post.picture(live=False)])
    assert heard.state.locked_at == heard.state.solved_at == CREATED + 5 * HOUR
    day = heard.delta.guild_days[GUILD, *label(CREATED + 5 * HOUR)[:2]]
    assert day.counts[GuildCount.THREADS_SOLVED] == {label(CREATED + 5 * HOUR)[2]: 1}


def test_a_thread_that_is_found_open_and_locked_counts_in_no_hour() -> None:
    heard = hear([Post(now=CREATED + 1000 * HOUR, locked=True).picture(live=False)])
    assert heard.state.was_locked
    assert heard.state.solved
    assert heard.counts == {GuildCount.THREADS_CREATED: 1}


def test_a_thread_that_was_opened_and_archived_while_nobody_listened_counts_again() -> None:
    post = Post(now=CREATED + HOUR)
    told: list[Event] = [Post().picture(live=True)]
    for _ in range(2):
        post.switch(archived=True)
        told += [post.picture(live=False), post.picture(live=False)]
        post.now += HOUR
    assert hear(told).counts[GuildCount.THREADS_ARCHIVED] == 2


def test_the_post_itself_is_no_reply_and_a_bots_post_has_one_by_anybody() -> None:
    post = Post()
    itself = MessageSent(GUILD, CHANNEL, THREAD, 3, 22, THREAD, 1, CREATED, *label(CREATED), 0)
    assert hear([post.picture(live=True), itself]).state.first_reply == 0
    post.now += HOUR
    answered = hear([post.picture(live=True, creator=0), post.message(CREATOR)])
    assert answered.state.first_reply == CREATED + HOUR
    assert answered.delta.thread_member_days == {}


def test_what_a_deleted_account_wrote_is_no_reply() -> None:
    post = Post()
    gone = MessageSent(GUILD, CHANNEL, THREAD, 3, 0, THREAD + 1, 1, CREATED, *label(CREATED), 0)
    for told in ([gone, post.picture(live=True)], [post.picture(live=True), gone]):
        state = hear(told).state
        assert (state.first_reply, state.messages) == (0, 1)


def test_a_thread_is_deleted_once() -> None:
    gone = ThreadDeleted(GUILD, CHANNEL, THREAD, 3, CREATED + 1, *label(CREATED + 1))
    heard = hear([Post().picture(live=True), gone, gone])
    assert heard.counts[GuildCount.THREADS_DELETED] == 1
    assert heard.state.deleted_at == CREATED + 1


def test_a_post_that_goes_with_its_forum_stays_a_post() -> None:
    post = ThreadJoined(GUILD, CHANNEL, THREAD, ChannelKind.FORUM, 5, 6, CREATED, *label(CREATED))
    gone = ThreadDeleted(GUILD, CHANNEL, THREAD, ChannelKind.TEXT, CREATED + 1, *label(CREATED + 1))
    state = ThreadState()
    for activity in (post, gone):
        list(follow(state, activity))
    assert (state.channel, state.kind) == (CHANNEL, ChannelKind.FORUM)
    unheard = ThreadState()
    list(follow(unheard, gone))
    assert (unheard.channel, unheard.kind) == (CHANNEL, ChannelKind.TEXT)


def test_a_message_in_no_thread_concerns_none() -> None:
    outside = MessageSent(GUILD, CHANNEL, 0, 0, 22, 9, 1, CREATED, *label(CREATED), 0)
    assert (thread_of(Post().message(22)), thread_of(outside)) == ((GUILD, THREAD), None)

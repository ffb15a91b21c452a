"""Reactions against a model that keeps the reactions of every message as sets."""

from collections import Counter
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.recording import MongoStore
from bot.ingest.activities.reactions import Reaction, ReactionAdded, ReactionRemoved, ReactionsCleared
from bot.ingest.activity import decode, encode
from bot.ingest.books.reactions import MessageState, apply
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from schemas.guild_day_names import GuildCount
from tests.support.consents import silent_nobody

GUILD = 7
DAY = 20_700
AUTHORS = {1: 11, 2: 12, 3: 0}
EMOJI = ("👍", "123456789012345678")


def reaction_id(message: int, member: int, emoji: str) -> int:
    return message * 1_000 + member * 10 + EMOJI.index(emoji)


def added(message: int, member: int, emoji: str, day: int = DAY) -> ReactionAdded:
    thread = 60 if message == 2 else 0
    return ReactionAdded(
        guild=GUILD,
        channel=5,
        thread=thread,
        kind=0,
        message=message,
        author=AUTHORS[message],
        sent_zone=0,
        sent_day=DAY - message,
        member=member,
        reaction=reaction_id(message, member, emoji),
        emoji=emoji,
        at=1_790_000_000_000 + day,
        zone=0,
        day=day,
        hour=3,
        sent_hour=20 + message,
    )


def removed(message: int, member: int, emoji: str) -> ReactionRemoved:
    return ReactionRemoved(GUILD, message, member, reaction_id(message, member, emoji), 1_790_000_000_000)


def removed_by_nobody(message: int, member: int, emoji: str) -> ReactionRemoved:
    """Taken back by somebody who has opted out since."""
    return msgspec.structs.replace(removed(message, member, emoji), member=0)


def cleared(message: int, emoji: str = "") -> ReactionsCleared:
    return ReactionsCleared(GUILD, message, emoji, 1_790_000_000_000)


message, member, emoji = st.integers(1, 3), st.integers(21, 23), st.sampled_from(EMOJI)
event = st.one_of(
    st.builds(added, message, member, emoji, st.integers(DAY, DAY + 2)),
    st.builds(added, message, member, emoji, st.integers(DAY, DAY + 2)),
    st.builds(removed, message, member, emoji),
    st.builds(removed_by_nobody, message, member, emoji),
    st.builds(cleared, message, st.sampled_from(["", *EMOJI])),
)
events = st.lists(st.tuples(event, st.integers(1, 3)), max_size=40).map(
    lambda script: [each for each, times in script for _ in range(times)]
)


class Model:
    """What stands: the reactions on each message, and those that were cleared but stay given.

    ``anonymous``: taken back by somebody who opted out meanwhile, so that it is undone for nobody.
    """

    def __init__(self, script: list[Reaction]) -> None:
        self.on: dict[int, dict[tuple[int, str], int]] = {1: {}, 2: {}, 3: {}}
        self.given: Counter[tuple[int, int]] = Counter()
        self.emoji: Counter[tuple[int, str]] = Counter()
        self.in_channel: Counter[int] = Counter()
        self.in_thread: Counter[int] = Counter()
        self.anonymous = 0
        for each in script:
            self.take(each)

    def take(self, each: Reaction) -> None:
        on = self.on[each.message]
        match each:
            case ReactionAdded():
                if (each.member, each.emoji) not in on:
                    on[each.member, each.emoji] = each.day
                    self.given[each.day, each.member] += 1
                    self._in_all(each.message, each.emoji, each.day, 1)
            case ReactionRemoved():
                kind = EMOJI[each.reaction % 10]
                day = on.pop((each.reaction // 10 % 100, kind), None)
                if day is not None:
                    self._in_all(each.message, kind, day, -1)
                    if each.member:
                        self.given[day, each.member] -= 1
                    else:
                        self.anonymous += 1
            case ReactionsCleared():
                for key in [key for key in on if each.emoji in {"", key[1]}]:
                    del on[key]

    def _in_all(self, message: int, emoji: str, day: int, by: int) -> None:
        self.emoji[day, emoji] += by
        self.in_channel[day] += by
        self.in_thread[day] += by * (message == 2)

    @property
    def received(self) -> Counter[tuple[int, int]]:
        return Counter(
            (day, AUTHORS[number]) for number, on in self.on.items() if AUTHORS[number] for day in on.values()
        )

    @property
    def with_reactions(self) -> Counter[int]:
        return Counter(DAY - number for number, on in self.on.items() if on)


def folded(script: list[Reaction]) -> Delta:
    delta = Delta()
    states = {number: MessageState() for number in AUTHORS}
    for each in script:
        for change in apply(states[each.message], decode_again(each)):
            fold_into(delta, change)
    return delta


def decode_again(each: Reaction) -> Reaction:
    again = decode(encode(each))
    assert isinstance(again, Reaction)
    assert again == each
    return again


@settings(max_examples=300, deadline=None)
@given(events)
def test_counters_are_those_of_the_model(script: list[Reaction]) -> None:
    delta, model = folded(script), Model(script)
    members = delta.reaction_member_days.items()
    channels = delta.reaction_channel_days.items()
    assert {(k[2], k[3]): e.given for k, e in members if e.given} == +model.given
    assert {(k[2], k[3]): e.received for k, e in members if e.received} == model.received
    assert {k[2]: e.with_reactions for k, e in channels if e.with_reactions} == model.with_reactions
    by_hour = {
        (key[2], hour): count
        for key, day in delta.guild_days.items()
        for hour, count in day.counts.get(GuildCount.WITH_REACTIONS, {}).items()
        if count
    }
    assert by_hour == {(DAY - number, 20 + number): 1 for number, on in model.on.items() if on}
    assert {(k[2], k[3], h): n for k, e in members for h, n in e.hours.items() if n} == {
        (*key, 3): number for key, number in model.given.items() if number
    }
    assert {k[2]: e.reactions for k, e in channels if e.reactions} == +model.in_channel
    threads = delta.reaction_thread_days.items()
    assert {k[2]: e.reactions for k, e in threads if e.reactions} == +model.in_thread
    emoji_used = {
        (key[2], name): count for key, day in delta.guild_days.items() for name, count in day.emoji.items()
    }
    assert Counter(emoji_used) == model.emoji


@settings(max_examples=200, deadline=None)
@given(events)
def test_reactions_have_one_sum_by_emoji_by_channel_and_by_member(script: list[Reaction]) -> None:
    delta = folded(script)
    by_emoji, by_channel, by_member = Counter[int](), Counter[int](), Counter[int]()
    for key, day in delta.guild_days.items():
        by_emoji[key[2]] += sum(day.emoji.values())
    for key, of_channel in delta.reaction_channel_days.items():
        by_channel[key[2]] += of_channel.reactions
    for key, of_member in delta.reaction_member_days.items():
        by_member[key[2]] += of_member.given
    assert +by_emoji == +by_channel
    if all(not isinstance(each, ReactionRemoved) or each.member for each in script):
        assert +by_member == +by_channel
    else:
        assert sum(by_member.values()) == sum(by_channel.values()) + Model(script).anonymous


async def test_batches_restarts_and_lost_answers_change_nothing(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    script: list[Reaction] = [
        added(1, 21, EMOJI[0]),
        added(1, 22, EMOJI[0]),
        added(1, 22, EMOJI[0]),
        added(1, 22, EMOJI[1], DAY + 1),
        added(2, 21, EMOJI[0]),
        removed(2, 21, EMOJI[0]),
        removed(2, 21, EMOJI[0]),
        removed(3, 21, EMOJI[0]),
        cleared(1, EMOJI[0]),
        added(1, 23, EMOJI[0]),
        removed(1, 22, EMOJI[1]),
        added(3, 23, EMOJI[1]),
    ]
    for number, each in enumerate(script):
        lease = await leases.acquire(db, ALL_SERVERS, "me")
        store = MongoStore(driver, db, lease)
        recorder = Recorder(Journal(tmp_path / "journal"), store, GatewaySessions(), silent_nobody())
        recorder.record(each)
        if number % 3:
            await recorder.flush()  # otherwise the process is killed before
        await store.close()
    model = Model(script)
    assert model.with_reactions == {DAY - 1: 1, DAY - 3: 1}
    stats = {m["userId"]: m async for m in db.memberActivityStats.find()}
    given = Counter[int]()
    for (_, who), count in model.given.items():
        given[who] += count
    counts = {int(user, 16): m["messageStats"]["reactionCount"] for user, m in stats.items()}
    assert {who: c["given"] for who, c in counts.items() if c["given"]} == +given
    assert {who: c["received"] for who, c in counts.items() if c["received"]} == {11: 1}
    channels = {c["channelId"]: c["metrics"]["reactionCount"] async for c in db.channelStats.find()}
    assert channels == {"5": 4, "60": 0}, "what was cleared stays given, where it was given"
    days = {d["day"]: d.get("withReactions", 0) async for d in db.channelDays.find()}
    assert sum(days.values()) == 2
    emoji_used = Counter[str]()
    async for day in db.guildDays.find():
        emoji_used.update(day.get("emoji", {}))
    expected = Counter[str]()
    for (_, name), count in model.emoji.items():
        expected[name] += count
    assert +emoji_used == +expected
    assert await db.messageStates.count_documents({}) == 3
    for state in await db.messageStates.find().to_list(None):
        assert set(state) >= {"author", "reactions", "expiresAt"}

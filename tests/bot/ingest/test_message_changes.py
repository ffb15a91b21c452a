"""Edits, deletions and previews, told twice and in any order to history, against what happened."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ingest.activities.message_changes import MessageChange, MessageDeleted, MessageEdited, PreviewShown
from bot.ingest.activities.messages import MessageFlag, MessageSent
from bot.ingest.activity import decode, encode
from bot.ingest.books.message_changes import MessageMark, mark, marked_message
from bot.ingest.books.registry import BOOKS_OF
from bot.ingest.delta import Delta
from bot.ingest.fold import FOLDS, fold_into
from schemas.guild_day_names import GuildCount

GUILD, CHANNEL, MEMBER, SENT_AT = 7, 5, 21, 1_790_000_000_000
SENT, CHANGED = (0, 20_700, 23), (0, 20_701, 0)

Event = MessageSent | MessageChange


def sent(message: int, flags: int) -> MessageSent:
    zone, day, hour = SENT
    return MessageSent(GUILD, CHANNEL, 0, 0, MEMBER, message, 1, SENT_AT, zone, day, hour, flags)


def edited(message: int, at: int) -> MessageEdited:
    return MessageEdited(GUILD, CHANNEL, 0, MEMBER, message, at, at, *CHANGED)


def shown(message: int) -> PreviewShown:
    return PreviewShown(GUILD, CHANNEL, 0, message, SENT_AT, *SENT)


def deleted(message: int, bulk: int = 0) -> MessageDeleted:
    return MessageDeleted(GUILD, CHANNEL, 0, message, bulk, SENT_AT + 1, *CHANGED)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Event], dict[int, tuple[bool, int, bool]]]:
    """What the bot hears, and of each message: whether it has embeds, how many edits, whether it is gone."""
    heard: list[Event] = []
    truth: dict[int, tuple[bool, int, bool]] = {}
    for message in (1, 2, 3):
        flags = draw(st.sampled_from([0, 1, 2, 2 | 4]))
        edits = draw(st.integers(0, 3))
        preview, gone = draw(st.booleans()), draw(st.booleans())
        changes: list[Event] = [edited(message, SENT_AT + 1000 * each) for each in range(1, edits + 1)]
        changes += [shown(message)] * preview + [deleted(message)] * gone
        for again in draw(st.lists(st.sampled_from(changes), max_size=4)) if changes else []:
            changes.insert(draw(st.integers(changes.index(again) + 1, len(changes))), again)
        changes.insert(draw(st.integers(0, len(changes))), sent(message, flags))  # live, or by history
        heard += changes
        truth[message] = (bool(flags & MessageFlag.EMBEDS) or preview, edits, gone)
    return heard, truth


def folded(heard: list[Event]) -> Delta:
    delta, marks = Delta(), {number: MessageMark() for number in (1, 2, 3)}
    for event in heard:
        again = decode(encode(event))
        assert again == event
        if isinstance(event, MessageSent):
            FOLDS[MessageSent](delta, event)
        if marked_message(event) is not None:
            for change in mark(marks[event.id], event):
                fold_into(delta, change)
    return delta


@settings(max_examples=200, deadline=None)
@given(stories())
def test_each_counts_once(story: tuple[list[Event], dict[int, tuple[bool, int, bool]]]) -> None:
    heard, truth = story
    delta = folded(heard)
    embeds, edits, gone = (sum(each[part] for each in truth.values()) for part in range(3))
    day_of_sending, day_of_changes = (GUILD, *SENT[:2]), (GUILD, *CHANGED[:2])
    on_day = delta.guild_days[day_of_sending].counts.get(GuildCount.EMBEDS, {})
    assert sum(on_day.values()) == embeds
    counted = [
        entry.embeds
        for days in (delta.channel_days, delta.change_channel_days)
        for key, entry in days.items()
        if key == (*day_of_sending, CHANNEL)
    ]
    assert sum(counted) == embeds
    member = delta.edit_member_days.get((*day_of_changes, MEMBER))
    assert (member.edits if member else 0) == edits
    channel = delta.change_channel_days.get((*day_of_changes, CHANNEL))
    assert (channel.edits if channel else 0, channel.deletions if channel else 0) == (edits, gone)
    assert delta.member_days[*day_of_sending, MEMBER].messages == len(truth), "a deleted message was sent"


def test_of_a_bulk_the_messages_count_and_the_bulk_once() -> None:
    bulk = [deleted(1, 2), deleted(2, 1), deleted(3, 1)]
    delta = folded([deleted(3), *bulk, *bulk])
    ((day, counts),) = ((key, day.counts) for key, day in delta.guild_days.items())
    assert day == (GUILD, *CHANGED[:2])
    assert counts[GuildCount.BULK_DELETIONS] == {0: 1}
    assert counts[GuildCount.MESSAGES_BULK_DELETED] == {0: 2}
    assert counts[GuildCount.MESSAGES_DELETED] == {0: 1}
    (channel,) = delta.change_channel_days.values()
    assert (channel.deletions, channel.bulk_deletions) == (1, 2)


def test_a_message_without_embeds_and_one_without_an_id_need_no_mark() -> None:
    def keys() -> Iterator[object]:
        for message in (sent(1, MessageFlag.REPLY), sent(0, MessageFlag.EMBEDS)):
            for book in BOOKS_OF[MessageSent]:
                yield book.key(message)

    assert set(keys()) == {None}
    assert marked_message(sent(1, MessageFlag.EMBEDS)) == (GUILD, 1)

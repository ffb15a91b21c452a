import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.importing.exporter_json import ExporterDecoder, ExporterHead, MessageParser, parse_head
from bot.importing.rows import UNKNOWN_TYPE, BrokenLine, ChannelRef, ImportedMessage, Position, Row
from tests.bot.importing.building import FIRST_ID, SPOKEN, author, export, exported, message

CHANNEL = ChannelRef(1234, "general", 0, category_id=55, category_name="Main")
THREAD = ChannelRef(FIRST_ID, "thread", 11, parent_id=1234, parent_name="general")


def parse(channel: ChannelRef = CHANNEL, /, **fields: object) -> Row:
    return MessageParser(channel).parse(message(**fields), 7)


def parsed(channel: ChannelRef = CHANNEL, /, **fields: object) -> ImportedMessage:
    row = parse(channel, **fields)
    assert isinstance(row, ImportedMessage)
    return row


def decode(*chunks: bytes) -> tuple[list[Row], ExporterDecoder]:
    decoder = ExporterDecoder(CHANNEL)
    return [item.row for group in decoder.rows(chunks) for item in group], decoder


def parse_head_of(data: bytes) -> ExporterHead | None:
    return parse_head([data])


def test_a_message() -> None:
    assert parse() == ImportedMessage(
        at_ms=1_680_212_690_473,
        channel=CHANNEL,
        author="185504812874465280",
        author_is_id=True,
        message_id=FIRST_ID,
        files=False,
        embeds=False,
        stickers=False,
        reply=False,
        forward=False,
    )
    assert not parsed().is_system


def test_attachments_embeds_stickers_and_polls() -> None:
    row = parsed(attachments=[{"id": "1"}], embeds=[{}], stickers=[{"id": "2"}], poll={"question": {}})
    assert (row.files, row.embeds, row.stickers, row.poll) == (True, True, True, True)
    old = message()
    for key in ("attachments", "embeds", "stickers"):
        del old[key]
    bare = MessageParser(CHANNEL).parse(old, 1)
    assert isinstance(bare, ImportedMessage)
    assert (bare.files, bare.embeds, bare.stickers, bare.poll) == (None, None, None, None)


@pytest.mark.parametrize(
    ("written", "number", "system"),
    [
        ("Default", 0, False),
        ("Reply", 19, False),
        ("ChannelPinnedMessage", 6, True),
        ("GuildMemberJoin", 7, True),
        ("ThreadCreated", 18, True),
        ("ThreadStarterMessage", 21, True),
        ("20", 20, True),
        ("21", 21, True),
        (46, 46, True),
        (0, 0, False),
        ("SomethingNew", UNKNOWN_TYPE, True),
        ("٣", UNKNOWN_TYPE, True),
        (-5, UNKNOWN_TYPE, True),
    ],
)
def test_types(written: str | int, number: int, system: bool) -> None:  # noqa: FBT001 - a table's column
    row = parsed(type=written)
    assert (row.type, row.is_system) == (number, system)


def test_replies_and_forwards() -> None:
    target = {"messageId": "99", "channelId": "1234", "guildId": "77"}
    reply = parsed(type="Reply", reference={"type": "Default", **target})
    assert (reply.reply, reply.reply_to, reply.forward) == (True, 99, False)
    forward = parsed(reference={"type": "Forward", **target}, forwardedMessage={"content": SPOKEN})
    assert (forward.reply, forward.reply_to, forward.forward) == (False, None, True)
    pinned = parsed(type="ChannelPinnedMessage", reference=target)
    assert (pinned.reply, pinned.reply_to) == (False, None)
    old_reply = parsed(type="Reply", reference=target)
    assert (old_reply.reply, old_reply.forward) == (True, None)
    assert parsed(reference={"type": "Default", **target}).forward is False
    assert parsed(type="Reply", reference={"type": "Default", "messageId": None}).reply_to is None


def test_bots_webhooks_and_people_without_a_discriminator() -> None:
    person, bot, webhook = (
        parsed(author=author(isBot=is_bot, discriminator=digits))
        for is_bot, digits in ((False, "0000"), (True, "4711"), (True, "0000"))
    )
    assert [(row.author_is_bot, row.author_is_webhook) for row in (person, bot, webhook)] == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_the_message_that_a_thread_began_with() -> None:
    assert parsed(THREAD).starts_thread
    assert not parsed(THREAD, id=str(FIRST_ID + 1)).starts_thread
    assert not parsed(ChannelRef(FIRST_ID, "general", 0)).starts_thread
    assert parsed(THREAD, id=str(FIRST_ID + 1), type="21").starts_thread


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": None}, "has no `id`"),
        ({"id": "x"}, "`id` is not a Discord id"),
        ({"id": "0"}, "`id` is not a Discord id"),
        ({"type": None}, "has no `type`"),
        ({"timestamp": None}, "has no `timestamp`"),
        ({"timestamp": SPOKEN}, "`timestamp` is not a date and time"),
        ({"timestamp": "1970-01-01T00:00:00Z"}, "has a time before 1988"),
        ({"author": None}, "has no `author`"),
        ({"author": SPOKEN}, "`author` is not an object"),
        ({"author": {"name": "x"}}, "has no `author.id`"),
        ({"author": {"id": SPOKEN}}, "`author.id` is not a Discord id"),
        ({"attachments": {}}, "`attachments` is not a list"),
        ({"reference": 5}, "`reference` is not an object"),
        ({"type": "Reply", "reference": {"messageId": "x"}}, "`reference.messageId` is not a Discord id"),
    ],
)
def test_a_message_without_what_is_needed_is_broken(fields: dict[str, object], reason: str) -> None:
    assert parse(**fields) == BrokenLine(7, reason)


def test_a_message_may_be_anything() -> None:
    for record in (None, 5, "text", [], [message()]):
        assert MessageParser(CHANNEL).parse(record, 3) == BrokenLine(3, "is not a JSON object")


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(message())),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "type", "isBot"]), inner),
            max_leaves=6,
        ),
    )
)
def test_any_fields_make_a_row_and_no_exception(fields: dict[str, object]) -> None:
    assert isinstance(MessageParser(CHANNEL).parse(message() | fields, 3), ImportedMessage | BrokenLine)


def test_broken_messages_have_their_ordinal_and_the_rest_goes_on() -> None:
    rows, decoder = decode(exported([message(0), message(1, id=None), message(2)]))
    assert [row if isinstance(row, BrokenLine) else type(row) for row in rows] == [
        ImportedMessage,
        BrokenLine(2, "has no `id`"),
        ImportedMessage,
    ]
    assert decoder.failure is None
    assert decoder.settled.index == 3


def test_no_row_keeps_what_was_said() -> None:
    rows, _ = decode(exported([message(), message(1, timestamp=SPOKEN)]))
    assert [type(row) for row in rows] == [ImportedMessage, BrokenLine]
    assert SPOKEN not in repr(rows)


def test_the_layout_does_not_matter() -> None:
    document = export([message(n) for n in range(5)])
    expected, _ = decode(exported([message(n) for n in range(5)]))
    assert len(expected) == 5
    for text in (json.dumps(document), json.dumps(document, sort_keys=True, indent="\t", ensure_ascii=False)):
        assert decode(text.encode())[0] == expected
        assert decode(b"\xef\xbb\xbf" + text.encode())[0] == expected


def test_a_character_may_be_cut_anywhere() -> None:
    data = exported([message(0, content="ü€😀"), message(1)])
    assert decode(*(data[at : at + 1] for at in range(len(data))))[0] == decode(data)[0]
    assert len(decode(data)[0]) == 2


def test_bytes_that_are_no_utf8_do_not_end_the_reading() -> None:
    data = exported([message(0), message(1, content="%"), message(2)]).replace(b"%", b"\xff\xfe\xc3")
    rows, decoder = decode(data)
    assert [type(row) for row in rows] == [ImportedMessage] * 3
    assert decoder.failure is None


def test_a_cut_file_gives_the_good_messages_and_says_so() -> None:
    data = exported([message(n) for n in range(4)])
    cut = data.index(str(FIRST_ID + 2).encode())
    rows, decoder = decode(data[: cut + 5])
    assert [row.message_id for row in rows if isinstance(row, ImportedMessage)] == [FIRST_ID, FIRST_ID + 1]
    assert decoder.failure == "its JSON ends in the middle"
    assert decoder.settled == Position(2, cut + 5)


def test_broken_json_gives_the_good_messages_and_never_quotes() -> None:
    data = (
        exported([message(n) for n in range(4)])
        .replace(b'"isPinned"', b"oops", 3)
        .replace(b"oops", b'"p"', 2)
    )
    rows, decoder = decode(data)
    assert len(rows) == 2
    assert decoder.failure == "its JSON is broken"


def test_a_message_of_any_size_is_not_taken_in() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield exported([message()]).split(b'"author"')[0]
        while True:
            taken += 1 << 20
            yield b" " * (1 << 20)

    decoder = ExporterDecoder(CHANNEL)
    assert list(decoder.rows(endless())) == []
    assert decoder.failure == "a message is larger than 16 MiB"
    assert taken <= 17 << 20


def test_the_head() -> None:
    head = parse_head_of(exported([message()]))
    assert head is not None
    assert (head.guild_id, head.guild_name, head.channel) == (77, "Guild", CHANNEL)
    assert (head.after_ms, head.before_ms) == (1_672_531_200_000, None)


def test_the_head_of_a_thread_names_its_parent_channel() -> None:
    head = parse_head_of(
        exported([], id="99", type="GuildPublicThread", categoryId="1234", category="general", name="t")
    )
    assert head is not None
    assert head.channel == ChannelRef(99, "t", 11, parent_id=1234, parent_name="general")
    assert head.channel.is_thread


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("GuildTextChat", 0),
        ("GuildNewsThread", 10),
        ("GuildForum", 15),
        ("16", 16),
        (5, 5),
        ("New", None),
        (None, None),
    ],
)
def test_channel_types(written: str | int | None, number: int | None) -> None:
    head = parse_head_of(exported([], type=written))
    assert head is not None
    assert head.channel.type == number


def test_the_head_of_an_old_or_odd_file() -> None:
    head = parse_head_of(b'{"channel":{"name":"x","categoryId":"0"},"exportedAt":"?","messages":[')
    assert head is not None
    assert head.channel == ChannelRef(None, "x")
    assert head.guild_id is None


@pytest.mark.parametrize("data", [b"", b"{", b'{"messages": {}}', b'{"ts": 1}\n{"ts": 2}', b"[1]", b"\xff"])
def test_other_files_have_no_head(data: bytes) -> None:
    assert parse_head([data]) is None


@pytest.mark.parametrize(
    "nested",
    [b"[" * 200_000, b'{"a":' * 100_000, b'[{"a":' * 100_000, b"[[]," * 1_000 + b"[" * 200_000],
    ids=["arrays", "objects", "both", "siblings"],
)
@pytest.mark.parametrize("place", [b'{"guild":', b'{"x":', b'{"messages":[', b'{"messages":[{"id":', b""])
def test_what_is_nested_deeply_takes_no_memory(place: bytes, nested: bytes) -> None:
    data = place + nested
    chunks = [data[at : at + 65_536] for at in range(0, len(data), 65_536)]
    tracemalloc.start()
    parse_head(chunks)
    rows, decoder = decode(*chunks)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20, "a chunk's events, whatever the depth"
    assert rows == []
    assert decoder.failure is not None


def test_what_is_nested_deeply_in_a_message_is_passed_over() -> None:
    deep = exported([message(0, embeds="%"), message(1)]).replace(b'"%"', b"[" * 100_000 + b"]" * 100_000)
    rows, decoder = decode(deep)
    assert [row.embeds for row in rows if isinstance(row, ImportedMessage)] == [True, False]
    assert decoder.failure is None


def test_half_a_character_anywhere_makes_a_row() -> None:
    half = "2024-01-01T00:00:00\ud800Z"
    assert parse(timestamp=half) == BrokenLine(7, "`timestamp` is not a date and time")
    assert isinstance(parse(type=half, id="\ud800"), BrokenLine)
    document = json.dumps(export([message()], guild_id="77", name="\ud83d", category="\udc00"))
    head = parse_head_of(document.encode())
    assert head is not None
    head.channel.name.encode()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"\ud83d\ude00", "😀"),
        (rb"\uD83D\uDE00\uDE00", "😀\ufffd"),
        (rb"\ud83d\ud83d\ude00\ud83d", "\ufffd😀\ufffd"),
        (rb"\ud83dA\u0041", "\ufffdAA"),
        (rb"\\ud83d", "\\ud83d"),
        (rb"\\\ud83d", "\\\ufffd"),
        (rb"\\\\ud83d\\\ude00", "\\\\ud83d\\\ufffd"),
    ],
)
def test_half_a_character_in_an_escape(written: bytes, read: str) -> None:
    data = exported([], name="%").replace(b"%", written)
    for chunks in ([data], [data[at : at + 1] for at in range(len(data))]):
        head = parse_head(chunks)
        assert head is not None
        assert head.channel.name == read


def test_a_head_behind_the_messages_and_around_them() -> None:
    whole = export([message(n) for n in range(3)])
    expected = parse_head_of(json.dumps(whole).encode())
    for first in ("messages", "guild", "dateRange"):
        turned = {first: whole[first], **{key: whole[key] for key in reversed(whole) if key != first}}
        assert parse_head_of(json.dumps(turned).encode()) == expected
    assert decode(json.dumps(turned).encode())[0] == decode(json.dumps(whole).encode())[0]

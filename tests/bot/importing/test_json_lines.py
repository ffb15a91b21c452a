import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.importing.json_lines import MAX_LINE_BYTES, EventParser, JsonLinesDecoder
from bot.importing.rows import BrokenLine, ChannelRef, ImportedMessage, OtherRow, Position, Row
from tests.bot.importing.building import SPOKEN, event, lines


def parse(**fields: object) -> Row | None:
    return EventParser().parse(json.dumps(event(**fields)).encode(), 7)


def decode(*chunks: bytes) -> list[tuple[Row, Position]]:
    return [(item.row, item.end) for group in JsonLinesDecoder().rows(chunks) for item in group]


def test_a_line_of_the_irc_data_set() -> None:
    line = (
        b'{"ts": "2004-11-15T01:00:00Z", "channel": "ubuntu", "author": "u00025",'
        b' "kind": "message", "len": 75}'
    )
    assert EventParser().parse(line, 1) == ImportedMessage(
        at_ms=1_100_480_400_000, channel=ChannelRef(None, "ubuntu"), author="u00025", author_is_id=False
    )


def test_a_line_with_ids_and_flags() -> None:
    row = parse(
        id="1091115849500336229",
        channel_id=42,
        author_id="43",
        bot=True,
        files=True,
        embeds=False,
        poll=True,
        reply=True,
        forward=False,
    )
    assert row == ImportedMessage(
        at_ms=1_556_704_800_000,
        channel=ChannelRef(42, "ubuntu"),
        author="43",
        author_is_id=True,
        author_is_bot=True,
        message_id=1_091_115_849_500_336_229,
        type=19,
        files=True,
        embeds=False,
        stickers=None,
        poll=True,
        reply=True,
        forward=False,
    )


def test_ids_stand_in_for_names() -> None:
    row = EventParser().parse(
        b'{"ts":"2019-05-01T10:00:00Z","kind":"message","channel_id":"5","author_id":6}', 1
    )
    assert isinstance(row, ImportedMessage)
    assert (row.channel, row.author) == (ChannelRef(5, "5"), "6")


def test_joins_leaves_and_unknown_kinds() -> None:
    assert parse(kind="join") == OtherRow(
        "join", 1_556_704_800_000, author="u1", channel=ChannelRef(None, "ubuntu")
    )
    topic = EventParser().parse(b'{"ts":"2019-05-01T10:00:00Z","kind":"topic"}', 1)
    assert topic == OtherRow("topic", 1_556_704_800_000)


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        ("2019-05-01T10:00:00Z", 0),
        ("2019-05-01T12:00:00+02:00", 0),
        ("2019-05-01T04:30:00-0530", 0),
        ("2019-05-01T10:00:00", 0),
        ("2019-05-01 10:00:00Z", 0),
        ("2019-05-01T10:00:00.473Z", 473),
        ("2019-05-01T10:00:00.4730000+00:00", 473),
    ],
)
def test_times(written: str, milliseconds: int) -> None:
    row = parse(ts=written)
    assert isinstance(row, ImportedMessage)
    assert row.at_ms == 1_556_704_800_000 + milliseconds


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"ts": nonsense}', "is not valid JSON"),
        (b"hello", "is not valid JSON"),
        (b'{"ts": "2019-05-01T10:00:00Z", "kin', "ends in the middle of its JSON"),
        (b'{"ts": "2019-05-01T10:00:00Z"', "ends in the middle of its JSON"),
        (b"[]", "is not a JSON object"),
        (b'"text"', "is not a JSON object"),
        (b"{}", "has no `ts`"),
        (lines(event(ts=None)), "has no `ts`"),
        (lines(event(kind=None)), "has no `kind`"),
        (lines(event(ts="yesterday")), "`ts` is not a date and time like 2026-01-31T12:00:00Z"),
        (lines(event(ts=1_556_704_800)), "`ts` is not a date and time like 2026-01-31T12:00:00Z"),
        (lines(event(ts="1987-12-31T23:59:59Z")), "has a time before 1988"),
        (lines(event(ts="2300-01-01T00:00:00Z")), "has a time in the future"),
        (lines(event(ts="0001-01-01T00:00:00+05:00")), "has a time before 1988"),
        (lines(event(channel=5)), "`channel` is not a text of 1 to 200 characters"),
        (lines(event(channel="")), "`channel` is not a text of 1 to 200 characters"),
        (lines(event(author="x" * 201)), "`author` is not a text of 1 to 200 characters"),
        (lines(event(author="\ud83d")), "`author` is not a text of 1 to 200 characters"),
        (lines(event(channel=None)), "has neither `channel` nor `channel_id`"),
        (lines(event(author=None)), "has neither `author` nor `author_id`"),
        (lines(event(id="12a")), "`id` is not an id (a number above 0, or its digits)"),
        (lines(event(id="١٢")), "`id` is not an id (a number above 0, or its digits)"),
        (lines(event(id=0)), "`id` is not an id (a number above 0, or its digits)"),
        (lines(event(id=1.5)), "`id` is not an id (a number above 0, or its digits)"),
        (lines(event(id=True)), "`id` is not an id (a number above 0, or its digits)"),
        (lines(event(author_id=1 << 63)), "`author_id` is not an id (a number above 0, or its digits)"),
        (lines(event(bot="yes")), "`bot` is not true or false"),
        (lines(event(files=2)), "`files` is not true or false"),
        (b'{"ts":"2019-05-01T10:00:00Z","kind":"message","author":"\xff"}', "is not valid UTF-8 text"),
        (b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", "is nested too deeply"),
        (b'{"a":1}\r', "has no `ts`"),
        (b'{"ts":' + b"9" * 9_000 + b"}", "is not valid JSON"),
        (b"\0" * 40, "is not valid JSON"),
    ],
)
def test_a_broken_line_says_what_is_wrong(line: bytes, reason: str) -> None:
    assert EventParser().parse(line.rstrip(b"\n"), 7) == BrokenLine(7, reason)


def test_what_is_ignored_does_no_harm() -> None:
    half_an_emoji = lines(event(text="\ud83d")).rstrip()
    bad_bytes = lines(event(text="?")).rstrip().replace(b"?", b"\xff")
    good = parse()
    assert isinstance(good, ImportedMessage)
    assert EventParser().parse(half_an_emoji, 1) == good
    assert EventParser().parse(bad_bytes, 1) == good


@settings(deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: json.dumps(event(kind=text)).encode())
)
def test_any_line_makes_a_row_and_no_exception(line: bytes) -> None:
    row = EventParser().parse(line, 3)
    assert row is None or isinstance(row, BrokenLine | OtherRow | ImportedMessage)
    assert not isinstance(row, BrokenLine) or row.number == 3


def test_no_row_keeps_what_was_said() -> None:
    good = parse(text=SPOKEN, content=SPOKEN)
    broken = EventParser().parse(lines(event(ts=SPOKEN, text=SPOKEN)).rstrip(), 1)
    assert isinstance(broken, BrokenLine)
    assert SPOKEN not in repr(good)
    assert SPOKEN not in repr(broken)


def test_a_time_after_the_given_one_is_broken() -> None:
    line = lines(event()).rstrip()
    assert isinstance(EventParser(not_after_ms=1_556_704_800_000).parse(line, 1), ImportedMessage)
    assert isinstance(EventParser(not_after_ms=1_556_704_799_999).parse(line, 1), BrokenLine)


def test_the_same_channel_is_one_object_and_many_channels_are_bounded() -> None:
    parser = EventParser()
    rows = [parser.parse(lines(event(channel=f"c{n}")).rstrip(), 1) for n in (1, 1, *range(20_002))]
    assert isinstance(rows[0], ImportedMessage)
    assert isinstance(rows[1], ImportedMessage)
    assert rows[0].channel is rows[1].channel
    assert len(parser._channels) <= 10_000


def test_line_ends_blank_lines_and_a_byte_order_mark() -> None:
    one = lines(event()).rstrip()
    data = b"\xef\xbb\xbf" + one + b"\r\n\n  \t\n" + one + b"\n\r\n" + one
    found = decode(data)
    assert [type(row) for row, _ in found] == [ImportedMessage] * 3
    assert [end.index for _, end in found] == [1, 4, 6]
    assert found[-1][1].offset == len(data)


def test_broken_lines_have_their_number_and_the_rest_goes_on() -> None:
    found = decode(lines(event()) + b"oops\n\n" + lines(event(kind="leave"), event(ts="x")))
    assert [row if isinstance(row, BrokenLine) else type(row) for row, _ in found] == [
        ImportedMessage,
        BrokenLine(2, "is not valid JSON"),
        OtherRow,
        BrokenLine(5, "`ts` is not a date and time like 2026-01-31T12:00:00Z"),
    ]


def test_a_half_written_last_line_is_reported_but_not_passed() -> None:
    whole = lines(event(), event())
    decoder = JsonLinesDecoder()
    tail = list(decoder.rows([whole[:-40]]))[-1]
    assert [item.row for item in tail] == [BrokenLine(2, "ends in the middle of its JSON")]
    first_line = whole.index(b"\n") + 1
    assert decoder.settled == Position(1, first_line) == tail[0].end
    again = [item for group in JsonLinesDecoder(decoder.settled).rows([whole]) for item in group]
    assert [(type(item.row), item.end) for item in again] == [(ImportedMessage, Position(2, len(whole)))]


def test_lines_appended_behind_a_last_line_without_an_end_keep_their_numbers() -> None:
    before = lines(event())[:-1]
    decoder = JsonLinesDecoder()
    assert len(list(decoder.rows([before]))[-1]) == 1
    after = before + b"\r\n" + lines(event(kind="join"))
    again = [item for group in JsonLinesDecoder(decoder.settled).rows([after]) for item in group]
    assert [(type(item.row), item.end) for item in again] == [(OtherRow, Position(2, len(after)))]


def test_what_was_appended_within_an_imported_line_is_reported() -> None:
    before = lines(event())[:-1]
    start = Position(1, len(before))
    grown = [item for group in JsonLinesDecoder(start).rows([before + b"{}\n"]) for item in group]
    assert [item.row for item in grown] == [BrokenLine(1, "goes on behind what was imported of it before")]


@pytest.mark.parametrize("size", [1 << 12, 1 << 16, 1 << 21])
@pytest.mark.parametrize("line_end", [b"\n", b""])
def test_a_huge_line_is_reported_skipped_and_not_held(size: int, line_end: bytes) -> None:
    small = lines(event())
    huge = b'{"ts": "' + b"x" * (3 * MAX_LINE_BYTES) + line_end
    data = small + huge + (small if line_end else b"")
    decoder = JsonLinesDecoder()
    found, held = [], 0
    for group in decoder.rows(data[at : at + size] for at in range(0, len(data), size)):
        found += group
        held = max(held, len(decoder._pending))
    assert held <= MAX_LINE_BYTES
    expected: list[object] = [ImportedMessage, BrokenLine(2, "is longer than 1 MiB")]
    expected += [ImportedMessage] if line_end else []
    assert [item.row if isinstance(item.row, BrokenLine) else type(item.row) for item in found] == expected
    assert decoder.settled == found[-1].end == Position(len(expected), len(data))


def test_the_longest_line_allowed_is_read() -> None:
    line = lines(event(text="")).rstrip()
    for surplus, kind in ((0, ImportedMessage), (1, BrokenLine)):
        padded = line.replace(
            b'"text": ""', b'"text": "' + b"x" * (MAX_LINE_BYTES - len(line) + surplus) + b'"'
        )
        assert [type(row) for row, _ in decode(padded)] == [kind]
        assert [type(row) for row, _ in decode(padded + b"\n")] == [kind]


def test_half_a_character_in_a_time_is_a_broken_line() -> None:
    line = rb'{"ts": "2024-01-01T00:00:00\ud800Z", "channel": "c", "author": "a", "kind": "message"}'
    assert EventParser().parse(line, 3) == BrokenLine(
        3, "`ts` is not a date and time like 2026-01-31T12:00:00Z"
    )

"""The overview's card: what it says, and that Discord takes it whatever the names are."""

# ruff: noqa: RUF001 - dashes, minus signs and other scripts are what is tested

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.overview import board
from cogs.cards.board import board_card, table_card
from cogs.cards.card import Card, Surroundings, units
from schemas.results.overview import ChannelActivity, Overview
from tests.cogs.cards.names import HOSTILE, names

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 2, tzinfo=BERLIN)
NOW = datetime(2026, 1, 31, 11, 30, tzinfo=UTC)
AROUND = Surroundings(now=NOW, channels=frozenset({1}), icon_url=None, picture="overview.png")

ORDINARY = Overview(
    guild_id=9,
    guild_name="The Lighthouse",
    timeframe="30d",
    timeframe_name="30 days",
    zone="Europe/Berlin",
    zone_changed=False,
    start=START,
    stop=datetime(2026, 1, 31, 13, tzinfo=BERLIN),
    running=True,
    comparable=True,
    counted_since=datetime(2025, 6, 1, tzinfo=BERLIN),
    members=4567,
    writers=321,
    previous_writers=331,
    messages=12_345,
    previous_messages=11_000,
    channels_active=5,
    top_channels=(
        ChannelActivity(1, "general", 9000, 8000),
        ChannelActivity(2, "old_harbour", 3000, 2900),
        ChannelActivity(3, None, 45, None),
    ),
    bucket="day",
    bucket_starts=tuple(START + timedelta(days=day) for day in range(30)),
    values=tuple(range(100, 130)),
    previous_values=None,
    previous_start=datetime(2025, 12, 3, tzinfo=BERLIN),
    previous_stop=datetime(2026, 1, 1, 13, tzinfo=BERLIN),
)


def overview_card(overview: Overview, around: Surroundings) -> Card:
    return board_card(board(overview), around)


def changed(**fields: object) -> Overview:
    return msgspec.structs.replace(ORDINARY, **fields)


def description(overview: Overview, around: Surroundings = AROUND) -> str:
    return str(overview_card(overview, around).embed.description)


def fields(overview: Overview, around: Surroundings = AROUND) -> dict[str, str]:
    return {str(field.name): str(field.value) for field in overview_card(overview, around).embed.fields}


def test_figures_with_their_changes() -> None:
    said = fields(ORDINARY)

    assert said["Messages"] == "**12,345**\n▲ 12% (+1,345)"
    assert said["Members who wrote"] == "**321**\n▼ 3.0% (−10)\n`▌·····` 7.0% of members"
    assert said["Members"] == "**4,567**"


def test_period_comparison_and_beginning_are_said() -> None:
    assert description(ORDINARY).splitlines() == [
        "**2 Jan – 31 Jan 2026, up to 13:00** · still running",
        "Compared with 3 Dec 2025 – 1 Jan 2026, up to 13:00.",
        "Counting began <t:1748728800:R>.",
    ]
    before = datetime(2026, 1, 2, tzinfo=BERLIN)
    over = changed(running=False, stop=datetime(2026, 2, 1, tzinfo=BERLIN), previous_stop=before)
    assert description(over).splitlines()[:2] == [
        "**2 Jan – 31 Jan 2026**",
        "Compared with 3 Dec 2025 – 1 Jan 2026.",
    ]


def test_hours_that_run_have_a_beginning_only() -> None:
    begin = datetime(2026, 1, 30, 13, tzinfo=BERLIN)
    assert description(changed(start=begin)).startswith("**Since 30 Jan 2026, 13:00** · still running\n")
    assert description(changed(start=begin, running=False)).startswith(
        "**30 Jan 2026, 13:00 – 31 Jan 2026, 13:00**\n"
    )


def test_unknown_is_said_and_is_not_zero() -> None:
    unknown = changed(
        members=None,
        previous_messages=None,
        previous_writers=None,
        counted_since=START + timedelta(days=3),
    )

    assert fields(unknown)["Members"] == "**unknown**"
    assert fields(unknown)["Messages"] == "**12,345**\nchange unknown"
    assert (
        "The period before (3 Dec 2025 – 1 Jan 2026, up to 13:00) was not counted in full, so changes are "
        "unknown." in description(unknown)
    )
    assert "Counting began <t:1767567600:R>; what was before is unknown." in description(unknown)
    assert fields(changed(members=0, writers=0))["Members"] == "**0**"


def test_all_time_has_nothing_to_be_compared_with() -> None:
    everything = changed(
        timeframe="all",
        comparable=False,
        timeframe_name="All time",
        previous_messages=None,
        previous_writers=None,
    )

    assert fields(everything)["Messages"] == "**12,345**"
    assert "before" not in description(everything)


def test_channels_stand_in_columns_with_shares_and_the_rest_is_summed_up() -> None:
    assert fields(ORDINARY)["Top channels"].splitlines() == [
        "`██████  73% 9,000` <#1>",
        "`██····  24% 3,000` old\\_harbour",
        "`▌····· 0.4%    45` *a deleted channel*",
        "and 2 more channels: 300 (2.4%)",
    ]


def test_nothing_counted_yet() -> None:
    empty = changed(
        counted_since=None,
        messages=0,
        writers=0,
        previous_messages=None,
        previous_writers=None,
        channels_active=0,
        top_channels=(),
        values=(None,) * 30,
    )

    assert fields(empty)["Top channels"] == "No messages in this period."
    assert fields(empty)["Messages"] == "**0**"
    assert "Nothing is counted here yet." in description(empty)


def test_more_active_than_members_gives_no_share() -> None:
    assert fields(changed(members=10))["Members"] == "**10**"


def test_zone_change_and_missing_picture_are_said() -> None:
    without = Surroundings(
        now=NOW, channels=frozenset(), icon_url="https://cdn.example/icon.png", picture=None
    )
    card = overview_card(changed(zone_changed=True), without)

    assert "The server's time zone changed in this period" in str(card.embed.description)
    assert "The chart could not be drawn this time." in str(card.embed.description)
    assert card.embed.image.url is None
    assert card.embed.author.icon_url == "https://cdn.example/icon.png"
    assert overview_card(ORDINARY, AROUND).embed.image.url == "attachment://overview.png"
    assert overview_card(ORDINARY, AROUND).embed.footer.text == "30 days · times in Europe/Berlin"


counts = st.one_of(st.integers(0, 10), st.integers(0, 10**12))
channels = st.builds(
    ChannelActivity, st.integers(1, 2**63), st.one_of(st.none(), names), counts, st.one_of(st.none(), counts)
)
overviews = st.builds(
    lambda name, top, others, members, before, now: changed(
        guild_name=name,
        top_channels=tuple(sorted(top, key=lambda channel: -channel.messages)),
        channels_active=len(top) + others,
        messages=sum(channel.messages for channel in top) + now,
        members=members,
        previous_messages=before,
    ),
    names,
    st.lists(channels, max_size=25),
    st.integers(0, 10**6),
    st.one_of(st.none(), counts),
    st.one_of(st.none(), counts),
    counts,
)


def assert_discord_takes(card: Card) -> None:
    embed = card.embed
    assert 1 <= units(str(embed.title)) <= 256
    assert 1 <= units(str(embed.description)) <= 4096
    assert 1 <= units(str(embed.author.name)) <= 256
    assert 1 <= units(str(embed.footer.text)) <= 2048
    assert len(embed.fields) <= 25
    for field in embed.fields:
        assert 1 <= units(str(field.name)) <= 256
        assert 1 <= units(str(field.value)) <= 1024
        assert str(field.value).strip()
    texts = [embed.title, embed.description, embed.author.name, embed.footer.text]
    texts += [part for field in embed.fields for part in (field.name, field.value)]
    assert sum(units(str(text)) for text in texts) <= 6000


@settings(deadline=None)
@given(overviews)
def test_discord_takes_every_card(overview: Overview) -> None:
    card = overview_card(overview, Surroundings(now=NOW, channels=frozenset(), icon_url=None, picture=None))

    assert_discord_takes(card)
    lines = str(card.embed.fields[3].value).split("\n")
    assert len(lines) <= len(overview.top_channels) + 1
    for line in lines:
        assert line.startswith(("`", "and ")) or line == "No messages in this period."
        assert line.count("`") in (0, 2) or "\\`" in line


def test_a_list_too_long_for_a_field_is_cut_and_the_rest_is_counted() -> None:
    top = tuple(ChannelActivity(n, HOSTILE[9], 1000 - n, None) for n in range(20))
    value = fields(changed(top_channels=top, channels_active=30))["Top channels"]

    shown = value.count("`") // 2
    assert 1 < shown < 20
    assert f"and {30 - shown} more channels: " in value


def test_a_table_holds_every_number_of_the_board_page_by_page() -> None:
    shown = [table_card(board(ORDINARY), AROUND, page) for page in range(3)]

    assert [card.pages for card in shown] == [3] * 3
    text = "\n".join(str(card.embed.description) for card in shown)
    for said in (
        "12,345",
        "11,000",
        "4,567",
        "general",
        "a deleted channel",
        "9,000",
        "2026-01-02",
        "2026-01-31",
    ):
        assert said in text
    assert [text.count(f" {value}\n") for value in range(100, 130)] == [1] * 30
    assert table_card(board(ORDINARY), AROUND, 9).page == 2


def test_an_unknown_number_in_a_table_is_not_zero() -> None:
    card = table_card(board(changed(members=None)), AROUND, 0)
    lines = str(card.embed.description).split("\n")
    (line,) = [line for line in lines if line.startswith("Members") and "wrote" not in line]
    assert "unknown" in line


@settings(deadline=None)
@given(overviews, st.integers(0, 300))
def test_discord_takes_every_page_of_a_table(overview: Overview, page: int) -> None:
    card = table_card(board(overview), AROUND, page)
    assert_discord_takes(card)
    assert str(card.embed.description).count("```") % 2 == 0

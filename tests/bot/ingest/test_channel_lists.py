"""Lists of channels: each change counts as what it was; the fewest moves explain an order."""

from collections import Counter
from itertools import combinations
from typing import Any

from bson import BSON
from bson.codec_options import CodecOptions
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.db.channel_lists import channel_list_document, read_channel_list
from bot.ingest.activities.channels import CATEGORY, ChannelsListed, ListedChannel
from bot.ingest.activities.messages import ChannelKind
from bot.ingest.activity import decode, encode
from bot.ingest.books.channel_lists import MAX_GONE, ChannelList, KnownChannel, compare, moves
from bot.ingest.delta import Delta
from bot.ingest.fold import FOLDS, fold_into
from schemas.guild_day_names import GuildCount, GuildLevel

GUILD = 7
CODEC: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
MADE = (0, 20_000)
"""Zone and day on which all channels were made."""

Server = list[ListedChannel]


def channel(number: int, kind: int = ChannelKind.TEXT, category: int = 0) -> ListedChannel:
    return ListedChannel(number, kind, number * 1_000, category, *MADE, number % 24)


def listing(server: Server, day: int) -> ChannelsListed:
    return ChannelsListed(GUILD, day * 86_400_000, 0, day, 5, tuple(server))


def told(servers: list[Server]) -> tuple[Delta, ChannelList]:
    """The lists are told a day after each other, each twice, with a restart in between."""
    delta, known = Delta(), ChannelList()
    for day, server in enumerate(servers, 20_700):
        for _ in range(2):
            listed: Any = decode(encode(listing(server, day)))
            FOLDS[ChannelsListed](delta, listed)
            for change in compare(known, listed):
                fold_into(delta, change)
            document = channel_list_document((GUILD, 0), known)._doc
            known = read_channel_list(BSON.encode(document).decode(CODEC))
    return delta, known


def counts(delta: Delta) -> Counter[GuildCount]:
    found: Counter[GuildCount] = Counter()
    for day in delta.guild_days.values():
        for name, hours in day.counts.items():
            found[name] += sum(hours.values())
    return +found


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_each_change_counts_as_what_it_was(data: st.DataObject) -> None:
    server = [channel(1, CATEGORY), channel(2, category=1), channel(3, category=1), channel(4, CATEGORY)]
    servers, expected = [list(server)], Counter[GuildCount]()
    number = 4
    for what in data.draw(st.lists(st.sampled_from(["create", "delete", "rename", "category", "drag"]))):
        plain = [each for each in server if each.kind != CATEGORY]
        if what == "create":
            number += 1
            made = channel(number, category=data.draw(st.sampled_from([0, 1, 4])))
            server.insert(data.draw(st.integers(0, len(server))), made)
            expected[GuildCount.CHANNELS_CREATED] += 1
        elif plain and what == "delete":
            server.remove(data.draw(st.sampled_from(plain)))
            expected[GuildCount.CHANNELS_DELETED] += 1
        elif plain and what == "rename":
            old = data.draw(st.sampled_from(plain))
            new = ListedChannel(old.id, old.kind, old.name + 1, old.category, *MADE, old.hour)
            server[server.index(old)] = new
            expected[GuildCount.CHANNELS_RENAMED] += 1
        elif plain and what == "category":
            old = data.draw(st.sampled_from(plain))
            server.remove(old)
            to = data.draw(st.sampled_from([each for each in (0, 1, 4) if each != old.category]))
            new = ListedChannel(old.id, old.kind, old.name, to, *MADE, old.hour)
            server.insert(data.draw(st.integers(0, len(server))), new)
            expected[GuildCount.CHANNELS_MOVED] += 1
        elif plain and what == "drag":
            old = data.draw(st.sampled_from(plain))
            beside = [each for each in server if each.category == old.category]
            server.remove(old)
            server.insert(data.draw(st.integers(0, len(server))), old)
            after = [each for each in server if each.category == old.category]
            expected[GuildCount.CHANNELS_MOVED] += beside != after
        servers.append(list(server))
    delta, _ = told(servers)
    assert counts(delta) == +expected
    if number > len(servers[0]):
        made_on = delta.guild_days[GUILD, *MADE].counts[GuildCount.CHANNELS_CREATED]
        assert sum(made_on.values()) == number - len(servers[0]), "a channel counts on the day it was made"
    for day, known in enumerate(servers, 20_700):
        levels = delta.guild_days[GUILD, 0, day].levels
        assert levels[GuildLevel.CATEGORIES][5][1] == 2
        assert levels[GuildLevel.TEXT_CHANNELS][5][1] == len(known) - 2


@settings(max_examples=200, deadline=None)
@given(st.permutations(range(6)))
def test_moves_are_the_fewest_that_explain_an_order(order: list[int]) -> None:
    kept = max(
        size for size in range(1, 7) for some in combinations(order, size) if list(some) == sorted(some)
    )
    known = KnownChannel(0, 0, 0)
    assert moves(dict.fromkeys(range(6), known), dict.fromkeys(order, known)) == 6 - kept


def test_a_channel_that_was_only_out_of_sight_is_neither_deleted_nor_made_again() -> None:
    both, one = [channel(1), channel(2)], [channel(1)]
    delta, known = told([both, one, both])
    assert counts(delta) == {}
    assert delta.guild_days[GUILD, 0, 20_701].counts[GuildCount.CHANNELS_DELETED] == {5: 0}
    assert set(known.channels) == {1, 2}


def test_memory_of_deleted_channels_is_bounded() -> None:
    servers: list[Server] = [[channel(each) for each in range(1, MAX_GONE + 10)], []]
    delta, known = told(servers)
    assert len(known.gone) == MAX_GONE
    assert counts(delta)[GuildCount.CHANNELS_DELETED] == MAX_GONE + 9


def test_levels_count_channels_by_type() -> None:
    kinds = [CATEGORY, *ChannelKind, ChannelKind.TEXT]
    delta, _ = told([[channel(number, kind) for number, kind in enumerate(kinds, 1)]])
    levels = delta.guild_days[GUILD, 0, 20_700].levels
    assert {level: readings[5][1] for level, readings in levels.items()} == {
        GuildLevel.CATEGORIES: 1,
        GuildLevel.TEXT_CHANNELS: 3,
        GuildLevel.VOICE_CHANNELS: 1,
        GuildLevel.STAGE_CHANNELS: 1,
        GuildLevel.FORUM_CHANNELS: 2,
    }

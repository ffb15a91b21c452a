"""No view names a channel that the readers may not see, in whatever form it is told; sums stay right.

All views of the registry are walked, so that a new one is tried without a word here.
"""

import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from analytics.charts.report.spec import ReportSpec
from analytics.charts.spec import ChartSpec, Theme
from analytics.charts.wire import encode_spec
from analytics.sight import EVERYTHING, NOTHING, Sight, is_unseen
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import ChannelRecord, Directory
from bot.db.reader import Reader
from bot.exports.order import Order
from bot.exports.registry import FORMATS
from bot.ingest.activities.channels import ChannelsListed, ListedChannel
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activity import Activity
from bot.views.refusal import CannotShow
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.seen import UNSEEN, SeenReader
from bot.views.service import ViewService
from bot.views.view import Restriction
from bot.wording.not_shown import NONE_SHOWN
from cogs.cards.board import board_card, table_card
from cogs.cards.card import Surroundings
from schemas.results.board import Board, NotShown, SubjectKind
from tests.bot.views.counted import (
    GUILD,
    LONG_AGO,
    NOW,
    NOW_MS,
    TODAY,
    instant,
    lived,
    message,
    reaction,
    voice,
)
from tests.support.agreements import agree
from tests.support.roles import everybody_has

GENERAL, HARBOUR, LOUNGE, ATTIC = (number << 22 for number in range(1_000, 1_004))
SECRET, GONE, VAULT, BRIG = (number << 22 for number in range(7_654_321, 7_654_325))
"""Channels that not everybody sees: one for writing, one that is gone, one for talking, and a quiet one."""
SEEN = {GENERAL: "general", HARBOUR: "harbour", LOUNGE: "lounge", ATTIC: "attic"}
HIDDEN = {SECRET: "smugglers-cove", GONE: "sunken-deck", VAULT: "captains-vault", BRIG: "old-brig"}
SIGHT = Sight(frozenset(SEEN))
OTHER = GUILD + 1
ROLES = (500, 501)
AMOUNTS = {GENERAL: 400, HARBOUR: 120, SECRET: 317, GONE: 211}
"""Messages of each; half as many reactions."""
NUMBERS = re.compile(r"(?<![\d.])(?<!\d,)(317|211|158|105)(\.0)?(?![\d])")
"""What one channel has that is not seen: amounts that nothing else has."""
AROUND = Surroundings(NOW, frozenset((*SEEN, *HIDDEN)), None, "chart.png")
"""What the server has now: the card mentions the channels that it finds there."""
KNOW_NO_CHANNELS = {
    "guild",
    "zones",
    "counted_days",
    "partners",
    "last_message_ms",
    "members",
    "dated_member_days",
    "member_spans",
    "members_since",
    "guild_days",
    "joined",
    "left",
    "role_holders",
    "days_leavers_are_kept",
    "past_stays",
    "membership_told",
    "first_thread",
    "first_invited_day",
}
"""What the reader is asked besides: nothing of it names a channel."""


def happened() -> Iterator[Activity]:
    """Each channel has some of everything, over ten days."""
    number = 0
    for channel, amount in AMOUNTS.items():
        for each in range(amount):
            number += 1
            member = 1 + each % 7
            yield message(1 + each % 9, 9 + each % 5, channel, member=member, id=number, sentiment=each % 90)
        for each in range(amount // 2):
            yield reaction(1 + each % 9, 12, "👍", channel)
    for channel, minutes in ((LOUNGE, 50), (VAULT, 31)):
        for day in range(1, 10):
            yield voice(day, 20, minutes, channel)
    listed = [ListedChannel(each, 0, 1, 0, 0, TODAY - 900, 0) for each in (*AMOUNTS, ATTIC, BRIG)]
    yield ChannelsListed(GUILD, instant(0, 1), 0, TODAY, 1, tuple(listed))
    for day in range(10):
        yield MembersCounted(GUILD, instant(day, 1), 0, TODAY - day, 1, 50)


class Charts:
    """Draws each chart as the description that it has of it."""

    async def draw(self, spec: ChartSpec) -> bytes:
        return msgspec.json.encode(spec)

    async def print_report(self, spec: ReportSpec) -> bytes:
        return encode_spec(spec).decode("latin-1").encode()


class Naming:
    """Knows all channels by name, as the bot's own cache does."""

    async def names(self, guild: int, pseudonyms: Iterable[int]) -> Mapping[int, str]:
        assert guild == GUILD
        return dict.fromkeys(pseudonyms, "somebody")

    def labels(self, guild: int, ids: Iterable[int]) -> Mapping[int, str]:
        assert guild == GUILD
        return {each: {**SEEN, **HIDDEN}.get(each, "a role") for each in ids}


@pytest.fixture
async def views(driver: Driver, db: Handle, tmp_path: Path) -> ViewService:
    for guild in (GUILD, OTHER):
        await Directory(db).add_guild(guild, "The Lighthouse", "UTC")
        await Directory(db).mark_discord(guild, LONG_AGO)
    beside = [msgspec.structs.replace(each, guild=OTHER) for each in happened()]
    await lived(driver, db, tmp_path, *happened(), *beside)
    await agree(db, GUILD, OTHER)
    known = [ChannelRecord(each, name, "TEXT") for each, name in {**SEEN, **HIDDEN}.items()]
    await Directory(db).save_channels(GUILD, known)
    await everybody_has(db, GUILD, ROLES, NOW)
    return ViewService(Reader(db), Charts(), Naming())


def asked(kind: str, sight: Sight = SIGHT, timeframe: str = "30d") -> Scope:
    view = VIEWS[kind]
    subject = (GENERAL if view.of_channel else 1) * view.of_subject
    roles = ROLES if view.compares is Restriction.ROLES else ()
    return Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS, subject, roles=roles, sight=sight)


async def told(views: ViewService, kind: str, scope: Scope) -> dict[str, str]:
    """All that a reader gets to see of a view, by form; no form is left out."""
    shown = await views.show(kind, scope)
    pages = [
        table_card(shown.board, AROUND, page) for page in range(table_card(shown.board, AROUND, 0).pages)
    ]
    forms = {
        "board": msgspec.json.encode(shown.board).decode(),
        "card": json.dumps(board_card(shown.board, AROUND).embed.to_dict(), ensure_ascii=False),
        "table": json.dumps([page.embed.to_dict() for page in pages], ensure_ascii=False),
        "picture": (shown.png or b"").decode(),
        "alternative text": shown.words,
    }
    order = Order(views, kind, scope, group=(kind,))
    for name, form in FORMATS.items():
        files = [] if name == "png" and shown.png is None else await form.make(order)
        forms[name] = " ".join(f"{file.name} {file.description} {file.content.decode()}" for file in files)
    return forms


def revealed(text: str) -> list[str]:
    """What a text says of channels that are not seen."""
    ids = [str(each) for each in HIDDEN]
    return [each for each in (*HIDDEN.values(), *ids) if each in text]


@pytest.mark.parametrize("timeframe", ["30d", "7d", "24h"])
async def test_no_view_names_what_is_not_seen_in_any_form(views: ViewService, timeframe: str) -> None:
    found, forms = {}, set()
    for kind in VIEWS:
        for form, text in (await told(views, kind, asked(kind, timeframe=timeframe))).items():
            forms.add(form)
            numbers = NUMBERS.findall(text) if timeframe == "30d" else []
            if revealed(text) or numbers:
                found[kind, form] = (revealed(text), numbers)
    assert found == {}
    assert forms == {"board", "card", "table", "picture", "alternative text", *FORMATS}


async def test_who_sees_everything_is_told_of_each_channel(views: ViewService) -> None:
    """So the test above looks where there is something to see."""
    naming = {}
    for kind in VIEWS:
        for form, text in (await told(views, kind, asked(kind, EVERYTHING))).items():
            if revealed(text):
                naming.setdefault(form, set()).add(kind)
    everywhere = {
        "channels/usage",
        "channels/peaks",
        "channels/voice",
        "channels/quiet",
        "activity/sentiment",
        *(f"compare/channels/{metric}" for metric in ("all", "messages", "voice", "reactions")),
    }
    lists = everywhere | {"overview", "activity/messages", "activity/voice", "activity/reactions"}
    assert naming["board"] == naming["card"] == naming["csv"] == lists
    assert naming["picture"] == everywhere - {"activity/sentiment"}
    usage = await told(views, "channels/usage", asked("channels/usage", EVERYTHING))
    assert {form for form, text in usage.items() if NUMBERS.search(text)} == {*usage}


async def test_sums_count_everything_whoever_asks(views: ViewService) -> None:
    """No figure depends on what is seen, but those of the channels that are shown."""
    for kind in VIEWS.keys() - {"channels/peaks"}:
        all_of_it, part_of_it = [await views.board(kind, asked(kind, sight)) for sight in (EVERYTHING, SIGHT)]
        of_channel = VIEWS[kind].of_channel
        assert [
            (each.title, each.value, each.previous, each.of, "" if of_channel else each.note)
            for each in all_of_it.figures
        ] == [
            (each.title, each.value, each.previous, each.of, "" if of_channel else each.note)
            for each in part_of_it.figures
        ], kind
        assert all_of_it.series == part_of_it.series, kind
        for ranking in part_of_it.rankings:
            if (
                ranking.whole is not None
                and ranking.rows
                and ranking.rows[0].subject.kind is SubjectKind.CHANNEL
            ):
                left_out = ranking.not_shown
                assert left_out is not None, kind
                assert left_out.value is not None, kind
                parts = sum(row.value for row in ranking.rows) + ranking.others_value + left_out.value
                assert parts == pytest.approx(ranking.whole), kind


def not_shown(board: Board) -> list[NotShown]:
    return [ranking.not_shown for ranking in board.rankings if ranking.not_shown is not None]


async def test_what_is_left_out_stands_in_one_line(views: ViewService) -> None:
    usage = await told(views, "channels/usage", asked("channels/usage"))
    share = 528 / 1048

    assert "2 channels not shown: 50%" in usage["card"]
    assert f"2 channels not shown,528,{share!r}" in usage["csv"]
    assert "2 channels not shown" in usage["table"]
    assert json.loads(usage["board"])["rankings"][0]["notShown"]["value"] == 528
    for form in ("picture", "alternative text", "pdf"):
        assert "2 channels not shown: 50%" in usage[form], form


async def test_each_view_says_how_many_it_leaves_out(views: ViewService) -> None:
    left_out = {
        kind: [each.channels for each in not_shown(await views.board(kind, asked(kind)))] for kind in VIEWS
    }
    assert {kind: each for kind, each in left_out.items() if each} == {
        "overview": [2],
        "activity/messages": [2],
        "activity/voice": [1],
        "activity/reactions": [2],
        "activity/sentiment": [2],
        "channels/usage": [2],
        "channels/peaks": [2],
        "channels/voice": [1],
        "channels/quiet": [1],
    }
    for kind in ("channel/messages", "compare/channels/messages"):
        board = await views.board(kind, asked(kind))
        assert "2 channels not shown: 50%." in board.notes, kind


async def test_where_nothing_is_seen_that_is_said_and_not_that_nothing_was(views: ViewService) -> None:
    for kind in ("channels/usage", "channels/voice", "channels/peaks"):
        described = await views.describe(kind, asked(kind, NOTHING), Theme.DARK)
        assert described.chart is not None
        assert described.chart.title == str(NONE_SHOWN), kind
        fields = board_card(described.board, AROUND).embed.fields
        assert re.match(r"\d channels not shown", str(fields[-1].value)), kind
    with pytest.raises(CannotShow, match=str(NONE_SHOWN)):
        await views.board("compare/channels/all", asked("compare/channels/all", NOTHING))


@pytest.mark.parametrize("hidden", [*HIDDEN, 12_345 << 22])
@pytest.mark.parametrize("restricted", ["channels", "chosen"])
async def test_a_hidden_channel_is_refused_in_the_words_for_one_that_there_never_was(
    views: ViewService, hidden: int, restricted: str
) -> None:
    """Named directly, as a filter or beside one that is seen."""
    for kind, view in VIEWS.items():
        scope = asked(kind)
        if view.of_channel:
            scope = replace(scope, subject=hidden)
        elif view.compares is Restriction.CHANNELS or Restriction.CHANNELS in view.restricted_by:
            scope = replace(scope, **{restricted: (GENERAL, hidden)})
        else:
            continue
        with pytest.raises(CannotShow, match=re.escape(str(UNSEEN))):
            await views.board(kind, scope)


async def test_an_answer_of_the_reader_names_what_is_seen_or_no_channel() -> None:
    """A new question to the reader has to be thought of here: it is answered unveiled otherwise."""
    questions = {name for name, _ in inspect.getmembers(Reader, inspect.isfunction) if name[0] != "_"}
    veiled = {name for name, _ in inspect.getmembers(SeenReader, inspect.isfunction) if name[0] != "_"}
    assert questions == veiled | KNOW_NO_CHANNELS
    assert veiled & KNOW_NO_CHANNELS == set()


@pytest.mark.usefixtures("views")
async def test_answers_are_the_same_under_numbers_for_what_is_not_seen(db: Handle) -> None:
    """What the reader is asked in a view's own numbers, it answers of the channels that they stand for."""
    reader, seen = Reader(db), SeenReader(Reader(db), SIGHT)
    all_of_it, part_of_it = [await each.text_channels(GUILD) for each in (reader, seen)]
    assert all_of_it is not None
    assert part_of_it is not None
    assert sorted(part_of_it.values()) == sorted(all_of_it.values())
    assert {channel for channel in part_of_it if not is_unseen(channel)} == {GENERAL, HARBOUR, ATTIC}
    assert sorted((await seen.last_messages(GUILD, part_of_it)).values()) == sorted(
        (await reader.last_messages(GUILD, all_of_it)).values()
    )
    assert (await seen.channel_names(GUILD)) == SEEN

"""Every view's own picture, in both themes: no text is cut off, lies on another or is too small to be read.

With ``SERVERSTATS_PICTURES`` set to a folder, the pictures are put there for who wants to look at them.
"""

import os
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, cast

import pytest
from msgspec.structs import replace

from analytics.charts.alternative import MAX_ALTERNATIVE, alternative_text
from analytics.charts.geometry import Box
from analytics.charts.spec import Theme
from analytics.sight import Sight
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import ChannelRecord, Directory
from bot.db.reader import Reader
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import UNSCORED, MessageFlag
from bot.ingest.activity import Activity
from bot.views.naming import labelled, members_of, named, short
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.service import Charts, Naming, ViewService
from bot.views.view import Restriction
from tests.bot.views.counted import (
    GUILD,
    LONG_AGO,
    NOW,
    NOW_MS,
    TODAY,
    instant,
    lived,
    message,
    people,
    reaction,
    reply,
    thread,
    voice,
)
from tests.support.agreements import agree
from tests.support.legible import assert_legible
from tests.support.roles import everybody_has

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.painter import Painter

NAMES = (
    "general",
    "W" * 100,
    "漢字" * 50,
    "العربية في القناة",
    "ideen-und-wünsche",
    "👩‍🚀 crew",
    "हिन्दी",
    "x",
)
FOLDER = os.environ.get("SERVERSTATS_PICTURES")


def _rich() -> Iterator[Activity]:
    """Three weeks of a lively server: 40 channels, of which some have dreadful names."""
    random = Random(4)
    for number in range(2500):
        day, hour = random.randrange(22), min(23, int(random.triangular(0, 23, 18)))
        if day == 0 and hour > 15:
            continue
        flags = random.choice([0, 0, 0, MessageFlag.FILES, MessageFlag.REPLY])
        channel = 11 + int(40 * random.random() ** 2)
        read = {"sentiment": random.choice([UNSCORED, random.randrange(-100, 101)])}
        member = 1 + int(300 * random.random() ** 3)
        yield message(day, hour, channel, flags, member=member, id=number + 1, **read)
    for _ in range(300):
        day, hour = random.randrange(1, 22), random.randrange(24)
        yield voice(day, hour, random.uniform(1, 59), channel=60 + random.randrange(9))
        yield people(day, hour, random.randrange(1, 30))
        emoji = random.choice(["👍", "🎉", "party:123456789", "❤️"])
        yield reaction(day, hour, emoji, 11 + random.randrange(8))
    for number in range(60):
        day, hour = random.randrange(1, 21), random.randrange(24)
        yield from thread(day, hour, 900 + number, solved_after_ms=random.randrange(10**6, 10**8))
        yield reply(day, hour, 900 + number, random.randrange(10**4, 10**7))
    for day in range(22):
        yield MembersCounted(GUILD, instant(day, 1), 0, TODAY - day, 1, 1000 - 7 * day)


ROLES = (500, 501)
NEIGHBOURS = {3 << 60: NAMES[2], 5 << 60: NAMES[0], 6 << 60: NAMES[3]}
DATA = {
    "empty": (),
    "one": (message(2, 9, id=1),),
    "rich": tuple(_rich()),
}


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> "Painter":
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLCONFIGDIR", str(tmp_path_factory.mktemp("matplotlib")))
        patch.setenv("MPL_IGNORE_SYSTEM_FONTS", "1")
        from analytics.charts.painter import Painter  # noqa: PLC0415 - reads the settings above
    return Painter()


@pytest.mark.parametrize("data", DATA)
async def test_every_view_has_a_picture_that_can_be_read(
    driver: Driver, db: Handle, painter: "Painter", tmp_path: Path, data: str
) -> None:
    await Directory(db).add_guild(GUILD, NAMES[1], "UTC")
    await Directory(db).mark_discord(GUILD, LONG_AGO)
    for other, name in NEIGHBOURS.items():
        await Directory(db).add_guild(other, name, "Asia/Kolkata")
    beside = [replace(each, guild=other) for other in NEIGHBOURS for each in DATA[data][:200]]
    await lived(driver, db, tmp_path, *DATA[data], *beside)
    await agree(db, GUILD, *NEIGHBOURS)
    channels = [ChannelRecord(11 + n, NAMES[n % len(NAMES)], "TEXT") for n in range(60)]
    await Directory(db).save_channels(GUILD, channels)
    await everybody_has(db, GUILD, () if data == "one" else ROLES, NOW)  # one holder is too few to show
    reader = Reader(db)
    drawn = 0
    for view in VIEWS.values():
        subject = (11 if "channel" in view.kind else 1) if view.of_subject else 0
        for timeframe in ("24h", "7d", "30d"):
            roles = ROLES if view.compares is Restriction.ROLES else ()
            scope = Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS, subject, roles=roles)
            result = await view.load(reader, scope)
            board = view.board(result)
            names = {each: NAMES[each % len(NAMES)] for each in members_of(board)}
            board = named(board, names, {each: NAMES[each % len(NAMES)] for each in labelled(board)})
            for theme in Theme:
                of_board = view.board_chart
                spec = view.chart(result, theme) if of_board is None else of_board(board, theme)
                if spec is None:
                    continue
                canvas = painter.paint(spec)
                name = f"{view.kind.replace('/', '-')}-{timeframe}-{data}-{theme.value}"
                if FOLDER:
                    (Path(FOLDER) / f"{name}.png").write_bytes(canvas.png())
                assert spec.theme is theme, name
                assert spec.title, name
                assert_readable(canvas, name)
                assert_legible(canvas, name)
                assert 20 < len(alternative_text(spec)) <= MAX_ALTERNATIVE, name
                drawn += 1
    assert drawn > len(VIEWS)


@pytest.mark.parametrize("seen", [range(0), range(11, 13), range(11, 40)])
async def test_what_a_picture_leaves_out_can_be_read_too(
    driver: Driver, db: Handle, painter: "Painter", tmp_path: Path, seen: range
) -> None:
    await Directory(db).add_guild(GUILD, NAMES[1], "UTC")
    await Directory(db).mark_discord(GUILD, LONG_AGO)
    await lived(driver, db, tmp_path, *DATA["rich"])
    channels = [ChannelRecord(11 + n, NAMES[n % len(NAMES)], "TEXT") for n in range(60)]
    await Directory(db).save_channels(GUILD, channels)
    views = ViewService(Reader(db), cast("Charts", None), cast("Naming", None))
    sight = Sight(frozenset(seen))
    compared = ("compare/channels/all",) if seen else ()
    for kind in ("channels/usage", "channels/peaks", "channels/voice", *compared):
        scope = Scope(GUILD, parse_timeframe("30d", NOW.date()), NOW_MS, sight=sight)
        spec = (await views.describe(kind, scope)).chart
        assert spec is not None, kind
        assert ("not shown" in spec.subtitle) is (kind != "compare/channels/all"), kind
        canvas = painter.paint(spec)
        assert_readable(canvas, kind)
        assert_legible(canvas, kind)
        assert len(alternative_text(spec)) <= MAX_ALTERNATIVE, kind


def assert_readable(canvas: "Canvas", name: str) -> None:
    picture = Box(0, 0, canvas.width, canvas.height)
    texts = [(text, box) for text, box in canvas.texts() if text]
    assert [text for text, box in texts if not box.inside(picture)] == [], name
    assert [(a, b) for (a, one), (b, other) in combinations(texts, 2) if one.touches(other)] == [], name


@pytest.mark.parametrize(
    ("name", "said"),
    [("general", "general"), ("W" * 100, "W" * 19 + "…"), ("👩‍🚀" * 30, "👩‍🚀" * 19 + "…"), ("a\nb", "a b")],
)
def test_a_name_leaves_room_for_the_finding(name: str, said: str) -> None:
    assert short(name) == said

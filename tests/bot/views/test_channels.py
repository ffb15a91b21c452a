"""The views of channels, of what the real parts have stored."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from analytics.charts.spec import Theme
from analytics.local_time import weekday_of
from bot.db.channel_facts import DISCORD_EPOCH_MS, made_at
from bot.db.database import Driver, Handle
from bot.db.reader import Reader
from bot.ingest.activities.channels import CATEGORY, ChannelsListed, ListedChannel
from bot.ingest.activities.messages import ChannelKind
from bot.views.channels import answers, peaks, quiet, usage
from bot.views.channels import voice as voice_use
from bot.views.registry import VIEWS
from tests.bot.views.counted import (
    DAY_MS,
    GUILD,
    NOW_MS,
    TODAY,
    counted,
    instant,
    lived,
    message,
    reply,
    scope,
    thread,
    voice,
)

MINUTE = 60_000


def channel_made(days_ago: int) -> int:
    return (NOW_MS - days_ago * DAY_MS - DISCORD_EPOCH_MS) << 22


async def test_usage_ranks_channels_with_their_change(driver: Driver, db: Handle) -> None:
    earlier = [message(8, 9, 12), message(8, 10, 13), message(20, 0)]
    await counted(driver, db, message(1, 9), message(1, 10), message(2, 9, 12), *earlier)

    result = await usage.load(Reader(db), scope())
    shown = usage.board(result)

    assert [(each.title, each.value, each.previous) for each in shown.figures] == [
        ("Messages", 3, 2),
        ("Channels with messages", 2, 2),
    ]
    rows = [(row.subject.id, row.value, row.previous) for row in shown.rankings[0].rows]
    assert rows == [(11, 2, 0), (12, 1, 1)]
    assert usage.chart(result, Theme.DARK).title == "67% of messages are in general"
    only = await usage.load(Reader(db), scope("7d", 12))
    assert only.total.now == 1


async def test_each_channel_has_its_busiest_hour_of_the_week(driver: Driver, db: Handle) -> None:
    sent = [message(1, 9), message(8, 9), message(8, 9), message(2, 20), message(3, 23, 12), message(30, 0)]
    await counted(driver, db, *sent)

    result = await peaks.load(Reader(db), scope("14d"))
    shown = peaks.board(result)

    assert [(peak.channel_id, peak.weekday, peak.hour, peak.messages) for peak in result.channels] == [
        (11, weekday_of(TODAY - 1), 9, 1.5),
        (12, weekday_of(TODAY - 3), 23, 0.5),
    ]
    assert shown.figures[0].note == "messages, Tue 09:00–10:00"  # noqa: RUF001 - a range
    only = await peaks.load(Reader(db), scope("14d", 12))
    assert [peak.channel_id for peak in only.channels] == [12]


async def test_voice_use_is_a_share_of_the_hours_counted(driver: Driver, db: Handle) -> None:
    spoken = [voice(1, 9, 5), voice(1, 9, 50), voice(2, 23, 60), voice(1, 9, 1, channel=22), voice(8, 9, 1)]
    await counted(driver, db, *spoken, message(20, 0))

    result = await voice_use.load(Reader(db), scope())

    assert result.hours == 6 * 24 + 16
    assert [(row.subject.id, row.value, row.previous) for row in result.channels] == [
        (21, pytest.approx(2 / 160), pytest.approx(1 / 160)),
        (22, pytest.approx(1 / 160), 0),
    ]
    assert voice_use.chart(result, Theme.DARK).title == "lounge was used in 1% of the hours"
    assert voice_use.board(result).rankings[0].rows == result.channels
    only = await voice_use.load(Reader(db), scope("7d", 22))
    assert [row.subject.id for row in only.channels] == [22]


async def test_quiet_channels_were_there_and_nobody_wrote(driver: Driver, db: Handle, tmp_path: Path) -> None:
    old, never, busy, talk, group = (channel_made(days) for days in (90, 60, 50, 40, 30))
    kinds = {old: 0, never: ChannelKind.FORUM, busy: 0, talk: ChannelKind.VOICE, group: CATEGORY}
    listed = [ListedChannel(each, kind, 1, 0, 0, TODAY - 90, 0) for each, kind in kinds.items()]
    spoken = [message(30, 15, old), message(1, 9, busy)]
    await counted(driver, db, *spoken)
    await lived(driver, db, tmp_path, ChannelsListed(GUILD, instant(0, 1), 0, TODAY, 1, tuple(listed)))

    result = await quiet.load(Reader(db), scope())
    shown = quiet.board(result)

    assert (result.all_of, result.never) == (3, 1)
    assert [(row.subject.id, row.value) for row in result.quiet] == [(never, 60), (old, 30)]
    assert (shown.figures[0].value, shown.figures[0].of) == (2, 3)
    assert quiet.chart(result, Theme.DARK).title == "Nobody wrote in 2 of 3 channels"
    nobody = msgspec.structs.replace(result, quiet=())
    assert quiet.chart(nobody, Theme.DARK).title == "Somebody wrote in every channel"
    assert made_at(never) == NOW_MS - 60 * DAY_MS


async def test_a_channel_written_in_during_the_running_hour_is_not_quiet(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    made = channel_made(60)
    listed = (ListedChannel(made, 0, 1, 0, 0, TODAY - 60, 0),)
    await counted(driver, db, *(message(day, 9) for day in range(20)), message(0, 16, made))
    await lived(driver, db, tmp_path, ChannelsListed(GUILD, instant(0, 1), 0, TODAY, 1, listed))

    result = await quiet.load(Reader(db), replace(scope("7d"), now_ms=NOW_MS + 20 * MINUTE))

    assert (result.head.stop.hour, result.all_of, result.quiet) == (16, 1, ())


async def test_without_a_list_of_channels_it_is_unknown_which_are_quiet(driver: Driver, db: Handle) -> None:
    await counted(driver, db, message(1, 9))

    shown = quiet.board(await quiet.load(Reader(db), scope()))

    assert [figure.value for figure in shown.figures] == [None, None]
    assert shown.rankings[0].empty == "The channels were never listed."


async def test_answers_have_quartiles_of_their_waits(driver: Driver, db: Handle, tmp_path: Path) -> None:
    await counted(driver, db, message(30, 0))
    waits = [1, 2, 30, 90]
    posts = [activity for n in range(6) for activity in thread(3, 9, 1001 + n)]
    replies = [reply(3, 9, 1001 + n, wait * MINUTE) for n, wait in enumerate(waits)]
    own = reply(3, 9, 1005, MINUTE, member=1)
    solved = thread(2, 9, 1010, solved_after_ms=2 * 60 * MINUTE)
    before = [*thread(9, 9, 1020), reply(9, 9, 1020, 5 * MINUTE)]
    await lived(driver, db, tmp_path, *posts, *replies, own, *solved, *before)

    result = await answers.load(Reader(db), scope())
    shown = answers.board(result)

    assert (result.threads.now, result.threads.before) == (7, 1)
    assert (result.reply.count, result.reply.low, result.reply.median, result.reply.high) == (
        4,
        60,
        120,
        1800,
    )
    assert (result.solved.count, result.solved.median) == (1, 7200)
    assert result.reply_before is not None
    assert result.reply_before.median == 300
    assert {figure.title: figure.value for figure in shown.figures}["First reply, median"] == 120
    picture = answers.chart(result, Theme.DARK)
    assert picture.title == "4 of 7 threads were answered, 3 within an hour"
    assert sum(picture.counts) == 4
    elsewhere = await answers.load(Reader(db), scope("7d", 11))
    assert elsewhere.threads.now == 0


@pytest.mark.parametrize("timeframe", ["24h", "all"])
async def test_nothing_counted_is_shown_too(driver: Driver, db: Handle, timeframe: str) -> None:
    await counted(driver, db)
    for view in (view for view in VIEWS.values() if view.group == "channels"):
        result = await view.load(Reader(db), scope(timeframe))
        assert view.board(result).head.counted_since is None
        assert view.chart(result, Theme.LIGHT) is not None

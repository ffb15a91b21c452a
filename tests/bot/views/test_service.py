"""The view service answers in bounded time, whatever the database and the charts do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from analytics.charts.alternative import alternative_text
from analytics.charts.report.spec import ReportSpec
from analytics.charts.spec import BarsSpec, Theme, TimeAxis, Unit
from analytics.timeframes import DEFAULT
from bot.charting import ChartError, ChartsClosedError
from bot.db.database import DatabaseError
from bot.views.scope import Scope
from bot.views.service import Patience, Shown, Unavailable, Unprinted, ViewService
from bot.views.view import View
from schemas.results.board import Board, Ranked, Ranking, Subject, SubjectKind
from tests.support.heads import head_of_days
from texts import LazyText

SHORT = Patience(database=0.05, chart=0.05, report=0.05)
RESULT = SimpleNamespace(guild_id=5)
SCOPE = Scope(5, DEFAULT, int(datetime(2026, 1, 31, 23, 30, tzinfo=UTC).timestamp() * 1000))


START = datetime(2026, 1, 1, tzinfo=UTC)
SPEC = BarsSpec(
    title="Messages rose",
    axis=TimeAxis(Unit.DAY, START.date()),
    values=(1.0, 2.0),
    y_label="messages per day",
)
UNCOUNTED = replace(SPEC, title="Nothing is counted in this server yet")
REPORT = ReportSpec(title="Overview", server="A server", about=(), footer="", made=START, sections=())
BOARD = Board(kind="overview", title="Overview", head=head_of_days(START, 30, guild_id=5, counted_since=None))


class Names:
    """Knows one member."""

    async def names(self, guild: int, pseudonyms: Iterable[int]) -> dict[int, str]:
        assert guild == 5
        return {each: {7: "Ada"}.get(each, "a former member") for each in pseudonyms}

    def labels(self, guild: int, ids: Iterable[int]) -> dict[int, str]:
        assert guild == 5
        return {each: {30: "Crew", 11: "general"}[each] for each in ids if each in (30, 11)}


class Charts:
    def __init__(self, draw: Callable[[], Awaitable[bytes]]) -> None:
        self._draw = draw

    async def draw(self, spec: BarsSpec) -> bytes:
        assert replace(spec, title=SPEC.title) == SPEC
        return await self._draw()

    async def print_report(self, spec: object) -> bytes:
        assert spec is REPORT
        return await self._draw()


async def png() -> bytes:
    return b"png"


async def forever() -> object:
    await asyncio.sleep(3600)


async def broken() -> object:
    raise RuntimeError("no")


def board(result: object) -> Board:
    assert result is RESULT
    return BOARD


def service(
    load: Callable[[object, Scope], Awaitable[object]], draw: Callable[[], Awaitable[bytes]] = png
) -> ViewService:
    views = {
        "overview": View("overview", 1, LazyText(""), LazyText(""), load, board, lambda _result, _theme: SPEC)  # type: ignore[arg-type]
    }
    return ViewService(None, Charts(draw), Names(), patience=SHORT, views=views)  # type: ignore[arg-type]


async def load(_reader: object, scope: Scope) -> object:
    assert scope == SCOPE
    return RESULT


async def test_result_and_picture() -> None:
    assert await service(load).show("overview", SCOPE) == Shown(BOARD, b"png", alternative_text(UNCOUNTED))


async def test_a_chart_comes_in_the_theme_that_is_asked_for() -> None:
    themes: list[Theme] = []

    def chart(_result: object, theme: Theme) -> BarsSpec:
        themes.append(theme)
        return SPEC

    view = View("overview", 1, "", "", load, board, chart)  # type: ignore[arg-type]
    asked = ViewService(None, Charts(png), Names(), patience=SHORT, views={"overview": view})  # type: ignore[arg-type]
    await asked.show("overview", SCOPE)
    await asked.show("overview", SCOPE, Theme.LIGHT)
    assert themes == [Theme.DARK, Theme.LIGHT]


async def test_a_chart_that_cannot_be_described_leaves_the_figures() -> None:
    def faulty(_result: object, _theme: Theme) -> BarsSpec:
        raise ValueError("no")

    view = View("overview", 1, "", "", load, board, faulty)  # type: ignore[arg-type]
    asked = ViewService(None, Charts(png), Names(), patience=SHORT, views={"overview": view})  # type: ignore[arg-type]
    with capture_logs() as logs:
        assert await asked.show("overview", SCOPE) == Shown(BOARD, None)
    assert [entry["event"] for entry in logs] == ["chart failed"]


async def test_nothing_counted_yet_is_not_called_nothing() -> None:
    described = await service(load).describe("overview", SCOPE)
    assert BOARD.head.counted_since is None
    assert described.chart == UNCOUNTED


async def test_a_report_is_printed() -> None:
    assert await service(load).print_report(REPORT) == b"png"


async def given_up() -> bytes:
    raise ChartError("This chart took too long to draw and was given up.")


@pytest.mark.parametrize(
    ("draw", "event", "traced"),
    [
        (broken, "report failed", True),
        (forever, "report given up", False),
        (given_up, "report given up", False),
    ],
)
async def test_a_report_that_fails_is_said_and_logged(
    draw: Callable[[], Awaitable[bytes]], event: str, *, traced: bool
) -> None:
    with capture_logs() as logs, pytest.raises(Unprinted):
        await service(load, draw).print_report(REPORT)
    assert [entry["event"] for entry in logs] == [event]
    assert ("exc_info" in logs[0]) is traced


async def test_a_silent_database_is_unavailable() -> None:
    async def silent(_reader: object, _scope: Scope) -> object:
        await forever()

    with pytest.raises(Unavailable) as raised:
        await service(silent).show("overview", SCOPE)
    assert isinstance(raised.value.__cause__, TimeoutError)


async def test_a_refusing_database_is_unavailable() -> None:
    refusal = DatabaseError("not primary")

    async def refusing(_reader: object, _scope: Scope) -> object:
        raise refusal

    with pytest.raises(Unavailable) as raised:
        await service(refusing).show("overview", SCOPE)
    assert raised.value.__cause__ is refusal


async def test_a_bug_is_not_called_a_silent_database() -> None:
    async def buggy(_reader: object, _scope: Scope) -> object:
        return await broken()

    with pytest.raises(RuntimeError):
        await service(buggy).show("overview", SCOPE)


@pytest.mark.parametrize(
    ("draw", "event", "traced"),
    [(broken, "chart failed", True), (forever, "chart left out", False), (given_up, "chart left out", False)],
)
async def test_a_failed_chart_leaves_the_figures(
    draw: Callable[[], Awaitable[bytes]], event: str, *, traced: bool
) -> None:
    with capture_logs() as logs:
        shown = await service(load, draw).show("overview", SCOPE)

    assert shown == Shown(BOARD, None)
    (entry,) = logs
    assert (entry["event"], entry["view"], entry["guild"]) == (event, "overview", 5)
    assert ("exc_info" in entry) is traced, (
        "a line where a chart is slow, a traceback where the fault is ours"
    )


async def test_what_is_not_drawn_because_the_bot_stops_is_no_failure() -> None:
    async def closed() -> bytes:
        raise ChartsClosedError

    with capture_logs() as logs:
        assert await service(load, closed).show("overview", SCOPE) == Shown(BOARD, None)
        with pytest.raises(Unprinted):
            await service(load, closed).print_report(REPORT)
    assert logs == []


async def test_a_cancelled_question_is_cancelled() -> None:
    async def silent(_reader: object, _scope: Scope) -> object:
        await forever()

    asking = asyncio.create_task(service(silent).show("overview", SCOPE))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_members_have_names_on_the_board_and_in_its_chart() -> None:
    rows = tuple(Ranked(Subject(SubjectKind.MEMBER, each), each) for each in (7, 8))
    ranked = replace(BOARD, rankings=(Ranking(title="Most", rows=rows),))
    drawn: list[Board] = []

    def draw(board: Board, _theme: Theme) -> BarsSpec:
        drawn.append(board)
        return SPEC

    def never(_result: object, _theme: Theme) -> None:
        raise AssertionError("the chart is that of the board")

    view = View(
        "overview", 1, LazyText(""), LazyText(""), load, lambda _result: ranked, never, board_chart=draw
    )  # type: ignore[arg-type]
    asked = ViewService(None, Charts(png), Names(), patience=SHORT, views={"overview": view})  # type: ignore[arg-type]

    shown = await asked.show("overview", SCOPE)

    assert [row.subject.name for row in shown.board.rankings[0].rows] == ["Ada", "a former member"]
    assert drawn == [shown.board]
    assert await asked.board("overview", SCOPE) == shown.board

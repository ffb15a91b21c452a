"""The view service answers in bounded time, whatever the database and the charts do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from analytics.charts.spec import ChartSpec, Theme
from analytics.timeframes import DEFAULT
from bot.db.database import DatabaseError
from bot.views.scope import Scope
from bot.views.service import Patience, Shown, Unavailable, ViewService
from bot.views.view import View
from schemas.results.board import Board, Head, Ranked, Ranking, Subject, SubjectKind
from texts import LazyText

SHORT = Patience(database=0.05, chart=0.05)
SPEC = ChartSpec(title="1,240 messages")
RESULT = SimpleNamespace(guild_id=5)
SCOPE = Scope(5, DEFAULT, int(datetime(2026, 1, 31, 23, 30, tzinfo=UTC).timestamp() * 1000))


START = datetime(2026, 1, 1, tzinfo=UTC)
BOARD = Board(
    kind="overview",
    title="Overview",
    head=Head(
        guild_id=5,
        guild_name="A server",
        timeframe="30d",
        timeframe_name="30 days",
        zone="UTC",
        zone_changed=False,
        start=START,
        stop=START,
        running=False,
        counted_since=None,
        comparable=False,
        compared=False,
    ),
)


class Names:
    """Knows one member."""

    async def names(self, guild: int, pseudonyms: Iterable[int]) -> dict[int, str]:
        assert guild == 5
        return {each: {7: "Ada"}.get(each, "a former member") for each in pseudonyms}


class Charts:
    def __init__(self, draw: Callable[[], Awaitable[bytes]]) -> None:
        self._draw = draw

    async def draw(self, spec: object) -> bytes:
        assert spec == SPEC
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
        "overview": View("overview", 1, LazyText(""), LazyText(""), load, board, lambda _result, _theme: SPEC)
    }  # type: ignore[arg-type, return-value]
    return ViewService(None, Charts(draw), Names(), patience=SHORT, views=views)  # type: ignore[arg-type]


async def load(_reader: object, scope: Scope) -> object:
    assert scope == SCOPE
    return RESULT


async def test_result_and_picture() -> None:
    assert await service(load).show("overview", SCOPE) == Shown(BOARD, b"png")


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


@pytest.mark.parametrize("draw", [broken, forever])
async def test_a_failed_chart_leaves_the_figures(draw: Callable[[], Awaitable[bytes]]) -> None:
    with capture_logs() as logs:
        shown = await service(load, draw).show("overview", SCOPE)

    assert shown == Shown(BOARD, None)
    (entry,) = logs
    assert (entry["event"], entry["view"], entry["guild"]) == ("chart failed", "overview", 5)
    assert entry["exc_info"]


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

    def draw(board: Board, _theme: Theme) -> str:
        drawn.append(board)
        return SPEC

    def never(_result: object, _theme: Theme) -> None:
        raise AssertionError("the chart is that of the board")

    view = View(
        "overview", 1, LazyText(""), LazyText(""), load, lambda _result: ranked, never, board_chart=draw
    )  # type: ignore[arg-type, return-value]
    asked = ViewService(None, Charts(png), Names(), patience=SHORT, views={"overview": view})  # type: ignore[arg-type]

    shown = await asked.show("overview", SCOPE)

    assert [row.subject.name for row in shown.board.rankings[0].rows] == ["Ada", "a former member"]
    assert drawn == [shown.board]
    assert await asked.board("overview", SCOPE) == shown.board

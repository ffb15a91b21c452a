"""The view service answers in bounded time, whatever the database and the charts do."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from analytics.timeframes import DEFAULT
from bot.db.database import DatabaseError
from bot.views.registry import View
from bot.views.scope import Scope
from bot.views.service import Patience, Shown, Unavailable, ViewService

SHORT = Patience(database=0.05, chart=0.05)
RESULT = SimpleNamespace(guild_id=5)


class FixedClock:
    def now_ms(self) -> int:
        return int(datetime(2026, 1, 31, 23, 30, tzinfo=UTC).timestamp() * 1000)


class Charts:
    def __init__(self, draw: Callable[[], Awaitable[bytes]]) -> None:
        self._draw = draw

    async def draw(self, spec: object) -> bytes:
        assert spec == "spec"
        return await self._draw()


async def png() -> bytes:
    return b"png"


async def forever() -> object:
    await asyncio.sleep(3600)


async def broken() -> object:
    raise RuntimeError("no")


def service(
    load: Callable[[object, Scope], Awaitable[object]], draw: Callable[[], Awaitable[bytes]] = png
) -> ViewService:
    views = {"overview": View("Overview", load, lambda _result, _theme: "spec")}  # type: ignore[arg-type, return-value]
    return ViewService(None, Charts(draw), FixedClock(), patience=SHORT, views=views)  # type: ignore[arg-type]


async def load(_reader: object, scope: Scope) -> object:
    assert scope == Scope(5, DEFAULT, FixedClock().now_ms())
    return RESULT


async def test_result_and_picture() -> None:
    assert await service(load).show("overview", 5, DEFAULT) == Shown(RESULT, b"png")  # type: ignore[arg-type]


async def test_a_silent_database_is_unavailable() -> None:
    async def silent(_reader: object, _scope: Scope) -> object:
        await forever()

    with pytest.raises(Unavailable) as raised:
        await service(silent).show("overview", 5, DEFAULT)
    assert isinstance(raised.value.__cause__, TimeoutError)


async def test_a_refusing_database_is_unavailable() -> None:
    refusal = DatabaseError("not primary")

    async def refusing(_reader: object, _scope: Scope) -> object:
        raise refusal

    with pytest.raises(Unavailable) as raised:
        await service(refusing).show("overview", 5, DEFAULT)
    assert raised.value.__cause__ is refusal


async def test_a_bug_is_not_called_a_silent_database() -> None:
    async def buggy(_reader: object, _scope: Scope) -> object:
        return await broken()

    with pytest.raises(RuntimeError):
        await service(buggy).show("overview", 5, DEFAULT)


@pytest.mark.parametrize("draw", [broken, forever])
async def test_a_failed_chart_leaves_the_figures(draw: Callable[[], Awaitable[bytes]]) -> None:
    with capture_logs() as logs:
        shown = await service(load, draw).show("overview", 5, DEFAULT)

    assert shown == Shown(RESULT, None)  # type: ignore[arg-type]
    (entry,) = logs
    assert (entry["event"], entry["view"], entry["guild"]) == ("chart failed", "overview", 5)
    assert entry["exc_info"]


async def test_a_cancelled_question_is_cancelled() -> None:
    async def silent(_reader: object, _scope: Scope) -> object:
        await forever()

    asking = asyncio.create_task(service(silent).show("overview", 5, DEFAULT))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

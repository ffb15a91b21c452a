import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import discord
import msgspec
import psutil
import pytest
import simcord
from discord import app_commands
from PIL import Image

import bot.charting
from analytics.charts.notation import Locale
from analytics.charts.report.spec import ReportSpec, Section
from analytics.charts.spec import BarsSpec, LineSpec, TimeAxis, Unit
from analytics.charts.wire import encode_spec
from bot.charting import MOST_REPORTS, ChartError, ChartPool

DAYS = TimeAxis(Unit.DAY, date(2026, 10, 20))
SPEC = BarsSpec(title="Messages rose", axis=DAYS, values=(3.0, None, 5.0), y_label="Messages per day")
WORKER = "analytics.charts.worker"


def other(number: int) -> BarsSpec:
    return msgspec.structs.replace(SPEC, title=f"Chart {number}")


@pytest.fixture(scope="module")
def config_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("matplotlib")


@pytest.fixture(scope="module")
def pool(config_dir: Path) -> Iterator[ChartPool]:
    shared = ChartPool(config_dir)
    shared.start()
    yield shared
    asyncio.run(shared.close())


def workers(of: psutil.Process | None = None) -> list[psutil.Process]:
    return [child for child in (of or psutil.Process()).children() if WORKER in child.cmdline()]


async def worker_of(pool: ChartPool) -> psutil.Process:
    await pool.draw(SPEC)
    (worker,) = workers()
    return worker


async def test_a_chart_is_a_picture(pool: ChartPool) -> None:
    with Image.open(BytesIO(await pool.draw(SPEC))) as image:
        assert image.format == "PNG"
        assert image.size == (1100, 620)


async def test_a_line_is_drawn_too(pool: ChartPool) -> None:
    line = LineSpec(title="Members grew", axis=DAYS, values=(1.0, 2.0), y_label="Members")
    assert await pool.draw(line) != await pool.draw(SPEC)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at what the worker has loaded")
async def test_a_started_pool_is_warm_before_anybody_asks(config_dir: Path) -> None:
    before = set(workers())
    pool = ChartPool(config_dir)
    try:
        pool.start()
        async with asyncio.timeout(30):
            while not any(_draws(worker) for worker in set(workers()) - before):
                await asyncio.sleep(0.05)
        (warm,) = set(workers()) - before
        await pool.draw(other(13))
        assert set(workers()) - before == {warm}
    finally:
        await pool.close()


def _draws(worker: psutil.Process) -> bool:
    """Whether it has loaded what writes texts, which is the last thing before it is ready."""
    return any("ft2font" in mapped.path for mapped in worker.memory_maps())


async def test_the_same_chart_is_drawn_once(pool: ChartPool, asked: list[bytes]) -> None:
    first, second = await asyncio.gather(pool.draw(other(1)), pool.draw(other(1)))
    third = await pool.draw(other(1))
    assert first is second is third
    assert len(asked) == 1


async def test_one_who_stops_waiting_takes_nothing_from_the_others(
    pool: ChartPool, asked: list[bytes]
) -> None:
    impatient = asyncio.create_task(pool.draw(other(2)))
    patient = asyncio.create_task(pool.draw(other(2)))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).startswith(b"\x89PNG")
    assert len(asked) == 1


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Descriptions that reached a worker."""
    seen: list[bytes] = []
    ask = bot.charting._Worker.ask

    def noting(worker: bot.charting._Worker, request: bytes, seconds: float) -> object:
        seen.append(request)
        return ask(worker, request, seconds)

    monkeypatch.setattr(bot.charting._Worker, "ask", noting)
    return seen


async def test_what_does_not_fit_is_drawn_again(config_dir: Path, asked: list[bytes]) -> None:
    pool = ChartPool(config_dir, cache_bytes=len(await one_picture(config_dir)) + 2000)
    try:
        for number in (1, 2, 2, 1):
            await pool.draw(other(number))
    finally:
        await pool.close()
    assert len(asked) == 1 + 3


async def one_picture(config_dir: Path) -> bytes:
    pool = ChartPool(config_dir)
    try:
        return await pool.draw(other(1))
    finally:
        await pool.close()


async def test_a_killed_worker_is_replaced(pool: ChartPool) -> None:
    old = await worker_of(pool)
    old.kill()
    assert (await pool.draw(other(3))).startswith(b"\x89PNG")
    (new,) = workers()
    assert new.pid != old.pid


async def test_a_worker_killed_while_it_draws_is_replaced(pool: ChartPool) -> None:
    worker = await worker_of(pool)
    worker.suspend()
    drawing = asyncio.create_task(pool.draw(other(4)))
    await asyncio.sleep(0.05)
    worker.kill()
    assert (await drawing).startswith(b"\x89PNG")


async def test_a_hanging_worker_is_given_up_and_replaced(config_dir: Path) -> None:
    pool = ChartPool(config_dir, draw_seconds=1.5)
    try:
        await pool.draw(SPEC)
        hanging = [
            worker for worker in workers() if worker.create_time() == max(w.create_time() for w in workers())
        ]
        hanging[0].suspend()
        with pytest.raises(ChartError, match="took too long"):
            await pool.draw(other(5))
        assert (await pool.draw(other(6))).startswith(b"\x89PNG")
    finally:
        await pool.close()


async def test_a_chart_that_fails_harms_no_other(pool: ChartPool) -> None:
    worker = await worker_of(pool)
    broken = msgspec.structs.replace(SPEC, locale=Locale(months=()))
    with pytest.raises(ChartError, match="log says why"):
        await pool.draw(broken)
    assert (await pool.draw(other(7))).startswith(b"\x89PNG")
    assert workers() == [worker]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
async def test_ctrl_c_leaves_workers_alone(pool: ChartPool) -> None:
    worker = await worker_of(pool)
    worker.send_signal(signal.SIGINT)
    assert (await pool.draw(other(8))).startswith(b"\x89PNG")
    assert workers() == [worker]
    assert os.getpgid(worker.pid) != os.getpgid(0)


async def test_workers_are_polite_and_know_no_secrets(
    config_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVERSTATS_TOKEN", "secret")
    pool = ChartPool(config_dir)
    before = set(workers())
    try:
        await pool.draw(SPEC)
        (worker,) = set(workers()) - before
        assert "secret" not in worker.environ().values()
        assert worker.environ()["MPLCONFIGDIR"] == str(config_dir)
        assert worker.nice() > psutil.Process().nice()
    finally:
        await pool.close()


async def test_the_event_loop_never_waits(config_dir: Path) -> None:
    pool = ChartPool(config_dir)
    pauses = []

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            pauses.append(time.perf_counter() - before)

    ticking = asyncio.create_task(tick())
    try:
        pool.start()
        await pool.draw(SPEC)
    finally:
        await pool.close()
        ticking.cancel()
    assert len(pauses) > 30
    assert max(pauses) < 0.35


async def test_closing_ends_workers_and_fails_what_waits(config_dir: Path) -> None:
    pool = ChartPool(config_dir)
    before = set(workers())
    await pool.draw(SPEC)
    (worker,) = set(workers()) - before
    worker.suspend()
    waiting = [asyncio.create_task(pool.draw(other(number))) for number in (9, 10)]
    await asyncio.sleep(0.05)
    await pool.close()
    assert not worker.is_running()
    for task in waiting:
        with pytest.raises(ChartError, match="shutting down"):
            await task
    with pytest.raises(ChartError, match="shutting down"):
        await pool.draw(other(11))


async def test_a_pool_closed_while_it_starts_leaves_nothing(config_dir: Path) -> None:
    before = set(workers())
    pool = ChartPool(config_dir, workers=2)
    pool.start()
    await asyncio.sleep(0.1)
    await pool.close()
    await pool.close()
    assert set(workers()) == before


async def test_two_workers_share_the_work(config_dir: Path) -> None:
    before = set(workers())
    pool = ChartPool(config_dir, workers=2)
    try:
        pictures = await asyncio.gather(*(pool.draw(other(number)) for number in range(6)))
        assert len(set(pictures)) == 6
        assert len(set(workers()) - before) == 2
    finally:
        await pool.close()


OWNER = """
import asyncio, sys
from datetime import date
from pathlib import Path
from analytics.charts.spec import BarsSpec, TimeAxis, Unit
from bot.charting import ChartPool

async def main():
    pool = ChartPool(Path(sys.argv[1]))
    axis = TimeAxis(Unit.DAY, date(2026, 1, 1))
    await pool.draw(BarsSpec(title="T", axis=axis, values=(1.0,), y_label="m"))
    print("drawn", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def test_no_worker_outlives_a_killed_owner(config_dir: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(config_dir)]
    owner = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - fixed command
    assert owner.stdout is not None
    with owner, owner.stdout as said:
        assert said.readline() == b"drawn\n"
        left = workers(psutil.Process(owner.pid))
        owner.kill()
    assert len(left) == 1
    gone, alive = psutil.wait_procs(left, timeout=5)
    assert (len(gone), alive) == (1, [])


class ChartClient(discord.Client):
    """A bot with one command that awaits a chart."""

    def __init__(self, pool: ChartPool) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="chart", description="Draws a chart")(self.chart)
        self._pool = pool

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def chart(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        picture = await self._pool.draw(other(12))
        await interaction.followup.send(file=discord.File(BytesIO(picture), "chart.png"))


async def test_a_command_gets_its_chart(config_dir: Path) -> None:
    pool = ChartPool(config_dir)
    try:
        async with simcord.run(ChartClient(pool)) as env:
            guild = env.create_guild()
            channel = guild.create_text_channel("general")
            answer = await guild.add_member(env.create_user("ada")).slash(channel, "chart")
            assert answer.response is not None
            assert [file.filename for file in answer.response.attachments] == ["chart.png"]
    finally:
        await pool.close()


REPORT = ReportSpec(
    title="Overview",
    server="The Lighthouse",
    about=("30 days",),
    footer="Serverstats",
    made=datetime(2026, 11, 21, tzinfo=UTC),
    sections=(Section("Overview", chart=encode_spec(SPEC)),),
)


async def test_a_report_is_printed_by_a_process_of_its_own_that_ends_with_it(pool: ChartPool) -> None:
    worker = await worker_of(pool)
    assert (await pool.print_report(REPORT)).startswith(b"%PDF-")
    assert workers() == [worker]


async def test_no_chart_waits_for_a_report_and_a_killed_report_is_printed_again(pool: ChartPool) -> None:
    worker = await worker_of(pool)
    printing = asyncio.create_task(pool.print_report(REPORT))
    while not (press := [each for each in workers() if each != worker]):
        await asyncio.sleep(0.02)
    press[0].suspend()
    assert (await pool.draw(other(30))).startswith(b"\x89PNG")
    assert not printing.done()
    press[0].kill()
    assert (await printing).startswith(b"%PDF-")


async def test_reports_that_wait_are_bounded_and_fail_when_the_pool_closes(config_dir: Path) -> None:
    pool = ChartPool(config_dir)
    waiting = [asyncio.create_task(pool.print_report(REPORT)) for _ in range(MOST_REPORTS)]
    await asyncio.sleep(0)
    with pytest.raises(ChartError, match="Too many reports"):
        await pool.print_report(REPORT)
    before = set(workers())
    await pool.close()
    for task in waiting:
        with pytest.raises(ChartError, match="shutting down"):
            await task
    with pytest.raises(ChartError, match="shutting down"):
        await pool.print_report(REPORT)
    assert set(workers()) <= before
    assert not any(each.is_running() for each in before - set(workers()))


async def test_a_report_that_cannot_be_drawn_says_so(pool: ChartPool) -> None:
    broken = msgspec.structs.replace(REPORT, sections=(Section("x", chart=b"nothing"),))
    with pytest.raises(ChartError, match="log says why"):
        await pool.print_report(broken)

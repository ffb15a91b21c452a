"""What a chart costs: against plain matplotlib, from memory, and for a gateway that has to be read."""

import argparse
import asyncio
import io
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
import uvloop
from matplotlib import dates
from matplotlib import pyplot as plt
from pydantic import SecretStr

from analytics.charts.kinds.registry import KINDS
from analytics.charts.painter import Painter
from analytics.charts.spec import BarsSpec, LineSpec, SeriesSpec, TimeAxis, Unit
from benchmarks.support.measuring import Spread, conclude, percentile, show
from benchmarks.support.settings import only_errors, settings_in
from bot.app import App, open_app
from bot.charting import ChartPool
from bot.client import ClientOptions
from bot.tuning import spare_what_stays
from tests.support.chart_samples import SAMPLES
from tests.support.discord_server.pointing import discord_pointed_at
from tests.support.discord_server.process import ServerProcess
from tests.support.discord_server.worlds import WorldSpec

START, BUCKETS = date(2026, 1, 1), 90
TICK = 0.001
GOAL_LINE, GOAL_STALL, GOAL_LONGEST_MS = 0.7, 2.0, 50.0


def wave(number: int, shift: float = 0.0) -> tuple[float, ...]:
    """A plausible series; each number another one."""
    return tuple(1000 + number + round(600 * math.sin(day / 9 + shift)) for day in range(BUCKETS))


def our_bars(number: int) -> BarsSpec:
    return BarsSpec(
        title=f"{number:,} messages",
        subtitle="A server · 90 days",
        axis=TimeAxis(Unit.DAY, START),
        values=wave(number),
        previous=wave(number, 1.0),
        y_label="messages per day",
    )


def our_line(number: int) -> LineSpec:
    return LineSpec(
        title=f"{number:,} members",
        subtitle="A server · 90 days",
        axis=TimeAxis(Unit.DAY, START),
        values=wave(number),
        y_label="members",
    )


def plain(spec: SeriesSpec) -> bytes:
    """The same picture as a script would draw it: pyplot, its own layout, the same number of pixels."""
    size = KINDS[type(spec)].size(spec)
    figure, axes = plt.subplots(figsize=(size.width / 100, size.height / 100), dpi=100)
    first = dates.date2num(spec.axis.start)  # type: ignore[no-untyped-call] # matplotlib's own
    days = [first + at for at in range(len(spec.values))]
    if isinstance(spec, BarsSpec):
        axes.bar(days, [value or 0 for value in spec.values])
    else:
        axes.plot(days, [value or 0 for value in spec.values])
    if spec.previous is not None:
        axes.plot(days, [value or 0 for value in spec.previous], linestyle="--")
    axes.set_title(f"{spec.title}\n{spec.subtitle}")
    axes.set_ylabel(spec.y_label)
    axes.grid(visible=True, axis="y")
    axes.xaxis_date()
    figure.tight_layout()
    made = io.BytesIO()
    figure.savefig(made, format="png")
    plt.close(figure)
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class Drawing:
    """Milliseconds of processor time: ours and plain matplotlib's, run by run."""

    ours: list[float]
    plain: list[float]


def _cpu_ms(work: Callable[[], bytes]) -> float:
    began = time.process_time()
    assert work().startswith(b"\x89PNG")
    return (time.process_time() - began) * 1000


def measure_drawing(make: Callable[[int], SeriesSpec], runs: int) -> Drawing:
    painter = Painter()
    painter.draw(make(0))
    plain(make(0))
    pairs = []
    for number in range(1, runs + 1):
        spec = make(number)
        pairs.append((_cpu_ms(lambda: painter.draw(spec)), _cpu_ms(lambda: plain(spec))))  # noqa: B023 - called at once
    return Drawing([ours for ours, _ in pairs], [reference for _, reference in pairs])


def measure_kinds(runs: int) -> list[tuple[str, list[float], int]]:
    """Milliseconds of processor time of every kind with ordinary data, and the bytes of its picture."""
    painter = Painter()
    rows = []
    for kind, samples in SAMPLES.items():
        spec = samples["ordinary"]
        size = len(painter.draw(spec))
        times = []
        for number in range(runs):
            another = msgspec.structs.replace(spec, title=f"{number:,} {spec.title}")
            times.append(_cpu_ms(lambda: painter.draw(another)))  # noqa: B023 - called at once
        rows.append((kind.__name__.removesuffix("Spec"), times, size))
    return rows


async def measure_pool(folder: Path, runs: int) -> tuple[list[float], list[float]]:
    """Milliseconds until a picture is there: drawn in the worker, and asked for again."""
    pool = ChartPool(folder)
    pool.start()
    await pool.draw(our_bars(0))
    drawn: list[float] = []
    again: list[float] = []
    for number in range(1, runs + 1):
        for times in (drawn, again):
            began = time.perf_counter()
            await pool.draw(our_bars(number))
            times.append((time.perf_counter() - began) * 1000)
    await pool.close()
    return drawn, again


async def watch_loop(seconds: float) -> list[float]:
    """By how many milliseconds each tick of the loop came late."""
    late = []
    until = time.perf_counter() + seconds
    while (now := time.perf_counter()) < until:
        await asyncio.sleep(TICK)
        late.append(max(0.0, (time.perf_counter() - now - TICK) * 1000))
    return late


async def draw_on(pool: ChartPool, numbers: list[int]) -> None:
    """Draw one new chart after the other."""
    while True:
        numbers.append(len(numbers) + 1_000)
        await pool.draw(our_bars(numbers[-1]))


async def measure_stalls(rate: float, seconds: float, rounds: int) -> tuple[list[float], list[float], float]:
    """Lateness of the running bot's loop under messages, without and with charts; charts a second."""
    world = WorldSpec(guilds=5, channels=20, members=100, replay_limit=500_000)
    quiet: list[float] = []
    drawing: list[float] = []
    numbers: list[int] = []
    with tempfile.TemporaryDirectory(prefix="serverstats-") as folder:
        settings = settings_in(Path(folder)).model_copy(update={"discord_token": SecretStr(world.token)})
        async with ServerProcess(world) as server:
            with discord_pointed_at(server.base_url):
                async with open_app(settings, ClientOptions(shard_count=1)) as app:
                    running = asyncio.create_task(app.client.start(world.token))
                    await _ready(app)
                    pool = ChartPool(Path(folder) / "charts")
                    pool.start()
                    await pool.draw(our_bars(0))
                    for _ in range(rounds):
                        quiet += await _under_load(server, rate, seconds)
                        charts = asyncio.create_task(draw_on(pool, numbers))
                        drawing += await _under_load(server, rate, seconds)
                        charts.cancel()
                        await asyncio.gather(charts, return_exceptions=True)
                    await pool.close()
                    await app.client.close()
                    await asyncio.gather(running, return_exceptions=True)
    return quiet, drawing, len(numbers) / (seconds * rounds)


async def _ready(app: App) -> None:
    while not app.client.is_ready():
        await asyncio.sleep(0.05)
    spare_what_stays()
    await asyncio.sleep(1)


async def _under_load(server: ServerProcess, rate: float, seconds: float) -> list[float]:
    flood = asyncio.create_task(server.flood(int(rate * seconds), rate=rate, keep=False))
    late = await watch_loop(seconds)
    await flood
    return late


def report(runs: int, rate: float, seconds: float, rounds: int) -> None:
    figures: dict[str, object] = {}
    rows = []
    kinds: tuple[tuple[str, Callable[[int], SeriesSpec]], ...] = (("bars", our_bars), ("line", our_line))
    for name, make in kinds:
        drawing = measure_drawing(make, runs)
        ratio = statistics.median(drawing.ours) / statistics.median(drawing.plain)
        figures[f"{name}_ratio"] = round(ratio, 3)
        figures[f"{name}_ms"] = round(statistics.median(drawing.ours), 1)
        rows.append((name, Spread.of(drawing.ours).text(), Spread.of(drawing.plain).text(), f"{ratio:.2f}"))
    show(
        f"A warm chart of {BUCKETS} days, ms of processor time, {runs} runs",
        ("chart", "serverstats", "plain matplotlib", "ratio"),
        rows,
    )
    print(f"goal: a line at most {GOAL_LINE} of plain matplotlib")
    kinds_drawn = measure_kinds(runs)
    show(
        f"Every kind with ordinary data, ms of processor time, {runs} runs",
        ("kind", "serverstats", "KB"),
        [(name, Spread.of(times).text(), f"{size / 1000:.0f}") for name, times, size in kinds_drawn],
    )
    figures["kinds_ms"] = {name: round(statistics.median(times), 1) for name, times, _ in kinds_drawn}
    with tempfile.TemporaryDirectory(prefix="serverstats-") as folder:
        drawn, again = uvloop.run(measure_pool(Path(folder), runs))
    show(
        "Until the picture is there, ms",
        ("", "first time", "again"),
        [("bars", Spread.of(drawn).text(), Spread.of(again).text(3))],
    )
    quiet, busy, charts = uvloop.run(measure_stalls(rate, seconds, rounds))
    show(
        f"Lateness of the loop at {rate:,.0f} messages a second, ms; {charts:.1f} charts a second",
        ("", "p50", "p99", "longest"),
        [
            (name, f"{percentile(late, 0.5):.2f}", f"{percentile(late, 0.99):.2f}", f"{max(late):.1f}")
            for name, late in (("without charts", quiet), ("with charts", busy))
        ],
    )
    ratio = percentile(busy, 0.99) / percentile(quiet, 0.99)
    met = ratio <= GOAL_STALL and max(busy) <= GOAL_LONGEST_MS
    print(
        f"goal: p99 at most {GOAL_STALL:g} times that without charts ({ratio:.2f}), longest at most "
        f"{GOAL_LONGEST_MS:g} ms: {'met' if met else 'missed'}"
    )
    conclude(
        "charts",
        {
            **figures,
            "pool_ms": round(statistics.median(drawn), 1),
            "again_ms": round(statistics.median(again), 4),
            "stall_p99_ms": [round(percentile(late, 0.99), 2) for late in (quiet, busy)],
            "stall_max_ms": [round(max(late), 1) for late in (quiet, busy)],
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--rate", type=float, default=3_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    only_errors()
    report(asked.runs, asked.rate, asked.seconds, asked.rounds)


if __name__ == "__main__":
    main()

"""Watches a client from the inside: how late its event loop comes, how old messages are when recorded.

The client's process calls ``watch``; whoever measures it reads with ``Probe``. A reading holds what came
since the one before. It costs a timer a millisecond, half a percent of a core.
"""

import asyncio
import os
import signal
import time
from array import array
from pathlib import Path

import discord
import msgspec

FILE = "BENCHMARK_PROBE"
"""Environment variable with the file for readings; a process without it is not watched."""
DISCORD_EPOCH_MS = 1_420_070_400_000
_TICK = 0.001
_LATE_STEPS, _DELAY_STEPS = 100_000, 60_000
_STEPS_PER_MS = 10
_NOTED_MS = 5.0


class Pause(msgspec.Struct, frozen=True):
    """A time in which the loop did not come round, in ms, and what ran meanwhile, in ms of processor time.

    ``loop`` is its own thread's share and ``process`` that of all threads: where both are far below ``late``,
    the machine had other things to do.
    """

    late: float
    loop: float
    process: float


class Reading(msgspec.Struct, frozen=True):
    """Lateness of the loop's ticks in tenths of a ms and delays of messages in ms, each with how often."""

    late: dict[int, int]
    delays: dict[int, int]
    pauses: list[Pause]

    @property
    def messages(self) -> int:
        return sum(self.delays.values())

    def late_ms(self, share: float) -> float:
        """The lateness that so large a share of the ticks does not exceed; 1 is the longest."""
        return _percentile(self.late, share) / _STEPS_PER_MS

    @property
    def longest_own_ms(self) -> float:
        """The longest lateness that the process's own work accounts for; only known from 5 ms on."""
        return max((min(pause.late, pause.process) for pause in self.pauses), default=0.0)

    def longest(self, count: int) -> list[tuple[float, float, float]]:
        """The longest pauses: lateness, the loop's and the whole process's processor time meanwhile."""
        ordered = sorted(self.pauses, key=lambda pause: -pause.late)
        return [(each.late, each.loop, each.process) for each in ordered[:count]]

    def delay_ms(self, share: float) -> float:
        """The delay that so large a share of the messages does not exceed."""
        return float(_percentile(self.delays, share))


def _percentile(counts: dict[int, int], share: float) -> int:
    left = sum(counts.values()) * (1 - share)
    for value in sorted(counts, reverse=True):
        left -= counts[value]
        if left <= 0:
            return value
    return 0


class Watch:
    """Ticks in the client's loop; SIGUSR1 makes it write a reading and begin anew."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._reset()

    @property
    def asked(self) -> bool:
        """Whether anybody wants to know."""
        return self._path is not None

    def begin(self) -> None:
        """Begin to tick, in the loop that runs."""
        if self._path is not None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_signal_handler(signal.SIGUSR1, self._write, self._path)
            self._tick()

    def message(self, message_id: int) -> None:
        """Note the age of a message that is being recorded."""
        age = time.time_ns() // 1_000_000 - DISCORD_EPOCH_MS - (message_id >> 22)
        self._delays[min(max(age, 0), _DELAY_STEPS - 1)] += 1

    def _reset(self) -> None:
        self._late = array("I", bytes(4 * _LATE_STEPS))
        self._delays = array("I", bytes(4 * _DELAY_STEPS))
        self._pauses: list[Pause] = []
        self._due = 0.0
        self._used = 0.0, 0.0

    def _tick(self) -> None:
        now = time.perf_counter()
        used = time.thread_time(), time.process_time()
        if self._due:
            late = max(0.0, now - self._due) * 1000
            self._late[min(int(late * _STEPS_PER_MS), _LATE_STEPS - 1)] += 1
            if late >= _NOTED_MS:
                loop, process = (
                    round((after - before) * 1000, 1) for before, after in zip(self._used, used, strict=True)
                )
                self._pauses.append(Pause(round(late, 1), loop, process))
        self._used = used
        self._due = now + _TICK
        self._loop.call_later(_TICK, self._tick)

    def _write(self, path: Path) -> None:
        reading = Reading(_filled(self._late), _filled(self._delays), self._pauses)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(reading))
        fresh.replace(path)
        self._reset()


def _filled(counts: "array[int]") -> dict[int, int]:
    return {value: count for value, count in enumerate(counts) if count}


def watch() -> Watch:
    """Watch this process's client from the moment in which it starts, if the environment asks for it."""
    asked = os.environ.get(FILE)
    watching = Watch(None if asked is None else Path(asked))
    start = discord.Client.start

    async def watched(client: discord.Client, token: str, *, reconnect: bool = True) -> None:
        watching.begin()
        await start(client, token, reconnect=reconnect)

    discord.Client.start = watched  # type: ignore[method-assign,assignment] # that is how it is watched
    return watching


class Probe:
    """Reads what a watched process notes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def environment(self) -> dict[str, str]:
        """What the process needs in its environment."""
        return {FILE: str(self._path)}

    async def read(self, pid: int, seconds: float = 30) -> Reading:
        """What was noted since the last reading; raises TimeoutError."""
        self._path.unlink(missing_ok=True)
        os.kill(pid, signal.SIGUSR1)
        async with asyncio.timeout(seconds):
            while not self._path.exists():
                await asyncio.sleep(0.02)
        return msgspec.json.decode(self._path.read_bytes(), type=Reading)

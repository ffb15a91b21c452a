"""What a demo is asked for, and what it shows."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.demo.plan import DAYS
from bot.demo.stage import Stage
from bot.settings import LONGEST_RETENTION_DAYS, LogLevel, Settings

Work = Callable[[], Coroutine[object, object, None]]
"""Starts something that runs until it is cancelled."""


class Steps(Protocol):
    """Is told how far the start has come."""

    def begin(self, title: str, total: int | None = None) -> None:
        """A step begins, and with it the one before has ended; ``total`` is how much there is to do."""

    def advance(self, done: int) -> None:
        """So much of the step is done."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the visitor asked for.

    ``data`` is a file to show instead of the made-up community, as the server ``name``. ``keep_in`` is a
    folder that stays (None: a temporary one), ``port`` 0 any free one, ``zone`` None the usual one,
    ``chatty`` whether members write while one looks.
    """

    data: Path | None = None
    name: str | None = None
    zone: ZoneInfo | None = None
    keep_in: Path | None = None
    port: int = 0
    days: int = DAYS
    chatty: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """A server ready to be looked at, in a room by one of the viewers, and what goes on meanwhile.

    The visitor finds ``hint`` there and the answer to the overview over a ``timeframe``.
    """

    stage: Stage
    room: int
    viewers: tuple[int, ...]
    zone: ZoneInfo
    hint: str
    timeframe: str
    background: tuple[Work, ...] = ()


def demo_settings(root: Path, zone: ZoneInfo) -> Settings:
    """Settings of a demo: its own folder and the defaults, whatever the environment and ``.env`` say."""
    return Settings.model_construct(
        data_dir=root.absolute(),
        default_time_zone=zone,
        message_content=True,
        log_level=LogLevel.WARNING,
        retention_members=LONGEST_RETENTION_DAYS,  # --data may be of long ago
    )

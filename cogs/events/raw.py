"""The one thing about events that discord.py does not tell: interest of members who are not in its memory.

It drops these events silently, and this bot keeps next to nobody in memory. So they are read where they
arrive; where that fails, the list that is read at a start and when an event begins has to do.
"""

from collections.abc import Callable
from typing import Any, Protocol

import structlog

from bot.client import ServerstatsClient


class Told(Protocol):
    """What is called for a change."""

    def __call__(self, guild: int, event: int, user: int, *, interested: bool) -> None:
        """Somebody is interested in an event, or no longer."""


_EVENTS = {"GUILD_SCHEDULED_EVENT_USER_ADD": True, "GUILD_SCHEDULED_EVENT_USER_REMOVE": False}

_log = structlog.get_logger(__name__)


def hear_interest(client: ServerstatsClient, told: Told) -> None:
    """Call ``told`` for every change of interest, instead of discord.py's own parsers."""
    parsers = getattr(client._connection, "parsers", None)  # noqa: SLF001 - the seam that this file is
    if not isinstance(parsers, dict) or not _EVENTS.keys() <= parsers.keys():
        _log.warning("this discord.py is unknown: interest in events is only read now and then")
        return
    for name, interested in _EVENTS.items():
        parsers[name] = _parser(told, interested=interested)


def _parser(told: Told, *, interested: bool) -> Callable[[dict[str, Any]], None]:
    def parse(data: dict[str, Any]) -> None:
        guild, event = int(data["guild_id"]), int(data["guild_scheduled_event_id"])
        told(guild, event, int(data["user_id"]), interested=interested)

    return parse

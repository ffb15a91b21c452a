"""Hearing an event as it arrives, before discord.py, which keeps quiet about members it has no memory of."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import structlog

from bot.client import ServerstatsClient
from bot.event_guard import Parser, unguarded

Payload = Mapping[str, Any]
"""What an event carries. Only inside a guard is that taken for granted."""
Hear = Callable[[Payload], None]

MAX_ID_DIGITS = 20
"""Of a number of 64 bits."""

_log = structlog.get_logger(__name__)


def hear_first(client: ServerstatsClient, event: str, hear: Hear) -> bool:
    """Have ``hear`` called with each payload of an event, and then, whatever came of it, discord.py's parser.

    False if this discord.py has its parsers elsewhere.
    """

    def both(parse: Parser, data: Payload) -> None:
        try:
            hear(data)
        except Exception as error:  # noqa: BLE001 - a strange payload must not end the connection
            client.guard.lost(event, data, error)
        parse(data)

    return _put_before(client, event, both)


def hear_behind(client: ServerstatsClient, event: str, hear: Hear) -> bool:
    """Have ``hear`` called with each payload of an event that discord.py's own parser has read just before.

    False if this discord.py has its parsers elsewhere.
    """

    def both(parse: Parser, data: Payload) -> None:
        parse(data)
        hear(data)

    return _put_before(client, event, both)


def _put_before(client: ServerstatsClient, event: str, both: Callable[[Parser, Payload], None]) -> bool:
    parsers = getattr(client._connection, "parsers", None)  # noqa: SLF001 - a seam, like that of raw_gateway
    if not isinstance(parsers, dict) or event not in parsers:
        _log.warning("this discord.py is unknown: an event is not heard", of=event)
        return False
    parsers[event] = partial(both, unguarded(parsers[event]))
    return True


def id_in(data: object, field: str) -> int | None:
    """An id out of a payload that may be anything; None if none is there."""
    value = data.get(field) if isinstance(data, Mapping) else None
    if not isinstance(value, str) or not value.isascii() or not value.isdecimal():
        return None
    return int(value) if len(value) <= MAX_ID_DIGITS else None

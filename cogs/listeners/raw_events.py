"""Hearing an event as it arrives, before discord.py, which keeps quiet about members it has no memory of."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from bot.client import ServerstatsClient

Payload = Mapping[str, Any]
Hear = Callable[[Payload], None]

_log = structlog.get_logger(__name__)


def hear_first(client: ServerstatsClient, event: str, hear: Hear, failed: Hear) -> bool:
    """Have ``hear`` called with each payload of an event, and then discord.py's own parser.

    ``failed`` is called where that raised. False if this discord.py has its parsers elsewhere.
    """
    parsers = getattr(client._connection, "parsers", None)  # noqa: SLF001 - a seam, like that of raw_gateway
    if not isinstance(parsers, dict) or event not in parsers:
        _log.warning("this discord.py is unknown: an event is not heard", of=event)
        return False
    parse = parsers[event]

    def both(data: Payload) -> None:
        try:
            hear(data)
        except Exception as error:  # noqa: BLE001 - a strange payload must not end the connection
            _log.error("an event cannot be read", of=event, cause=type(error).__name__)
            failed(data)
        parse(data)

    parsers[event] = both
    return True

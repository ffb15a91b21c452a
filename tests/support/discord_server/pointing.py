"""Turns discord.py to a fake instead of Discord. The one module here that knows discord.py."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.support.discord_server.rest import API, GATEWAY

if TYPE_CHECKING:
    from collections.abc import Iterator


def point_discord_at(base_url: str) -> None:
    """Send everything that discord.py does in this process to `http://host:port`."""
    Route.BASE = base_url + API
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base_url).with_scheme("ws") / GATEWAY.lstrip("/")


@contextmanager
def discord_pointed_at(base_url: str) -> Iterator[None]:
    """Do the same for as long as the block lasts."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    point_discord_at(base_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before

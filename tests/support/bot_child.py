"""The real `serverstats` in a process of its own, under a test's orders (the first argument, as JSON).

What the command needs is loaded at once; it begins when a line comes on standard input. So a test can have
the next process ready when it kills one, and need not wait for the imports each time. It says on
standard error where it is when a test asks it with ``SAY_WHERE``.
"""

from __future__ import annotations

import sys

import msgspec
import uvloop

import bot.app
import bot.charting
import cogs.controls
import cogs.listeners
import cogs.serverstats
from bot.cli import main
from tests.support.bot_orders import Orders, obey
from tests.support.whereabouts import tell_when_asked

LOADED = (uvloop, bot.app, bot.charting, cogs.controls, cogs.listeners, cogs.serverstats)


def run() -> None:
    """Wait for the word, then be `serverstats`."""
    orders = msgspec.json.decode(sys.argv[1], type=Orders)
    obey(orders)
    tell_when_asked()
    if sys.stdin.readline():
        sys.argv = ["serverstats", *orders.command]
        main()


if __name__ == "__main__":
    run()

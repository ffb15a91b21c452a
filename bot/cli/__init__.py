"""The command line: ``serverstats COMMAND``. Each command is a module of this package."""

from bot.cli.entry import main

__all__ = ["main"]

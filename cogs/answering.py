"""Reporting to the asker what went wrong on the way to an answer."""

from types import TracebackType

import discord

from bot.client import ServerstatsClient

Asked = discord.Interaction[ServerstatsClient]


class Answering:
    """Reports every error inside a block to the user and the log; used with ``async with``."""

    def __init__(self, interaction: Asked) -> None:
        self._interaction = interaction

    async def __aenter__(self) -> None:
        """Do nothing."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Report an error and end it here; let a cancellation pass."""
        if not isinstance(error, Exception):
            return False
        await self._interaction.client.report(self._interaction, error)
        return True

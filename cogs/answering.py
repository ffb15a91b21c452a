"""Answering somebody: in the asker's language, and with a report of what went wrong on the way."""

from types import TracebackType

import discord

from bot.client import ServerstatsClient

Asked = discord.Interaction[ServerstatsClient]


class Answering:
    """Speaks the asker's language in a block, and reports every error there to the user and the log."""

    def __init__(self, interaction: Asked) -> None:
        self._interaction = interaction

    async def __aenter__(self) -> None:
        """Put the language in force."""
        self._interaction.client.speak_to(self._interaction)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Report an error and end it here; let a cancellation pass."""
        if not isinstance(error, Exception):
            return False
        await self._interaction.client.report(self._interaction, error)
        return True

"""Answering somebody: in the asker's language, and with a report of what went wrong on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType

import discord
from discord import app_commands

from bot.client import ServerstatsClient
from bot.wording.format import plain

Suggestions = list[app_commands.Choice[str]]
LOOKUP_SECONDS = 2.0
"""Discord drops suggestions that come after three seconds."""
_CHOICE_LIMIT = 100
"""Characters of a suggestion, as Discord sets it."""

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


def suggested(interaction: Asked, typed: str, offer: Callable[[], Suggestions]) -> Suggestions:
    """What ``offer`` returns; an error becomes the one suggestion, which says what is wrong and where."""
    try:
        interaction.client.speak_to(interaction)
        return offer()
    except Exception as error:  # noqa: BLE001 - discord.py would keep from the user whatever it is
        return _unsuggested(interaction, typed, error)


async def suggested_later(interaction: Asked, typed: str, offer: Awaitable[Suggestions]) -> Suggestions:
    """As ``suggested``, of suggestions that have to be looked up; none where that takes too long."""
    try:
        interaction.client.speak_to(interaction)
        async with asyncio.timeout(LOOKUP_SECONDS):
            return await offer
    except TimeoutError:
        return []
    except Exception as error:  # noqa: BLE001 - as above
        return _unsuggested(interaction, typed, error)


def _unsuggested(interaction: Asked, typed: str, error: Exception) -> Suggestions:
    explanation = interaction.client.explained(interaction, error)
    said = explanation.sentence
    if explanation.reference is not None:
        said = f"{explanation.reference}: {said}"
    return [app_commands.Choice(name=plain(said, _CHOICE_LIMIT), value=typed[:_CHOICE_LIMIT] or "?")]

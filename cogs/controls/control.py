"""What all controls have in common: state from the ``custom_id``, access checked again, errors reported."""

from typing import Any, Self

import discord

from cogs.access import require_access
from cogs.answering import Answering, Asked
from cogs.controls.state import ViewState, decode


class Wrapped(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?!)"):
    """An item of an earlier message, found by its ``custom_id``, which is read where errors are reported."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: discord.ui.Item[Any],
        match: Any,  # noqa: ANN401, ARG003 - same
        /,
    ) -> Self:
        """Wrap the item."""
        return cls(item)


class Control(Wrapped, template=r"(?!)"):
    """A control on a message of ours, of this run of the bot or an earlier one.

    A subclass names its ``template`` and says in ``act`` what happens.
    """

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Read the state, check the person, act; every error reaches the person."""
        async with Answering(interaction):
            _, state = decode(self.custom_id)
            require_access(interaction, state.kind, state.subject)
            await self.act(interaction, state)

    @property
    def chosen(self) -> str:
        """The one entry that was chosen in a menu of texts; empty for anything else."""
        values = self.item.values if isinstance(self.item, discord.ui.Select) else []
        return str(values[0]) if len(values) == 1 else ""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Answer the interaction."""
        raise NotImplementedError

"""What somebody used of a family of controls that discord.py keeps no memory of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord

from cogs.answering import Asked


@dataclass(frozen=True, slots=True)
class Used:
    """A menu, a button or a form (``submitted``) that was used; ``data`` is as Discord sends it."""

    custom_id: str
    data: Any
    submitted: bool


def used(interaction: Asked, is_ours: Callable[[str], bool]) -> Used | None:
    """What was used, if its ``custom_id`` ``is_ours``; None leaves the interaction to others."""
    data: Any = interaction.data or {}
    custom_id = data.get("custom_id", "")
    if not is_ours(custom_id):
        return None
    return Used(custom_id, data, interaction.type is discord.InteractionType.modal_submit)

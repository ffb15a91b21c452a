"""The form that asks for a range of days, and what happens when it comes back."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import discord

from cogs.access import require_access
from cogs.answering import Answering, Asked
from cogs.asking import MAX_TYPED, read_timeframe, today
from cogs.controls.control import Control
from cogs.controls.state import Action, OutdatedControlError, ViewState, decode, encode, template
from cogs.showing import show
from texts import tr

FIELD = "range"


class RangeButton(Control, template=template(Action.ASK_RANGE)):
    """Asks for a range of one's own."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Open the form."""
        await interaction.response.send_modal(range_form(state))


def range_form(state: ViewState) -> discord.ui.Modal:
    """Form with the present range in it.

    It is finished at once, so discord.py forgets it and every submission takes the one way that also works
    after a restart: ``submitted``.
    """
    form = discord.ui.Modal(title=tr("Custom range"), custom_id=encode(Action.CUSTOM_RANGE, state))
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=FIELD,
        default=str(state.timeframe),
        placeholder="2026-01-15..2026-02-01",
        max_length=MAX_TYPED,
    )
    form.add_item(
        discord.ui.Label(
            text=tr("From when to when?"),
            description=tr("Days like 2026-01-15..2026-02-01, or words like last month, 14d, yesterday."),
            component=field,
        )
    )
    form.stop()
    return form


async def submitted(interaction: Asked, custom_id: str, components: object) -> None:
    """Show the view over the range that a form brought."""
    async with Answering(interaction):
        action, state = decode(custom_id)
        if action is not Action.CUSTOM_RANGE:
            raise OutdatedControlError
        guild_id = require_access(interaction, state.kind, state.subject)
        typed = field_value(components, FIELD)
        services = interaction.client.services
        timeframe = read_timeframe(typed, today(guild_id, services), services.languages)
        await interaction.response.defer()
        await show(interaction, replace(state, timeframe=timeframe, page=0))


def field_value(components: object, custom_id: str) -> str:
    """What was typed into a form's field; raises OutdatedControlError if the form has no such field."""
    for field in _fields(components):
        value = field.get("value")
        if field.get("custom_id") == custom_id and isinstance(value, str):
            return value
    raise OutdatedControlError


def _fields(components: object) -> Iterator[Mapping[str, Any]]:
    """Walk through rows and labels to the fields."""
    if not isinstance(components, list):
        return
    for component in components:
        if isinstance(component, dict):
            yield component
            yield from _fields(component.get("components"))
            yield from _fields([component.get("component")])

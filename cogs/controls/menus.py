"""The menus that choose what a view shows, and of what: variants, channels, roles, and servers."""

from dataclasses import replace
from typing import Any

import discord

from bot.views.registry import VIEWS, variants
from cogs.access import elsewhere, require_access
from cogs.answering import Asked
from cogs.controls.control import Control
from cogs.controls.panel import choices
from cogs.controls.state import MAX_ID, Action, OutdatedControlError, ViewState, template
from cogs.showing import show


class TimeframeMenu(Control, template=template(Action.TIMEFRAME)):
    """Shows the view over another timeframe."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Show the chosen timeframe."""
        timeframe = choices(state.timeframe).get(self.chosen)
        if timeframe is None:
            raise OutdatedControlError
        await interaction.response.defer()
        await show(interaction, replace(state, timeframe=timeframe, page=0))


class VariantMenu(Control, template=template(Action.VARIANT)):
    """Shows another view of the same command."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Show the chosen view, with what it can be restricted to."""
        chosen = self.chosen
        if chosen not in {view.kind for view in variants(state.kind)}:
            raise OutdatedControlError
        require_access(interaction, chosen, state.subject)
        await interaction.response.defer()
        await show(interaction, replace(restricted(state, chosen), page=0))


class ChannelMenu(Control, template=template(Action.CHANNELS)):
    """Restricts the view to channels and categories; to none: all. Nobody counts by channel and role."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Show the view of the chosen channels."""
        channels = _ids(self.item)
        await interaction.response.defer()
        await show(
            interaction, replace(state, channels=channels, roles=() if channels else state.roles, page=0)
        )


class RoleMenu(Control, template=template(Action.ROLES)):
    """Restricts the view to members with a role; to none: everybody."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Show the view of the chosen roles; everybody has the one that is called @everyone."""
        roles = tuple(role for role in _ids(self.item) if role != interaction.guild_id)
        await interaction.response.defer()
        await show(interaction, replace(state, roles=roles, channels=() if roles else state.channels, page=0))


class ServerMenu(Control, template=template(Action.SERVERS)):
    """Sets other servers beside this one."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Show the chosen servers; whether they agree to it is asked by the view."""
        values = self.item.values if isinstance(self.item, discord.ui.Select) else []
        if not values or not all(value.isdecimal() and int(value) <= MAX_ID for value in values):
            raise OutdatedControlError
        await interaction.response.defer()
        await show(interaction, replace(state, servers=tuple(map(int, values)), page=0))


class PlaceMenu(Control, template=template(Action.PLACE)):
    """Shows one's own figures of another server."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Show the chosen server; whether the person is counted there is asked when it is shown."""
        chosen = self.chosen
        if not elsewhere(state.kind, state.subject) or not chosen.isdecimal() or int(chosen) > MAX_ID:
            raise OutdatedControlError
        await interaction.response.defer()
        await show(interaction, replace(state, subject=int(chosen), page=0))


def restricted(state: ViewState, kind: str) -> ViewState:
    """The state for another view, without channels, roles and servers of which it knows nothing."""
    known = {*VIEWS[kind].restricted_by, VIEWS[kind].compares}
    channels, roles, servers = (
        numbers if name in known else ()
        for name, numbers in (
            ("channels", state.channels),
            ("roles", state.roles),
            ("servers", state.servers),
        )
    )
    return replace(state, kind=kind, channels=channels, roles=roles, servers=servers)


def _ids(item: discord.ui.Item[Any]) -> tuple[int, ...]:
    if not isinstance(item, discord.ui.ChannelSelect | discord.ui.RoleSelect):
        raise OutdatedControlError
    return tuple(value.id for value in item.values)

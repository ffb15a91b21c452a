"""Answers what discord.py passes over: submitted forms, and controls of other versions."""

from collections.abc import Mapping
from types import MappingProxyType

from discord.ext import commands

from bot.client import ServerstatsClient
from cogs.answering import Answering, Asked
from cogs.controls.buttons import BackButton, CompareButton, FormButton, OnButton, RefreshButton
from cogs.controls.control import Control
from cogs.controls.custom_range import RangeButton, submitted
from cogs.controls.export import ExportButton, ExportMenu
from cogs.controls.menus import ChannelMenu, RoleMenu, TimeframeMenu, VariantMenu
from cogs.controls.state import Action, OutdatedControlError, action_of, is_ours
from cogs.controls.used import used

CONTROLS: Mapping[Action, type[Control]] = MappingProxyType(
    {
        Action.TIMEFRAME: TimeframeMenu,
        Action.VARIANT: VariantMenu,
        Action.CHANNELS: ChannelMenu,
        Action.ROLES: RoleMenu,
        Action.ASK_RANGE: RangeButton,
        Action.REFRESH: RefreshButton,
        Action.FORM: FormButton,
        Action.COMPARE: CompareButton,
        Action.BACK: BackButton,
        Action.ON: OnButton,
        Action.EXPORT: ExportButton,
        Action.EXPORT_AS: ExportMenu,
    }
)
"""What answers a component; a form comes back to this cog itself."""


class ControlsCog(commands.Cog):
    """Makes the controls of all messages work, whichever run of the bot sent them."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client

    async def cog_load(self) -> None:
        """Let discord.py recognise the controls by their ``custom_id``."""
        self._client.add_dynamic_items(*CONTROLS.values())

    async def cog_unload(self) -> None:
        """Forget them again."""
        self._client.remove_dynamic_items(*CONTROLS.values())

    @commands.Cog.listener("on_interaction")
    async def answer(self, interaction: Asked) -> None:
        """Answer a form or an outdated control; leave everything else to discord.py."""
        what = used(interaction, is_ours)
        if what is None:
            return
        if what.submitted:
            await submitted(interaction, what.custom_id, what.data.get("components"))
        elif action_of(what.custom_id) not in CONTROLS:
            async with Answering(interaction):
                raise OutdatedControlError

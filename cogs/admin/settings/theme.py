"""The colours of charts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import discord

from analytics.charts.spec import Theme
from bot.services import Services
from cogs.admin.settings.setting import Change, Choices, Menu, Setting
from cogs.answering import Asked
from cogs.controls.state import OutdatedControlError
from texts import LazyText

_NAMES: Mapping[Theme, LazyText] = MappingProxyType(
    {
        Theme.DARK: LazyText("Dark, as Discord is for most"),
        Theme.LIGHT: LazyText("Light, as for white pages and print"),
    }
)


def _read(services: Services, guild: int) -> str:
    return services.preferences.present(guild).theme.value


async def _keep(services: Services, change: Change) -> None:
    theme = Theme(change.values.after)
    await services.preferences.change(
        change.guild, change.actor, change.values, lambda present: replace(present, theme=theme)
    )


def _menu(_asked: Asked, custom_id: str, present: str) -> Menu:
    return discord.ui.Select(
        custom_id=custom_id,
        options=[
            discord.SelectOption(label=str(name), value=theme.value, default=theme.value == present)
            for theme, name in _NAMES.items()
        ],
    )


def _chosen(values: Sequence[str]) -> str:
    try:
        (value,) = values
        return Theme(value).value
    except ValueError:
        raise OutdatedControlError from None


SETTING = Setting(
    key="theme",
    title=LazyText("Charts"),
    help=LazyText("Colours of the charts that are posted on this server, and of those taken away as PNG."),
    read=_read,
    shown=lambda value: str(_NAMES[Theme(value)]),
    keep=_keep,
    choices=Choices(_menu, _chosen),
)

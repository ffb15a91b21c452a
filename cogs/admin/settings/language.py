"""The language of what everybody reads."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.services import Services
from cogs.admin.settings.setting import Change, Choices, Menu, Setting
from cogs.answering import Asked
from cogs.controls.state import OutdatedControlError
from texts import CATALOGUES, ENGLISH, LazyText

_DISCORDS = "discord"
"""Value of a server that has set none: Discord knows one."""
_AS_DISCORD = LazyText("As Discord has it for this server")
_NAMES = {ENGLISH.tag: ENGLISH.name, **{row.tag: row.name for row in CATALOGUES}}


def _read(services: Services, guild: int) -> str:
    return services.preferences.present(guild).language or _DISCORDS


async def _keep(services: Services, change: Change) -> None:
    language = None if change.values.after == _DISCORDS else change.values.after
    await services.preferences.change(
        change.guild, change.actor, change.values, lambda present: replace(present, language=language)
    )


def _shown(value: str) -> str:
    """A language by the name its speakers give it."""
    return str(_AS_DISCORD) if value == _DISCORDS else _NAMES.get(value, value)


def _menu(_asked: Asked, custom_id: str, present: str) -> Menu:
    return discord.ui.Select(
        custom_id=custom_id,
        options=[
            discord.SelectOption(label=_shown(value), value=value, default=value == present)
            for value in (_DISCORDS, *_NAMES)
        ],
    )


def _chosen(values: Sequence[str]) -> str:
    if len(values) != 1 or values[0] not in {_DISCORDS, *_NAMES}:
        raise OutdatedControlError
    return values[0]


SETTING = Setting(
    key="language",
    title=LazyText("Language"),
    help=LazyText(
        "Language of what everybody in a channel reads. What you alone see is in the language of your "
        "Discord."
    ),
    read=_read,
    shown=_shown,
    keep=_keep,
    choices=Choices(_menu, _chosen),
)

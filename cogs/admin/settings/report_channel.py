"""Where reports are posted."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.permissions import PERMISSIONS, missing
from bot.services import Services
from bot.user_errors import Refusal
from cogs.admin.settings.setting import Change, Choices, Menu, Setting
from cogs.answering import Asked
from cogs.controls.state import OutdatedControlError
from cogs.sight import sight_of
from texts import LazyText, tr

_NEEDED = ("View Channels", "Send Messages", "Embed Links", "Attach Files")
_KINDS = [discord.ChannelType.text, discord.ChannelType.news]


def _read(services: Services, guild: int) -> str:
    channel = services.preferences.present(guild).report_channel
    return "" if channel is None else str(channel)


async def _keep(services: Services, change: Change) -> None:
    channel = int(change.values.after) if change.values.after else None
    await services.preferences.change(
        change.guild, change.actor, change.values, lambda present: replace(present, report_channel=channel)
    )


def _menu(asked: Asked, custom_id: str, present: str) -> Menu:
    guild = asked.guild
    sight = sight_of(asked, asked.guild_id or 0, private=True)
    known = () if guild is None else {str(each.id) for each in guild.text_channels if sight.sees(each.id)}
    return discord.ui.ChannelSelect(
        custom_id=custom_id,
        placeholder=tr("Choose a channel; none: no reports"),
        channel_types=_KINDS,
        min_values=0,
        max_values=1,
        default_values=[
            discord.SelectDefaultValue(id=int(channel), type=discord.SelectDefaultValueType.channel)
            for channel in (present,)
            if channel in known
        ],
    )


def _chosen(values: Sequence[str]) -> str:
    if len(values) > 1 or not all(value.isdecimal() for value in values):
        raise OutdatedControlError
    return "".join(values)


def _lacking(asked: Asked, value: str) -> str | None:
    """What keeps the bot from posting in a channel, as a sentence; None: nothing."""
    if not value or asked.guild is None:
        return None
    channel = asked.guild.get_channel(int(value))
    if not isinstance(channel, discord.TextChannel):
        return tr(
            "I do not see <#{channel}>: it is gone, or I lack the permission View Channel there.",
            channel=value,
        )
    granted = channel.permissions_for(asked.guild.me).value
    lacking = missing(granted, [each for each in PERMISSIONS if each.name in _NEEDED])
    if not lacking:
        return None
    names = ", ".join(each.name for each in lacking)
    return tr(
        "I cannot post in <#{channel}>: give me these permissions there: {permissions}.",
        channel=value,
        permissions=names,
    )


def _check(asked: Asked, value: str) -> None:
    lacking = _lacking(asked, value)
    if lacking is not None:
        raise Refusal(tr("{lacking} Then choose the channel again.", lacking=lacking))


SETTING = Setting(
    key="reports",
    title=LazyText("Report channel"),
    help=LazyText("The channel in which reports about this server are posted."),
    read=_read,
    shown=lambda value: f"<#{value}>" if value else tr("none"),
    keep=_keep,
    choices=Choices(_menu, _chosen),
    check=_check,
    note=_lacking,
)

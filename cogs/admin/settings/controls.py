"""Answers menus, buttons and forms of settings, whichever run of the bot sent them."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from discord.ext import commands

from bot.audit import SettingChange
from cogs.access import require_admin
from cogs.admin.settings.panel import Page, form_of, home, page_of, question, setting_of
from cogs.admin.settings.setting import Change, Offer, Setting
from cogs.admin.settings.state import Action, Control, decode, fingerprint, is_ours
from cogs.answering import Answering, Asked
from cogs.controls.custom_range import field_value
from cogs.controls.state import OutdatedControlError
from cogs.controls.used import used
from texts import LazyText, tr

_MEANWHILE = LazyText(
    "This setting was changed meanwhile, so nothing was done: look at what it is now, and try again."
)


class SettingsControls(commands.Cog):
    """Takes what carries the mark of settings; discord.py remembers none of it."""

    @commands.Cog.listener("on_interaction")
    async def answer(self, interaction: Asked) -> None:
        """Answer a menu, a button or a form; leave everything else to others."""
        what = used(interaction, is_ours)
        if what is None:
            return
        async with Answering(interaction):
            guild = require_admin(interaction)
            control = decode(what.custom_id)
            if what.submitted is not (control.action is Action.SUBMIT):
                raise OutdatedControlError
            await _ACTIONS[control.action](interaction, guild, control)


async def _home(interaction: Asked, guild: int, _control: Control) -> None:
    await interaction.response.defer()
    await _show(interaction, home(interaction, guild))


async def _open(interaction: Asked, guild: int, _control: Control) -> None:
    values = _values(interaction)
    setting = setting_of(values[0] if len(values) == 1 else "")
    await interaction.response.defer()
    await _show(interaction, page_of(interaction, guild, setting))


async def _ask(interaction: Asked, guild: int, control: Control) -> None:
    await interaction.response.send_modal(form_of(interaction, guild, setting_of(control.setting)))


async def _choose(interaction: Asked, guild: int, control: Control) -> None:
    """A menu of values, or one of those that may have been meant in a form."""
    setting, values = setting_of(control.setting), _values(interaction)
    if setting.choices is not None:
        value = setting.choices.chosen(values)
    elif len(values) == 1:
        value = values[0]
    else:
        raise OutdatedControlError
    await interaction.response.defer()
    await _propose(interaction, guild, setting, control, value)


async def _submit(interaction: Asked, guild: int, control: Control) -> None:
    setting, data = setting_of(control.setting), _data(interaction)
    if setting.form is None:
        raise OutdatedControlError
    fields = setting.form.fields(interaction.client.services, guild)
    typed = {field.name: field_value(data.get("components"), field.name).strip() for field in fields}
    await interaction.response.defer()
    value = await setting.form.typed(typed)
    if isinstance(value, Offer):
        await _show(interaction, page_of(interaction, guild, setting, offered=value.values))
    else:
        await _propose(interaction, guild, setting, control, value)


async def _confirm(interaction: Asked, guild: int, control: Control) -> None:
    setting = setting_of(control.setting)
    await interaction.response.defer()
    if await _still(interaction, guild, setting, control):
        setting.check(interaction, control.value)
        await _change(interaction, guild, setting, control.value)


async def _propose(interaction: Asked, guild: int, setting: Setting, control: Control, value: str) -> None:
    """Change a setting, or ask first where something would be lost."""
    if not await _still(interaction, guild, setting, control):
        return
    setting.check(interaction, value)
    asked = await setting.question(interaction, guild, value)
    if asked is None:
        await _change(interaction, guild, setting, value)
    else:
        await _show(interaction, question(interaction, guild, setting, value, asked))


async def _still(interaction: Asked, guild: int, setting: Setting, control: Control) -> bool:
    """Whether a setting is as it was when the control was drawn; else it is shown as it is."""
    if fingerprint(setting.read(interaction.client.services, guild)) == control.stood:
        return True
    await _show(interaction, page_of(interaction, guild, setting))
    await interaction.followup.send(str(_MEANWHILE), ephemeral=True)
    return False


async def _change(interaction: Asked, guild: int, setting: Setting, value: str) -> None:
    services = interaction.client.services
    before = setting.read(services, guild)
    if value != before:
        actor = services.pseudonyms.of(guild, interaction.user.id)
        await setting.keep(services, Change(guild, actor, SettingChange(setting.key, before, value)))
    said = tr("Nothing has changed.") if value == before else tr("Changed.")
    await _show(interaction, page_of(interaction, guild, setting, said=said))


async def _show(interaction: Asked, page: Page) -> None:
    await interaction.edit_original_response(embed=page.embed, view=page.view)


def _data(interaction: Asked) -> dict[str, Any]:
    return dict(interaction.data or {})


def _values(interaction: Asked) -> list[str]:
    return [str(value) for value in _data(interaction).get("values", ())]


_ACTIONS: Mapping[Action, Callable[[Asked, int, Control], Awaitable[None]]] = MappingProxyType(
    {
        Action.HOME: _home,
        Action.OPEN: _open,
        Action.ASK: _ask,
        Action.CHOOSE: _choose,
        Action.SUBMIT: _submit,
        Action.CONFIRM: _confirm,
    }
)

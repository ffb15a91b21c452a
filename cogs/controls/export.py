"""Taking a view away as files: a button asks for the form, which comes to the asker alone."""

from io import BytesIO

import discord

from bot.exports.files import batches
from bot.exports.order import Order
from bot.exports.registry import FORMATS
from bot.views.registry import VIEWS, variants
from cogs.access import is_allowed
from cogs.answering import Asked
from cogs.controls.control import Control
from cogs.controls.state import Action, OutdatedControlError, ViewState, encode, template
from cogs.showing import scope_of
from texts import tr

SMALLEST_LIMIT = 10 * 1024 * 1024
"""Bytes that Discord takes in a server without boosts."""


class ExportButton(Control, template=template(Action.EXPORT)):
    """Offers the forms."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Answer with a menu that only the asker sees."""
        whole = len(_group(interaction, state)) > 1
        view = discord.ui.View(timeout=None)
        view.add_item(
            discord.ui.Select(
                custom_id=encode(Action.EXPORT_AS, state),
                placeholder=tr("Take it away as …"),
                options=[
                    discord.SelectOption(label=str(form.title), value=name)
                    for name, form in FORMATS.items()
                    if whole or not form.of_group
                ],
            )
        )
        view.stop()
        await interaction.response.send_message(view=view, ephemeral=True)


class ExportMenu(Control, template=template(Action.EXPORT_AS)):
    """Sends the files."""

    async def act(self, interaction: Asked, state: ViewState) -> None:
        """Load the view once more and answer with its files, in as many messages as they need."""
        form = FORMATS.get(self.chosen)
        if form is None:
            raise OutdatedControlError
        await interaction.response.defer(ephemeral=True, thinking=True)
        scope = await scope_of(interaction, state, private=True, taken_as=self.chosen)
        services = interaction.client.services
        order = Order(
            services.views,
            state.kind,
            scope,
            theme=services.preferences.present(scope.guild_id).theme,
            group=_group(interaction, state),
        )
        limit = SMALLEST_LIMIT if interaction.guild is None else interaction.guild.filesize_limit
        for batch in await batches(await form.make(order), limit):
            files = [
                discord.File(BytesIO(file.content), file.name, description=file.description or None)
                for file in batch
            ]
            await interaction.followup.send(files=files, ephemeral=True)


def _group(interaction: Asked, state: ViewState) -> tuple[str, ...]:
    """The views of the same command that the asker may see; itself alone where it is about somebody."""
    if VIEWS[state.kind].of_subject:
        return (state.kind,)
    return tuple(view.kind for view in variants(state.kind) if is_allowed(interaction, view.kind))

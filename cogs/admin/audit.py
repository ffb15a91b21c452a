"""``/admin audit``: who changed a setting or looked at a member's figures, in pages that work for good."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.audit import Entry
from cogs.access import require_admin
from cogs.answering import Answering, Asked
from cogs.cards.card import COLOUR
from cogs.cards.format import plain
from texts import LazyText, tr

PREFIX = "audit:"
PAGE = 10
MOST_PAGES = 1_000
_SUBJECT_LIMIT = 60


class AuditCommand(commands.Cog):
    """The command; part of the group ``/admin``."""

    @app_commands.command(name="audit", description="Who changed a setting or looked at a member's figures")
    async def audit(self, interaction: Asked) -> None:
        """Answer the asker alone with the newest entries."""
        async with Answering(interaction):
            require_admin(interaction)
            await interaction.response.defer(ephemeral=True, thinking=True)
            await _show(interaction, 0)


class AuditPage(discord.ui.DynamicItem[discord.ui.Button[Any]], template=f"{PREFIX}(?P<page>[0-9]{{1,3}})"):
    """Shows another page."""

    def __init__(self, item: discord.ui.Button[Any], page: int) -> None:
        super().__init__(item)
        self._page = page

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: discord.ui.Item[Any],
        match: Any,  # noqa: ANN401 - same
        /,
    ) -> Self:
        """Wrap the button."""
        return cls(item, int(match["page"]))  # type: ignore[arg-type] # the template is that of buttons

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page to who may see it."""
        async with Answering(interaction):
            require_admin(interaction)
            await interaction.response.defer()
            await _show(interaction, self._page)


async def _show(interaction: Asked, page: int) -> None:
    services, guild_id = interaction.client.services, require_admin(interaction)
    entries = await services.audit.latest(guild_id, page * PAGE, PAGE + 1)
    people = [each for entry in entries for each in (entry.actor, entry.member) if each is not None]
    card = audit_card(entries[:PAGE], services.present.ids(guild_id, people), page)
    await interaction.edit_original_response(embed=card, view=_buttons(page, more=len(entries) > PAGE))


def audit_card(entries: Sequence[Entry], users: Mapping[int, int], page: int) -> discord.Embed:
    """Entries, one a line; ``users`` are the ids of present members by pseudonym."""
    lines = [_line(entry, users) for entry in entries]
    embed = discord.Embed(
        title=tr("Audit log"), description="\n".join(lines) or tr("Nothing is noted here."), colour=COLOUR
    )
    embed.set_footer(text=tr("Page {page}, newest first", page=page + 1))
    return embed


def _line(entry: Entry, users: Mapping[int, int]) -> str:
    return f"<t:{entry.at // 1000}:f> {_told(entry, users)}"


def _told(entry: Entry, users: Mapping[int, int]) -> str:
    who = _person(entry.actor, users)
    if entry.member is not None or entry.what.startswith("read"):
        return tr("{who} looked at the figures of {whom}", who=who, whom=_person(entry.member, users))
    changed = _CHANGES.get(entry.what)
    if changed is None:
        return f"{who}: {plain(entry.what, _SUBJECT_LIMIT)}"
    subject = entry.subject
    if entry.what.endswith("writer rule"):
        subject = plain(subject, _SUBJECT_LIMIT).lower()
    return changed.say(who=who, subject=subject)


_CHANGES = {
    "apply channel rule": LazyText("{who} excluded the channel <#{subject}>"),
    "end channel rule": LazyText("{who} counts the channel <#{subject}> again"),
    "apply role rule": LazyText("{who} excluded the role <@&{subject}>"),
    "end role rule": LazyText("{who} counts the role <@&{subject}> again"),
    "apply writer rule": LazyText("{who} counts {subject} messages"),
    "end writer rule": LazyText("{who} no longer counts {subject} messages"),
}
"""What is said of a change, by how it was noted."""


def _person(pseudonym: int | None, users: Mapping[int, int]) -> str:
    if pseudonym is None:
        return f"*{tr('somebody who was erased')}*"
    user = users.get(pseudonym)
    return f"*{tr('a former member')}*" if user is None else f"<@{user}>"


def _buttons(page: int, *, more: bool) -> discord.ui.View:
    """Finished at once: discord.py need not remember them."""
    view = discord.ui.View(timeout=None)
    for name, label, to, possible in (
        ("newer", tr("Newer"), page - 1, page > 0),
        ("older", tr("Older"), page + 1, more),
    ):
        view.add_item(
            discord.ui.Button(
                label=label,
                custom_id=f"{PREFIX}{max(to, 0)}" if possible else f"{PREFIX}none:{name}",
                disabled=not possible or to >= MOST_PAGES,
            )
        )
    view.stop()
    return view

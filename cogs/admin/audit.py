"""``/admin audit``: who changed settings, saw members or took figures away, in pages that work for good."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.agreements import Said
from bot.audit import CHANGED, EXPORTED, EXPORTED_MEMBER, READ, Entry
from bot.exports.registry import FORMATS
from bot.views.registry import VIEWS
from bot.wording.format import plain
from cogs.access import require_admin
from cogs.admin.settings.registry import SETTINGS
from cogs.answering import Answering, Asked
from cogs.cards.card import COLOUR
from cogs.controls.control import Wrapped
from cogs.controls.state import OutdatedControlError
from cogs.sight import sight_of, without_unseen
from texts import LazyText, tr

PREFIX = "audit:"
PAGE = 10
MOST_PAGES = 1_000
_SUBJECT_LIMIT = 60
_VALUE_LIMIT = 120


class AuditCommand(commands.Cog):
    """The command; part of the group ``/admin``."""

    @app_commands.command(
        name="audit", description="Who changed settings, looked at members or took figures away"
    )
    async def audit(self, interaction: Asked) -> None:
        """Answer the asker alone with the newest entries."""
        async with Answering(interaction):
            require_admin(interaction)
            await interaction.response.defer(ephemeral=True, thinking=True)
            await _show(interaction, 0)


class AuditPage(Wrapped, template=f"(?s){PREFIX}.*"):
    """Shows another page."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page to who may see it."""
        async with Answering(interaction):
            require_admin(interaction)
            written = self.custom_id.removeprefix(PREFIX)
            page = int(written) if written.isdecimal() else MOST_PAGES
            if page >= MOST_PAGES:
                raise OutdatedControlError
            await interaction.response.defer()
            await _show(interaction, page)


async def _show(interaction: Asked, page: int) -> None:
    services, guild_id = interaction.client.services, require_admin(interaction)
    entries = await services.audit.latest(guild_id, page * PAGE, PAGE + 1)
    people = [each for entry in entries for each in (entry.actor, entry.member) if each is not None]
    card = audit_card(entries[:PAGE], services.present.ids(guild_id, people), page)
    card = without_unseen(card, sight_of(interaction, guild_id, private=True))
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
    subject = plain(entry.subject, _SUBJECT_LIMIT)
    setting = SETTINGS.get(entry.subject)
    kind, _, form = entry.subject.partition(" ")
    view = VIEWS.get(kind)
    before, after = (
        "?" if value is None or setting is None else _brief(setting.shown(value))
        for value in (entry.before, entry.after)
    )
    told = _TOLD.get(entry.what)
    said = ("{who}: {what}" if told is None else str(told)).format(
        who=_person(entry.actor, users),
        member=_person(entry.member, users),
        what=plain(entry.what, _SUBJECT_LIMIT),
        subject=subject,
        view=plain(kind, _SUBJECT_LIMIT) if view is None else str(view.title),
        form=plain(form, _SUBJECT_LIMIT) if form not in FORMATS else str(FORMATS[form].title),
        writer=subject.lower(),
        setting=subject if setting is None else str(setting.title),
        before=before,
        after=after,
    )
    return f"<t:{entry.at // 1000}:f> {said}"


_TOLD: Mapping[str, LazyText] = MappingProxyType(
    {
        READ: LazyText("{who} looked at the figures of {member}"),
        EXPORTED: LazyText("{who} took away “{view}” as {form}"),
        EXPORTED_MEMBER: LazyText("{who} took away the figures of {member} as {form}"),
        CHANGED: LazyText("{who} changed “{setting}” from “{before}” to “{after}”"),
        Said.OFFERED: LazyText("{who} offered the server {subject} a comparison"),
        Said.TAKEN_BACK: LazyText("{who} took back the offer of a comparison to the server {subject}"),
        Said.REMOVED: LazyText(
            "I was removed from this server, and so its offer of a comparison to the server {subject} ended"
        ),
        Said.BEGAN: LazyText("The agreement with the server {subject} to be compared came into force"),
        Said.ENDED: LazyText("The agreement with the server {subject} to be compared ended"),
        "apply channel rule": LazyText("{who} excluded the channel <#{subject}>"),
        "end channel rule": LazyText("{who} counts the channel <#{subject}> again"),
        "apply role rule": LazyText("{who} excluded the role <@&{subject}>"),
        "end role rule": LazyText("{who} counts the role <@&{subject}> again"),
        "apply writer rule": LazyText("{who} counts {writer} messages"),
        "end writer rule": LazyText("{who} no longer counts {writer} messages"),
    }
)


def _brief(text: str) -> str:
    """As much of a list as a line has room for."""
    if len(text) <= _VALUE_LIMIT:
        return text
    return f"{text[:_VALUE_LIMIT].rpartition(', ')[0]} …"


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

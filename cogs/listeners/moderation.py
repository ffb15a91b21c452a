"""Moderation, as the audit log tells it. Reasons, names and the text that AutoMod saw stay here."""

from collections.abc import Mapping
from types import MappingProxyType

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activities.moderation import Moderated, ModerationAction
from bot.ingest.calendars import Calendars
from bot.ingest.snowflakes import time_of
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import Pseudonyms
from bot.services import Recording, Services
from cogs.listeners.bots import is_bot

_ACTIONS: Mapping[discord.AuditLogAction, ModerationAction] = MappingProxyType(
    {
        discord.AuditLogAction.kick: ModerationAction.KICK,
        discord.AuditLogAction.ban: ModerationAction.BAN,
        discord.AuditLogAction.unban: ModerationAction.UNBAN,
        discord.AuditLogAction.member_prune: ModerationAction.PRUNE,
        discord.AuditLogAction.message_bulk_delete: ModerationAction.PURGE,
        discord.AuditLogAction.automod_block_message: ModerationAction.AUTOMOD_BLOCKED,
        discord.AuditLogAction.automod_flag_message: ModerationAction.AUTOMOD_FLAGGED,
        discord.AuditLogAction.automod_timeout_member: ModerationAction.AUTOMOD_TIMEOUT,
        discord.AuditLogAction.automod_quarantine_user: ModerationAction.AUTOMOD_QUARANTINE,
    }
)
_BY_NOBODY = frozenset(
    {
        ModerationAction.AUTOMOD_BLOCKED,
        ModerationAction.AUTOMOD_FLAGGED,
        ModerationAction.AUTOMOD_TIMEOUT,
        ModerationAction.AUTOMOD_QUARANTINE,
    }
)
"""What AutoMod does; the user that these entries name is who it was done to."""
_NUMBER: Mapping[ModerationAction, str] = MappingProxyType(
    {ModerationAction.PRUNE: "members_removed", ModerationAction.PURGE: "count"}
)


class AuditLogTranslator:
    """Turns entries of the audit log into activities, the same for those told live and those read."""

    def __init__(self, calendars: Calendars, pseudonyms: Pseudonyms, gate: Gate) -> None:
        self._calendars = calendars
        self._pseudonyms = pseudonyms
        self._gate = gate

    def entry(self, entry: discord.AuditLogEntry) -> Moderated | None:
        """What a moderator did; None for everything else that the log holds."""
        guild_id = entry.guild.id
        at = time_of(entry.id)
        zone, day, hour = self._calendars.label(guild_id, at)
        if entry.action is discord.AuditLogAction.member_update:
            return self._timeout(entry, at)
        action = _ACTIONS.get(entry.action)
        if action is None:
            return None
        return Moderated(
            guild=guild_id,
            id=entry.id,
            action=action,
            moderator=0 if action in _BY_NOBODY else self._moderator(entry),
            at=at,
            zone=zone,
            day=day,
            hour=hour,
            number=int(getattr(entry.extra, _NUMBER[action], 0)) if action in _NUMBER else 0,
        )

    def _timeout(self, entry: discord.AuditLogEntry, at: int) -> Moderated | None:
        """A timeout set, or lifted; None for other changes of a member."""
        target = entry.target
        if not hasattr(entry.after, "timed_out_until") or target is None:
            return None
        guild_id = entry.guild.id
        whom = self._pseudonyms.of(guild_id, int(target.id))
        until = entry.after.timed_out_until
        zone, day, hour = self._calendars.label(guild_id, at)
        ends = 0 if until is None else int(until.timestamp() * 1000)
        until_zone, until_day, until_hour = self._calendars.label(guild_id, ends) if ends else (0, 0, 0)
        return Moderated(
            guild=guild_id,
            id=entry.id,
            action=ModerationAction.TIMEOUT if ends else ModerationAction.TIMEOUT_LIFTED,
            moderator=self._moderator(entry),
            at=at,
            zone=zone,
            day=day,
            hour=hour,
            target=0 if self._gate.was_erased(guild_id, whom, entry.id) else whom,
            until=ends,
            until_zone=until_zone,
            until_day=until_day,
            until_hour=until_hour,
        )

    def _moderator(self, entry: discord.AuditLogEntry) -> int:
        user_id = entry.user_id
        if user_id is None or (entry.user is not None and entry.user.bot) or is_bot(entry.guild, user_id):
            return 0
        moderator = self._pseudonyms.of(entry.guild.id, user_id)
        return moderator if self._gate.counts(entry.guild.id, 0, 0, moderator, entry.id) else 0


def translator_of(services: Services) -> AuditLogTranslator:
    """The translator with a bot's calendars and pseudonyms."""
    return AuditLogTranslator(services.calendars, services.pseudonyms, services.gate)


class ModerationListener(commands.Cog):
    """Records what is entered into the audit log."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._recording: Recording = client.services.recording
        self._translator = translator_of(client.services)

    @commands.Cog.listener()
    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        """Something was entered into the audit log; Discord tells only who may read it."""
        moderated = self._translator.entry(entry)
        if moderated is not None:
            self._recording.record(moderated)

"""Moderation on a simulated Discord: from the audit log, told live and read, to activities."""

from datetime import timedelta

import discord

from bot.ingest.activities.moderation import Moderated, ModerationAction
from bot.ingest.activities.moderation import ModerationAction as Action
from bot.ingest.books.audit_log import AuditLogState, apply
from bot.privacy.records import Erased, OptedOut
from cogs.history.audit_log import DiscordAuditLog, may_read
from cogs.listeners.moderation import translator_of
from tests.discord.listening import Listening, listening
from tests.discord.stage import NOW

LOG = discord.AuditLogAction
UNTIL = NOW + timedelta(hours=2)


def entries(on: Listening) -> list[Moderated]:
    return [each for each in on.tape.recorded if isinstance(each, Moderated)]


async def logged(on: Listening, action: discord.AuditLogAction, **given: object) -> None:
    """Let something be entered into the audit log, by ada unless another is named."""
    by = {"user_id": on.ada.id, "target_id": on.bob.id}
    on.env.backend.record_audit_log(on.guild.id, action.value, **{**by, **given})  # type: ignore[arg-type]
    await on.env.settle()


def timed_out(until: str | None) -> list[dict[str, str]]:
    change = {"key": "communication_disabled_until", "old_value": "2026-01-01T00:00:00+00:00"}
    return [change | ({} if until is None else {"new_value": until})]


async def everything(on: Listening) -> None:
    automod = {
        "auto_moderation_rule_name": "a secret rule",
        "auto_moderation_rule_trigger_type": "1",
        "channel_id": str(on.general.id),
    }
    await logged(on, LOG.kick, reason="a secret reason")
    await logged(on, LOG.ban)
    await logged(on, LOG.unban)
    await logged(on, LOG.member_update, changes=timed_out(UNTIL.isoformat()))
    await logged(on, LOG.member_update, changes=timed_out(None))
    await logged(on, LOG.member_update, changes=[{"key": "nick", "new_value": "bobby"}])
    await logged(on, LOG.member_prune, options={"delete_member_days": "7", "members_removed": "30"})
    purged = {"count": "42"}
    await logged(on, LOG.message_bulk_delete, target_id=on.general.id, options=purged)
    await logged(on, LOG.channel_update, target_id=on.general.id)
    for action in (LOG.automod_block_message, LOG.automod_flag_message, LOG.automod_timeout_member):
        await logged(on, action, user_id=on.bob.id, options=automod)
    await logged(on, LOG.automod_quarantine_user, user_id=on.bob.id, options=automod)


async def test_what_moderators_and_automod_do_is_recorded() -> None:
    async with listening() as on:
        await everything(on)
        told = entries(on)
        ada = on.pseudonym(on.ada)
        assert [(Action(each.action), each.moderator) for each in told] == [
            (Action.KICK, ada),
            (Action.BAN, ada),
            (Action.UNBAN, ada),
            (Action.TIMEOUT, ada),
            (Action.TIMEOUT_LIFTED, ada),
            (Action.PRUNE, ada),
            (Action.PURGE, ada),
            (Action.AUTOMOD_BLOCKED, 0),
            (Action.AUTOMOD_FLAGGED, 0),
            (Action.AUTOMOD_TIMEOUT, 0),
            (Action.AUTOMOD_QUARANTINE, 0),
        ]
        assert {each.target for each in told} == {0, on.pseudonym(on.bob)}
        assert [each.number for each in told if each.number] == [30, 42]
        timeout = told[3]
        assert timeout.until == UNTIL.timestamp() * 1000
        calendars = on.client.services.calendars
        ends = (timeout.until_zone, timeout.until_day, timeout.until_hour)
        assert ends == calendars.label(on.guild.id, timeout.until)
        assert b"secret" not in repr(on.tape.recorded).encode()


async def test_reading_the_log_gives_the_same_as_being_told() -> None:
    async with listening() as on:
        await everything(on)
        source = DiscordAuditLog(on.client, translator_of(on.client.services))
        page = await source.page(on.guild.id, 0)
        assert sorted(page.entries, key=lambda each: each.id) == entries(on)
        assert page.size == len(on.env.backend.get_guild(on.guild.id).audit_log_entries)
        assert page.is_last
        behind = await source.page(on.guild.id, page.newest)
        assert (behind.size, behind.newest) == (0, 0)
        guild = on.client.get_guild(on.guild.id)
        assert guild is not None
        assert may_read(guild) == source.readable(on.guild.id)


async def test_what_a_bot_does_counts_for_the_server_alone() -> None:
    async with listening() as on:
        robot = on.guild.add_member(on.env.create_user("robot", bot=True))
        guild = on.client.get_guild(on.guild.id)
        assert guild is not None
        await logged(on, LOG.kick, user_id=on.env.bot.user.id)
        assert [each.moderator for each in entries(on)] == [0], "the bot itself"
        source = DiscordAuditLog(on.client, translator_of(on.client.services))
        await logged(on, LOG.ban, user_id=robot.id)
        page = await source.page(on.guild.id, 0)
        assert [each.moderator for each in page.entries] == [0, 0]
        assert {each.action for each in page.entries} == {ModerationAction.KICK, ModerationAction.BAN}


async def test_what_a_moderator_does_who_opted_out_counts_for_the_server_alone() -> None:
    async with listening() as on:
        on.client.services.gate._consents.note(OptedOut(on.guild.id, on.pseudonym(on.ada), 1))
        await logged(on, LOG.kick)
        (kick,) = entries(on)
        assert (Action(kick.action), kick.moderator) == (Action.KICK, 0)


async def test_a_timeout_from_before_an_erasure_names_nobody() -> None:
    async with listening() as on:
        await logged(on, LOG.member_update, changes=timed_out(UNTIL.isoformat()))
        bob, consents = on.pseudonym(on.bob), on.client.services.gate._consents
        (before,) = entries(on)
        consents.note(Erased(on.guild.id, bob, before.id))
        consents.note(OptedOut(on.guild.id, bob, before.id + 1))
        await logged(on, LOG.member_update, changes=timed_out(UNTIL.isoformat()))
        source = DiscordAuditLog(on.client, translator_of(on.client.services))
        told = sorted((await source.page(on.guild.id, 0)).entries, key=lambda each: each.id)
        assert [(each.id == before.id, each.target) for each in told] == [(True, 0), (False, bob)]
        state = AuditLogState()
        assert len([change for each in told for change in apply(state, each)]) == 2, "both count"
        assert [note.target for note in state.timeouts] == [bob]

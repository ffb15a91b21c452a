"""`/admin audit` as admins meet it."""

import discord
import pytest
from simcord import SetupError
from simcord.actors import MemberActor

from bot.audit import Entry
from bot.client import ServerstatsClient
from tests.discord.stage import EPHEMERAL, THINKS, Stage, fresh_client, staged
from tests.discord.test_people import audit, pseudonym

COMMANDS = ("cogs.admin",)
NOW = 1_769_000_000_000


def admin(stage: Stage) -> MemberActor:
    """Somebody who may use the commands for admins."""
    role = stage.guild.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
    return stage.guild.add_member(stage.env.create_user("chief"), roles=[role])


async def test_entries_are_told_in_words_newest_first_and_paged() -> None:
    async with staged(COMMANDS) as stage:
        chief = admin(stage)
        who = pseudonym(stage, chief.id)
        rules = [
            ("apply channel rule", str(stage.channel.id)),
            ("end channel rule", str(stage.channel.id)),
            ("apply role rule", "77"),
            ("apply writer rule", "BOT"),
        ]
        changes = [Entry(who, what, subject, None, NOW) for what, subject in rules]
        reading = Entry(who, "read member figures", "member", pseudonym(stage, stage.member.id), NOW)
        former = Entry(5, "read member figures", "member", 6, NOW)
        erased = Entry(None, "read member figures", "member", None, NOW)
        audit(stage).entries += [*([former] * 10), reading, erased, *changes]

        result = await chief.slash(stage.channel, "admin audit")

        assert stage.responses() == [(THINKS, EPHEMERAL)]
        lines = result.response.embeds[0].description.splitlines()
        when = f"<t:{NOW // 1000}:f>"
        assert lines[:7] == [
            f"{when} <@{chief.id}> counts bot messages",
            f"{when} <@{chief.id}> excluded the role <@&77>",
            f"{when} <@{chief.id}> counts the channel <#{stage.channel.id}> again",
            f"{when} <@{chief.id}> excluded the channel <#{stage.channel.id}>",
            f"{when} *somebody who was erased* looked at the figures of *somebody who was erased*",
            f"{when} <@{chief.id}> looked at the figures of <@{stage.member.id}>",
            f"{when} *a former member* looked at the figures of *a former member*",
        ]
        assert len(lines) == 10

        entries = audit(stage).entries
        await stage.env.restart_bot(fresh_client(stage.reader, stage.charts, extensions=COMMANDS))
        audit(stage).entries += entries
        await chief.click(result.response, label="Older")
        assert len(result.response.embeds[0].description.splitlines()) == 6
        await chief.click(result.response, label="Newer")
        assert len(result.response.embeds[0].description.splitlines()) == 10


async def test_changes_and_exports_are_told_in_words_however_long_they_are() -> None:
    async with staged(COMMANDS) as stage:
        chief = admin(stage)
        who, of = pseudonym(stage, chief.id), pseudonym(stage, stage.member.id)
        roles = ",".join(str(10**18 + number) for number in range(25))
        entries = [
            Entry(who, "change setting", "statistics", None, NOW, roles, roles[:-3] + "999"),
            Entry(who, "change setting", "gone", None, NOW, "1", "2"),
            Entry(who, "export figures", "members/growth csv", None, NOW),
            Entry(who, "export member figures", "member json", of, NOW),
            Entry(who, "export figures", "gone gone", None, NOW),
            Entry(who, "something new", "x", None, NOW),
        ]
        audit(stage).entries += [entries[0]] * 10 + entries[1:]

        result = await chief.slash(stage.channel, "admin audit")
        lines = [line.partition("> ")[2] for line in result.response.embeds[0].description.splitlines()]
        assert lines[:5] == [
            f"<@{chief.id}>: something new",
            f"<@{chief.id}> took away “gone” as gone",
            f"<@{chief.id}> took away the figures of <@{stage.member.id}> as JSON",
            f"<@{chief.id}> took away “Growth” as CSV tables",
            f"<@{chief.id}> changed “gone” from “?” to “?”",
        ]
        await chief.click(result.response, label="Older")
        (line, *_) = result.response.embeds[0].description.splitlines()
        assert line.count("<@&1000000000000000000>") == 2
        assert len(line) < 400, "ten of them fit a card"


async def test_an_empty_log_says_so() -> None:
    async with staged(COMMANDS) as stage:
        chief = admin(stage)

        result = await chief.slash(stage.channel, "admin audit")

        assert result.response.embeds[0].description == "Nothing is noted here."


async def test_it_is_for_admins() -> None:
    async with staged(COMMANDS) as stage:
        admin(stage)
        assert isinstance(stage.env.bot, ServerstatsClient)
        with pytest.raises(SetupError):
            await stage.moderator.slash(stage.channel, "admin audit")

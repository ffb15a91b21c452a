"""The commands about members, as Discord's users meet them."""

from datetime import date

import pytest

from bot.client import ServerstatsClient
from bot.ingest.store import StoreUnavailable
from cogs.members.names import DiscordNames
from tests.discord.stage import EPHEMERAL, SAYS, THINKS, MemoryAudit, Stage, fields_of, staged

COMMANDS = ("cogs.people", "cogs.controls")


def pseudonym(stage: Stage, user: int) -> int:
    client = stage.env.bot
    assert isinstance(client, ServerstatsClient)
    return client.services.pseudonyms.of(stage.guild.id, user)


def audit(stage: Stage) -> MemoryAudit:
    client = stage.env.bot
    assert isinstance(client, ServerstatsClient)
    assert isinstance(client.services.audit, MemoryAudit)
    return client.services.audit


def busy(stage: Stage) -> None:
    """The captain wrote 30 messages, the guest 10, and somebody who has left 60."""
    client = stage.env.bot
    assert isinstance(client, ServerstatsClient)
    client.services.people.attach(DiscordNames(client))
    captain, guest = pseudonym(stage, stage.moderator.id), pseudonym(stage, stage.member.id)
    stage.reader.sent = {
        (date(2025, 11, 1), 9): {(stage.channel.id, guest): 1},
        (date(2026, 1, 30), 20): {(stage.channel.id, captain): 30, (77, guest): 4, (77, 5): 60},
        (date(2026, 1, 31), 12): {(stage.channel.id, guest): 6},
    }


async def test_the_leaderboard_mentions_members_and_names_them_in_the_chart() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)

        result = await stage.moderator.slash(stage.channel, "leaderboard")

        assert stage.responses() == [(THINKS, 0)]
        (embed,) = result.response.embeds
        lines = fields_of(embed)["Who wrote most"].splitlines()
        assert [line.split("` ")[1] for line in lines] == [
            "*a former member*",
            f"<@{stage.moderator.id}>",
            f"<@{stage.member.id}>",
        ]
        assert "60%" in lines[0]
        (chart,) = stage.charts.drawn
        assert chart.title == "A former member wrote most: 60% of all"
        assert [(row.name, row.value) for row in chart.rows] == [  # type: ignore[attr-defined]
            ("a former member", 60),
            ("captain", 30),
            ("guest", 10),
        ]


async def test_another_metric_is_a_menu_away_and_the_table_names_members() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        result = await stage.moderator.slash(stage.channel, "leaderboard", timeframe="7d")

        await stage.moderator.click(result.response, label="Table")
        assert "captain" in result.response.embeds[0].description
        menus = [
            row["components"][0] for row in result.response.components if row["components"][0]["type"] == 3
        ]
        assert [option["value"] for option in menus[1]["options"]] == [
            "leaderboard/messages",
            "leaderboard/voice",
            "leaderboard/given",
            "leaderboard/received",
        ]


async def test_me_is_for_everybody_and_about_who_asks() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)

        result = await stage.member.slash(stage.channel, "me", timeframe="30d")

        assert stage.responses() == [(THINKS, EPHEMERAL)]
        (embed,) = result.response.embeds
        fields = fields_of(embed)
        assert fields["Messages"].startswith("**10**")
        assert fields["Messages"].endswith("ahead of 0% of the others who did")
        assert fields["Active days"].startswith("**2**")
        assert "/privacy" in embed.description
        assert "captain" not in str(embed.to_dict())
        assert audit(stage).entries == []


async def test_a_control_of_me_never_shows_somebody_else() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        mine = await stage.member.slash(stage.channel, "me")

        await stage.member.click(mine.response, label="Refresh")

        assert fields_of(mine.response.embeds[0])["Messages"].startswith("**10**")


async def test_a_member_is_analysed_for_a_moderator_alone_and_that_is_noted() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        guest = pseudonym(stage, stage.member.id)

        result = await stage.moderator.slash(stage.channel, "activity analyze member", user=stage.member)

        assert stage.responses() == [(THINKS, EPHEMERAL)]
        (embed,) = result.response.embeds
        assert fields_of(embed)["Messages"].startswith("**10**")
        (entry,) = audit(stage).entries
        assert (entry.actor, entry.member) == (pseudonym(stage, stage.moderator.id), guest)
        assert embed.description.startswith(f"<@{stage.member.id}>\n")

        await stage.moderator.click(result.response, label="Table")
        assert result.response.embeds[0].description.startswith(f"<@{stage.member.id}>\n")
        assert [each.member for each in audit(stage).entries] == [guest, guest]


async def test_what_cannot_be_noted_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)

        async def refuse(*_args: object) -> None:
            raise StoreUnavailable("no primary")

        monkeypatch.setattr(audit(stage), "note_reading", refuse)
        result = await stage.moderator.slash(stage.channel, "activity analyze member", user=stage.member)

        assert "The database does not answer just now" in result.response.content
        assert not result.response.embeds


async def test_members_do_not_look_at_each_other() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        for command in ("leaderboard", "activity analyze member"):
            result = await stage.member.slash(stage.channel, command)
            assert "View Server Insights or Manage Server" in result.response.content


async def test_a_bot_has_no_figures() -> None:
    async with staged(COMMANDS) as stage:
        robot = stage.guild.add_member(stage.env.create_user("robot", bot=True))

        result = await stage.moderator.slash(stage.channel, "activity analyze member", user=robot)

        assert stage.responses() == [(SAYS, EPHEMERAL)]
        assert "not of bots" in result.response.content


async def test_a_channel_is_analysed_by_itself() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        harbour = stage.guild.create_text_channel("harbour")
        await stage.env.settle()
        evening = stage.reader.sent[date(2026, 1, 30), 20]
        stage.reader.sent[date(2026, 1, 30), 20] = {
            (harbour.id if channel == 77 else channel, member): count
            for (channel, member), count in evening.items()
        }

        result = await stage.moderator.slash(stage.channel, "activity analyze channel")

        assert stage.responses() == [(THINKS, 0)]
        (embed,) = result.response.embeds
        assert embed.title == "#general: messages"
        assert fields_of(embed)["Messages"].splitlines()[::2] == ["**36**", "`██····` 36% of all messages"]
        assert fields_of(embed)["Messages"].endswith("number 2 of 2 channels")
        assert fields_of(embed)["Days with messages"].startswith("**2**")
        assert stage.charts.drawn[0].title == "#general: 36 messages, 36% of all"

        await stage.moderator.click(result.response, label="Refresh")
        assert result.response.embeds[0].title == "#general: messages", "the control knows the channel"

"""`/admin agreements` and the comparison of servers, as admins of two servers meet them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.agreements import MOST, AgreementDesk, Offer, Said
from bot.client import ServerstatsClient
from cogs.admin.agreements import agreements_card, agreements_panel
from cogs.cards.card import Card
from tests.cogs.cards.test_overview_card import assert_discord_takes
from tests.discord.stage import EPHEMERAL, SAYS, THINKS, MemoryAgreements, Stage, staged
from tests.discord.test_filters import menu

EXTENSIONS = ("cogs.admin", "cogs.people", "cogs.serverstats", "cogs.controls")
COMMAND, COMPARE = "admin agreements", "activity analyze comparative"
NO_AGREEMENT = "There is no agreement with a server that you ask for."


@dataclass
class Harbours:
    """Two servers with an admin each."""

    stage: Stage
    other: GuildHandle
    there: ChannelHandle
    admin: MemberActor
    admiral: MemberActor

    async def offer(self, by: MemberActor, where: ChannelHandle, server: object) -> InteractionResult:
        panel = (await by.slash(where, COMMAND)).response
        form = await by.click(panel, label="Offer…")
        result = await by.submit_modal(form, {"server": str(server)})
        self.panel = panel
        return result

    async def agree(self) -> None:
        await self.offer(self.admin, self.stage.channel, self.other.id)
        await self.offer(self.admiral, self.there, self.stage.guild.id)

    @property
    def desk(self) -> AgreementDesk:
        client = self.stage.env.bot
        assert isinstance(client, ServerstatsClient)
        return client.services.agreements

    @property
    def noted(self) -> list[tuple[int, str]]:
        store = self.desk._store
        assert isinstance(store, MemoryAgreements)
        return [(entry.guild, entry.said) for entry in store.entries]


@asynccontextmanager
async def harbours() -> AsyncIterator[Harbours]:
    async with staged(EXTENSIONS) as stage:
        other = stage.env.create_guild("The Other Shore")
        there = other.create_text_channel("quay")
        admins = []
        for guild in (stage.guild, other):
            role = guild.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
            admins.append(guild.add_member(stage.env.create_user("admiral"), roles=[role]))
        await stage.env.settle()
        stage.reader.names[other.id] = "The Other Shore"
        yield Harbours(stage, other, there, *admins)


def text(message: ResponseMessage) -> str:
    return str(message.embeds[0].description)


def said(result: InteractionResult) -> str:
    read = [*result.followups, result.response]
    return " ".join(str(message.content) for message in read if message is not None)


async def test_an_agreement_takes_both_and_one_ends_it() -> None:
    async with harbours() as at:
        await at.offer(at.admin, at.stage.channel, at.other.id)
        assert f"`{at.other.id}`" in text(at.panel)
        assert "The Other Shore" not in text(at.panel)
        assert at.panel.embeds[0].footer.text.startswith("Your offer is noted.")
        known = text(at.panel)
        await at.offer(at.admin, at.stage.channel, 123456789012345678)
        assert at.panel.embeds[0].footer.text.startswith("Your offer is noted.")
        unknown = text(at.panel).replace("`123456789012345678`, ", "").replace(", `123456789012345678`", "")
        assert unknown == known, "an id of no server is answered just so"

        await at.offer(at.admiral, at.there, at.stage.guild.id)

        assert f"The Lighthouse `{at.stage.guild.id}`" in text(at.panel)
        assert at.panel.embeds[0].footer.text == "Both sides have offered it: the agreement is in force."
        result = await at.admin.slash(at.stage.channel, COMMAND)
        assert result.ephemeral
        assert f"The Other Shore `{at.other.id}`" in text(result.response)
        await at.admiral.select(at.panel, [str(at.stage.guild.id)], custom_id="agreements:back")
        assert at.panel.embeds[0].footer.text == "Taken back."
        assert "The Lighthouse" not in text(at.panel)
        assert "The Other Shore" not in text((await at.admin.slash(at.stage.channel, COMMAND)).response)
        here, there = at.stage.guild.id, at.other.id
        assert at.noted == [
            (here, Said.OFFERED),
            (here, Said.OFFERED),
            (there, Said.OFFERED),
            (there, Said.BEGAN),
            (here, Said.BEGAN),
            (there, Said.TAKEN_BACK),
            (there, Said.ENDED),
            (here, Said.ENDED),
        ]


async def test_servers_are_compared_and_old_controls_refuse_once_it_ended() -> None:
    async with harbours() as at:
        await at.agree()
        stage = at.stage
        offered = await stage.moderator.autocomplete(stage.channel, COMPARE, "server", "shore")
        assert [(each["name"], each["value"]) for each in offered] == [("The Other Shore", str(at.other.id))]
        metrics = await stage.moderator.autocomplete(stage.channel, COMPARE, "metric", "", server="x")
        assert [each["value"] for each in metrics][:3] == ["all", "messages", "active"]

        result = await stage.moderator.slash(stage.channel, COMPARE, server=str(at.other.id))

        message = result.response
        assert stage.responses()[-1] == (THINKS, 0)
        assert message.embeds[0].title == "Servers compared: all metrics"
        assert [field.name for field in message.embeds[0].fields] == [
            "Messages", "Members who wrote", "Joins", "Time in voice", "Reactions", "Threads",
        ]  # fmt: skip
        assert "The Other Shore" in message.embeds[0].fields[0].value
        picker = menu(message, "Servers to compare with")
        assert [(each["value"], each["default"]) for each in picker["options"]] == [(str(at.other.id), True)]
        await stage.moderator.select(message, ["compare/servers/messages"], custom_id=kinds(message))
        assert message.embeds[0].title == "Servers compared: messages"
        picker = menu(message, "Servers to compare with")
        await stage.moderator.select(message, [str(at.other.id)], custom_id=str(picker["custom_id"]))
        assert message.embeds[0].title == "Servers compared: messages"
        export = (await stage.moderator.click(message, label="Export…")).response
        before = text(message)

        await at.admiral.select(
            (await at.admiral.slash(at.there, COMMAND)).response,
            [str(stage.guild.id)],
            custom_id="agreements:back",
        )

        for label in ("Refresh", "Table", "Compare: on"):
            assert NO_AGREEMENT in said(await stage.moderator.click(message, label=label))
        for custom_id, value in (
            (str(picker["custom_id"]), str(at.other.id)),
            (kinds(message), "compare/servers/voice"),
        ):
            assert NO_AGREEMENT in said(await stage.moderator.select(message, [value], custom_id=custom_id))
        for form in ("json", "csv", "png", "pdf", "report"):
            if form in str(export.components):
                refused = await stage.moderator.select(export, [form])
                assert NO_AGREEMENT in said(refused)
                assert not refused.response or not refused.response.attachments
        assert text(message) == before
        assert NO_AGREEMENT in said(
            await stage.moderator.slash(stage.channel, COMPARE, server=str(at.other.id))
        )
        assert await stage.moderator.autocomplete(stage.channel, COMPARE, "server", "") == []


def kinds(message: ResponseMessage) -> str:
    return str(menu(message, "What to show")["custom_id"])


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("nowhere", "Choose one of the servers that are offered"),
        ("0", "Choose one of the servers that are offered"),
        ("9" * 30, "Choose one of the servers that are offered"),
        ("here", "This is that server"),
    ],
)
async def test_what_is_no_server_is_answered_at_once(typed: str, answer: str) -> None:
    async with harbours() as at:
        named = str(at.stage.guild.id) if typed == "here" else typed
        result = await at.stage.moderator.slash(at.stage.channel, COMPARE, server=named)
        assert at.stage.responses() == [(SAYS, EPHEMERAL)]
        assert answer in result.response.content


async def test_a_name_will_do_and_a_member_is_not_told_which_servers_there_are() -> None:
    async with harbours() as at:
        await at.agree()
        result = await at.stage.moderator.slash(at.stage.channel, COMPARE, server="the other SHORE")
        assert result.response.embeds
        assert await at.stage.member.autocomplete(at.stage.channel, COMPARE, "server", "") == []
        refused = await at.stage.member.slash(at.stage.channel, COMPARE, server="the other SHORE")
        assert "These figures are for people with" in said(refused)


@pytest.mark.parametrize("typed", ["", "abc", "0", "1234", "9" * 20, "-5", "here"])
async def test_an_offer_needs_the_id_of_another_server(typed: str) -> None:
    async with harbours() as at:
        result = await at.offer(
            at.admin, at.stage.channel, at.stage.guild.id if typed == "here" else typed or " "
        )
        assert ("the id of this server" if typed == "here" else "That is no id of a server") in said(result)
        assert at.noted == []


async def test_a_control_of_another_version_says_so() -> None:
    async with harbours() as at:
        panel = (await at.admin.slash(at.stage.channel, COMMAND)).response
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="x", custom_id="agreements:moon"))
        view.stop()
        await at.stage.env.bot.get_channel(at.stage.channel.id).send("A card", view=view)
        result = await at.admin.click(at.stage.channel.last_message, label="x")
        assert said(result).startswith("This message is from an older version of me")
        assert panel.embeds


async def test_a_server_that_the_bot_leaves_agrees_no_longer() -> None:
    async with harbours() as at:
        await at.agree()
        client = at.stage.env.bot
        client.dispatch("guild_remove", client.get_guild(at.other.id))
        await at.stage.env.settle()
        assert (at.other.id, Said.REMOVED) in at.noted
        assert (at.stage.guild.id, Said.ENDED) in at.noted
        assert at.stage.reader.offered == {(at.stage.guild.id, at.other.id)}


async def test_one_that_it_left_while_it_was_away_neither() -> None:
    async with harbours() as at:
        await at.agree()
        at.stage.reader.offered |= {(5, at.stage.guild.id), (at.stage.guild.id, 5)}
        at.stage.env.bot.dispatch("ready")
        await at.stage.env.settle()
        assert at.stage.reader.offered == {
            (at.stage.guild.id, 5),
            (at.stage.guild.id, at.other.id),
            (at.other.id, at.stage.guild.id),
        }


@pytest.mark.parametrize(
    "name", ["", "W" * 100, "*" * 100, "👩‍🚀" * 50, "العربية" * 14, "`" * 100, "\n\u202e"]
)
def test_discord_takes_a_card_of_as_many_as_there_may_be(name: str) -> None:
    for in_force in (True, False):
        offers = [Offer(2**64 - 1 - number, in_force, name) for number in range(MOST)]
        assert_discord_takes(Card(agreements_card(2**64 - 1, offers, "Taken back.")))
        (picker, _) = agreements_panel(offers).to_components()
        assert len(picker["components"][0]["options"]) == MOST
        for option in picker["components"][0]["options"]:
            assert 1 <= len(option["label"].encode("utf-16-le")) // 2 <= 100

"""Channels that not everybody sees: at each door the asker's eyes count, and everybody's where all read."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult, ResponseMessage
from structlog.testing import capture_logs

from analytics.timeframes import DEFAULT
from bot.audit import SettingChange
from bot.client import ServerstatsClient
from bot.exports.registry import FORMATS
from bot.views.registry import VIEWS, variants
from bot.views.seen import UNSEEN
from bot.views.view import Restriction
from cogs.controls.fallback import CONTROLS
from cogs.controls.state import Action, ViewState, encode
from tests.discord.stage import Stage, fields_of, staged
from tests.discord.test_doors import commands_of
from tests.discord.test_filters import names
from tests.discord.test_permissions import COMMANDS, EXTENSIONS, Told, button, options

GONE = 77
CREW = "Deckhands"


@dataclass
class Ship:
    """A server whose statistics are open to all, with a channel that only the crew sees."""

    stage: Stage
    hold: ChannelHandle
    sailor: MemberActor
    """Sees the hidden channel."""
    captain: MemberActor
    """Administrator."""

    @property
    def guest(self) -> MemberActor:
        return self.stage.member

    @property
    def deck(self) -> ChannelHandle:
        return self.stage.channel

    def revealed(self, text: str) -> list[str]:
        """What a text says of the hidden channel and of the one that is gone."""
        return [each for each in ("cargo-hold", str(self.hold.id), "old_harbour", "<#77>") if each in text]


@asynccontextmanager
async def ship(extensions: tuple[str, ...] = EXTENSIONS) -> AsyncIterator[Ship]:
    async with staged(extensions) as stage:
        names(stage)
        role = stage.guild.create_role(CREW)
        closed = discord.PermissionOverwrite(view_channel=False)
        opened = discord.PermissionOverwrite(view_channel=True)
        me = stage.env.bot.get_guild(stage.guild.id).me
        hold = stage.guild.create_text_channel(
            "cargo-hold", overwrites={stage.guild.default_role: closed, role: opened, me: opened}
        )
        sailor = stage.guild.add_member(stage.env.create_user("sailor"), roles=[role])
        admin = stage.guild.create_role("Captain", permissions=discord.Permissions(administrator=True))
        captain = stage.guild.add_member(stage.env.create_user("old captain"), roles=[admin])
        await stage.env.settle()
        stage.reader.channels[hold.id] = "cargo-hold"
        stage.reader.sent[date(2026, 1, 30), 20][hold.id, 4] = 760
        await open_to_all(stage)
        yield Ship(stage, hold, sailor, captain)


async def open_to_all(stage: Stage) -> None:
    """Let everybody see statistics."""
    client = stage.env.bot
    assert isinstance(client, ServerstatsClient)
    everybody = frozenset({stage.guild.id})
    change = SettingChange("statistics", "", "")
    await client.services.preferences.change(
        stage.guild.id, 1, change, lambda now: replace(now, statistics_roles=everybody)
    )


def listed(message: ResponseMessage) -> str:
    return fields_of(message.embeds[0])["Messages by channel"]


def said(result: InteractionResult) -> str:
    read = [*result.followups, result.response]
    return " ".join(str(each.content) for each in read if each is not None)


async def channels(who: MemberActor, where: ChannelHandle) -> ResponseMessage:
    result = await who.slash(where, "serverstats channels", timeframe="30d")
    assert result.response is not None
    return result.response


async def test_where_everybody_reads_only_what_everybody_sees_is_shown() -> None:
    async with ship() as at:
        for who in (at.guest, at.sailor, at.captain):
            message = await channels(who, at.deck)

            (embed,) = message.embeds
            assert fields_of(embed)["Messages"].startswith("**2,000**"), "sums count everything"
            assert fields_of(embed)["Channels with messages"].startswith("**3**")
            *rows, left_out = listed(message).splitlines()
            assert [row.rpartition(" ")[2] for row in rows] == [f"<#{at.deck.id}>"]
            assert left_out == "2 channels not shown: 50%"
            assert not at.revealed(json.dumps(embed.to_dict()))


async def test_where_not_everybody_reads_the_askers_eyes_count() -> None:
    async with ship() as at:
        message = await channels(at.sailor, at.hold)
        *rows, left_out = listed(message).splitlines()
        assert [row.rpartition(" ")[2] for row in rows] == [f"<#{at.deck.id}>", f"<#{at.hold.id}>"]
        assert left_out == "1 channel not shown: 12%", "the one that is gone"

        everything = listed(await channels(at.captain, at.hold))

        assert "not shown" not in everything
        assert "old\\_harbour" in everything, "who sees everything sees what is gone"


async def test_a_thread_is_read_by_who_reads_its_channel_a_private_one_by_its_own() -> None:
    async with ship() as at:
        bot = at.stage.env.bot
        for parent, kind, hidden in (
            (at.deck, discord.ChannelType.public_thread, True),
            (at.deck, discord.ChannelType.private_thread, False),
            (at.hold, discord.ChannelType.public_thread, False),
        ):
            made = await bot.get_channel(parent.id).create_thread(name="talk", type=kind)
            (thread,) = [each for each in parent.threads if each.id == made.id]
            if kind is discord.ChannelType.private_thread:
                await made.add_user(discord.Object(at.sailor.id))
            await at.stage.env.settle()
            shown = listed(await channels(at.sailor, thread))
            assert (f"<#{at.hold.id}>" not in shown) is hidden, (parent.name, kind)


async def test_controls_of_old_messages_are_for_whoever_presses_them() -> None:
    async with ship() as at:
        message = await channels(at.sailor, at.hold)
        assert f"<#{at.hold.id}>" in listed(message)
        await at.stage.restart()
        await open_to_all(at.stage)

        await at.captain.click(message, label="Refresh")
        assert "old\\_harbour" in listed(message)
        await at.sailor.click(message, label="Refresh")
        assert "old\\_harbour" not in listed(message)


async def exported(who: MemberActor, message: ResponseMessage, form: str) -> dict[str, bytes]:
    menu = (await who.click(message, label="Export…")).response
    assert menu is not None
    answer = await who.select(menu, [form])
    assert answer.response is not None
    sent = [answer.response, *answer.followups]
    return {file.filename: await file.read() for each in sent for file in each.attachments}


async def test_an_export_is_for_who_takes_it_away() -> None:
    async with ship() as at:
        message = await channels(at.sailor, at.deck)
        found = {}
        for who in (at.guest, at.sailor, at.captain):
            files = await exported(who, message, "csv")
            rows = list(csv.reader(io.StringIO(files["channels-usage-messages-by-channel.csv"].decode())))
            found[who.name] = [row[:2] for row in rows[1:]]

        general = ["general", "1006"]
        assert found == {
            "guest": [general, ["2 channels not shown", "994"]],
            "sailor": [general, ["cargo-hold", "760"], ["1 channel not shown", "234"]],
            "old captain": [general, ["cargo-hold", "760"], ["old_harbour", "234"]],
        }


async def test_a_hidden_channel_named_directly_is_refused_as_one_that_there_never_was() -> None:
    async with ship() as at:
        analyze = "activity analyze channel"
        hidden = await at.sailor.slash(at.deck, analyze, channel=at.hold)
        assert UNSEEN.message in said(hidden)
        assert not at.revealed(said(hidden))

        told = []
        for channel in (at.hold.id, GONE, 123_456 << 22):
            state = ViewState("channel/messages", DEFAULT, channel)
            card = await posted(at.stage, button(encode(Action.REFRESH, state)))
            answer = await at.guest.click(card, custom_id=encode(Action.REFRESH, state))
            told += [each.content for each in answer.followups]
        assert told == [UNSEEN.message] * 3

        within = (await at.sailor.slash(at.hold, analyze)).response
        assert fields_of(within.embeds[0])["Messages"].startswith("**760**")
        assert "number 2 of 2 channels" in fields_of(within.embeds[0])["Messages"]
        both = await at.sailor.slash(at.deck, "activity analyze comparative", other_channel=at.hold)
        assert UNSEEN.message in said(both)


async def test_a_filter_chosen_where_everybody_reads_is_refused_and_changes_nothing() -> None:
    async with ship() as at:
        message = await channels(at.sailor, at.deck)
        before = listed(message)
        menu = encode(Action.CHANNELS, ViewState("channels/usage", DEFAULT))

        result = await at.sailor.select(message, [at.hold], custom_id=menu)

        (told,) = result.followups
        assert told.ephemeral
        assert told.content == UNSEEN.message
        assert listed(message) == before


async def test_a_category_is_those_of_its_channels_that_are_seen() -> None:
    async with ship() as at:
        ports = at.stage.guild.create_category("Ports")
        closed = discord.PermissionOverwrite(view_channel=False)
        quay = at.stage.guild.create_text_channel("quay", category=ports)
        everyone = at.stage.guild.default_role
        pier = at.stage.guild.create_text_channel("pier", category=ports, overwrites={everyone: closed})
        await at.stage.env.settle()
        at.stage.reader.channels |= {quay.id: "quay", pier.id: "pier"}
        at.stage.reader.sent[date(2026, 1, 30), 21] = {(quay.id, 1): 3, (pier.id, 1): 4}
        message = await channels(at.guest, at.deck)
        menu = encode(Action.CHANNELS, ViewState("channels/usage", DEFAULT))

        await at.guest.select(message, [ports], custom_id=menu)

        (embed,) = message.embeds
        assert fields_of(embed)["Messages"].startswith("**3**")
        assert "1 channel of the chosen categories is not shown, and not counted here." in embed.description
        assert str(pier.id) not in json.dumps(embed.to_dict())
        whole = await exported(at.captain, message, "json")
        assert json.loads(whole["channels-usage.json"])["figures"][0]["value"] == 7


async def test_what_everybody_sees_but_not_the_asker_is_not_shown_either() -> None:
    async with ship() as at:
        barred = at.stage.guild.create_role("Barred")
        bar = discord.PermissionOverwrite(view_channel=False)
        tavern = at.stage.guild.create_text_channel("tavern", overwrites={barred: bar})
        drunk = at.stage.guild.add_member(at.stage.env.create_user("drunk"), roles=[barred])
        await at.stage.env.settle()
        at.stage.reader.sent[date(2026, 1, 30), 21] = {(tavern.id, 1): 500}
        assert f"<#{tavern.id}>" in listed(await channels(at.guest, at.deck))
        assert f"<#{tavern.id}>" not in listed(await channels(drunk, at.deck))


async def posted(stage: Stage, item: discord.ui.Item[discord.ui.View]) -> discord.Message:
    """A message of the bot's with a control on it, as of an earlier run."""
    view = discord.ui.View(timeout=None)
    view.add_item(item)
    view.stop()
    sent: discord.Message = await stage.env.bot.get_channel(stage.channel.id).send("A card", view=view)
    return sent


def sent_by(stage: Stage) -> str:
    """All that the bot has sent so far, but the ids of the places where it sent it."""
    return json.dumps([request.json for request in stage.env.http_requests if request.json], default=str)


@pytest.mark.parametrize("asker", ["guest", "captain"])
async def test_no_door_where_everybody_reads_names_a_hidden_channel(asker: str) -> None:
    """Each command, its suggestions, every control of every view, and what the pictures show."""
    async with ship() as at:
        who: MemberActor = getattr(at, asker)
        told = options(at.stage)
        with capture_logs() as logs:
            for row, command in COMMANDS.items():
                await who.slash(at.deck, command, **told.get(row, Told({})).options)
            for command, option in suggesting(at.stage):
                for typed in ("c", "cargo", str(at.hold.id)):
                    offered = [
                        each
                        for each in await who.autocomplete(at.deck, command, option, typed)
                        if each["value"] != typed
                    ]
                    assert not at.revealed(json.dumps(offered)), (command, option)
            for state in states(told):
                for action in CONTROLS.keys() - OTHERWISE:
                    await pressed(at, who, action, state)
        assert [each for each in logs if each["log_level"] == "error"] == []
        assert len(at.stage.charts.drawn) > len(VIEWS) / 2
        assert not at.revealed(sent_by(at.stage))
        assert not at.revealed(" ".join(map(repr, at.stage.charts.drawn)))
        await channels(at.sailor, at.hold)
        assert at.revealed(sent_by(at.stage)), "so this looks where there is something to see"


def suggesting(stage: Stage) -> Iterator[tuple[str, str]]:
    """Commands that everybody may use, with their options that have suggestions."""
    for command in commands_of(stage.env.bot):
        if not command.qualified_name.startswith("admin"):
            yield from (
                (command.qualified_name, str(each.display_name))
                for each in command.parameters
                if each.autocomplete
            )


OTHERWISE = {Action.CHANNELS, Action.ROLES, Action.EXPORT_AS, Action.SERVERS, Action.PLACE}
"""Controls that other tests use: filters and exports above and below; servers and places name no channel."""


def states(told: Mapping[str, Told]) -> Iterator[ViewState]:
    """Every view of this server, as its controls remember it."""
    for kind, view in VIEWS.items():
        about = told.get(view.group, Told({}))
        if kind != "me" and view.compares is not Restriction.SERVERS:
            yield ViewState(kind, DEFAULT, about.subject, about.channels, about.roles)


async def pressed(at: Ship, who: MemberActor, action: Action, state: ViewState) -> None:
    """Use a control as of an earlier run; what it is to choose is what its menu would offer."""
    custom_id = encode(action, state)
    entries = {Action.TIMEFRAME: "7d", Action.VARIANT: variants(state.kind)[-1].kind}
    if action in entries:
        select: discord.ui.Select[discord.ui.View] = discord.ui.Select(
            custom_id=custom_id, options=[discord.SelectOption(label="x", value=str(entries[action]))]
        )
        card = await posted(at.stage, select)
        await who.select(card, [str(entries[action])], custom_id=custom_id)
        return
    card = await posted(at.stage, button(custom_id))
    await who.click(card, custom_id=custom_id)


async def test_no_export_of_any_view_names_a_channel_that_who_takes_it_does_not_see() -> None:
    async with ship() as at:
        told = options(at.stage)
        taken = 0
        for state in states(told):
            custom_id = encode(Action.EXPORT_AS, state)
            forms = [discord.SelectOption(label=form, value=form) for form in FORMATS]
            menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(custom_id=custom_id, options=forms)
            card = await posted(at.stage, menu)
            for form in FORMATS:
                answer = await at.guest.select(card, [form], custom_id=custom_id)
                for message in (answer.response, *answer.followups):
                    for file in message.attachments if message else ():
                        content = (await file.read()).decode("latin-1")
                        assert not at.revealed(f"{file.filename} {file.description} {content}"), (
                            state.kind,
                            form,
                        )
                        taken += 1
        assert taken > len(VIEWS)


async def test_cards_of_admins_name_only_channels_that_the_admin_sees() -> None:
    async with ship() as at:
        manager = at.stage.guild.create_role("Manager", permissions=discord.Permissions(manage_guild=True))
        mate = at.stage.guild.add_member(at.stage.env.create_user("mate"), roles=[manager])
        counting = (await at.captain.slash(at.deck, "admin counting")).response
        await at.captain.select(counting, [at.hold], custom_id="counting:channel")

        seen = await mate.slash(at.deck, "admin counting")
        assert fields_of(seen.response.embeds[0])["Excluded channels"] == "*a channel that you do not see*"
        await mate.select(seen.response, [at.deck], custom_id="counting:channel")
        assert fields_of(seen.response.embeds[0])["Excluded channels"] == (
            f"<#{at.deck.id}>, *a channel that you do not see*"
        )
        components = json.dumps(seen.response.components)
        assert str(at.hold.id) not in components

        mine = (await at.captain.slash(at.deck, "admin counting")).response
        assert f"<#{at.hold.id}>" in fields_of(mine.embeds[0])["Excluded channels"], (
            "no choice of others ends it"
        )
        noted = (await mate.slash(at.deck, "admin audit")).response.embeds[0].description
        assert not at.revealed(noted)

"""Warnings in Discord by the whole bot on a real mongod: recorded, listed, resolved, also after a restart."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord.actors import MemberActor
from simcord.backend.errors import SetupError
from simcord.builders import ChannelHandle, GuildHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.app import App, open_app
from bot.client import ClientOptions, ServerstatsClient
from bot.db.database import Handle
from bot.settings import Settings
from cogs.controls.state import OutdatedControlError
from cogs.warnings.forms import FIELD
from cogs.warnings.state import Action, WarningState, decode, encode
from tests.discord.stage import FixedClock, fields_of

OPTIONS = ClientOptions(shard_count=1)
RECORD, LIST = "Record warning", "Warnings of this member"


@dataclass
class Scene:
    app: App
    env: simcord.Env
    db: Handle
    guild: GuildHandle
    general: ChannelHandle
    moderator: MemberActor
    ada: MemberActor
    robot: MemberActor

    async def warn(self, category: str | None = "spam") -> InteractionResult:
        """Let the moderator warn ada."""
        form = await self.moderator.context_menu(self.general, RECORD, self.ada)
        return await self.moderator.submit_modal(form, {} if category is None else {FIELD: [category]})

    async def listed(self) -> ResponseMessage:
        return (await self.moderator.context_menu(self.general, LIST, self.ada)).response

    async def cases(self) -> list[dict[str, Any]]:
        return await self.db.warnings.find().sort("at", 1).to_list(None)

    def pseudonym(self, member: MemberActor) -> str:
        return f"{self.app.services.pseudonyms.of(self.guild.id, member.id):016x}"


@asynccontextmanager
async def scene(uri: str, db: Handle, data_dir: Path) -> AsyncIterator[Scene]:
    settings = Settings.model_validate(
        {"MONGODB_URI": uri, "database": db.name, "data_dir": data_dir, "flush_seconds": 30}
    )
    async with (
        open_app(settings, OPTIONS, clock=FixedClock(), jobs=()) as app,
        simcord.run(app.client) as env,
    ):
        guild = env.create_guild("A server", owner=env.create_user("olga"))
        crew = guild.create_role("Crew", permissions=discord.Permissions(moderate_members=True))
        yield Scene(
            app,
            env,
            db,
            guild,
            guild.create_text_channel("general"),
            guild.add_member(env.create_user("mona"), roles=[crew]),
            guild.add_member(env.create_user("ada")),
            guild.add_member(env.create_user("robot", bot=True)),
        )


def menu_of(message: ResponseMessage) -> Mapping[str, Any] | None:
    return message.components[0]["components"][0] if message.components else None


async def test_a_warning_is_recorded_listed_and_resolved(
    mongodb_uri: str, db: Handle, data_dir: Path
) -> None:
    async with scene(mongodb_uri, db, data_dir) as on:
        said = (await on.warn()).response
        assert said.content == f"Recorded a warning for <@{on.ada.id}> (spam)."
        assert fields_of(said.embeds[0])["Open"] == "1"
        await on.warn(None)
        first, second = await on.cases()
        assert (first["userId"], first["moderatorId"]) == (on.pseudonym(on.ada), on.pseudonym(on.moderator))
        assert {first["category"], second["category"]} == {"spam", "none"}

        listed = await on.listed()
        assert listed.ephemeral
        assert fields_of(listed.embeds[0])["Open"] == "2"
        menu = menu_of(listed)
        assert menu is not None
        assert {option["label"] for option in menu["options"]} == {"Spam", "No category"}
        form = await on.moderator.select(listed, [first["caseId"]])
        changed = (await on.moderator.submit_modal(form, {FIELD: ["withdrawn"]})).response
        fields = fields_of(changed.embeds[0])
        assert (fields["Open"], fields["Resolved"]) == ("1", "1")
        assert "withdrawn" in fields["All"]
        resolved = await db.warnings.find_one({"caseId": first["caseId"]})
        assert resolved is not None
        assert (resolved["resolution"], resolved["resolvedBy"]) == ("withdrawn", on.pseudonym(on.moderator))
        day = await db.moderationDays.find_one({"userId": on.pseudonym(on.moderator)})
        assert day is not None
        assert day["counts"] == {"warnings": 2, "warningsResolved": 1}
        text = str(await on.cases())
        assert str(on.ada.id) not in text
        assert str(on.moderator.id) not in text


async def test_a_message_can_be_the_reason(mongodb_uri: str, db: Handle, data_dir: Path) -> None:
    async with scene(mongodb_uri, db, data_dir) as on:
        message = await on.ada.send(on.general, "something rude")
        form = await on.moderator.context_menu(on.general, RECORD, message)
        await on.moderator.submit_modal(form, {FIELD: ["insult"]})
        (case,) = await on.cases()
        assert (case["userId"], case["category"]) == (on.pseudonym(on.ada), "insult")
        assert str(message.id) not in str(case)

        webhook = on.guild.create_webhook(on.general)
        refused = await on.moderator.context_menu(on.general, RECORD, await webhook.send("not a member"))
        assert "nobody to warn" in refused.response.content
        refused = await on.moderator.context_menu(on.general, RECORD, on.robot)
        assert "That is a bot" in refused.response.content
        assert refused.response.ephemeral
        assert len(on.env.errors) == 2, "refusals, which the people were told of"


async def test_forms_and_menus_work_after_a_restart(mongodb_uri: str, db: Handle, data_dir: Path) -> None:
    async with scene(mongodb_uri, db, data_dir) as on:
        form = await on.moderator.context_menu(on.general, RECORD, on.ada)
        await on.env.restart_bot(ServerstatsClient(on.app.services, OPTIONS))
        await on.moderator.submit_modal(form, {FIELD: ["hate"]})
        listed = await on.listed()
        await on.env.restart_bot(ServerstatsClient(on.app.services, OPTIONS))
        (case,) = await on.cases()
        form = await on.moderator.select(listed, [case["caseId"]])
        await on.env.restart_bot(ServerstatsClient(on.app.services, OPTIONS))
        changed = (await on.moderator.submit_modal(form, {FIELD: ["settled"]})).response
        assert fields_of(changed.embeds[0])["Open"] == "0"
        assert menu_of(changed) is None


async def test_only_who_may_time_members_out_gets_in(mongodb_uri: str, db: Handle, data_dir: Path) -> None:
    async with scene(mongodb_uri, db, data_dir) as on:
        with pytest.raises(SetupError):
            await on.ada.context_menu(on.general, RECORD, on.moderator)
        listed = await on.warn()
        (case,) = await on.cases()
        form = await on.moderator.select(listed.response, [case["caseId"]])
        on.env.backend.get_guild(on.guild.id).members[on.moderator.id].role_ids.clear()
        refused = await on.moderator.submit_modal(form, {FIELD: ["settled"]})
        assert "Time out members" in refused.response.content
        (case,) = await on.cases()
        assert case["resolution"] is None


@pytest.mark.parametrize("custom_id", ["sw1r:1", "sw1r:1:2:3", "sw1q:1:0", "sw2r:1:0", "sw1r:01:0", "sw"])
def test_a_control_of_another_version_is_not_guessed_at(custom_id: str) -> None:
    with pytest.raises(OutdatedControlError):
        decode(custom_id)
    state = WarningState(Action.CHOOSE, 2**63, 2**63)
    assert decode(encode(state)) == state
    assert len(encode(state)) <= 100

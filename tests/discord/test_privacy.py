"""`/privacy` as members meet it: the whole bot on a simulated Discord and a real mongod."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.client import ServerstatsClient
from bot.db.database import Handle
from cogs.privacy import consent, erasing
from tests.discord.test_whole_bot import OPTIONS, Scene, scene
from tests.support.traces import places_of


@dataclass
class Town:
    """The whole bot, and what it has counted."""

    on: Scene
    db: Handle
    data: Path

    async def said(self, who: MemberActor, command: str) -> str:
        result = await who.slash(self.on.general, f"privacy {command}")
        assert result.ephemeral
        return str(result.response.content)

    async def asked_to_erase(self, who: MemberActor) -> InteractionResult:
        result = await who.slash(self.on.general, "privacy erase")
        assert result.ephemeral
        assert result.response.content.startswith(str(erasing.QUESTION))
        return result

    async def counted(self) -> dict[str, int]:
        """Messages of each who wrote; members who did nothing but join are stored, too."""
        await self.on.env.settle()
        await self.on.app.recorder.flush()
        found = self.db.memberActivityStats.find({"messageStats.totalCount": {"$gt": 0}})
        names = {self.pseudonym(who): who.name for who in (self.on.ada, self.on.bob)}
        return {names[int(m["userId"], 16)]: m["messageStats"]["totalCount"] async for m in found}

    def pseudonym(self, who: MemberActor) -> int:
        return self.on.app.services.pseudonyms.of(self.on.guild.id, who.id)


Opened = Callable[[], AbstractAsyncContextManager[Town]]


@pytest.fixture
def opened(mongodb_uri: str, database_name: str, db: Handle, data_dir: Path) -> Opened:
    @asynccontextmanager
    async def town() -> AsyncIterator[Town]:
        async with scene(mongodb_uri, database_name, data_dir) as on:
            yield Town(on, db, data_dir)

    return town


async def test_who_opts_out_is_not_counted_until_opting_in_again(opened: Opened) -> None:
    async with opened() as town:
        ada, bob, general = town.on.ada, town.on.bob, town.on.general
        await ada.send(general, "one")
        assert await town.said(ada, "opt-out") == str(consent.OUT)
        assert await town.said(ada, "opt-out") == str(consent.ALREADY_OUT)
        unheard = await ada.send(general, "two")
        await bob.send(general, "three")
        await bob.react(unheard, "👍")
        await ada.react(unheard, "🎉")
        assert await town.counted() == {"ada": 1, "bob": 1}
        assert await town.said(ada, "opt-in") == str(consent.IN)
        assert await town.said(ada, "opt-in") == str(consent.ALREADY_IN)
        await ada.send(general, "four")
        assert await town.counted() == {"ada": 2, "bob": 1}
        channel = await town.db.channelStats.find_one({}) or {}
        assert (channel["metrics"]["messageCount"], channel["metrics"]["reactionCount"]) == (3, 1)


async def test_erasing_asks_first_and_then_leaves_nothing(opened: Opened) -> None:
    async with opened() as town:
        ada, bob, general = town.on.ada, town.on.bob, town.on.general
        voice = town.on.guild.create_voice_channel("voice")
        await ada.join_voice(voice)
        message = await ada.send(general, "one")
        await bob.send(general, "two")
        await bob.react(message, "👍")
        await town.on.env.settle()
        town.on.app.services.voice.tick()
        question = await town.asked_to_erase(ada)
        assert "counted" in question.response.content
        assert await town.counted() == {"ada": 1, "bob": 1}
        assert await places_of(town.db, town.data, town.pseudonym(ada)) != []
        await ada.click(question.response, label="Erase everything")
        assert question.response.content == str(erasing.ERASED)
        assert question.response.components == []
        await town.said(ada, "opt-out")  # in voice still, which would count anew
        again = await town.asked_to_erase(ada)
        assert str(erasing.COUNTED_ON) not in again.response.content
        await ada.click(again.response, label="Erase everything")
        assert await town.counted() == {"bob": 1}
        town.on.app.services.voice.tick()
        await town.on.app.recorder.flush()
        assert await places_of(town.db, town.data, town.pseudonym(ada)) == []
        await bob.unreact(message, "👍")
        assert await town.counted() == {"bob": 1}
        await town.said(ada, "opt-in")
        await ada.send(general, "three")
        assert await town.counted() == {"ada": 1, "bob": 1}


async def test_the_button_works_after_a_restart(opened: Opened) -> None:
    async with opened() as town:
        ada = town.on.ada
        await ada.send(town.on.general, "one")
        question = await town.asked_to_erase(ada)
        await town.on.env.restart_bot(ServerstatsClient(town.on.app.services, OPTIONS))
        await ada.click(question.response, label="Erase everything")
        assert question.response.content == str(erasing.ERASED)
        assert await town.counted() == {}


async def test_members_see_what_is_stored_about_them(opened: Opened) -> None:
    async with opened() as town:
        ada = town.on.ada
        (nothing,) = (await ada.slash(town.on.general, "privacy show")).response.embeds
        assert [(field.name, field.value) for field in nothing.fields] == [("Stored", "Nothing.")]
        for number in range(3):
            await ada.send(town.on.general, f"{number}")
        await town.counted()
        result = await ada.slash(town.on.general, "privacy show")
        assert result.ephemeral
        (embed,) = result.response.embeds
        shown = {field.name: field.value for field in embed.fields}
        assert (shown["Messages"], shown["Days with activity"]) == ("3", "1")
        assert "You are counted." in str(embed.description)
        await town.said(ada, "opt-out")
        (embed,) = (await ada.slash(town.on.general, "privacy show")).response.embeds
        assert "You opted out" in str(embed.description)


def thread_data(guild: int, parent: int, thread: int, owner: int) -> dict[str, object]:
    """A thread's payload as Discord sends it."""
    at = discord.utils.snowflake_time(thread).isoformat()
    return {
        "id": str(thread),
        "guild_id": str(guild),
        "parent_id": str(parent),
        "owner_id": str(owner),
        "type": 11,
        "name": "help",
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "applied_tags": [],
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": at,
            "locked": False,
        },
        "newly_created": True,
    }


async def test_an_erased_member_who_is_still_there_comes_back_by_no_list(opened: Opened) -> None:
    """Member list, thread list, list of the interested, a vote taken back: all name who was there before."""
    async with opened() as town:
        on, ada, bob = town.on, town.on.ada, town.on.bob
        server = on.app.client.get_guild(on.guild.id)
        channel = on.app.client.get_channel(on.general.id)
        assert server is not None
        assert isinstance(channel, discord.TextChannel)
        started = await ada.send(on.general, "help")
        begun = thread_data(on.guild.id, on.general.id, started.id, ada.id)
        on.app.client._connection.parse_thread_create(begun)  # type: ignore[arg-type] # as it arrives
        soon = datetime.now(UTC) + timedelta(days=3)
        event = on.guild.create_scheduled_event(
            "a feast", start_time=soon.isoformat(), entity_type=3, location="here"
        )
        for each in (ada, bob):
            await each.subscribe_event(event.id)
        poll = (
            discord.Poll(question="eh?", duration=timedelta(hours=1))
            .add_answer(text="a")
            .add_answer(text="b")
        )
        asked = await channel.send(poll=poll)
        await ada.vote(asked, answer=1)
        await ada.edit(started, "help!")

        async def seen_again() -> None:
            on.app.client.dispatch("guild_available", server)
            await on.env.settle()
            for _ in range(100):
                await on.app.recorder.flush()
                if not on.app.services.comparer._runs:
                    break
                await asyncio.sleep(0.02)
            await on.env.settle()
            await on.app.recorder.flush()

        await seen_again()
        everywhere = set(await places_of(town.db, town.data, town.pseudonym(ada)))
        assert everywhere >= {"memberActivityStats", "memberDays", "threads", "scheduledEvents"}
        days = await town.db.guildDays.find({}, {"joins": 1, "counts": 1}).to_list(None)
        question = await town.asked_to_erase(ada)
        await ada.click(question.response, label="Erase everything")
        assert question.response.content == str(erasing.ERASED)
        assert await places_of(town.db, town.data, town.pseudonym(ada)) == []
        await seen_again()
        again = await town.db.guildDays.find({}, {"joins": 1, "counts": 1}).to_list(None)
        assert days == again, "nobody joins anew"
        await ada.remove_vote(asked, answer=1)
        await seen_again()
        found = set(await places_of(town.db, town.data, town.pseudonym(ada)))
        assert found - {each for each in found if each.endswith(".segment")} == set()
        stored = await town.db.scheduledEvents.find_one({}) or {}
        assert stored["interested"] == [f"{town.pseudonym(bob):016x}"]
        assert stored["interestedCount"] == 1
        await ada.send(on.general, "back")
        await on.env.settle()
        await on.app.recorder.flush()
        anew = await town.db.memberActivityStats.find_one({"userId": f"{town.pseudonym(ada):016x}"}) or {}
        assert anew["messageStats"]["totalCount"] == 1
        assert anew["joinTimestamp"] is None, "when the member came was erased"

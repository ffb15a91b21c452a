"""Channels on a simulated Discord: what is listed, and when."""

import asyncio

import discord

from bot.ingest.activities.channels import CATEGORY, ChannelsListed
from bot.ingest.activities.messages import ChannelKind
from bot.ingest.books.channel_lists import ChannelList, compare
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from cogs.listeners.channels import ChannelListener
from schemas.guild_day_names import GuildCount
from tests.discord.listening import Listening, listening

QUIET = 0.4


def lists(on: Listening) -> list[ChannelsListed]:
    return [each for each in on.tape.recorded if isinstance(each, ChannelsListed)]


def counted(on: Listening) -> dict[GuildCount, int]:
    delta, known = Delta(), ChannelList()
    for listed in lists(on):
        for change in compare(known, listed):
            fold_into(delta, change)
    counts: dict[GuildCount, int] = {}
    for day in delta.guild_days.values():
        for name, hours in day.counts.items():
            counts[name] = counts.get(name, 0) + sum(hours.values())
    return counts


async def impatient(on: Listening) -> None:
    """Have the listener wait for a moment only."""
    await on.client.remove_cog("ChannelListener")
    await on.client.add_cog(ChannelListener(on.client, quiet_seconds=QUIET))


async def test_channels_that_come_change_and_go() -> None:
    async with listening() as on:
        on.guild.create_category("talk")
        on.guild.create_voice_channel("voice")
        on.guild.create_stage_channel("stage")
        on.guild.create_news_channel("news")
        on.guild.create_forum_channel("forum")
        await on.env.settle()
        await impatient(on)
        on.client.dispatch("reading_due")
        await on.env.settle()
        newest = lists(on)[-1]
        assert sorted(each.kind for each in newest.channels) == sorted(
            [
                CATEGORY,
                ChannelKind.TEXT,
                ChannelKind.VOICE,
                ChannelKind.STAGE,
                ChannelKind.ANNOUNCEMENT,
                ChannelKind.FORUM,
            ]
        )
        assert "general" not in str(newest)
        general = on.client.get_channel(on.general.id)
        assert isinstance(general, discord.TextChannel)
        before = len(lists(on))
        await general.edit(name="lobby")
        await on.env.settle()
        await asyncio.sleep(1.5 * QUIET)
        assert len(lists(on)) == before + 1
        await general.delete()
        await on.env.settle()
        await on.restart()
        assert counted(on) == {
            GuildCount.CHANNELS_CREATED: 5,
            GuildCount.CHANNELS_RENAMED: 1,
            GuildCount.CHANNELS_DELETED: 1,
        }


async def test_dragging_one_channel_past_many_moves_one() -> None:
    async with listening() as on:
        channels = [on.guild.create_text_channel(f"c{number}") for number in range(5)]
        await on.env.settle()
        await impatient(on)
        on.client.dispatch("reading_due")
        await on.env.settle()
        before = len(lists(on))
        last = on.client.get_channel(channels[-1].id)
        assert isinstance(last, discord.TextChannel)
        await last.move(beginning=True)
        await on.env.settle()
        await asyncio.sleep(1.5 * QUIET)
        assert len(lists(on)) == before + 1
        assert counted(on)[GuildCount.CHANNELS_MOVED] == 1


async def test_many_changes_at_once_are_listed_once() -> None:
    async with listening() as on:
        await impatient(on)
        before = len(lists(on))
        made = [on.guild.create_text_channel(f"c{number}") for number in range(6)]
        await on.env.settle()
        for each in made[:3]:
            channel = on.client.get_channel(each.id)
            assert isinstance(channel, discord.TextChannel)
            on.client.dispatch("guild_channel_delete", channel)
        await on.env.settle()
        await asyncio.sleep(1.5 * QUIET)
        assert len(lists(on)) <= before + 2
        assert counted(on)[GuildCount.CHANNELS_CREATED] == 6


async def test_permissions_and_topics_are_no_reason_to_list() -> None:
    async with listening() as on:
        await impatient(on)
        before = len(lists(on))
        general = on.client.get_channel(on.general.id)
        assert isinstance(general, discord.TextChannel)
        await general.edit(topic="another")
        await on.env.settle()
        await asyncio.sleep(1.5 * QUIET)
        assert len(lists(on)) == before

"""Sentiment from the switch to the view: the whole bot on a simulated Discord and a real mongod."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import msgspec
from simcord.actors import MemberActor

from bot.db.database import Handle
from bot.history.source import Place
from bot.ingest.activities.messages import MessageSent
from tests.discord.stage import fields_of
from tests.discord.test_whole_bot import Scene, everything_in, scene
from tests.support.traces import _documents, _files

WORD = "zanzibar"


async def switch(on: Scene, value: str) -> None:
    """Use the panel as an admin does."""
    role = on.guild.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
    admin = on.guild.add_member(on.env.create_user("admiral"), roles=[role])
    panel = (await admin.slash(on.general, "admin settings")).response
    await admin.select(panel, ["sentiment"], custom_id="st1o:::")
    (menu,) = [
        item["custom_id"]
        for row in panel.components
        for item in row["components"]
        if item["custom_id"].startswith("st1s:")
    ]
    await admin.select(panel, [value], custom_id=menu)
    if value == "on":
        await admin.click(panel, label="Change it")


async def sums(on: Scene, db: Handle) -> dict[str, dict[str, int]]:
    """What is stored of each channel that anybody looked at."""
    await on.env.settle()
    await on.app.recorder.flush()
    found = db.channelDays.find({"sentiment": {"$exists": True}})
    return {day["channelId"]: day["sentiment"] async for day in found}


async def said_of_sentiment(on: Scene, who: MemberActor) -> str | None:
    shown = await who.slash(on.general, "privacy show")
    return fields_of(shown.response.embeds[0]).get("Sentiment")


async def view_of(on: Scene) -> dict[str, str]:
    role = on.guild.create_role("Crew", permissions=discord.Permissions(view_guild_insights=True))
    moderator = on.guild.add_member(on.env.create_user("captain"), roles=[role])
    answer = await moderator.slash(
        on.general, "serverstats activity", type="activity/sentiment", timeframe="60d"
    )
    return fields_of(answer.response.embeds[0])


async def test_messages_are_scored_while_it_is_on_and_the_view_shows_what_came_of_it(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    async with scene(mongodb_uri, database_name, data_dir) as on:
        random = on.guild.create_text_channel("random")
        await on.ada.send(on.general, f"I love {WORD}")
        assert await sums(on, db) == {}, "off, as it is at first"
        assert await said_of_sentiment(on, on.ada) is None

        await switch(on, "on")
        assert "scored in memory" in str(await said_of_sentiment(on, on.ada))
        await on.ada.send(on.general, f"I love {WORD}, it is wonderful")
        await on.bob.send(on.general, f"which {WORD}?")
        await on.bob.send(random, f"{WORD} is terrible")
        stored = await sums(on, db)
        kind, angry = stored[str(on.general.id)], stored[str(random.id)]
        assert (kind["lookedAt"], kind["scored"], kind["positive"], "negative" in kind) == (2, 1, 1, False)
        assert (angry["lookedAt"], angry["scored"], angry["negative"]) == (1, 1, 1)
        assert kind["hundredths"] > 0 > angry["hundredths"]

        await on.bob.slash(on.general, "privacy opt-out")
        await on.bob.send(on.general, f"I hate {WORD}")
        assert await sums(on, db) == stored, "who opted out is not scored"

        await on.app.services.names.save()
        shown = await view_of(on)
        assert shown["Scored messages"].startswith("**2**")
        assert shown["Positive"].startswith("**50%**")
        assert "1 of 2" in shown["Negative"]

        await switch(on, "off")
        await on.ada.send(on.general, f"I love {WORD} even more")
        assert await sums(on, db) == stored, "off is off at once"
        assert await said_of_sentiment(on, on.ada) is None

    for name, held in [each async for each in _documents(db)]:
        assert WORD.encode() not in held, name
    for path, data in _files(data_dir):
        assert WORD.encode() not in data, path


async def test_no_text_reaches_the_journal(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    async with scene(mongodb_uri, database_name, data_dir) as on:
        await switch(on, "on")
        await on.ada.send(on.general, f"I love {WORD}")
        await on.env.settle()
        assert WORD.encode() not in everything_in(data_dir, "*.segment")
        assert (await sums(on, db))[str(on.general.id)]["scored"] == 1


async def test_history_and_redelivery_come_to_the_same_sums(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    async with scene(mongodb_uri, database_name, data_dir) as on:
        await on.ada.send(on.general, "I love it")
        await switch(on, "on")
        live: list[MessageSent] = []
        record = on.app.recorder.record

        def listen(activity: Any) -> None:  # noqa: ANN401 - whatever is recorded
            if isinstance(activity, MessageSent):
                live.append(activity)
            record(activity)

        on.app.recorder.record = listen  # type: ignore[method-assign] # hears what the listeners record
        for text in ("this is great", "which version?", "awful, awful thing"):
            await on.ada.send(on.general, text)
        await on.env.settle()
        stored = await sums(on, db)
        assert stored[str(on.general.id)]["lookedAt"] == 3
        for again in live:
            record(again)
        assert await sums(on, db) == stored, "what comes twice counts once"

        source = on.app.services.history._source
        assert source is not None
        page = await source.page(Place(on.guild.id, on.general.id), None)
        read_back = {each.id: msgspec.structs.replace(each, session=0) for each in page.sent}
        assert [read_back[each.id] for each in live] == [
            msgspec.structs.replace(each, session=0) for each in live
        ]
        (earlier,) = [each for each in page.sent if each.id not in {sent.id for sent in live}]
        assert earlier.sentiment is None, "sent before the switch"


async def test_it_stays_on_over_a_restart(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    async with scene(mongodb_uri, database_name, data_dir) as on:
        await switch(on, "on")
        guild = on.guild.id
        kept = on.app.services.preferences.present(guild)
    async with scene(mongodb_uri, database_name, data_dir) as on:
        assert on.app.services.preferences.present(guild) == kept == replace(kept)
        assert on.app.services.sentiment.is_on(guild)
        assert on.app.services.sentiment.of(guild, (kept.sentiment_after or 0) + 1, "I love it") is not None
        assert await sums(on, db) == {}

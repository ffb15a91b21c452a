"""Reactions on a simulated Discord: from raw events to activities."""

import discord

from bot.ingest.activities.reactions import ReactionAdded, ReactionRemoved, ReactionsCleared
from bot.ingest.books.reactions import MessageState, apply
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.privacy.records import Erased
from cogs.listeners.marks import ERASURES_BEFORE
from cogs.listeners.reactions import emoji_of
from tests.discord.listening import Listening, listening


def counted(on: Listening) -> Delta:
    delta = Delta()
    states: dict[int, MessageState] = {}
    for each in on.tape.recorded:
        if isinstance(each, ReactionAdded | ReactionRemoved | ReactionsCleared):
            for change in apply(states.setdefault(each.message, MessageState()), each):
                fold_into(delta, change)
    return delta


def given_by(on: Listening) -> dict[int, int]:
    return {key[3]: entry.given for key, entry in counted(on).reaction_member_days.items() if entry.given}


def in_channels(on: Listening) -> dict[int, tuple[int, int]]:
    """Reactions, and messages with reactions, by channel over all days."""
    totals: dict[int, tuple[int, int]] = {}
    for key, entry in counted(on).reaction_channel_days.items():
        reactions, messages = totals.get(key[3], (0, 0))
        totals[key[3]] = (reactions + entry.reactions, messages + entry.with_reactions)
    return totals


async def test_giving_and_taking_back() -> None:
    async with listening() as on:
        message = await on.ada.send(on.general, "hello")
        await on.bob.react(message, "👍")
        await on.bob.react(message, "🎉")
        await on.ada.react(message, "🎉")
        await on.bob.unreact(message, "👍")
        assert given_by(on) == {on.pseudonym(on.bob): 1, on.pseudonym(on.ada): 1}
        assert in_channels(on) == {on.general.id: (2, 1)}
        assert [day.emoji for day in counted(on).guild_days.values() if day.emoji] == [{"👍": 0, "🎉": 2}]


async def test_a_bots_reaction_counts_neither_when_given_nor_when_taken_back() -> None:
    async with listening() as on:
        robot = on.guild.add_member(on.env.create_user("robot", bot=True))
        message = await on.ada.send(on.general, "vote")
        await robot.react(message, "👍")
        await robot.unreact(message, "👍")
        assert given_by(on) == {}


async def test_the_author_receives_as_discord_names_it_and_a_clear_takes_it_away() -> None:
    async with listening() as on:
        message = await on.ada.send(on.general, "hello")
        data = {
            "user_id": str(on.bob.id),
            "channel_id": str(on.general.id),
            "message_id": str(message.id),
            "guild_id": str(on.guild.id),
            "message_author_id": str(on.ada.id),
            "emoji": {"id": "123", "name": "a_private_name"},
            "type": 0,
        }
        state = on.client._connection
        state.parse_message_reaction_add(data)  # type: ignore[arg-type] # as Discord sends it
        await on.env.settle()
        days = {key[3]: entry.received for key, entry in counted(on).reaction_member_days.items()}
        assert days[on.pseudonym(on.ada)] == 1
        (seen,) = [each for each in on.tape.recorded if isinstance(each, ReactionAdded)]
        assert seen.emoji == "123"
        assert on.bob.id not in {seen.member, seen.reaction}
        assert message.id != seen.message
        state.parse_message_reaction_remove_all(data)  # type: ignore[arg-type]
        await on.env.settle()
        days = {key[3]: entry.received for key, entry in counted(on).reaction_member_days.items()}
        assert days[on.pseudonym(on.ada)] == 0
        assert given_by(on) == {on.pseudonym(on.bob): 1}


async def test_clearing_one_emoji_leaves_the_others() -> None:
    async with listening() as on:
        message = await on.ada.send(on.general, "hello")
        await on.bob.react(message, "👍")
        await on.bob.react(message, "🎉")
        data = {
            "channel_id": str(on.general.id),
            "message_id": str(message.id),
            "guild_id": str(on.guild.id),
            "emoji": {"id": None, "name": "👍"},
        }
        on.client._connection.parse_message_reaction_remove_emoji(data)  # type: ignore[arg-type]
        await on.env.settle()
        assert in_channels(on) == {on.general.id: (2, 1)}, "a clear takes nothing that was given"


def test_what_no_counter_may_be_called_is_replaced() -> None:
    assert emoji_of(discord.PartialEmoji(name="a.$b")) == "a__b"
    assert emoji_of(discord.PartialEmoji(name="", id=5)) == "5"


async def test_the_same_reaction_after_an_erasure_is_another_one() -> None:
    async with listening() as on:
        message = await on.ada.send(on.general, "hello")
        bob, consents = on.pseudonym(on.bob), on.client.services.gate._consents
        where = {
            "user_id": str(on.bob.id),
            "channel_id": str(on.general.id),
            "message_id": str(message.id),
            "guild_id": str(on.guild.id),
            "emoji": {"id": None, "name": "👍"},
            "type": 0,
        }
        state = on.client._connection
        for times in range(ERASURES_BEFORE + 2):
            state.parse_message_reaction_add(where)  # type: ignore[arg-type] # as Discord sends it
            await on.env.settle()
            consents.note(Erased(on.guild.id, bob, message.id << 1 | times))
        state.parse_message_reaction_add(where)  # type: ignore[arg-type] # same
        state.parse_message_reaction_remove(where)  # type: ignore[arg-type] # same
        await on.env.settle()
        given = [each for each in on.tape.recorded if isinstance(each, ReactionAdded)]
        taken = [each for each in on.tape.recorded if isinstance(each, ReactionRemoved)]
        assert len({each.reaction for each in given}) == len(given) == 6
        assert [each.reaction for each in taken] == [each.reaction for each in given[2:]]
        assert [each.member for each in taken] == [0, 0, 0, bob], "only what was given since is theirs"

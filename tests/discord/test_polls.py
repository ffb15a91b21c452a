"""Votes in polls on a simulated Discord."""

from datetime import timedelta

import discord

from bot.ingest.activity import PollVoted, PollVoteRemoved
from tests.discord.listening import listening


async def test_votes_are_recorded_without_what_they_are_for() -> None:
    async with listening() as on:
        channel = on.client.get_channel(on.general.id)
        assert isinstance(channel, discord.TextChannel)
        poll = discord.Poll(question="a secret question", duration=timedelta(hours=1), multiple=True)
        poll.add_answer(text="a secret answer").add_answer(text="another")
        message = await channel.send(poll=poll)
        await on.env.settle()
        for answer in (1, 2):
            await on.ada.vote(message, answer=answer)
        await on.bob.vote(message, answer=1)
        await on.ada.remove_vote(message, answer=2)
        given = [each for each in on.tape.recorded if isinstance(each, PollVoted)]
        (taken,) = [each for each in on.tape.recorded if isinstance(each, PollVoteRemoved)]
        assert [each.member for each in given] == [on.pseudonym(on.ada)] * 2 + [on.pseudonym(on.bob)]
        assert {each.channel for each in given} == {on.general.id}
        assert len({each.vote for each in given}) == 3
        assert len({each.message for each in (*given, taken)}) == 1
        assert (taken.vote, taken.member) == (given[1].vote, on.pseudonym(on.ada))
        assert "secret" not in repr(on.tape.recorded)
        assert str(message.id) not in repr([*given, taken])

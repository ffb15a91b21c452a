"""Votes in polls on a simulated Discord."""

from datetime import timedelta

import discord

from bot.ingest.activities.polls import PollVote, PollVoted, PollVoteRemoved
from bot.ingest.books.polls import PollState, VoteCounted, apply
from bot.ingest.delta import Delta
from bot.ingest.folds.polls import fold_vote_counted
from bot.privacy.records import Erased
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


async def test_a_vote_from_before_an_erasure_is_taken_from_nobody() -> None:
    async with listening() as on:
        channel = on.client.get_channel(on.general.id)
        assert isinstance(channel, discord.TextChannel)
        poll = discord.Poll(question="?", duration=timedelta(hours=1), multiple=True)
        message = await channel.send(poll=poll.add_answer(text="a").add_answer(text="b"))
        ada, consents = on.pseudonym(on.ada), on.client.services.gate._consents
        await on.ada.vote(message, answer=1)
        consents.note(Erased(on.guild.id, ada, message.id << 1))
        await on.ada.vote(message, answer=2)
        for answer in (1, 2):
            await on.ada.remove_vote(message, answer=answer)
        state = PollState()
        votes = [each for each in on.tape.recorded if isinstance(each, PollVote)]
        counted = [(each.member, each.by) for vote in votes for each in apply(state, vote)]
        assert counted == [(ada, 1), (ada, 1), (0, -1), (ada, -1)]
        delta = Delta()
        fold_vote_counted(delta, VoteCounted(on.guild.id, 5, 0, 0, 0, 1, 2, -1, 0))
        assert delta.vote_member_days == {}
        assert [each.votes for each in delta.vote_channel_days.values()] == [-1]


async def test_the_same_vote_after_an_erasure_is_another_one() -> None:
    async with listening() as on:
        channel = on.client.get_channel(on.general.id)
        assert isinstance(channel, discord.TextChannel)
        poll = discord.Poll(question="?", duration=timedelta(hours=1), multiple=True)
        message = await channel.send(poll=poll.add_answer(text="a"))
        ada, consents = on.pseudonym(on.ada), on.client.services.gate._consents
        where = {
            "user_id": str(on.ada.id),
            "channel_id": str(on.general.id),
            "message_id": str(message.id),
            "guild_id": str(on.guild.id),
            "answer_id": 1,
        }
        for times in range(3):
            on.client._connection.parse_message_poll_vote_add(where)  # type: ignore[arg-type] # as Discord sends it
            await on.env.settle()
            consents.note(Erased(on.guild.id, ada, message.id << 1 | times))
        given = [each for each in on.tape.recorded if isinstance(each, PollVoted)]
        assert len({each.vote for each in given}) == len(given) == 3
        await on.ada.vote(message, answer=1)
        await on.ada.remove_vote(message, answer=1)
        taken = [each for each in on.tape.recorded if isinstance(each, PollVoteRemoved)]
        last = [each for each in on.tape.recorded if isinstance(each, PollVoted)][-1]
        assert [each.vote for each in taken] == [*(each.vote for each in given), last.vote]
        assert [each.member for each in taken] == [0, 0, 0, ada], "only what was given since is theirs"

"""A member who opted out, at every listener: nothing that is recorded names the member."""

from datetime import timedelta

import discord

from bot.ingest.activities.events import EventInterestRead
from bot.ingest.activities.members import MemberLeft
from bot.ingest.activities.message_changes import MessageEdited
from bot.ingest.activities.threads import ThreadSeen
from bot.privacy.records import Erased, OptedIn, OptedOut
from cogs.events.interest import InterestReader
from tests.discord.listening import Listening, listening
from tests.discord.test_events import SOON, planning
from tests.discord.test_members import WITH_LIST, compare, compared
from tests.discord.test_threads import snowflake, tell, thread_data


def naming(on: Listening, member: int) -> list[object]:
    return [each for each in on.tape.recorded if str(member) in repr(each)]


async def test_nothing_of_who_opted_out_is_recorded_anywhere() -> None:
    async with planning() as (on, _):
        carol = on.guild.add_member(on.env.create_user("carol"))
        await on.env.settle()
        who, consents = on.pseudonym(carol), on.client.services.gate._consents
        written = await carol.send(on.general, "before")
        now = snowflake(on)
        consents.note(OptedOut(on.guild.id, who, now))
        on.tape.recorded.clear()

        lounge = on.guild.create_voice_channel("lounge")
        event = on.guild.create_scheduled_event("a feast", start_time=SOON, channel=lounge)
        for each in (on.ada, carol):
            await each.subscribe_event(event.id)
        await InterestReader(on.client).read(on.guild.id, [event.id])
        thread = snowflake(on, 1)
        data = thread_data(on, on.general.id, thread, owner_id=str(carol.id))
        await tell(on, "thread_create", {**data, "newly_created": True})
        joined = {"id": str(thread), "user_id": str(carol.id), "join_timestamp": SOON, "flags": 0}
        added = {
            "id": str(thread),
            "guild_id": str(on.guild.id),
            "member_count": 2,
            "added_members": [joined],
        }
        await tell(on, "thread_members_update", added)
        channel = on.client.get_channel(on.general.id)
        assert isinstance(channel, discord.TextChannel)
        poll = discord.Poll(question="eh?", duration=timedelta(hours=1)).add_answer(text="a")
        message = await channel.send(poll=poll)
        await carol.vote(message, answer=1)
        await carol.edit(written, "after")
        await on.env.settle()

        assert naming(on, who) == []
        (read,) = [each for each in on.tape.recorded if isinstance(each, EventInterestRead)]
        assert read.members == (on.pseudonym(on.ada),)
        seen = [each for each in on.tape.recorded if isinstance(each, ThreadSeen)]
        assert {each.creator for each in seen} == {0}, "the thread counts for its channel alone"
        assert not any(isinstance(each, MessageEdited) for each in on.tape.recorded)

        consents.note(OptedIn(on.guild.id, who, snowflake(on, 2)))
        await carol.unsubscribe_event(event.id)
        await carol.subscribe_event(event.id)
        await tell(on, "thread_members_update", added)
        assert len(naming(on, who)) == 3


async def test_the_member_list_brings_nobody_back_who_opted_out_or_was_erased() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        book, consents = on.tape.rosters, on.client.services.gate._consents
        ada, bob = on.pseudonym(on.ada), on.pseudonym(on.bob)
        assert {member for _, member in book.states} >= {ada, bob}
        consents.note(Erased(on.guild.id, ada, snowflake(on, 10**6)))
        consents.note(OptedOut(on.guild.id, bob, snowflake(on, 10**6)))
        book.states.clear()  # as if both had been erased
        on.tape.recorded.clear()
        await compare(on)
        await compare(on)
        assert naming(on, ada) == naming(on, bob) == []
        role = on.guild.create_role("Crew")
        on.env.backend.edit_member(on.guild.id, on.bob.id, {"role_ids": [role.id]})
        on.guild.remove_member(on.bob)
        on.guild.remove_member(on.ada)
        await on.env.settle()
        assert naming(on, bob) == []
        (gone,) = naming(on, ada)
        assert isinstance(gone, MemberLeft), "an erased member's leave comes after the erasure"

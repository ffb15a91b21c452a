"""Scheduled events on a simulated Discord: planned, interested, on, attended, over, missed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import simcord
from simcord.actors import MemberActor

from bot.client import ServerstatsClient
from bot.ingest.activities.events import (
    EventInterest,
    EventInterestRead,
    EventPlan,
    EventPresence,
    EventSeen,
    EventStage,
)
from bot.ingest.books.scheduled_events import EventAttendance, EventState, apply
from bot.ingest.voice import VoiceTracker
from cogs.events.interest import InterestReader
from tests.discord.listening import Listening, Tape, listening_client
from tests.discord.stage import NOW

SOON = (NOW + timedelta(days=1)).isoformat()
EXTENSIONS = ("cogs.listeners", "cogs.events")


class Stored:
    """What a database would know."""

    def __init__(self) -> None:
        self.unfinished_events: list[int] = []

    async def unfinished(self, guild: int) -> list[int]:
        assert guild
        return self.unfinished_events


def client_of(tape: Tape, stored: Stored) -> ServerstatsClient:
    client = listening_client(tape)
    attendance = EventAttendance(tape.record)
    voice = VoiceTracker(attendance.hear, client.services.calendars.label, tape.moment)
    client.services = replace(client.services, attendance=attendance, events=stored, voice=voice)
    client._extensions_wanted = EXTENSIONS
    return client


@asynccontextmanager
async def planning() -> AsyncIterator[tuple[Listening, Stored]]:
    tape, stored = Tape(), Stored()
    async with simcord.run(client_of(tape, stored), strict_sync=False) as env:
        guild = env.create_guild("The Lighthouse")
        general = guild.create_text_channel("general")
        ada, bob = (guild.add_member(env.create_user(name)) for name in ("ada", "bob"))
        await env.settle()
        yield Listening(env, tape, guild, general, ada, bob), stored


def state_of(on: Listening, event: int) -> EventState:
    """What the book makes of what was recorded."""
    state = EventState()
    for each in on.tape.recorded:
        if isinstance(each, EventPlan) and each.event == event:
            list(apply(state, each))
    return state


async def change(on: Listening, event: int, **given: object) -> None:
    on.env.backend.edit_scheduled_event(on.guild.id, event, given)
    await on.env.settle()


def names(on: Listening, *members: MemberActor) -> set[int]:
    return {on.pseudonym(each) for each in members}


async def test_who_is_interested_and_who_comes() -> None:
    async with planning() as (on, _):
        lounge = on.guild.create_voice_channel("lounge")
        event = on.guild.create_scheduled_event("a secret name", start_time=SOON, channel=lounge)
        carol = on.guild.add_member(on.env.create_user("carol"))
        await on.env.settle()
        for each in (on.ada, on.bob, carol):
            await each.subscribe_event(event.id)
        await carol.unsubscribe_event(event.id)
        assert state_of(on, event.id).interested == names(on, on.ada, on.bob)

        await on.ada.join_voice(lounge)
        on.tape.wait(300)
        await change(on, event.id, status=2)
        await carol.join_voice(lounge)
        on.tape.wait(59)
        await on.ada.leave_voice()
        on.tape.wait(600)
        await change(on, event.id, status=3)
        on.tape.wait(600)
        await carol.leave_voice()

        state = state_of(on, event.id)
        assert state.stage is EventStage.COMPLETED
        assert state.attendance == {on.pseudonym(on.ada): 59_000, on.pseudonym(carol): 659_000}
        assert state.attended == names(on, carol)
        assert state.ended_at - state.started_at == 659_000
        assert state.occurrence.attended_interested == 0
        assert on.voice_ms(carol) == {lounge.id: 1_259_000}
        assert "secret" not in repr(on.tape.recorded)


async def test_what_changes_while_the_list_is_read_is_put_over_it() -> None:
    async with planning() as (on, _):
        event = on.guild.create_scheduled_event(
            "x", start_time=SOON, channel=None, entity_type=3, location="y"
        )
        await on.env.settle()
        reader = InterestReader(on.client)
        before = [on.ada, *(on.guild.add_member(on.env.create_user(f"m{number}")) for number in range(3))]
        for each in before:
            await each.subscribe_event(event.id)
        users = reader._users

        async def slowly(guild: int, event_id: int) -> set[int]:
            found = await users(guild, event_id)
            reader.told(guild, event_id, on.bob.id, interested=True)
            reader.told(guild, event_id, on.ada.id, interested=False)
            return found

        reader._users = slowly  # type: ignore[method-assign]
        await reader.read(on.guild.id, [event.id])
        (read,) = [each for each in on.tape.recorded if isinstance(each, EventInterestRead)]
        assert set(read.members) == names(on, on.bob, *before[1:])
        told = [each for each in on.tape.recorded if isinstance(each, EventInterest)]
        assert len(told) == len(before) + 2


async def test_after_a_restart_lists_are_read_and_what_is_gone_is_noted() -> None:
    async with planning() as (on, stored):
        lounge = on.guild.create_voice_channel("lounge")
        kept = on.guild.create_scheduled_event("kept", start_time=SOON, channel=lounge)
        gone = on.guild.create_scheduled_event("gone", start_time=SOON, channel=lounge)
        await on.env.settle()
        await change(on, kept.id, status=2)
        on.env.backend.get_guild(on.guild.id).scheduled_events.pop(gone.id)
        on.env.backend.get_guild(on.guild.id).scheduled_events[kept.id].user_ids.add(on.ada.id)
        stored.unfinished_events = [kept.id, gone.id]
        await on.env.restart_bot(client_of(on.tape, stored))
        for guild in on.client.guilds:
            on.client.dispatch("guild_available", guild)  # simcord leaves it no time to
        await on.env.settle()
        assert state_of(on, gone.id).stage is EventStage.GONE
        state = state_of(on, kept.id)
        assert (state.stage, state.interested) == (EventStage.ACTIVE, names(on, on.ada))
        await on.bob.join_voice(lounge)
        on.tape.wait(90)
        await on.bob.leave_voice()
        assert state_of(on, kept.id).attended == names(on, on.bob)


async def test_a_deleted_event_and_one_held_elsewhere() -> None:
    async with planning() as (on, _):
        away = on.guild.create_scheduled_event(
            "x", start_time=SOON, entity_type=3, location="y", end_time=SOON
        )
        dropped = on.guild.create_scheduled_event("z", start_time=SOON, entity_type=3, location="y")
        await on.env.settle()
        await change(on, away.id, status=2)
        await change(on, away.id, status=3)
        on.env.backend.delete_scheduled_event(on.guild.id, dropped.id)
        await on.env.settle()
        assert state_of(on, away.id).stage is EventStage.COMPLETED
        assert state_of(on, away.id).attended is None
        assert state_of(on, dropped.id).stage is EventStage.DELETED
        assert not [each for each in on.tape.recorded if isinstance(each, EventPresence)]
        assert all(each.live for each in on.tape.recorded if isinstance(each, EventSeen))

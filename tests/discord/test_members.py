"""Members who come and go on a simulated Discord: heard live, or found in the list."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import discord
from simcord.actors import MemberActor
from structlog.testing import capture_logs

from bot.ingest.activities.invites import InviteRead
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.members import JoinSeen, MemberChanged, MemberJoined, MemberLeft, MembersCompared
from bot.privacy.pseudonym import Pseudonyms
from cogs.listeners.members import listed
from tests.discord.listening import Listening, listening

WITH_LIST: Mapping[str, object] = {"members": True, "extensions": ("cogs.members", "cogs.listeners")}


def told(on: Listening, *kinds: type) -> list[Any]:
    return [each for each in on.tape.recorded if isinstance(each, kinds)]


async def compared(on: Listening, times: int = 1) -> None:
    """Wait until the list was compared."""
    async with asyncio.timeout(10):
        while len(told(on, MembersCompared)) < times:
            await on.env.settle()
            await asyncio.sleep(0.01)


async def compare(on: Listening) -> None:
    """Compare now, as a new session does."""
    times = len(told(on, MembersCompared))
    on.client.services.comparer.look(on.guild.id)
    await compared(on, times + 1)


def come(on: Listening, name: str, *, bot: bool = False) -> MemberActor:
    return on.guild.add_member(on.env.create_user(name, bot=bot))


async def test_joins_leaves_and_changes_are_heard_of_members_in_no_memory() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        assert on.client.get_guild(on.guild.id).get_member(on.ada.id) is None  # type: ignore[union-attr]
        cyd = come(on, "cyd")
        come(on, "robot", bot=True)
        await on.env.settle()
        seen = told(on, MemberJoined)[-1]
        assert (seen.member, seen.seen) == (on.pseudonym(cyd), JoinSeen.LIVE)
        role = on.guild.create_role("Crew")
        on.env.backend.edit_member(on.guild.id, cyd.id, {"role_ids": [role.id]})
        await on.env.settle()
        (change,) = told(on, MemberChanged)
        assert (change.member, change.roles) == (on.pseudonym(cyd), (role.id,))
        on.guild.remove_member(cyd)
        await on.env.settle()
        (gone,) = told(on, MemberLeft)
        assert (gone.member, gone.at, gone.found) == (on.pseudonym(cyd), on.tape.now_ms(), False)


async def test_without_the_intent_nothing_is_known() -> None:
    async with listening(extensions=WITH_LIST["extensions"]) as on:
        come(on, "cyd")
        on.guild.remove_member(on.bob)
        on.client.services.comparer.look(on.guild.id)
        await on.env.settle()
        assert told(on, MemberJoined, MemberLeft, MembersCompared) == []


@contextmanager
def nobody_hears(on: Listening) -> Iterator[None]:
    """Let events pass unheard, as while the bot is away."""
    parsers = on.client._connection.parsers
    kept = {name: parsers[name] for name in parsers if name.startswith("GUILD_MEMBER_")}
    parsers.update(dict.fromkeys(kept, lambda _data: None))
    yield
    parsers.update(kept)


async def test_what_nobody_heard_is_found_in_the_list_once() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        with nobody_hears(on):
            await on.env.advance_time(100)
            on.guild.remove_member(on.bob)
            cyd = come(on, "cyd")
            role = on.guild.create_role("Crew")
            on.env.backend.edit_member(on.guild.id, on.ada.id, {"role_ids": [role.id]})
            await on.env.settle()
        assert told(on, MemberLeft, MemberChanged) == []
        heard = on.tape.now_ms() - 60_000
        on.tape.rosters.heard_at[on.guild.id] = heard
        await compare(on)
        (gone,) = told(on, MemberLeft)
        assert (gone.member, gone.found, gone.at) == (on.pseudonym(on.bob), True, on.tape.now_ms())
        found = told(on, MemberJoined)[-1]
        assert (found.member, found.seen) == (on.pseudonym(cyd), JoinSeen.FOUND)
        (change,) = told(on, MemberChanged)
        assert (change.member, change.roles) == (on.pseudonym(on.ada), (role.id,))
        count = len(on.tape.recorded)
        await compare(on)
        assert [type(each) for each in on.tape.recorded[count:]] == [MembersCompared], "nothing differs now"


async def test_who_was_there_when_the_bot_came_is_remembered_and_does_not_count() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        on.tape.rosters.states.clear()
        on.tape.rosters.rosters.clear()
        count = len(on.tape.recorded)
        await compare(on)
        survivors = [each for each in on.tape.recorded[count:] if isinstance(each, MemberJoined)]
        assert {each.member for each in survivors} >= {on.pseudonym(on.ada), on.pseudonym(on.bob)}
        assert {each.seen for each in survivors} == {JoinSeen.SURVIVOR}
        last = told(on, MembersCompared)[-1]
        assert last.known_until == max(each.joined for each in survivors)


async def test_a_payload_that_cannot_be_read_ends_nothing_and_has_the_list_compared() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        count = len(told(on, MembersCompared))
        with capture_logs() as logs:
            on.client._connection.parsers["GUILD_MEMBER_UPDATE"](
                {"guild_id": str(on.guild.id), "user": {"id": str(on.ada.id)}}
            )
        assert [entry["kind"] for entry in logs if entry["log_level"] == "error"] == ["GUILD_MEMBER_UPDATE"]
        await compared(on, count + 1)


async def test_a_list_that_lacks_too_many_is_not_believed() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        guild = on.client.get_guild(on.guild.id)
        assert guild is not None
        guild._member_count = 500
        count = len(on.tape.recorded)
        comparer = on.client.services.comparer
        comparer.look(on.guild.id)
        for _ in range(10):
            await on.env.settle()
            await asyncio.sleep(0.02)
        assert on.tape.recorded[count:] == []
        assert on.guild.id in comparer._runs, "it is to be tried again"


def test_a_guest_has_not_joined() -> None:
    user = {"id": "5"}
    assert listed(Pseudonyms(bytes(32)), 1, {"user": user, "joined_at": None, "roles": []}) is None
    member = {
        "user": user,
        "joined_at": "2026-01-02T03:04:05.678000+00:00",
        "roles": ["9", "10", "2"],
        "premium_since": "2026-01-02T03:04:05.679+00:00",
    }
    read = listed(Pseudonyms(bytes(32)), 1, member, remember=False)
    assert read is not None
    assert (read.joined, read.boosting) == (1_767_323_045_678, 1_767_323_045_679)
    assert (read.roles, read.pending) == ((2, 9, 10), False)


async def read_invites(on: Listening) -> list[InviteRead]:
    """Read the invites now; what is new is recorded."""
    before = len(told(on, InviteRead))
    on.client.services.invites.look(on.guild.id)
    await on.env.settle()
    await asyncio.sleep(0.05)
    await on.env.settle()
    return told(on, InviteRead)[before:]


async def test_invites_are_read_and_tell_by_which_somebody_came() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        guild = on.client.get_guild(on.guild.id)
        assert guild is not None
        invite = on.env.backend.create_invite(on.general.id, on.ada.id)
        (first,) = await read_invites(on)
        assert (first.code, first.inviter, first.uses) == (invite.code, on.pseudonym(on.ada), 0)
        assert await read_invites(on) == [], "nobody used it"
        invite.uses += 1
        come(on, "cyd")
        await on.env.settle()
        (used,) = await read_invites(on) or told(on, InviteRead)[1:]
        assert (used.invite, used.uses, used.vanity) == (first.invite, 1, False)

        on.guild.set_vanity_url("lighthouse")
        guild.features = ["VANITY_URL"]
        (own,) = await read_invites(on)
        assert (own.code, own.vanity, own.inviter) == ("lighthouse", True, 0)


def asked_for_invites(on: Listening) -> int:
    return sum(request.path.endswith("/invites") for request in on.env.http_requests)


async def test_without_manage_server_invites_are_unknown() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        guild = on.client.get_guild(on.guild.id)
        assert guild is not None
        on.env.backend.create_invite(on.general.id, on.ada.id)
        for role in guild.me.roles:
            role._permissions &= ~discord.Permissions(manage_guild=True, administrator=True).value
        before = asked_for_invites(on)
        assert await read_invites(on) == []
        assert asked_for_invites(on) == before


async def test_members_have_names_by_pseudonym_and_former_ones_have_none() -> None:
    async with listening(**WITH_LIST) as on:
        await compared(on)
        on.env.backend.edit_member(on.guild.id, on.bob.id, {"nick": "Bob the Builder"})
        cyd = come(on, "cyd")
        await on.env.settle()
        services, guild = on.client.services, on.guild.id
        ada, bob, new = (on.pseudonym(each) for each in (on.ada, on.bob, cyd))

        assert services.present.ids(guild, [ada, bob, new, 5]) == {
            ada: on.ada.id,
            bob: on.bob.id,
            new: cyd.id,
        }
        assert await services.people.names(guild, [ada, bob, new, 5]) == {
            ada: "ada",
            bob: "Bob the Builder",
            new: "cyd",
            5: "a former member",
        }

        on.guild.remove_member(cyd)
        await on.env.settle()
        assert await services.people.names(guild, [new]) == {new: "a former member"}


async def test_without_the_intent_only_who_was_seen_has_a_name() -> None:
    async with listening(extensions=("cogs.members", "cogs.listeners")) as on:
        ada = on.pseudonym(on.ada)
        bob = Pseudonyms(bytes(32)).of(on.guild.id, on.bob.id)

        assert await on.client.services.people.names(on.guild.id, [ada, bob]) == {
            ada: "ada",
            bob: "a former member",
        }


async def test_a_server_that_is_away_has_no_number_of_members_now() -> None:
    async with listening(members=True) as on:
        guild = on.client.get_guild(on.guild.id)
        assert guild is not None

        async def read() -> int:
            before = len(on.tape.recorded)
            await on.client.count_members()
            return sum(isinstance(each, MembersCounted) for each in on.tape.recorded[before:])

        on.tape.wait(3600)
        assert await read() == 1
        on.tape.wait(3600)
        guild.unavailable = True
        assert await read() == 0

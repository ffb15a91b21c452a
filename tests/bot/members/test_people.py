"""Names of members in bounded time."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from bot.members import people as named
from bot.members.people import FORMER, KEPT_MS, NAMELESS, People
from bot.members.present import PresentMembers

GUILD = 7


@dataclass
class Discord:
    """Knows names by user id, answers or does not."""

    known: dict[int, str]
    now: int = 0
    silent: bool = False
    asked: list[list[int]] = field(default_factory=list)

    def now_ms(self) -> int:
        return self.now

    async def names(self, guild: int, users: list[int]) -> Mapping[int, str] | None:
        assert guild == GUILD
        self.asked.append(users)
        if self.silent:
            await asyncio.sleep(3600)
        return {user: self.known[user] for user in users if user in self.known}

    def labels(self, guild: int, ids: Iterable[int]) -> Mapping[int, str]:
        raise AssertionError(f"nobody asks for {list(ids)} of {guild}")


def people(discord: Discord) -> People:
    present = PresentMembers()
    for user in (1, 2, 3):
        present.saw(GUILD, user, user * 10)
    found = People(present, discord, patience=0.02)
    found.attach(discord)
    return found


async def test_names_come_in_one_answer_and_are_kept_for_minutes() -> None:
    discord = Discord({1: "Ada", 2: "Bob"})
    asked = people(discord)

    expected = {20: "Bob", 10: "Ada", 99: str(FORMER)}
    assert await asked.names(GUILD, [20, 10, 99, 10]) == expected
    assert await asked.names(GUILD, [20, 10, 99]) == expected
    assert discord.asked == [[2, 1]]

    discord.now, discord.known[1] = KEPT_MS, "Ada L."
    assert (await asked.names(GUILD, [10]))[10] == "Ada L."


async def test_whom_discord_does_not_know_has_left() -> None:
    assert await people(Discord({1: "Ada"})).names(GUILD, [10, 30]) == {10: "Ada", 30: str(FORMER)}


async def test_who_cannot_be_named_in_time_is_a_member() -> None:
    asked = people(Discord({}, silent=True))

    assert await asked.names(GUILD, [10, 99]) == {10: str(NAMELESS), 99: str(FORMER)}


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "MOST_KEPT", 2)
    discord = Discord({1: "Ada", 2: "Bob", 3: "Cyd"})
    asked = people(discord)
    for pseudonym in (10, 20, 30):
        await asked.names(GUILD, [pseudonym])

    await asked.names(GUILD, [10, 20, 30])

    assert discord.asked[3:] == [[1]], "the oldest was forgotten"

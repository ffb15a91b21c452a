"""The real process under traffic from a real gateway socket, killed with `kill -9` again and again."""

from __future__ import annotations

import random
import secrets
from typing import TYPE_CHECKING

from bot.db.database import connect, database
from tests.faults.lives import Lives, check
from tests.support.bot_orders import Death, Place
from tests.support.bot_process import BotSettings
from tests.support.discord_server.server import DiscordServer
from tests.support.mongod import embedded_mongod
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from pathlib import Path

    from bot.db.database import Handle

RATE = 300.0
PLACES = (
    Death(Place.RECORD_TORN, nth=40),
    Death(Place.RECORD_KEPT, nth=60),
    Death(Place.SYNC, nth=3),
    Death(Place.SEGMENT_UNNAMED, nth=2),
    Death(Place.NOTHING_WRITTEN, nth=3),
    Death(Place.WATERMARK_MOVED, nth=3),
    Death(Place.BETWEEN_BULKS, nth=9),
    Death(Place.ALL_WRITTEN, nth=3),
    Death(Place.COMMITTED, nth=3),
    Death(Place.DISCARD, nth=1),
)


def deaths(chance: random.Random) -> list[Death | None]:
    """Each known place once, random moments of a flush, and (None) random moments of a life; shuffled."""
    inside = [
        Death(Place.COMMIT_BEGUN, nth=chance.randint(1, 6), seconds=chance.uniform(0.0, 0.04))
        for _ in range(8)
    ]
    made = [*PLACES, *inside, *[None] * 6]
    chance.shuffle(made)
    return made


async def test_each_message_counts_once_through_kills(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    seed = secrets.randbits(32)
    print("seed", seed)  # noqa: T201 - pytest shows it when the test fails
    chance = random.Random(seed)
    ends = deaths(chance)
    town = make_town()
    async with DiscordServer(town.world) as server:
        server.gateway.behaviour.resume_overlap = 20
        traffic = Traffic(server, town)
        settings = BotSettings(
            tmp_path / "data", server.base_url, town.world.token, mongodb_uri, database_name
        )
        lives = Lives(settings, traffic, chance)
        async with traffic.flowing(RATE):
            await lives.run(ends)
    assert await check(db, lives, kills=len(ends)) > 10 * len(ends)


async def test_the_embedded_database_dies_with_the_bot_and_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(1)
    ends = [Death(Place.COMMIT_BEGUN, nth=4, seconds=0.01), None, Death(Place.COMMITTED, nth=3)]
    town = make_town()
    async with DiscordServer(town.world) as server:
        traffic = Traffic(server, town)
        lives = Lives(BotSettings(tmp_path / "data", server.base_url, town.world.token), traffic, chance)
        async with traffic.flowing(RATE):
            await lives.run(ends)
    with embedded_mongod(lives.settings.data) as mongod:
        driver = connect(mongod.uri)
        assert await check(database(driver, "serverstats"), lives, kills=len(ends)) > 10 * len(ends)
        driver.close()

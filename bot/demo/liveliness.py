"""What goes on by itself while somebody looks: the clock, and a message now and then."""

import asyncio

import numpy as np

from bot.clock import Clock
from bot.demo.community import Community
from bot.demo.seeding import Cast
from bot.demo.stage import Stage

TICK_SECONDS = 0.25
PAUSE_SECONDS = 25.0
"""How long nobody writes, on average."""

_LINES = (
    "Good morning!",
    "That works now, thank you.",
    "Has anyone tried this on a phone?",
    "I will look at it tonight.",
    "Nice!",
    "Here is how I did it.",
    "Which version is that?",
    "Same here.",
)


async def keep_time(stage: Stage, clock: Clock) -> None:
    """Keep the server's clock with ours; never returns."""
    while True:
        stage.keep_time(clock.now_ms())
        await asyncio.sleep(TICK_SECONDS)


async def chatter(stage: Stage, community: Community, cast: Cast) -> None:
    """Let members write, each where and as much as is their habit; never returns."""
    plan = community.plan
    rng = np.random.default_rng([plan.seed, 4])
    habit = community.messages(community.until_day)
    heard = [
        (cast.people[person], cast.rooms[room])
        for person, room in zip(habit.people.tolist(), habit.rooms.tolist(), strict=True)
        if not plan.rooms[room].private and not plan.rooms[room].is_forum
    ]
    while heard:
        await asyncio.sleep(rng.exponential(PAUSE_SECONDS))
        person, room = heard[int(rng.integers(len(heard)))]
        if stage.has(person):
            stage.say(person, room, _LINES[int(rng.integers(len(_LINES)))])

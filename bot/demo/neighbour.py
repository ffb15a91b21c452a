"""A second server in the demo, smaller and in another time zone, that agrees to be compared with it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analytics.local_time import HOURS_PER_DAY, ZoneHistory, instant_of_hour
from bot.agreements import Step
from bot.app import App
from bot.demo.community import Community
from bot.demo.plan import Plan
from bot.demo.seeding import Cast, Script, seed
from bot.demo.stage import Stage

SERVER = "Studio Leuchtturm"
ZONE = ZoneInfo("America/New_York")
DAYS = 70
"""Enough for the last 30 days to have a period before them."""
_SEED_STEP, _FIRST_ROOM = 7, 1_000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The other server, on the stage and ready to be counted."""

    guild: int
    plan: Plan
    script: Script

    async def count(self, app: App, after_ms: int, until_ms: int) -> None:
        """Count what happened there in a period; raises StoreUnavailable."""
        await app.directory.add_guild(self.guild, SERVER, ZONE.key)
        begun = instant_of_hour(self.plan.first_day * HOURS_PER_DAY, ZONE)
        await app.directory.mark_discord(self.guild, begun)
        await seed(self.script, app.recorder, after_ms, until_ms, lambda _done: None)

    async def agree(self, app: App, with_guild: int, owner: int) -> None:
        """Have the owner of both servers offer the comparison on both sides; raises StoreUnavailable."""
        for by, other in ((with_guild, self.guild), (self.guild, with_guild)):
            actor = app.services.pseudonyms.of(by, owner)
            await app.services.agreements.take(Step(by, other, offers=True, actor=actor))


def settle(app: App, stage: Stage, beside: Plan, guild: int, now_ms: int) -> Neighbour:
    """Make up the server and put it on the stage with its members; nobody looks into its rooms."""
    days = min(beside.days, DAYS)
    plan = Plan(
        ZONE, beside.last_day, beside.seed + _SEED_STEP, days, people=70, joins_a_day=0.6, messages_a_day=90.0
    )
    app.services.calendars.change(guild, ZoneHistory.single(ZONE))
    community = Community(plan, max(plan.last_day, app.services.calendars.label(guild, now_ms).day))
    crowd = community.crowd
    people = stage.add_neighbour(guild, SERVER, crowd.names[1:])
    for person in crowd.present(now_ms):
        stage.let_into(guild, people[person], int(crowd.joined[person]))
    rooms = tuple(guild + _FIRST_ROOM + number for number in range(len(plan.rooms)))
    bots = stage.members_of(guild) - len(crowd.present(now_ms))
    return Neighbour(
        guild,
        plan,
        Script(community, Cast(guild, rooms, people, bots), app.services.calendars, app.services.pseudonyms),
    )

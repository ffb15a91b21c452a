"""The demo of a made-up community that goes on while one looks."""

from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from analytics.local_time import HOURS_PER_DAY, ZoneHistory, instant_of_hour
from bot.app import App, open_app
from bot.audit import SettingChange
from bot.client import ClientOptions
from bot.clock import Clock
from bot.db.directory import ChannelRecord, Directory
from bot.demo.community import Community
from bot.demo.folder import DemoFolder, History, Memory
from bot.demo.liveliness import chatter
from bot.demo.names import CREW, TEAMS
from bot.demo.neighbour import settle
from bot.demo.plan import SERVER, Plan
from bot.demo.scene import Scene, Steps, Wish, demo_settings
from bot.demo.seeding import Cast, Script, seed
from bot.demo.stage import Stage
from bot.privacy.consent import snowflake_at

GUILD = 1_100_000_000_000_000_001
NEIGHBOUR = 1_100_000_000_001_000_001
ZONE = ZoneInfo("Europe/Berlin")
HELPER = CREW.index("jonas")
SEED = 1

HINT = (
    "**Welcome to the demo.** The bot is real and so is its database; only this Discord is simulated, and "
    "nothing leaves your computer.\n"
    "• Choose another period in the menu under the card, or press *Custom range…*\n"
    "• Type `/serverstats overview`; as a timeframe try `last month` or `24h`.\n"
    "• Write something here, then press *Refresh* under the card: it is counted.\n"
    f"• Above, view as **{CREW[HELPER]}**, who may read this channel but not the figures."
)


async def made_up(wish: Wish, folder: DemoFolder, clock: Clock, steps: Steps, stack: AsyncExitStack) -> Scene:
    """Make up a community until now, count it, and put it on a stage; goes on with a kept one."""
    now = clock.now_ms()
    history = folder.claim().history or _new_history(wish, now)
    plan = Plan(ZoneInfo(history.zone), history.last_day, history.seed, history.days)
    steps.begin("Starting a database")
    options = ClientOptions(message_content=True, members=True)
    app = await stack.enter_async_context(open_app(demo_settings(folder.root, plan.zone), options, clock))
    folder.remember(Memory(history))
    community = Community(plan, _day(plan.zone, now))
    stage, cast = set_stage(app, community, now)
    neighbour = settle(app, stage, plan, NEIGHBOUR, now)
    await _introduce(app.directory, plan, cast)
    await app.directory.mark_discord(GUILD, instant_of_hour(plan.first_day * HOURS_PER_DAY, plan.zone))
    await _switch_sentiment_on(app, stage.owner, now)
    script = Script(community, cast, app.services.calendars, app.services.pseudonyms)
    days = len(script.days(history.counted_until, now))
    steps.begin(f"Counting {days} days of messages", days)
    await seed(script, app.recorder, history.counted_until, now, steps.advance)
    steps.begin("Counting the server next door")
    await neighbour.count(app, history.counted_until, now)
    await neighbour.agree(app, GUILD, stage.owner)
    steps.begin("Packing the days")
    await app.packer.pack_all(now)
    folder.remember(Memory(_counted(history, now)))
    helper = cast.people[HELPER]
    background = (partial(chatter, stage, community, cast),) if wish.chatty else ()
    return Scene(stage, cast.rooms[0], (stage.owner, helper), plan.zone, HINT, "30d", background)


def set_stage(app: App, community: Community, now_ms: int) -> tuple[Stage, Cast]:
    """Build the server with the rooms and people of a community; everyone who is a member now is on it."""
    plan, crowd = community.plan, community.crowd
    stage = Stage(app.client, GUILD, SERVER, CREW[0])
    stage.keep_time(instant_of_hour(plan.first_day * HOURS_PER_DAY, plan.zone))  # when the rooms were made
    rooms = tuple(
        stage.add_room(room.name, room.kind, room.topic, private=room.private) for room in plan.rooms
    )
    people = (stage.owner, *(stage.add_person(name) for name in crowd.names[1:]))
    present = frozenset(crowd.present(now_ms))
    roles = tuple(
        stage.let_in(
            people[person],
            int(crowd.joined[person]),
            moderator=0 < person < len(CREW) and person != HELPER,
            helper=person == HELPER,
            teams=_teams(person),
        )
        if person in present
        else ()
        for person in range(len(people))
    )
    return stage, Cast(GUILD, rooms, people, stage.members - len(present), roles)


def _teams(person: int) -> tuple[str, ...]:
    ordinary = person - len(CREW)
    return tuple(team for team, every in TEAMS.items() if ordinary >= 0 and ordinary % every == 0)


async def _introduce(directory: Directory, plan: Plan, cast: Cast) -> None:
    """Write down the server and its channels, as the bot does for what it sees on Discord."""
    await directory.add_guild(cast.guild, SERVER, plan.zone.key)
    rooms = zip(cast.rooms, plan.rooms, strict=True)
    await directory.save_channels(
        cast.guild, [ChannelRecord(room_id, room.name, room.kind.stored) for room_id, room in rooms]
    )


async def _switch_sentiment_on(app: App, owner: int, now_ms: int) -> None:
    """Let messages be scored, as the server's owner would; once in a folder that is kept."""
    services = app.services
    if not services.sentiment.is_on(GUILD):
        actor, after = services.pseudonyms.of(GUILD, owner), snowflake_at(now_ms)
        await services.preferences.change(
            GUILD,
            actor,
            SettingChange("sentiment", "off", "on"),
            lambda present: replace(present, sentiment_after=after),
        )
    await services.sentiment.prepare()


def _new_history(wish: Wish, now_ms: int) -> History:
    zone = wish.zone or ZONE
    last_day = _day(zone, now_ms)
    first_day = last_day - wish.days + 1
    begin = instant_of_hour(first_day * HOURS_PER_DAY, zone) - 1
    return History(SEED, last_day, wish.days, zone.key, begin)


def _counted(history: History, until_ms: int) -> History:
    return History(history.seed, history.last_day, history.days, history.zone, until_ms)


def _day(zone: ZoneInfo, at_ms: int) -> int:
    return ZoneHistory.single(zone).label(at_ms).day

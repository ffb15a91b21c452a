"""The demo of an imported community, seen from the end of its data."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import make_importer, open_app
from bot.client import ANSWERING, ClientOptions
from bot.clock import Clock
from bot.db.reader import Reader
from bot.demo.clock import StandingClock
from bot.demo.folder import DemoFolder, Memory
from bot.demo.names import CREW
from bot.demo.scene import Scene, Steps, Wish, demo_settings
from bot.demo.stage import Stage
from bot.importing.importer import NewGuild
from bot.importing.probe import probe
from bot.ingest.activities.messages import ChannelKind

GUILD = 1_100_000_000_000_000_002
ZONE = ZoneInfo("UTC")
ROOM = "crew"


class Rooms:
    """Channels of the stage by the names that a file gives them, made when a name is met."""

    def __init__(self, stage: Stage, known: dict[int, str]) -> None:
        self._stage = stage
        self._ids: dict[str, int] = {}
        for _, name in sorted(known.items()):
            self.id_of(name)

    def id_of(self, name: str) -> int:
        """Id of a channel, the same in every run that meets the names in the same order."""
        if name not in self._ids:
            self._ids[name] = self._stage.add_room(name, ChannelKind.TEXT)
        return self._ids[name]


async def imported(
    wish: Wish, folder: DemoFolder, clock: Clock, steps: Steps, stack: AsyncExitStack
) -> Scene:
    """Count a file and put its community on a stage; the bot's clock stands where the file ends.

    The bot listens to nothing there: a community of which only a file is known has no number of members, and
    nothing new. Raises ImportFileError for a file that cannot be read.
    """
    if wish.data is None:
        raise ValueError("no file to show")
    folder.remember(Memory(folder.claim().history))
    facts = await asyncio.to_thread(probe, wish.data)
    guild = facts.guild_id or GUILD
    name = wish.name or facts.guild_name or _title(wish.data)
    zone = wish.zone or ZONE
    steps.begin("Starting a database")
    settings = demo_settings(folder.root, zone)
    standing = StandingClock(clock.now_ms())
    options = ClientOptions(message_content=True, extensions=ANSWERING)
    app = await stack.enter_async_context(open_app(settings, options, standing, jobs=()))
    stage = Stage(app.client, guild, name, CREW[0])
    room = stage.add_room(ROOM, ChannelKind.TEXT, "The figures of an imported community", private=True)
    rooms = Rooms(stage, await app.directory.channel_names(guild))
    importer = await make_importer(settings, app.writing, guild, channel_id=rooms.id_of)
    steps.begin(f"Counting {wish.data.name}", facts.size_bytes)
    await importer.run(wish.data, NewGuild(name, zone), lambda progress: steps.advance(progress.consumed))
    steps.begin("Packing the days")
    await app.packer.pack_all(standing.now_ms())
    standing.set(await Reader(app.writing.opened.db).last_message_ms(guild) or standing.now_ms())
    return Scene(stage, room, (stage.owner,), zone, _hint(wish.data), "all")


def _title(file: Path) -> str:
    return file.name.split(".")[0] or file.name


def _hint(file: Path) -> str:
    return (
        f"**This is what `{file.name}` holds**, counted by the real bot. For the bot it is now the end of "
        "the file, so that *30 days* means its last 30. How many members there were it does not say, and "
        "what you write here is not counted.\n"
        "Choose another period in the menu under the card, or type `/serverstats overview`."
    )

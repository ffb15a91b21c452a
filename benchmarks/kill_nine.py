"""`kill -9` a hundred times in traffic: `python benchmarks/kill_nine.py`.

The real bot under messages from a real gateway socket, which come again after each start. It is killed at
random moments, and at chosen places of journal and commit. More befalls it, in turn: a bit of its journal
flips, a segment is cut off or deleted, an older journal is put back, and it is cut off from the database
while another process takes its servers. What is lost by that has to be said by a later life. Each life begins
with a process that is started anew, imports and all; told is how long after that the first commit is in the
database. The reference, in the same run, is what a bot without a journal would have lost: what was accepted
and not committed when it died.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import PyMongoError

from benchmarks.support.measuring import Spread, conclude, show
from benchmarks.support.mishaps import Mishap, Mishaps
from bot.db.database import Handle, connect, database
from bot.db.leases import REGISTER
from bot.ingest.journal import START, Position
from bot.mongod.running import running_uri
from tests.faults.lives import SLOW, Lives
from tests.faults.test_kill_nine import deaths
from tests.faults.test_shards import expire
from tests.support.bot_orders import Death
from tests.support.bot_process import BotSettings, bot_process
from tests.support.census import Ledger, check_coverage, check_sums, counted, key_of, take_census
from tests.support.discord_server.server import DiscordServer
from tests.support.lossy_proxy import LossyProxy
from tests.support.mongod import embedded_mongod
from tests.support.traffic import Traffic, make_town

NAME = "kill_nine"
OVERLAP = 20
MORE = {"SERVERSTATS_READ_HISTORY": "true"}
STANDSTILL_SECONDS = 60
ORPHAN_SECONDS = 2.0
GOAL_SECONDS = 2.0


Locate = Callable[[], str | None]
"""Address of the database, None while there is none."""


@dataclass(slots=True, eq=False)
class Watched:
    """What was seen of the lives."""

    first_flush: list[float] = field(default_factory=list)
    uncommitted: list[int] = field(default_factory=list)
    orphans: int = 0


TURNS = (
    Mishap.NONE,
    Mishap.FLIP,
    Mishap.NONE,
    Mishap.CUT,
    Mishap.PARTITION,
    Mishap.MISSING,
    Mishap.OLD_FOLDER,
)
"""What befalls lives, in turn, beside their deaths."""


class ColdLives(Lives):
    """Lives that begin with a new process, each timed until its first commit."""

    def __init__(
        self, settings: BotSettings, traffic: Traffic, chance: random.Random, locate: Locate
    ) -> None:
        super().__init__(settings, traffic, chance)
        self.seen = Watched()
        aside = settings.data.with_suffix(".aside")
        aside.mkdir(parents=True)
        self.mishaps = Mishaps(settings.data / "journal", aside, chance)
        self._locate = locate
        self._state: tuple[object, Position] = None, START

    async def run(self, ends: list[Death | None]) -> None:
        turns = cycle(TURNS)
        for number, end in enumerate(ends, start=1):
            known = self.settings.witnessed()
            mishap = Mishap.NONE if self.settings.mongodb_uri is None else next(turns)
            if mishap is Mishap.PARTITION:
                await self.cut_off()
            else:
                await self.killed(end)
            await self.befall(mishap)
            self.seen.orphans += await orphans(self.settings.data)
            await self.look_back(self.settings.witnessed() - known - self.unsure)
            print(f"\r{number} of {len(ends)} kills", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)

    async def killed(self, end: Death | None) -> None:
        """Live until a death, timed until the first commit."""
        await self.note_state()
        began = time.perf_counter()
        async with bot_process(self.settings, death=end) as bot:
            flushing = asyncio.create_task(self.first_flush(began))
            await self.life(bot, end)
            flushing.cancel()
            await asyncio.gather(flushing, return_exceptions=True)
            self.mishaps.hear(bot.log)

    async def cut_off(self) -> None:
        """Lose the database and not know it, while another process takes the servers and counts; then die."""
        uri = self.settings.mongodb_uri
        if uri is None:
            raise ValueError("a database of its own cannot be cut off")
        rival = replace(self.settings, data=self.settings.data.with_name("rival"), witnesses=False)
        rival.data.mkdir(exist_ok=True)
        async with (
            LossyProxy(uri) as proxy,
            bot_process(replace(self.settings, mongodb_uri=proxy.uri)) as bot,
        ):
            await self.connected(bot)
            await asyncio.sleep(self.chance.uniform(0.3, 0.8))
            proxy.silence()
            shutil.copy(self.settings.data / "pseudonym.key", rival.data)
            async with opened(uri) as db:
                await expire(db)
            await self.count_instead(rival)
            await bot.kill()
            self.mishaps.hear(bot.log)

    async def count_instead(self, rival: BotSettings) -> None:
        """Let another process count for a while."""
        async with bot_process(rival) as other:
            async with self.traffic.server.records.identified(timeout=SLOW):
                other.go()
            await asyncio.sleep(self.chance.uniform(0.3, 0.8))
            assert await other.terminate() == 0, other.log

    async def befall(self, mishap: Mishap) -> None:
        """Let happen to the journal what does."""
        uri = self._locate()
        if uri is None or self.settings.mongodb_uri is None or not self.mishaps.journal.exists():
            return
        async with opened(uri) as db:
            marks = {
                each["_id"]: Position(each["segment"], each["offset"]) async for each in db.watermarks.find()
            }
        self.mishaps.befall(mishap, marks)

    async def all_counted(self) -> None:
        """Live once more, until history has brought what came while there was no bot."""
        async with bot_process(self.settings) as bot:
            await self.connected(bot)
            await self.traffic.send_everywhere()
            while (uri := self._locate()) is None:
                await asyncio.sleep(0.05)
            async with opened(uri) as db:
                await self._read_back(db)
            assert await bot.terminate() == 0, bot.log
            self.mishaps.hear(bot.log)
        self.seen.orphans += await orphans(self.settings.data)

    async def _read_back(self, db: Handle) -> None:
        """Wait until everything counts: not for a number of seconds, but as long as there is more."""
        known, until = 0, time.monotonic() + STANDSTILL_SECONDS
        while (now := await counted(db, self.traffic.town.guild.id)) < len(self.traffic.sent):
            if now > known:
                known, until = now, time.monotonic() + STANDSTILL_SECONDS
            if time.monotonic() > until:
                raise TimeoutError(f"{now:,} of {len(self.traffic.sent):,} are counted, and no more come")
            await asyncio.sleep(0.2)

    async def first_flush(self, began: float) -> None:
        """Note how long the watermark took to move under a new lease."""
        before, mark = self._state
        while True:
            try:
                await self._see_flush(before, mark)
            except PyMongoError:  # its own database is not there yet, or no longer
                await asyncio.sleep(0.01)
            else:
                self.seen.first_flush.append(time.perf_counter() - began)
                return

    async def note_state(self) -> None:
        """Look at lease and watermark before a life: another process may have had them in between."""
        if (uri := self._locate()) is not None:
            async with opened(uri) as db:
                self._state = await state(db)

    async def _see_flush(self, before: object, mark: Position) -> None:
        while (uri := self._locate()) is None:
            await asyncio.sleep(0.01)
        driver: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(uri, serverSelectionTimeoutMS=100)
        try:
            db = driver[NAME]
            while True:
                self._state = epoch, place = await state(db)
                if epoch == before:
                    mark = place
                elif place != mark:
                    return
                await asyncio.sleep(0.01)
        finally:
            driver.close()

    async def look_back(self, accepted: set[int]) -> None:
        """Note how much of what a life accepted was not in the database when it ended."""
        uri = self._locate()
        if uri is None or not accepted:
            return
        guild = self.traffic.town.guild.id
        ledger = Ledger(guild, self.traffic.sent, accepted, key_of(self.settings.data))
        async with opened(uri) as db:
            known = {each["userId"] async for each in db.memberActivityStats.find({}, {"userId": 1})}
        self.seen.uncommitted.append(sum(ledger.pseudonym(each) not in known for each in accepted))


@asynccontextmanager
async def opened(uri: str) -> AsyncIterator[Handle]:
    driver = connect(uri)
    try:
        yield database(driver, NAME)
    finally:
        driver.close()


async def state(db: Handle) -> tuple[object, Position]:
    """Epoch of the newest lease, and the place that was committed last."""
    lease = await db.leases.find_one({"_id": REGISTER})
    found = await db.watermarks.find_one({}, sort=[("updatedAt", -1)])
    epoch = None if lease is None else lease["epoch"]
    return epoch, START if found is None else Position(found["segment"], found["offset"])


async def check(uri: str, lives: Lives) -> int:
    """Every message that was sent counts once, in every collection, and nothing is left to do."""
    traffic = lives.traffic
    guild = traffic.town.guild.id
    async with opened(uri) as db:
        census = await take_census(db, guild)
    ledger = Ledger(guild, traffic.sent, set(traffic.sent), key_of(lives.settings.data))
    check_sums(ledger, census)
    check_coverage(ledger, census)
    assert ledger.counted(census) == set(traffic.sent), "what was sent counts, and counts once"
    return census.messages


async def orphans(data: Path) -> int:
    """How many processes run on in a bot's data folder a while after its death."""
    until = time.perf_counter() + ORPHAN_SECONDS
    while left := [process for process in psutil.process_iter() if _works_in(data, process)]:
        if time.perf_counter() > until:
            print(f"left behind: {left}", file=sys.stderr)
            break
        await asyncio.sleep(0.1)
    return len(left)


def _works_in(data: Path, process: psutil.Process) -> bool:
    try:
        told = [*process.cmdline(), *process.environ().values()]
        return process.status() != psutil.STATUS_ZOMBIE and any(str(data) in each for each in told)
    except psutil.Error:
        return False


@dataclass(frozen=True, slots=True)
class Result:
    """What some kills came to."""

    database: str
    kills: int
    sent: int
    accepted: int
    counted: int
    seen: Watched
    mishaps: Mishaps
    seconds: float


async def measure(folder: Path, ends: list[Death | None], rate: float, *, embedded: bool) -> Result:
    """Kill as often as there are ends; ``embedded``: the database is the bot's own and dies with it."""
    chance = random.Random(len(ends))
    data = folder / ("with_database" if embedded else "alone")
    began = time.perf_counter()
    town = make_town()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(DiscordServer(town.world))
        server.gateway.behaviour.resume_overlap = OVERLAP
        uri = None if embedded else stack.enter_context(embedded_mongod(folder / "database")).uri
        settings = BotSettings(data, server.base_url, town.world.token, uri, NAME, MORE)
        traffic = Traffic(server, town)
        lives = ColdLives(settings, traffic, chance, partial(running_uri, data) if embedded else lambda: uri)
        async with traffic.flowing(rate):
            await lives.run(ends)
        await lives.all_counted()
        if uri is None:
            uri = stack.enter_context(embedded_mongod(data)).uri
        total = await check(uri, lives)
        assert not lives.mishaps.untold, f"no word of {lives.mishaps.untold}"
    seconds = time.perf_counter() - began
    kind = "the bot's own" if embedded else "beside it"
    accepted = len(settings.witnessed() & set(traffic.sent))
    return Result(kind, len(ends), len(traffic.sent), accepted, total, lives.seen, lives.mishaps, seconds)


def report(result: Result, seed: int) -> None:
    """Tell of one part as soon as it ends: the next may fail."""
    seen, first = result.seen, Spread.of(result.seen.first_flush)
    show(
        f"kill -9 in traffic, seed {seed}",
        (
            "database",
            "kills",
            "sent",
            "accepted live",
            "counted",
            "uncommitted at a kill",
            "most",
            "first commit s",
            "left behind",
        ),
        [
            (
                result.database,
                f"{result.kills}",
                f"{result.sent:,}",
                f"{result.accepted:,}",
                f"{result.counted:,}",
                f"{sum(seen.uncommitted):,}" if seen.uncommitted else "-",
                f"{max(seen.uncommitted):,}" if seen.uncommitted else "-",
                first.text(2),
                f"{seen.orphans}",
            )
        ],
    )
    if result.mishaps.done:
        happened = ", ".join(f"{mishap} {n}" for mishap, n in sorted(result.mishaps.done.items()))
        print(
            f"mishaps: {happened}; {result.mishaps.lost:,} records lost that were in "
            f"no database, told of {result.mishaps.told} times; {result.mishaps.refused} files refused"
        )
    sys.stdout.flush()


def sum_up(results: list[Result], seed: int) -> None:
    """Say whether the goals are met, and everything once more for machines."""
    firsts = [Spread.of(result.seen.first_flush) for result in results]
    met = all(first.most <= GOAL_SECONDS for first in firsts) and not any(
        result.seen.orphans for result in results
    )
    print("\nexact: every message counts once, in every collection; what no bot was there for, by history")
    print(
        f"goal: exact, first commit within {GOAL_SECONDS:g} s, none left behind: {'met' if met else 'missed'}"
    )
    conclude(
        "kill_nine",
        {
            "seed": seed,
            "runs": [
                {
                    "database": result.database,
                    "kills": result.kills,
                    "sent": result.sent,
                    "accepted": result.accepted,
                    "counted": result.counted,
                    "uncommitted": sum(result.seen.uncommitted),
                    "first_flush": [round(value, 2) for value in (first.median, first.least, first.most)],
                    "flushes": len(result.seen.first_flush),
                    "orphans": result.seen.orphans,
                    "mishaps": {str(mishap): n for mishap, n in result.mishaps.done.items()},
                    "lost_records": result.mishaps.lost,
                    "told": result.mishaps.told,
                    "refused": result.mishaps.refused,
                    "seconds": round(result.seconds),
                }
                for result, first in zip(results, firsts, strict=True)
            ],
        },
    )


async def measure_all(folder: Path, kills: int, embedded: int, rate: float, seed: int) -> list[Result]:
    chance = random.Random(seed)
    ends: list[Death | None] = []
    while len(ends) < kills + embedded:
        ends += deaths(chance)
    results = []
    for part, own in ((ends[:kills], False), (ends[kills : kills + embedded], True)):
        if part:
            results.append(await measure(folder, part, rate, embedded=own))
            report(results[-1], seed)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--embedded", type=int, default=20, help="further kills, with the bot's own database")
    parser.add_argument("--rate", type=float, default=300, help="messages a second")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="serverstats-") as folder:
        measured = measure_all(Path(folder), asked.kills, asked.embedded, asked.rate, asked.seed)
        sum_up(asyncio.run(measured), asked.seed)


if __name__ == "__main__":
    main()

"""Reading audit logs when Discord is busy, the database away, or the journal full."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.history.source import BusyError, NotAllowedError
from bot.ingest.activities.moderation import AuditLogRead, Moderated
from bot.ingest.activity import Activity
from bot.ingest.books.audit_log import AuditLogState
from bot.ingest.books.book import BookKey
from bot.ingest.snowflakes import id_at
from bot.ingest.store import StoreUnavailable
from bot.moderation import reader
from bot.moderation.reader import AuditLogReader
from bot.moderation.source import PAGE_SIZE, AuditLogPage

GUILD = 7
NOW = 1_790_000_000_000


def entry(number: int) -> Moderated:
    return Moderated(GUILD, id_at(NOW) + number, 0, 11, NOW, 0, 1, 3)


@dataclass
class World:
    """A log, the recorder in front of it, and what goes wrong, in order."""

    log: list[Moderated] = field(default_factory=lambda: [entry(number) for number in range(1, 251)])
    troubles: list[Exception] = field(default_factory=list)
    away: int = 0
    room: int = 10**9
    dropped: int = 0
    asked: list[int] = field(default_factory=list)
    recorded: list[Activity] = field(default_factory=list)

    def record(self, activity: Activity) -> None:
        if len(self.recorded) < self.room:
            self.recorded.append(activity)
        else:
            self.dropped += 1

    async def known(self, book: str, key: BookKey) -> AuditLogState:
        assert (book, key) == ("audit logs", (GUILD, 0))
        if self.away:
            self.away -= 1
            raise StoreUnavailable("away")
        return AuditLogState()

    def guilds(self) -> list[int]:
        return [GUILD]

    def readable(self, guild: int) -> bool:
        return guild == GUILD

    async def page(self, guild: int, after: int) -> AuditLogPage:
        self.asked.append(guild)
        if self.troubles:
            raise self.troubles.pop(0)
        page = [each for each in self.log if each.id > after][:PAGE_SIZE]
        return AuditLogPage(page, len(page), page[-1].id if page else 0)

    def now_ms(self) -> int:
        return NOW

    @property
    def read(self) -> list[AuditLogRead]:
        return [each for each in self.recorded if isinstance(each, AuditLogRead)]


async def look(world: World) -> None:
    audit_logs = AuditLogReader(world, world)
    audit_logs.attach(world)
    audit_logs.look_everywhere()
    audit_logs.look(GUILD)
    async with asyncio.timeout(5):
        while audit_logs._tasks:
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "FIRST_RETRY_SECONDS", 0.01)


async def test_pages_are_settled_one_by_one_whatever_comes_between() -> None:
    world = World(troubles=[BusyError("HTTP 500"), BusyError("HTTP 429", seconds=0.01)], away=2)
    await look(world)
    one = [world.log[99].id, world.log[199].id, world.log[249].id]
    assert [each.upto for each in world.read] == one * 2, "somebody said look twice"
    entries = [each for each in world.recorded if isinstance(each, Moderated)]
    assert entries == world.log * 2
    position = world.recorded.index(world.read[0])
    assert world.recorded[:position] == world.log[:100], "nothing is settled before it is recorded"


async def test_what_had_no_room_is_not_settled() -> None:
    world = World(room=150)
    await look(world)
    assert [each.upto for each in world.read] == [world.log[99].id]
    assert world.dropped


async def test_a_refusal_settles_nothing() -> None:
    world = World(troubles=[NotAllowedError("no"), NotAllowedError("no")])
    await look(world)
    assert not world.recorded
    assert len(world.asked) == 2

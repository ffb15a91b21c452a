"""A day that is over and not packed yet, as a busy server leaves it at midnight."""

from pathlib import Path

from benchmarks.support.clients import Database
from bot.clock import SystemClock
from bot.db.directory import Directory
from bot.db.imports import Imports
from bot.importing.importer import NOTHING
from bot.ingest.activities.messages import MessageSent
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.store import Changes, FilePlace, ImportMove
from bot.opening import Writing, open_writing
from bot.settings import Settings

MEMBERS_A_COMMIT = 2_000
_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000


async def make_yesterday(data: Path, database: Database, guild: int, members: int) -> None:
    """Let so many members have written in three hours of yesterday, in UTC."""
    settings = Settings.model_validate(
        {"data_dir": data, "mongodb_uri": database.uri, "database": database.name}
    )
    today = SystemClock().now_ms() // _DAY_MS
    async with open_writing(settings) as writing:
        await Directory(writing.opened.db).add_guild(guild, "A large server", "UTC")
        await _write(writing, guild, today - 1, members)


async def _write(writing: Writing, guild: int, day: int, members: int) -> None:
    place = NOTHING
    import_id = await Imports(writing.opened.db).begin(guild, place)
    for first in range(0, members, MEMBERS_A_COMMIT):
        delta = Delta()
        for member in range(first, min(first + MEMBERS_A_COMMIT, members)):
            for hour in (9, 14, 21):
                fold_into(delta, _sent(guild, day, hour, member))
        after = FilePlace(place.index + 1, place.offset + 1, b"")
        await writing.store.commit(Changes(delta, {}, ImportMove(import_id, place, after)))
        place = after


def _sent(guild: int, day: int, hour: int, member: int) -> MessageSent:
    pseudonym = (member + 1) * 0x9E3779B97F4A7C15 % (1 << 64)
    at = day * _DAY_MS + hour * _HOUR_MS
    return MessageSent(guild, 1_000 + member % 500, 0, 0, pseudonym, 0, 0, at, 0, day, hour, 0)

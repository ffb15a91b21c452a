"""The directory: servers on mongomock, which does simple upserts as MongoDB does, channels on a real one."""

from datetime import UTC, datetime
from typing import Any

import pytest
from mongomock_motor import AsyncMongoMockClient

from bot.db.database import Handle
from bot.db.directory import ChannelRecord, Directory
from bot.names import NameKeeper

NOW = int(datetime(2026, 3, 11, 15, 20, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def directory() -> Directory:
    return Directory(AsyncMongoMockClient(tz_aware=True)["serverstats"])


async def test_a_known_server_keeps_its_zone_and_changes_its_name(directory: Directory) -> None:
    assert await directory.guild(7) is None
    await directory.add_guild(7, "Old name", "Europe/Berlin")
    await directory.add_guild(7, "New name", "UTC")
    known = await directory.guild(7)
    assert known is not None
    assert (known.name, known.zones.current.zone.key, known.discord_since) == (
        "New name",
        "Europe/Berlin",
        None,
    )


async def test_a_changed_zone_begins_at_the_next_quarter_and_the_old_one_stays(directory: Directory) -> None:
    await directory.add_guild(7, "A server", "UTC")
    await directory.change_zone(7, "Asia/Kolkata", NOW)
    known = await directory.guild(7)
    assert known is not None
    begins = int(datetime(2026, 3, 11, 15, 30, tzinfo=UTC).timestamp() * 1000)
    assert [(s.epoch, s.zone.key, s.since_ms) for s in known.zones.spans] == [
        (0, "UTC", None),
        (1, "Asia/Kolkata", begins),
    ]


async def test_a_change_that_has_not_begun_is_replaced(directory: Directory) -> None:
    await directory.add_guild(7, "A server", "UTC")
    await directory.change_zone(7, "Asia/Kolkata", NOW)
    await directory.change_zone(7, "Europe/Paris", NOW + 60_000)
    known = await directory.guild(7)
    assert known is not None
    assert [s.zone.key for s in known.zones.spans] == ["UTC", "Europe/Paris"]
    assert [s.epoch for s in known.zones.spans] == [0, 2]


async def test_the_same_zone_again_changes_nothing(directory: Directory) -> None:
    await directory.add_guild(7, "A server", "UTC")
    await directory.change_zone(7, "UTC", NOW)
    known = await directory.guild(7)
    assert known is not None
    assert len(known.zones.spans) == 1


async def test_a_zone_of_a_server_nobody_knows_is_refused(directory: Directory) -> None:
    with pytest.raises(LookupError, match="server 9"):
        await directory.change_zone(9, "UTC", NOW)


async def test_channels_keep_their_last_name(db: Handle) -> None:
    directory = Directory(db)
    for name in ("general", "lobby"):
        await directory.save_channels(7, [ChannelRecord(1, name, "TEXT"), ChannelRecord(2, "talk", "VOICE")])
    await directory.save_channels(8, [ChannelRecord(1, "other", "TEXT")])
    assert await directory.channel_names(7) == {1: "lobby", 2: "talk"}


async def test_names_wait_until_they_can_be_written(db: Handle) -> None:
    class Away(Directory):
        away = True

        async def add_guild(self, guild_id: int, name: str, zone: str) -> None:
            if self.away:
                raise ConnectionError("no database")
            await super().add_guild(guild_id, name, zone)

    store = Away(db)
    keeper = NameKeeper(store, "Europe/Berlin")
    keeper.seen(7, "A server", [ChannelRecord(1, "general", "TEXT")])
    with pytest.raises(ConnectionError):
        await keeper.save()
    keeper.seen(7, "A better name", [ChannelRecord(2, "talk", "VOICE")])
    store.away = False
    await keeper.save()
    known = await store.guild(7)
    assert known is not None
    assert known.name == "A better name"
    assert known.discord_since is not None
    assert await store.channel_names(7) == {1: "general", 2: "talk"}


@pytest.mark.parametrize("name", [None, 7, ["general"], "half a pair \ud83d"])
async def test_a_name_that_is_none_keeps_no_other_from_being_written(db: Handle, name: Any) -> None:  # noqa: ANN401 - as Discord may
    store = Directory(db)
    keeper = NameKeeper(store, "Europe/Berlin")
    keeper.seen(6, name, [ChannelRecord(1, "general", "TEXT")])
    keeper.seen(7, "A server", [ChannelRecord(1, name, "TEXT"), ChannelRecord(2, "talk", "VOICE")])
    keeper.seen(8, "Another", [ChannelRecord(3, "general", "TEXT")])
    await keeper.save()
    assert await store.guild(6) is None
    assert await store.channel_names(7) == {2: "talk"}
    assert await store.channel_names(8) == {3: "general"}

"""What admins decided, as it is stored: on mongomock, which does simple upserts as MongoDB does."""

import msgspec
from mongomock_motor import AsyncMongoMockClient

from analytics.charts.spec import Theme
from bot.db.database import Handle
from bot.db.guild_settings import GuildSettings
from bot.preferences import Keeping, Preferences
from bot.privacy.rules import Change, Rules, Subject
from schemas.settings import SETTINGS
from schemas.settings import GuildSettings as Stored

FULL = Preferences(
    frozenset({3, 1}),
    frozenset({2}),
    77,
    Theme.LIGHT,
    Keeping(members=365, hours=10),
    "de",
    1_400_000_000_000_000_000,
)


async def test_preferences_come_back_as_they_were() -> None:
    db = AsyncMongoMockClient(tz_aware=True)["serverstats"]
    store = GuildSettings(db)
    await store.save_preferences(7, FULL)
    await store.save_preferences(8, Preferences())
    assert await store.all_preferences() == {7: FULL, 8: Preferences()}
    assert await store.all_rules() == {7: Rules(), 8: Rules()}


async def test_rules_and_preferences_do_not_overwrite_each_other(db: Handle) -> None:
    store = GuildSettings(db)
    rules = Rules().after(Change(Subject.CHANNEL, "11", applies=True), 1_000)
    await store.save(7, rules)
    assert await store.all_preferences() == {7: Preferences()}
    await store.save_preferences(7, FULL)
    assert (await store.all_rules(), await store.all_preferences()) == ({7: rules}, {7: FULL})
    ended = rules.after(Change(Subject.CHANNEL, "11", applies=False), 2_000)
    await store.save(7, ended)
    assert (await store.all_rules(), await store.all_preferences()) == ({7: ended}, {7: FULL})
    stored = msgspec.convert(await db[SETTINGS.name].find_one({"_id": "7"}), Stored)
    assert stored.statistics_roles == ["1", "3"]

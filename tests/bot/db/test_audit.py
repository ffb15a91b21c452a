"""The audit log on a real database."""

from bot.audit import Entry
from bot.db.audit import AuditStore
from bot.db.database import Handle
from bot.db.erasing import REMOVALS
from bot.db.guild_settings import GuildSettings
from bot.privacy.rules import Change, Subject
from schemas.settings import AUDIT

GUILD, ADMIN, MODERATOR, MEMBER = 9, 1, 2, 3


async def filled(db: Handle) -> AuditStore:
    store = AuditStore(db)
    await GuildSettings(db).note(GUILD, ADMIN, Change(Subject.CHANNEL, "11", applies=True), 1_000)
    await store.note_reading(GUILD, MODERATOR, MEMBER, "member", 2_000)
    await store.note_reading(8, MODERATOR, MEMBER, "member", 3_000)
    return store


async def test_entries_come_newest_first_in_pages(db: Handle) -> None:
    store = await filled(db)
    reading = Entry(MODERATOR, "read member figures", "member", MEMBER, 2_000)
    change = Entry(ADMIN, "apply channel rule", "11", None, 1_000)

    assert await store.latest(GUILD, 0, 10) == [reading, change]
    assert await store.latest(GUILD, 1, 1) == [change]
    assert await store.latest(GUILD, 2, 10) == []


async def test_an_erasure_leaves_who_looked_and_not_at_whom(db: Handle) -> None:
    store = await filled(db)

    await REMOVALS[AUDIT.name].remove(db, AUDIT.name, GUILD, [MEMBER])

    left = Entry(MODERATOR, "read member figures", "member", None, 2_000)
    assert await store.latest(GUILD, 0, 1) == [left]
    assert await REMOVALS[AUDIT.name].members(db, AUDIT.name, GUILD) == {ADMIN, MODERATOR}

"""Offers on a real mongod: kept and noted together, whoever offers at the same time."""

import asyncio

import pytest

from bot.agreements import MOST, AgreementDesk, Offer, Said, Step, TooManyOffers
from bot.db.agreements import StoredAgreements
from bot.db.audit import AuditStore
from bot.db.database import Handle
from bot.db.directory import Directory
from bot.db.dumping import BACKED_UP
from bot.db.reader import Reader
from schemas.agreements import AGREEMENTS
from tests.support.agreements import agree

ONE, OTHER, THIRD = 7, 10, 8
NOW_MS = 1_790_000_000_000


class Clock:
    def now_ms(self) -> int:
        return NOW_MS


async def told(db: Handle, guild: int) -> list[tuple[str, str, int | None]]:
    return [(each.what, each.subject, each.actor) for each in await AuditStore(db).latest(guild, 0, 50)]


async def test_an_agreement_is_made_and_ended_for_both_at_once(db: Handle) -> None:
    store, reader = StoredAgreements(db), Reader(db)
    await Directory(db).add_guild(OTHER, "Over there", "UTC")
    assert await store.take(Step(ONE, OTHER, offers=True, actor=5), NOW_MS)
    assert not await store.take(Step(ONE, OTHER, offers=True, actor=5), NOW_MS), "it stands already"
    assert await store.offers(ONE) == [Offer(OTHER, in_force=False)]
    assert await store.offers(OTHER) == [], "nobody is told of an offer"
    assert await reader.partners(ONE) == {}
    assert await told(db, OTHER) == []

    assert await store.take(Step(OTHER, ONE, offers=True, actor=6), NOW_MS)

    assert await store.offers(ONE) == [Offer(OTHER, in_force=True, name="Over there")]
    assert await reader.partners(ONE) == {OTHER: "Over there"}
    assert await reader.partners(OTHER) == {ONE: ""}
    assert await store.partners() == {ONE: {OTHER: "Over there"}, OTHER: {ONE: ""}}
    assert sorted(await told(db, ONE)) == [(Said.BEGAN, "10", None), (Said.OFFERED, "10", 5)]
    assert sorted(await told(db, OTHER)) == [(Said.BEGAN, "7", 6), (Said.OFFERED, "7", 6)]

    assert await store.take(Step(ONE, OTHER, offers=False, actor=5), NOW_MS)

    assert await reader.partners(ONE) == await reader.partners(OTHER) == {}
    assert await store.offers(OTHER) == [Offer(ONE, in_force=False)], "its own word stands"
    assert (Said.ENDED, "7", None) in await told(db, OTHER)
    assert (Said.TAKEN_BACK, "10", 5) in await told(db, ONE)
    assert await store.take(Step(OTHER, ONE, offers=False, actor=6), NOW_MS)
    assert await db.agreements.count_documents({}) == 0
    assert not await store.take(Step(OTHER, ONE, offers=False, actor=6), NOW_MS)


async def test_both_may_offer_at_the_same_time(db: Handle) -> None:
    store = StoredAgreements(db)
    for other in range(100, 110):
        await asyncio.gather(
            store.take(Step(ONE, other, offers=True, actor=5), NOW_MS),
            store.take(Step(other, ONE, offers=True, actor=6), NOW_MS),
        )
        assert [what for what, _, _ in await told(db, other)].count(Said.BEGAN) == 1
    assert len(await Reader(db).partners(ONE)) == 10
    assert [what for what, _, _ in await told(db, ONE)].count(Said.BEGAN) == 10


async def test_what_is_not_noted_does_not_hold(db: Handle) -> None:
    await db.command("collMod", "audit", validator={"nothing": "passes"}, validationLevel="strict")
    with pytest.raises(Exception, match="validation"):
        await StoredAgreements(db).take(Step(ONE, OTHER, offers=True, actor=5), NOW_MS)
    assert await StoredAgreements(db).offering() == frozenset()


async def test_a_server_offers_so_much_and_no_more(db: Handle) -> None:
    store = StoredAgreements(db)
    for other in range(100, 100 + MOST):
        assert await store.take(Step(ONE, other, offers=True, actor=5), NOW_MS)
    with pytest.raises(TooManyOffers):
        await store.take(Step(ONE, OTHER, offers=True, actor=5), NOW_MS)
    assert await store.take(Step(OTHER, ONE, offers=True, actor=6), NOW_MS), "others may offer it whatever"
    assert len(await store.offers(ONE)) == MOST


async def test_a_server_without_the_bot_agrees_to_nothing(db: Handle) -> None:
    await agree(db, ONE, OTHER, THIRD)
    desk = AgreementDesk(StoredAgreements(db), Clock())
    await desk.refresh()
    assert set(desk.suggested(OTHER)) == {ONE}

    await desk.depart(ONE)

    assert desk.suggested(OTHER) == {}
    assert await desk.offering() == {OTHER, THIRD}
    assert (Said.ENDED, "7", None) in await told(db, OTHER)
    assert (Said.REMOVED, "10", None) in await told(db, ONE)


def test_no_backup_brings_back_what_was_taken_back() -> None:
    assert AGREEMENTS.name not in BACKED_UP

"""Leases on a real mongod: nobody writes a server that another process may write."""

import asyncio
import secrets
from typing import Any

import pytest

from bot.claims import ALL_SERVERS, Claim
from bot.clock import SystemClock
from bot.db import leases
from bot.db.database import LONG_AGO, Handle
from bot.db.leases import REGISTER, Lease, LeaseHeld

FIRST, SECOND = Claim((0,), 2), Claim((1,), 2)
SERVER = 7 << 22
"""A server on shard 1 of 2."""


async def held(db: Handle) -> list[str]:
    names = await db.leases.distinct("_id")
    return sorted(name for name in names if name != REGISTER)


async def expire(db: Handle, lease: Lease) -> None:
    await db.leases.update_one(lease.mine, [{"$set": {"expiresAt": {"$subtract": ["$$NOW", 1]}}}])


async def test_disjoint_claims_stand_side_by_side(db: Handle) -> None:
    one, other = await leases.acquire(db, FIRST, "one"), await leases.acquire(db, SECOND, "other")
    assert await leases.prolong(db, one)
    assert await leases.prolong(db, other)
    assert other.epoch > one.epoch
    await leases.release(db, one)
    await leases.release(db, other)
    assert await held(db) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FIRST, FIRST),
        (ALL_SERVERS, SECOND),
        (SECOND, ALL_SERVERS),
        (Claim((0, 1), 4), Claim((1, 2), 4)),
        (FIRST, Claim((2,), 4)),
        (FIRST, Claim((1,), 3)),
        (SECOND, Claim(servers=(SERVER,))),
        (Claim(servers=(SERVER,)), ALL_SERVERS),
    ],
    ids=str,
)
async def test_claims_that_share_a_server_exclude_each_other(db: Handle, first: Claim, second: Claim) -> None:
    lease = await leases.acquire(db, first, "one")
    with pytest.raises(LeaseHeld) as refused:
        await leases.acquire(db, second, "other")
    assert f"({first})" in str(refused.value)
    assert "SERVERSTATS_SHARD_IDS" in str(refused.value)
    assert await held(db) == [first.name]
    await leases.release(db, lease)
    assert await leases.prolong(db, await leases.acquire(db, second, "other"))


async def test_the_finer_shards_beside_a_coarser_one(db: Handle) -> None:
    await leases.acquire(db, FIRST, "one")
    await leases.acquire(db, Claim((1, 3), 4), "other")
    assert await held(db) == ["shard 0 of 2", "shard 1 of 4, shard 3 of 4"]


async def test_an_expired_lease_is_gone_for_good_once_a_server_of_it_is_taken(db: Handle) -> None:
    """A process that slept must not write on when it wakes, though its lease had another name."""
    sleeper = await leases.acquire(db, ALL_SERVERS, "sleeper")
    await expire(db, sleeper)
    await leases.acquire(db, FIRST, "one")
    assert not await leases.prolong(db, sleeper)
    assert await held(db) == [FIRST.name]


async def test_an_expired_lease_that_nobody_took_is_prolonged(db: Handle) -> None:
    sleeper = await leases.acquire(db, SECOND, "sleeper")
    await expire(db, sleeper)
    await leases.acquire(db, FIRST, "one")
    assert await leases.prolong(db, sleeper)
    with pytest.raises(LeaseHeld):
        await leases.acquire(db, SECOND, "other")


async def test_an_owner_gives_back_what_it_held_before(db: Handle) -> None:
    before = await leases.acquire(db, ALL_SERVERS, "one")
    await leases.acquire(db, FIRST, "one")
    assert not await leases.prolong(db, before)
    await leases.acquire(db, SECOND, "other")
    assert await held(db) == [FIRST.name, SECOND.name]


async def test_a_lease_of_a_version_without_shards_covers_all(db: Handle) -> None:
    old: dict[str, Any] = {"_id": "shard 0 of 1", "owner": "old", "epoch": 41, "beat": 7}
    await db.leases.insert_one({**old, "expiresAt": LONG_AGO})
    await db.leases.update_one({}, [{"$set": {"expiresAt": {"$add": ["$$NOW", 30_000]}}}])
    with pytest.raises(LeaseHeld, match="all servers"):
        await leases.acquire(db, SECOND, "other")
    await db.leases.update_one({"_id": "shard 0 of 1"}, {"$set": {"expiresAt": LONG_AGO}})
    assert (await leases.acquire(db, SECOND, "other")).epoch > old["epoch"]
    assert await held(db) == [SECOND.name]


async def test_of_many_that_come_at_once_those_that_hold_share_nothing(db: Handle) -> None:
    wishes = [
        Claim((0,), 2), Claim((1,), 2), ALL_SERVERS, Claim((1,), 4), Claim((2,), 4), Claim((0, 1), 3),
        Claim((3,), 4), Claim(servers=(SERVER,)),
    ]  # fmt: skip
    for _ in range(3):
        taken = await asyncio.gather(
            *(leases.acquire(db, claim, secrets.token_hex(8)) for claim in wishes), return_exceptions=True
        )
        got = [lease for lease in taken if isinstance(lease, Lease)]
        assert got
        assert all(isinstance(other, Lease | LeaseHeld) for other in taken)
        for lease in got:
            assert await leases.prolong(db, lease)
            assert not any(lease.claim.overlaps(other.claim) for other in got if other is not lease)
            refused = [claim for claim in wishes if claim not in [each.claim for each in got]]
        assert all(any(claim.overlaps(lease.claim) for lease in got) for claim in refused)
        for lease in got:
            await leases.release(db, lease)


async def test_who_was_cut_off_can_learn_that_its_lease_was_taken_over_and_when(db: Handle) -> None:
    cut_off = await leases.acquire(db, ALL_SERVERS, "cut off")
    before = SystemClock().now_ms() + await leases.clock_ahead_ms(db, SystemClock())
    await expire(db, cut_off)
    await leases.acquire(db, FIRST, "another")
    after = SystemClock().now_ms() + await leases.clock_ahead_ms(db, SystemClock())
    (at,) = [at for epoch, at in (await leases.takeovers(db, "cut off")).items() if epoch == cut_off.epoch]
    assert before - 50 <= at <= after + 50
    assert await leases.takeovers(db, "another") == {}


async def test_neither_the_own_lease_nor_one_given_back_is_taken_over(db: Handle) -> None:
    await leases.acquire(db, ALL_SERVERS, "one")
    lease = await leases.acquire(db, FIRST, "one")
    await leases.release(db, lease)
    await leases.acquire(db, ALL_SERVERS, "other")
    assert await leases.takeovers(db, "one") == {}


async def test_only_the_last_takeovers_are_remembered(db: Handle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "MAX_TAKEOVERS", 3)
    taken = []
    for number in range(5):
        lease = await leases.acquire(db, ALL_SERVERS, f"owner {number}")
        taken.append(lease.epoch)
        await expire(db, lease)
    await leases.acquire(db, ALL_SERVERS, "last")
    known = [await leases.takeovers(db, f"owner {number}") for number in range(5)]
    assert [list(each) for each in known] == [[], [], *([epoch] for epoch in taken[2:])]

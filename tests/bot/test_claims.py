"""Claims against what they mean: sets of servers."""

from math import lcm

from hypothesis import given
from hypothesis import strategies as st

from bot.claims import ALL_SERVERS, Claim, shard_of, shards_claim

SERVERS = range(lcm(*range(1, 9)))
"""Numbers of servers (their ids divided by 2^22) in which every pair of counts meets in every way."""


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    count = draw(st.integers(1, 8))
    ids = draw(st.sets(st.integers(0, count - 1)))
    servers = draw(st.sets(st.sampled_from(SERVERS), max_size=2))
    return Claim(tuple(sorted(ids)), count, tuple(number << 22 for number in servers))


def servers_of(claim: Claim) -> set[int]:
    return {number for number in SERVERS if claim.holds(number << 22)}


@given(claims(), claims())
def test_claims_overlap_exactly_if_a_server_can_be_in_both(one: Claim, other: Claim) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(servers_of(one) & servers_of(other))


@given(claims(), claims())
def test_claims_of_different_servers_have_different_names(one: Claim, other: Claim) -> None:
    assert servers_of(one) == servers_of(other) or one.name != other.name


@given(st.integers(0, 2**63), st.integers(1, 64))
def test_a_server_is_on_one_shard(server: int, count: int) -> None:
    holding = [shard for shard in range(count) if Claim((shard,), count).holds(server)]
    assert holding == [shard_of(server, count)]


def test_all_shards_are_all_servers_whatever_their_number() -> None:
    assert shards_claim(None, None) == shards_claim(None, 4) == shards_claim([1, 0], 2) == ALL_SERVERS
    assert ALL_SERVERS.holds(2**63 - 1)
    assert shards_claim([2, 0], 4) == Claim((0, 2), 4)


def test_claims_are_said_in_words() -> None:
    assert str(ALL_SERVERS) == "all servers"
    assert str(Claim((1,), 2)) == "shard 1 of 2"
    assert str(Claim((0, 2, 3), 4)) == "shards 0, 2 and 3 of 4"
    assert str(Claim(servers=(12,))) == "server 12"
    assert str(Claim((1,), 2, (12,))) == "shard 1 of 2, server 12"

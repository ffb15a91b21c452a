"""Which servers a process writes: those of its shards. No two processes may claim the same server."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd


def shard_of(server: int, count: int) -> int:
    """The shard that Discord puts a server on."""
    return (server >> 22) % count


@dataclass(frozen=True, slots=True)
class Claim:
    """The servers of the shards ``ids`` of ``count``, and the single ``servers``."""

    ids: tuple[int, ...] = ()
    count: int = 1
    servers: tuple[int, ...] = ()

    def holds(self, server: int) -> bool:
        """Whether a server is one of these."""
        return shard_of(server, self.count) in self.ids or server in self.servers

    def overlaps(self, other: "Claim") -> bool:
        """Whether a server can be in both, whatever the two counts are.

        A shard of m and one of n share servers unless they differ modulo the greatest common divisor.
        """
        common = gcd(self.count, other.count)
        return (
            not {shard % common for shard in self.ids}.isdisjoint(shard % common for shard in other.ids)
            or any(map(self.holds, other.servers))
            or any(map(other.holds, self.servers))
        )

    @property
    def share(self) -> float:
        """Its part of all shards, 0 to 1."""
        return len(self.ids) / self.count

    @property
    def name(self) -> str:
        """A name that no other claim has."""
        return ", ".join(
            [*(f"shard {shard} of {self.count}" for shard in self.ids), *map(_server, self.servers)]
        )

    def __str__(self) -> str:
        """Say it to a person."""
        if self.share == 1:
            return "all servers"
        several = "s" if len(self.ids) > 1 else ""
        shards = [f"shard{several} {_listed(self.ids)} of {self.count}"] if self.ids else []
        return ", ".join([*shards, *map(_server, self.servers)])


ALL_SERVERS = Claim((0,))


def shards_claim(ids: Iterable[int] | None, count: int | None) -> Claim:
    """Claim of a process that runs the shards ``ids`` of ``count``; None: all of them."""
    wanted = tuple(sorted(ids or ()))
    return ALL_SERVERS if count is None or len(wanted) in {0, count} else Claim(wanted, count)


def _server(server: int) -> str:
    return f"server {server}"


def _listed(numbers: Sequence[int]) -> str:
    *others, last = numbers
    return f"{', '.join(map(str, others))} and {last}" if others else str(last)

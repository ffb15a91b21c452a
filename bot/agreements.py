"""Servers that agree to be compared with each other: each side offers it, and either ends it.

An agreement is in force while the offers of both stand. Nobody learns from an offer whether the other server
is one of this bot's: every offer is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.clock import Clock

MOST = 25
"""Offers that a server may have standing: as many as a menu of Discord's holds."""
BOTH = 2


class Said(StrEnum):
    """What the audit log says of it: the words stand there for good."""

    OFFERED = "offer comparison"
    TAKEN_BACK = "take back comparison"
    REMOVED = "lose comparison"
    BEGAN = "begin comparison"
    ENDED = "end comparison"


@dataclass(frozen=True, slots=True)
class Step:
    """``by`` offers the comparison with ``other``, or takes the offer back.

    ``actor`` is the pseudonym of who wants it in ``by``; None: the bot was removed from there.
    """

    by: int
    other: int
    offers: bool
    actor: int | None


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry for the audit log of ``guild``, about the server ``other``."""

    guild: int
    other: int
    said: Said
    actor: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A server's offer that stands; ``name`` is the other's where the agreement is in force."""

    other: int
    in_force: bool
    name: str = ""


class TooManyOffers(Exception):  # noqa: N818 - an answer, not a fault
    """The server has as many offers as it may have."""


Partners = Mapping[int, Mapping[int, str]]
"""By server, the servers with which an agreement is in force, with their names."""


def after(standing: frozenset[int], step: Step) -> frozenset[int]:
    """Whose offers stand after a step, of those two."""
    return standing | {step.by} if step.offers else standing - {step.by}


def in_force(standing: frozenset[int]) -> bool:
    """Whether both sides' offers stand."""
    return len(standing) == BOTH


def noted(standing: frozenset[int], step: Step) -> Iterator[Noted]:
    """What audit logs say of a step: its own side's, and of both where the agreement begins or ends."""
    then = after(standing, step)
    if then == standing:
        return
    gone = Said.REMOVED if step.actor is None else Said.TAKEN_BACK
    yield Noted(step.by, step.other, Said.OFFERED if step.offers else gone, step.actor)
    if in_force(standing) is not in_force(then):
        both = Said.BEGAN if in_force(then) else Said.ENDED
        yield Noted(step.by, step.other, both, step.actor)
        yield Noted(step.other, step.by, both)


class AgreementStore(Protocol):
    """Where offers are kept."""

    async def take(self, step: Step, now_ms: int) -> bool:
        """Do a step and note it, both or neither; False: it changes nothing.

        Raises TooManyOffers and StoreUnavailable.
        """

    async def offers(self, guild: int) -> Sequence[Offer]:
        """The offers of a server that stand; raises StoreUnavailable."""

    async def partners(self) -> Partners:
        """All agreements in force; raises StoreUnavailable."""

    async def offering(self) -> frozenset[int]:
        """All servers that have an offer standing; raises StoreUnavailable."""


class AgreementDesk:
    """Changes agreements. What it remembers serves suggestions alone: views ask the database each time."""

    def __init__(self, store: AgreementStore, clock: Clock, known: Partners | None = None) -> None:
        self._store = store
        self._clock = clock
        self._known: Partners = known or {}

    def suggested(self, guild: int) -> Mapping[int, str]:
        """The servers with which a server had an agreement a minute ago at most, with their names."""
        return self._known.get(guild, {})

    async def offers(self, guild: int) -> Sequence[Offer]:
        """The offers of a server that stand; raises StoreUnavailable."""
        return await self._store.offers(guild)

    async def take(self, step: Step) -> bool:
        """Do a step; False: it changes nothing. Raises TooManyOffers and StoreUnavailable."""
        changed = await self._store.take(step, self._clock.now_ms())
        if changed:
            await self.refresh()
        return changed

    async def depart(self, guild: int) -> None:
        """Take back all offers of a server that the bot was removed from; raises StoreUnavailable."""
        for offer in await self._store.offers(guild):
            await self.take(Step(guild, offer.other, offers=False, actor=None))

    async def offering(self) -> frozenset[int]:
        """All servers that have an offer standing; raises StoreUnavailable."""
        return await self._store.offering()

    async def refresh(self) -> None:
        """Learn what other processes have changed; raises StoreUnavailable."""
        self._known = await self._store.partners()

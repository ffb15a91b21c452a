"""Servers that agree to be compared, for tests."""

from bot.agreements import Step
from bot.db.agreements import StoredAgreements
from bot.db.database import Handle


async def agree(db: Handle, one: int, *others: int) -> None:
    """Let both sides say so."""
    store = StoredAgreements(db)
    for other in others:
        await store.take(Step(one, other, offers=True, actor=1), 1_000)
        await store.take(Step(other, one, offers=True, actor=2), 2_000)

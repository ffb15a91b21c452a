"""What admins decide about counting: kept, used from then on, and noted."""

import asyncio
from typing import Protocol

from bot.clock import Clock
from bot.privacy.gate import Gate
from bot.privacy.rules import Change, Rules


class RulesStore(Protocol):
    """Where rules and the audit are kept."""

    async def save(self, guild: int, rules: Rules) -> None:
        """Write down a server's rules."""

    async def note(self, guild: int, actor: int, change: Change, now_ms: int) -> None:
        """Note who (a pseudonym) changed what."""


class CountingRules:
    """Changes a server's rules, one change after the other."""

    def __init__(self, gate: Gate, store: RulesStore, clock: Clock) -> None:
        self._gate = gate
        self._store = store
        self._clock = clock
        self._turn = asyncio.Lock()

    def present(self, guild: int) -> Rules:
        """A server's rules."""
        return self._gate.rules(guild)

    async def change(self, guild: int, actor: int, changes: list[Change], at: int) -> None:
        """Let changes hold from a snowflake on, as ``actor`` (a pseudonym) wants it; they hold once kept.

        Raises StoreUnavailable, and then nothing has changed but perhaps the audit.
        """
        async with self._turn:
            for change in changes:
                before = self._gate.rules(guild)
                after = before.after(change, at)
                if after != before:
                    await self._store.note(guild, actor, change, self._clock.now_ms())
                    await self._store.save(guild, after)
                    self._gate.set_rules(guild, after)

"""What members decide: from a command to a record, and until it is done everywhere."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from bot.ingest.store import StoreUnavailable
from bot.ingest.voice import VoiceTracker
from bot.privacy.consent import Consent
from bot.privacy.consents import Consents
from bot.privacy.pseudonym import Pseudonyms
from bot.privacy.records import ConsentRecord, Erased, OptedIn, OptedOut

PATIENCE_SECONDS = 20.0


class Deciding(Protocol):
    """The recorder as this sees it."""

    def decide(self, record: ConsentRecord) -> None:
        """Keep what a member decided; it holds at once. Raises JournalFull."""

    async def flush(self) -> None:
        """Commit everything recorded so far. Raises StoreUnavailable or LeaseLost."""


@dataclass(frozen=True, slots=True)
class Decided:
    """``changed``: it was not so already. ``done``: also in the database, not only from now on."""

    changed: bool
    done: bool


class Decisions:
    """Opt-out, opt-in and erasure of one member in one server; ``at`` is the interaction's id."""

    def __init__(
        self, recorder: Deciding, consents: Consents, pseudonyms: Pseudonyms, voice: VoiceTracker
    ) -> None:
        self._recorder = recorder
        self._consents = consents
        self._pseudonyms = pseudonyms
        self._voice = voice

    def consent(self, guild: int, user: int) -> Consent:
        """What a user said in a server."""
        return self._consents.of(guild, self._pseudonyms.of(guild, user)) or Consent()

    async def opt_out(self, guild: int, user: int, at: int) -> Decided:
        """Count nothing of a member from now on. Raises JournalFull."""
        return await self._decide(OptedOut(guild, self._pseudonyms.of(guild, user), at), user)

    async def opt_in(self, guild: int, user: int, at: int) -> Decided:
        """Count what a member does from now on. Raises JournalFull."""
        return await self._decide(OptedIn(guild, self._pseudonyms.of(guild, user), at), user)

    async def erase(self, guild: int, user: int, at: int) -> Decided:
        """Remove a member from everything that is stored. Raises JournalFull."""
        return await self._decide(Erased(guild, self._pseudonyms.of(guild, user), at), user)

    async def _decide(self, record: ConsentRecord, user: int) -> Decided:
        before = self.consent(record.guild, user)
        if before.after(record) == before:
            return Decided(changed=False, done=True)
        # What was until now belongs before the record; who goes on being there is told anew afterwards.
        self._voice.seen(record.guild, record.member, None)
        self._recorder.decide(record)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._recorder.flush()
        except (StoreUnavailable, TimeoutError):
            return Decided(changed=True, done=False)
        return Decided(changed=True, done=True)

"""Who was erased or has opted out, at hand for every message, and as a file in the data folder.

The file makes a restored database forget nobody: see ``bot.db.consents``. Members stand there sealed, so that
neither their ids nor their pseudonyms are in it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from bot.privacy.consent import Consent, later
from bot.privacy.records import ConsentRecord
from bot.whole_files import write_whole

MAX_MET = 65_536
"""Members of a server whose seal is remembered."""

SealedKey = tuple[int, str]
"""guild, the member sealed"""


class ConsentFileError(Exception):
    """The file of consents cannot be read; without it erased members might come back."""


class _Entry(msgspec.Struct, frozen=True):
    guild: int
    member: str
    consent: Consent


class Consents:
    """What members allow. A server where nobody said anything costs one look into a dictionary."""

    def __init__(self, seal: Callable[[int, int], str], path: Path | None = None) -> None:
        """Read the file, if there is one; raises ConsentFileError. ``seal`` hides a guild's pseudonym."""
        self._seal = seal
        self._path = path
        self._sealed: dict[int, dict[str, Consent]] = {}
        self._met: dict[int, dict[int, Consent | None]] = {}
        if path is not None and path.exists():
            for entry in _read(path):
                self.learn((entry.guild, entry.member), entry.consent)

    def of(self, guild: int, member: int) -> Consent | None:
        """What a member (a pseudonym) said; None if nothing."""
        met = self._met.get(guild)
        if met is None:
            return None
        if member not in met:
            if len(met) >= MAX_MET:
                met.clear()
            met[member] = self._sealed[guild].get(self._seal(guild, member))
        return met[member]

    def counts(self, guild: int, member: int, at: int) -> bool:
        """Whether what a member did at a snowflake may count."""
        if guild not in self._met:
            return True
        consent = self.of(guild, member)
        return consent is None or not consent.silences(at)

    def counts_now(self, guild: int, member: int) -> bool:
        """Whether what a member does now may count."""
        if guild not in self._met:
            return True
        consent = self.of(guild, member)
        return consent is None or not consent.opted_out

    def erased(self, guild: int, member: int) -> int:
        """The snowflake up to which nothing of a member is kept; 0: the member was not erased."""
        consent = self.of(guild, member)
        return 0 if consent is None else consent.erased

    def erasures(self, guild: int, member: int) -> int:
        """How often a member was erased."""
        consent = self.of(guild, member)
        return 0 if consent is None else consent.erasures

    def note(self, record: ConsentRecord) -> SealedKey:
        """Take a record in, be it known already; returns whom it concerns, sealed."""
        key = (record.guild, self._seal(record.guild, record.member))
        consent = (self.of(record.guild, record.member) or Consent()).after(record)
        self.learn(key, consent)
        return key

    def learn(self, key: SealedKey, consent: Consent) -> None:
        """Take in what a copy says; the later knowledge stands."""
        guild, member = key
        sealed = self._sealed.setdefault(guild, {})
        sealed[member] = later(sealed.get(member), consent)
        self._met[guild] = {}

    def sealed(self, key: SealedKey) -> Consent:
        """What is known of a sealed member."""
        guild, member = key
        return self._sealed.get(guild, {}).get(member, Consent())

    @property
    def all(self) -> Mapping[SealedKey, Consent]:
        """Everything that is known."""
        return {(guild, member): c for guild, sealed in self._sealed.items() for member, c in sealed.items()}

    def save(self) -> None:
        """Write the file, for good; blocking, for a thread."""
        if self._path is None:
            return
        entries = [_Entry(guild, member, consent) for (guild, member), consent in sorted(self.all.items())]
        write_whole(self._path, msgspec.json.format(msgspec.json.encode(entries)) + b"\n")


def _read(path: Path) -> list[_Entry]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[_Entry])
    except msgspec.MsgspecError as error:
        raise ConsentFileError(
            f"{path} is damaged: it says who was erased or has opted out. Put a copy of it back, or move it "
            "away: the database knows them too, unless it is restored from an older backup."
        ) from error

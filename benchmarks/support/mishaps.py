"""What befalls a data folder between two lives of a bot, and whether the next one says so."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.ingest.journal import START, Journal, JournalCorrupt, Position

if TYPE_CHECKING:
    import random
    from pathlib import Path
MOST_COPIES = 4
Marks = Mapping[str, Position]
"""How far each journal is committed, by its id."""
NAMED = ("activity is lost", "the data folder is an older copy")
"""What the bot says of activity that is gone."""


class Mishap(StrEnum):
    """What can happen, beside the kill."""

    NONE = "only killed"
    PARTITION = "cut off, another took over"
    FLIP = "a bit flipped"
    CUT = "a segment cut off"
    MISSING = "a segment deleted"
    OLD_FOLDER = "an older journal put back"


@dataclass(slots=True, eq=False)
class Mishaps:
    """Does them, and keeps count. ``lost`` records were in no database, and ``refused`` files were named.

    ``untold`` is what no life has spoken of yet.
    """

    journal: Path
    aside: Path
    chance: random.Random
    done: dict[Mishap, int] = field(default_factory=dict)
    lost: int = 0
    told: int = 0
    refused: int = 0
    untold: set[str] = field(default_factory=set)
    _copies: list[Path] = field(default_factory=list)

    def hear(self, log: str) -> None:
        """A life has ended, and this is what it said."""
        if self.untold and any(words in log for words in NAMED):
            self.told += len(self.untold)
            self.untold.clear()

    def befall(self, mishap: Mishap, marks: Marks) -> None:
        """Let it happen to a dead process's journal; ``marks`` say how far journals are committed."""
        self.done[mishap] = self.done.get(mishap, 0) + 1
        before = self._waiting(marks) or set()
        if mishap is Mishap.OLD_FOLDER:
            self._put_back()
        elif mishap not in {Mishap.NONE, Mishap.PARTITION}:
            self._harm(mishap)
        after = self._waiting(marks)
        while after is None:  # it is refused with words that name the file, and they are followed
            after = self._waiting(marks)
        gone = before - after
        self.lost += len(gone)
        if gone and (mishap is not Mishap.OLD_FOLDER or self._older_than(marks)):
            self.untold.add(f"{mishap} ({len(gone)} records, {sum(self.done.values())})")
        self._copy()

    def _harm(self, mishap: Mishap) -> None:
        file = self.chance.choice(sorted(self.journal.glob("*.segment")))
        content = bytearray(file.read_bytes())
        used = max(len(bytes(content).rstrip(b"\0")), 1)
        at = self.chance.randrange(used)
        if mishap is Mishap.MISSING:
            file.unlink()
        elif mishap is Mishap.CUT:
            file.write_bytes(content[:at])
        else:
            content[at] ^= 1 << self.chance.randrange(8)
            file.write_bytes(content)

    def _copy(self) -> None:
        """Keep what a snapshot of the volume would hold."""
        name = self.aside / f"copy-{sum(self.done.values())}"
        shutil.copytree(self.journal, name)
        self._copies.append(name)
        if len(self._copies) > MOST_COPIES:
            shutil.rmtree(self._copies.pop(0))

    def _put_back(self) -> None:
        if self._copies:
            shutil.rmtree(self.journal)
            shutil.copytree(self.chance.choice(self._copies), self.journal)

    def _waiting(self, marks: Marks) -> set[bytes] | None:
        """Records that are not committed; None if a file was refused, which is then moved away."""
        trial = self.aside / "trial"
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(self.journal, trial)
        try:
            journal = Journal(trial)
        except JournalCorrupt as refused:
            (named,) = [path for path in self.journal.glob("*.segment") if path.name in str(refused)]
            named.unlink()
            self.refused += 1
            return None
        found = {payload for payload, _ in journal.read(marks.get(str(journal.id), START))}
        journal.close()
        return found

    def _older_than(self, marks: Marks) -> bool:
        """Whether the database can know that the journal is an older one."""
        trial = self.aside / "trial"
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(self.journal, trial)
        journal = Journal(trial)
        older = marks.get(str(journal.id), START) > journal.end
        journal.close()
        return older

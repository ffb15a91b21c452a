"""Looking for the embedded MongoDB, without starting it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.mongod.binary import find_mongod
from bot.mongod.embedded import EmbeddedMongod
from bot.mongod.errors import MongodError
from bot.mongod.files import kept_number


@dataclass(frozen=True, slots=True)
class EmbeddedFacts:
    """The mongod that would be run. ``problem``: what is in the way and how to mend it (None: nothing)."""

    found: str
    problem: str | None


def look_at_mongod(data_dir: Path) -> EmbeddedFacts:
    """Find the mongod that suits the data that is there; takes some tenths of a second."""
    data_major = kept_number(EmbeddedMongod(data_dir).folder.version_file)
    with tempfile.TemporaryDirectory(prefix="serverstats-doctor-") as libraries:
        try:
            binary = find_mongod(Path(libraries), data_major=data_major)
        except MongodError as error:
            return EmbeddedFacts("no MongoDB that could be started here", str(error))
    return EmbeddedFacts(f"MongoDB {'.'.join(map(str, binary.version))}", None)

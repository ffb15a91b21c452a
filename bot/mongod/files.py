"""The folder in which an embedded MongoDB lives."""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.mongod.errors import MongodError
from bot.whole_files import write_whole

_OWNER_FOLDER = 0o700
_OWNER_FILE = 0o600


@dataclass(frozen=True, slots=True)
class MongodFolder:
    """Where the parts of one embedded MongoDB lie."""

    root: Path

    @property
    def data(self) -> Path:
        """The database's own files."""
        return self.root / "db"

    @property
    def mongod_lock(self) -> Path:
        """The file that a running mongod locks, with its process id in it."""
        return self.data / "mongod.lock"

    @property
    def key_file(self) -> Path:
        """Secret by which members of the replica set know each other."""
        return self.root / "keyfile"

    @property
    def password_file(self) -> Path:
        """Password of the bot's user."""
        return self.root / "password"

    @property
    def port_file(self) -> Path:
        """Port of the last run, which the next run takes again if it is free."""
        return self.root / "port"

    @property
    def version_file(self) -> Path:
        """Major version of MongoDB whose format the files have."""
        return self.root / "version"

    @property
    def log(self) -> Path:
        """What mongod prints."""
        return self.root / "mongod.log"

    @property
    def libraries(self) -> Path:
        """Links to the libraries that mongod loads."""
        return self.root / "lib"

    @property
    def owner_lock(self) -> Path:
        """The file that the bot locks while the folder is its own."""
        return self.root / "owner.lock"

    def prepare(self) -> None:
        """Make the folders, readable by the owner alone."""
        for folder in (self.root, self.data):
            folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_FOLDER)
            folder.chmod(_OWNER_FOLDER)


def write_private(path: Path, text: str) -> None:
    """Write a file that only the owner may read; it is there whole or not at all, also after a crash."""
    write_whole(path, text.encode("ascii"))


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Secret of an earlier run, or a new one, kept from now on."""
    if not path.exists():
        write_private(path, make())
    path.chmod(_OWNER_FILE)  # a restored backup may have lost it, and mongod refuses an open key file
    return secret_in(path)


def secret_in(path: Path) -> str:
    """What a file of ours holds that is there; raises MongodError where that is nothing to use."""
    held = path.read_bytes()
    if not held.strip() or not held.isascii():
        raise MongodError(
            f"{path} is damaged: the embedded MongoDB does not open without what it held. Put it back from a "
            f"backup, or move the folder {path.parent} away and restore a backup with `serverstats restore`."
        )
    return held.decode("ascii").strip()


def new_password() -> str:
    """Random password that needs no escaping in an address."""
    return secrets.token_urlsafe(32)


def new_key() -> str:
    """Random content for a key file."""
    return base64.b64encode(secrets.token_bytes(48)).decode("ascii")


def kept_number(path: Path) -> int | None:
    """Whole number in a file; none if there is no such file or it holds something else."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None

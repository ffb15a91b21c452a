"""The data folder: what of ours lies on disk, and the lock that keeps a second process out."""

import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

from bot.mongod.lock import FolderLock
from bot.whole_files import write_whole

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class DataFolderError(Exception):
    """A file in the data folder cannot be used; the message says how to mend it."""


class DataFolder:
    """Names the places of a data folder; nothing is made before ``take``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = FolderLock(root / "serverstats.lock")

    @property
    def journal(self) -> Path:
        """Folder of the journal's segments."""
        return self.root / "journal"

    @property
    def archives(self) -> Path:
        """Folder of archived months."""
        return self.root / "archive"

    @property
    def key_file(self) -> Path:
        """File of the pseudonym key."""
        return self.root / "pseudonym.key"

    @property
    def consents(self) -> Path:
        """File of who was erased or has opted out, members sealed."""
        return self.root / "consents.json"

    def take(self) -> None:
        """Make the folder and lock it; raises MongodError if another process has it."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock.acquire()

    def release(self) -> None:
        """Give it free."""
        self._lock.release()

    def owner(self) -> str:
        """Id under which this folder's process holds leases, the same over restarts; or DataFolderError."""
        path = self.root / "instance.id"
        if not path.exists():
            write_whole(path, f"{uuid4()}\n".encode("ascii"))
        try:
            return str(UUID(path.read_bytes().decode("ascii").strip()))
        except ValueError as error:
            raise DataFolderError(
                f"{path} is damaged: it should hold the id under which this folder's process writes. Delete "
                "it: a new one is made. After a crash the bot then waits half a minute for the old lease."
            ) from error

    def open_to_others(self) -> list[Path]:
        """Files of ours that more than their owner can reach, though each is made for the owner alone."""
        if not self.root.is_dir() or not self.root.stat().st_mode & OTHERS:
            return []
        return [path for path in sorted(self._files()) if path.stat().st_mode & OTHERS]

    def _files(self) -> Iterator[Path]:
        yield from (path for path in self.root.glob("*") if path.is_file())
        for folder in (self.journal, self.archives):
            yield from (path for path in folder.glob("*") if path.is_file())

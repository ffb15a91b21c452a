"""The data folder: what of ours lies on disk, and the lock that keeps a second process out."""

from pathlib import Path
from uuid import UUID, uuid4

from bot.mongod.lock import FolderLock


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
        """Id under which this folder's process holds leases: the same over restarts."""
        path = self.root / "instance.id"
        if path.exists():
            return str(UUID(path.read_text(encoding="ascii").strip()))
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{uuid4()}\n", encoding="ascii")
        fresh.replace(path)
        return self.owner()

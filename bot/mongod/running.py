"""Reaching the embedded MongoDB that another process of ours runs already."""

from pathlib import Path

from bot.mongod import files
from bot.mongod.embedded import FOLDER, REPLICA_SET, USER
from bot.mongod.files import MongodFolder
from bot.mongod.lock import is_locked
from bot.mongod.options import LOOPBACK


def running_uri(data_dir: Path) -> str | None:
    """Address of the data folder's mongod if another process runs it, else None."""
    folder = MongodFolder((data_dir / FOLDER).absolute())
    if not is_locked(folder.owner_lock):
        return None
    port = files.kept_number(folder.port_file)
    if port is None or not folder.password_file.exists():
        return None
    password = files.secret_in(folder.password_file)
    return f"mongodb://{USER}:{password}@{LOOPBACK}:{port}/?replicaSet={REPLICA_SET}"

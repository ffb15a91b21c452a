"""The file that holds the pseudonym key: made once, readable by its owner alone."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from bot.whole_files import sync_folder

KEY_BYTES = 32
FILE_NAME = "pseudonym.key"
OWNER_ONLY = 0o600
OTHERS = stat.S_IRWXO


class KeyFileError(Exception):
    """The key file cannot be used; the message says how to mend it."""


def key_of(configured: str | None, data_dir: Path) -> bytes:
    """Key from the setting (hexadecimal) or, without one, from the key file in the data folder."""
    return bytes.fromhex(configured) if configured else load_or_create_key(data_dir / FILE_NAME)


def existing_key(configured: str | None, data_dir: Path) -> bytes | None:
    """The same key, or None where there is none yet; raises KeyFileError on a file that will not do."""
    if configured:
        return bytes.fromhex(configured)
    path = data_dir / FILE_NAME
    return load_key(path) if path.exists() else None


def load_or_create_key(path: Path) -> bytes:
    """Read the key; make it first where there is none. Raise ``KeyFileError`` on a file that will not do.

    Two processes that start at once end up with the same key.
    """
    if not path.exists():
        try:
            _create(path)
        except OSError as error:
            raise KeyFileError(
                f"Cannot write the pseudonym key to {path}: {error.strerror}. "
                "Make the folder writable for this user, or point SERVERSTATS_DATA_DIR to one that is."
            ) from error
    return load_key(path)


def load_key(path: Path) -> bytes:
    """Read an existing key file; raise ``KeyFileError`` where it will not do."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it holds something else than a key"
        raise KeyFileError(f"Cannot read the pseudonym key {path}: {reason}. {_RESTORE}") from error
    if os.name == "posix" and mode & OTHERS:
        raise KeyFileError(
            f"Every user of this machine can reach the pseudonym key {path}, which would let them undo the "
            f"pseudonyms. Take that away: chmod 600 {path}"
        )
    return _parse(text, path)


_RESTORE = (
    "Put the right key back from a backup. Only if no data was collected under it yet: delete the file, "
    "a new key is then made."
)


def _parse(text: str, path: Path) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError as error:
        raise KeyFileError(f"The pseudonym key {path} is no hexadecimal number. {_RESTORE}") from error
    if len(key) != KEY_BYTES:
        raise KeyFileError(
            f"The pseudonym key {path} has {len(key)} bytes and has to have {KEY_BYTES}. {_RESTORE}"
        )
    return key


def _create(path: Path) -> None:
    """Write a complete file beside it and link it into place, which fails if another process was first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    sync_folder(path.parent)

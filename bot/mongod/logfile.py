"""mongod's log: one file and one older copy, neither beyond a bound."""

import os
from pathlib import Path

LOG_LIMIT = 8 * 1024 * 1024
"""Bytes in the log before it is moved aside; the two files take about twice that."""
_TAIL = 64 * 1024


def bound_log(log: Path, limit: int = LOG_LIMIT) -> bool:
    """Move the content aside once it exceeds the limit; say whether it did.

    The file is emptied, not renamed: mongod keeps it open for appending and goes on at the new end. A line
    written just between may be lost.
    """
    if not log.exists() or log.stat().st_size <= limit:
        return False
    with log.open("rb") as file:
        file.seek(-limit, os.SEEK_END)
        kept = file.read(limit)
    log.with_name(f"{log.name}.1").write_bytes(kept)
    os.truncate(log, 0)
    return True


def size(log: Path) -> int:
    """Bytes in the log; 0 where there is none."""
    return log.stat().st_size if log.exists() else 0


def text_since(log: Path, offset: int) -> str:
    """What was logged past ``offset``, at most the last 64 KiB of it."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(offset, end - _TAIL) if end >= offset else 0)
        return file.read(_TAIL).decode(errors="replace")

"""Words for what a disk or a folder refuses, for the person who runs the bot."""

import errno
from collections.abc import Mapping
from types import MappingProxyType

_ELSEWHERE = "or point SERVERSTATS_DATA_DIR to another folder"
_FULL = f"the disk is full. Make room, {_ELSEWHERE} on a disk that has some"
_READ_ONLY = f"the disk is read-only. Mount it writable, {_ELSEWHERE}"
_NOT_OURS = f"this user may not use it. Give the data folder to the user that runs the bot, {_ELSEWHERE}"
_IN_THE_WAY = f"something else stands in its place. Move that away, {_ELSEWHERE}"
_BROKEN = f"the disk does not work. Check it, {_ELSEWHERE}"

_WORDS: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOSPC: _FULL,
        errno.EDQUOT: _FULL,
        errno.EFBIG: f"a file may not grow further. Raise the limit of file sizes (ulimit -f), {_ELSEWHERE}",
        errno.EROFS: _READ_ONLY,
        errno.EACCES: _NOT_OURS,
        errno.EPERM: _NOT_OURS,
        errno.EEXIST: _IN_THE_WAY,
        errno.ENOTDIR: _IN_THE_WAY,
        errno.EISDIR: _IN_THE_WAY,
        errno.ENOENT: f"its folder is gone. Make it again, {_ELSEWHERE}",
        errno.EIO: _BROKEN,
        errno.ENODEV: _BROKEN,
    }
)


def trouble(error: OSError) -> str | None:
    """What is the matter and how to mend it, in a sentence or two; None if no folder is to blame."""
    words = _WORDS.get(error.errno or 0)
    if words is None:
        return None
    named = error.filename if isinstance(error.filename, str) else None
    return f"{named or 'A file in the data folder'} cannot be used: {words}."

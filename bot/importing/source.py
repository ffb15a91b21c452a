"""Bytes of a file, plain or gzipped, in chunks of bounded size."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

CHUNK_BYTES = 128 * 1024
GZIP_MAGIC = b"\x1f\x8b"

_GZIP_WINDOW = zlib.MAX_WBITS | 16
_ENDS_EARLY = "its gzip data end in the middle"
_DAMAGED = "its gzip data are damaged"


class Chunk(NamedTuple):
    """Uncompressed bytes, and how many bytes of the file itself were read for all so far."""

    data: bytes
    consumed: int


class DamagedError(Exception):
    """The bytes end or go wrong here; all that could be read was returned before. Says why."""


def read_chunks(file: BinaryIO, chunk_bytes: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """Read on from the file's start; no chunk is empty.

    Raises ``DamagedError`` behind the last good byte of a cut or damaged gzip file, or of a disk.
    """
    first = _read(file, max(chunk_bytes, len(GZIP_MAGIC)))
    if first.startswith(GZIP_MAGIC):
        yield from _gunzip(file, first, chunk_bytes)
        return
    consumed = 0
    while first:
        consumed += len(first)
        yield Chunk(first, consumed)
        first = _read(file, chunk_bytes)


def _read(file: BinaryIO, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise DamagedError(f"it cannot be read: {error.strerror}") from error


def _gunzip(file: BinaryIO, packed: bytes, chunk_bytes: int) -> Iterator[Chunk]:
    engine = zlib.decompressobj(_GZIP_WINDOW)
    read = len(packed)
    while True:
        try:
            data = engine.decompress(packed, chunk_bytes)
        except zlib.error as error:
            raise DamagedError(_DAMAGED) from error
        packed = engine.unused_data if engine.eof else engine.unconsumed_tail
        if data:
            yield Chunk(data, read - len(packed))
        if engine.eof:
            packed, fetched = _next_member(file, packed, chunk_bytes)
            read += fetched
            if not packed:
                return
            engine = zlib.decompressobj(_GZIP_WINDOW)
        elif not packed and not data:
            packed = _read(file, chunk_bytes)
            read += len(packed)
            if not packed:
                raise DamagedError(_ENDS_EARLY)


def _next_member(file: BinaryIO, packed: bytes, chunk_bytes: int) -> tuple[bytes, int]:
    """What follows a gzip member (several may be joined, with zeros behind), and how much was fetched."""
    fetched = 0
    packed = packed.lstrip(b"\0")
    while not packed and (more := _read(file, chunk_bytes)):
        fetched += len(more)
        packed = more.lstrip(b"\0")
    return packed, fetched

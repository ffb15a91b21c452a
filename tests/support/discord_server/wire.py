"""Bytes on the socket: websocket frames, and the compressed stream that a client asked for."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEXT, _BINARY = 0x81, 0x82
_SHORT, _MEDIUM = 126, 1 << 16
# Discord's ratio is nearer level 6; level 1 costs the sender least and the reader the same.
_ZSTD_LEVEL = 1


class Codec(Protocol):
    """Turns the JSON of one gateway message into the body of one websocket frame."""

    opcode: int

    def encode(self, message: bytes) -> bytes:
        """Return the frame's body; stateful, so in the order of sending."""
        ...


class _Plain:
    opcode = _TEXT

    def encode(self, message: bytes) -> bytes:
        return message


class _Zstd:
    opcode = _BINARY

    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()

    def encode(self, message: bytes) -> bytes:
        return self._stream.compress(message) + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


class _Zlib:
    opcode = _BINARY

    def __init__(self) -> None:
        self._stream = zlib.compressobj(1)

    def encode(self, message: bytes) -> bytes:
        return self._stream.compress(message) + self._stream.flush(zlib.Z_SYNC_FLUSH)


def codec_for(compress: str | None) -> Codec:
    """Return a fresh stream for the gateway URL's `compress` value.

    Raises ValueError for one that Discord does not know.
    """
    if compress is None:
        return _Plain()
    if compress == "zstd-stream":
        return _Zstd()
    if compress == "zlib-stream":
        return _Zlib()
    raise ValueError(f"The gateway knows zstd-stream and zlib-stream, not {compress!r}.")


def frames(codec: Codec, messages: Iterable[bytes]) -> bytes:
    """Return gateway messages as websocket frames, joined so that one write sends them all."""
    parts: list[bytes] = []
    for message in messages:
        body = codec.encode(message)
        size = len(body)
        if size < _SHORT:
            parts.append(bytes((codec.opcode, size)))
        elif size < _MEDIUM:
            parts.append(bytes((codec.opcode, 126)) + size.to_bytes(2))
        else:
            parts.append(bytes((codec.opcode, 127)) + size.to_bytes(8))
        parts.append(body)
    return b"".join(parts)

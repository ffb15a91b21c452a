"""What a drawing process and its owner say to each other: framed msgpack messages over pipes."""

from functools import reduce
from operator import or_
from typing import IO

import msgspec

from analytics.charts.kinds.registry import KINDS
from analytics.charts.report.spec import ReportSpec
from analytics.charts.spec import ChartSpec

_LENGTH_BYTES = 4


class Drawn(msgspec.Struct, frozen=True, tag="drawn"):
    """A chart as PNG or a report as PDF; the first answer of a worker, that it is ready, has neither."""

    content: bytes = b""


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """A description that could not be drawn; ``details`` is a traceback for the log."""

    details: str


Answer = Drawn | Failed


def encode_spec(spec: ChartSpec | ReportSpec) -> bytes:
    """Encode a description; equal descriptions give equal bytes."""
    return msgspec.msgpack.encode(spec, order="deterministic")


def decode_spec(data: bytes) -> ChartSpec:
    """Decode a description of any kind in the registry; raise msgspec.DecodeError for anything else."""
    spec: ChartSpec = msgspec.msgpack.decode(data, type=reduce(or_, KINDS))
    return spec


def decode_request(data: bytes) -> ChartSpec | ReportSpec:
    """Decode a description of a chart or report; raise msgspec.DecodeError for anything else."""
    spec: ChartSpec | ReportSpec = msgspec.msgpack.decode(data, type=reduce(or_, KINDS, ReportSpec))
    return spec


def encode_answer(answer: Answer) -> bytes:
    """Encode what a worker answers."""
    return msgspec.msgpack.encode(answer)


def decode_answer(data: bytes) -> Answer:
    """Decode what a worker answered."""
    answer: Answer = msgspec.msgpack.decode(data, type=Drawn | Failed)
    return answer


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Send one message; raise OSError if the other side is gone."""
    stream.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Receive one message; None if the other side is gone."""
    head = stream.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    size = int.from_bytes(head, "big")
    data = stream.read(size)
    return data if len(data) == size else None

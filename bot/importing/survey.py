"""Looking through a whole file before anything of it counts.

What is counted of a file stays so. Whether its ids ascend has therefore to be known of all of it first; how
much it holds says in which order it comes among others.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from bot.importing.order import OrderWatch
from bot.importing.probe import FileFacts, probe
from bot.importing.reader import read_rows
from bot.importing.rows import ImportFileError
from bot.importing.source import DamagedError, read_chunks


class Survey(msgspec.Struct, frozen=True):
    """What a file is, and how many uncompressed bytes it has, as far as it can be read.

    ``rows``: how many, where they have ids.
    """

    facts: FileFacts
    rows: int
    size: int


def survey(path: Path, on_read: Callable[[int], None] = lambda _: None) -> Survey:
    """Look through a file; ``on_read`` gets how many of its bytes on disk are read. Blocking.

    Raises ImportFileError for a file that cannot be imported. One that breaks off can, up to there.
    """
    facts = probe(path)
    if not facts.has_ids:
        return Survey(facts, 0, _size(path, on_read))
    watch = OrderWatch()
    rows = size = 0
    with suppress(ImportFileError):  # it breaks off: reading it for the import says where, and what to do
        for batch in read_rows(path, facts=facts):
            watch.watch(batch.rows, batch.positions)
            rows, size = batch.end.index, batch.end.offset
            on_read(batch.consumed)
    watch.require_ascending(facts.format)
    return Survey(facts, rows, size)


def _size(path: Path, on_read: Callable[[int], None]) -> int:
    size = 0
    with path.open("rb") as file, suppress(DamagedError):
        for chunk in read_chunks(file):
            size += len(chunk.data)
            on_read(chunk.consumed)
    return size

"""Looks for a member in everything that is kept: each collection, and each file of a data folder."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from bson.raw_bson import RawBSONDocument

from bot.db.database import Handle
from bot.privacy.pseudonym import hexadecimal


def forms(member: int) -> tuple[bytes, ...]:
    """How a pseudonym may be written: digits, and eight bytes either way round."""
    return (
        hexadecimal(member).encode(),
        str(member).encode(),
        member.to_bytes(8, "big"),
        member.to_bytes(8, "little"),
    )


async def places_of(db: Handle, folder: Path, member: int) -> list[str]:
    """Collections and files in which a member can be found."""
    wanted = forms(member)
    found = [name async for name, held in _documents(db) if any(form in held for form in wanted)]
    found += [str(path) for path, held in _files(folder) if any(form in held for form in wanted)]
    return sorted(set(found))


async def _documents(db: Handle) -> AsyncIterator[tuple[str, bytes]]:
    options = db.codec_options.with_options(document_class=RawBSONDocument)
    for name in await db.list_collection_names():
        async for document in db.get_collection(name, codec_options=options).find():
            yield name, document.raw


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    return ((path, path.read_bytes()) for path in folder.rglob("*") if path.is_file())

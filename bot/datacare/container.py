"""The file of a backup: a zip of one ``<collection>.bson`` each, as mongodump writes them, and a manifest.

The manifest comes last and holds counts and SHA-256 of what was written, so that writing needs no memory. The
format of the file has a version of its own; the documents are those of the manifest's schema version.
"""

import hashlib
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated

import msgspec

from bot.whole_files import put_in_place

FORMAT = 1
MANIFEST = "manifest.json"
OWNER_ONLY = 0o600
BATCH_BYTES = 4 << 20
LARGEST_MANIFEST = 4 << 20
_LENGTH = struct.Struct("<i")
_SHORTEST, _LONGEST = 5, 17 << 20
_ENCRYPTED = 0x1
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    RuntimeError,  # also of what this Python's zipfile has not been taught
)
"""What zipfile raises for bytes that are no zip, or not one that it reads."""


class BackupFileError(Exception):
    """The file cannot be written or used; the message says what to do."""


class Entry(msgspec.Struct, frozen=True, rename="camel"):
    """What the file holds of one collection; ``size`` in bytes."""

    name: str
    documents: int
    size: int
    sha256: str


class ArchivedMonth(msgspec.Struct, frozen=True, rename="camel"):
    """Which days of which server an archive holds; ``days`` by id, in the order of their documents."""

    guild_id: int
    month: str
    days: tuple[str, ...]


class Manifest(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What a file is. ``key_fingerprint`` is None where nothing was counted under a key yet.

    ``archive`` is None for a backup.
    """

    format: int
    schema_version: int
    key_fingerprint: str | None
    database: str
    taken_at: Annotated[datetime, msgspec.Meta(tz=True)]
    collections: tuple[Entry, ...]
    archive: ArchivedMonth | None = None

    @property
    def documents(self) -> int:
        """How many documents there are in all."""
        return sum(entry.documents for entry in self.collections)


class Tally:
    """Counts and hashes concatenated documents."""

    def __init__(self) -> None:
        self.documents = 0
        self.size = 0
        self._hash = hashlib.sha256()

    def add(self, batch: bytes, documents: int) -> None:
        """Take in whole documents."""
        self.documents += documents
        self.size += len(batch)
        self._hash.update(batch)

    def entry(self, name: str) -> Entry:
        """What was taken in so far."""
        return Entry(name, self.documents, self.size, self._hash.hexdigest())


class BackupWriter:
    """Writes collections one after the other; blocking, for a thread."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries: list[Entry] = []
        self._member: IO[bytes] | None = None
        self._tally = Tally()

    def begin(self, collection: str) -> None:
        """Begin with a collection."""
        self._tally = Tally()
        self._member = self._archive.open(_member(f"{collection}.bson"), "w", force_zip64=True)

    def write(self, batch: bytes) -> int:
        """Add whole documents to it; returns how many they are."""
        if self._member is None:
            raise ValueError("no collection was begun")
        documents = count_documents(batch)
        self._member.write(batch)
        self._tally.add(batch, documents)
        return documents

    def close(self) -> None:
        """End the collection that was begun, if one was."""
        if self._member is not None:
            self._member.close()
            self._member = None

    def end(self, collection: str) -> None:
        """End the collection and keep its sum for the manifest."""
        self.close()
        self._entries.append(self._tally.entry(collection))

    def finish(
        self,
        *,
        schema_version: int,
        key_fingerprint: str | None,
        database: str,
        at: datetime,
        archive: ArchivedMonth | None = None,
    ) -> Manifest:
        """Write the manifest."""
        manifest = Manifest(
            format=FORMAT,
            schema_version=schema_version,
            key_fingerprint=key_fingerprint,
            database=database,
            taken_at=at,
            collections=tuple(self._entries),
            archive=archive,
        )
        self._archive.writestr(_member(MANIFEST), msgspec.json.format(msgspec.json.encode(manifest)))
        return manifest


@contextmanager
def writing(path: Path) -> Iterator[BackupWriter]:
    """Make a file that only its owner can read; it gets its name when it is complete and on the disk."""
    if path.exists():
        raise BackupFileError(f"{path} exists already: choose another name, or delete it first.")
    draft = path.with_name(path.name + ".part")
    try:
        descriptor = os.open(
            draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), OWNER_ONLY
        )
        try:
            with os.fdopen(descriptor, "wb") as file:
                with zipfile.ZipFile(file, "w") as archive:
                    writer = BackupWriter(archive)
                    try:
                        yield writer
                    finally:
                        writer.close()
                file.flush()
                os.fsync(file.fileno())
            put_in_place(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise BackupFileError(
            f"{path} cannot be written: {error.strerror}. Name a file in a folder with room that this user "
            "can write to."
        ) from error


class BackupReader:
    """Reads a backup; blocking, for a thread."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        self.manifest = self._manifest()

    def batches(self, entry: Entry) -> Iterator[list[bytes]]:
        """The documents of a collection, a few megabytes at a time; raises BackupFileError on damage."""
        batch: list[bytes] = []
        size = 0
        try:
            with self._archive.open(f"{entry.name}.bson") as file:
                for document in documents_of(file):
                    batch.append(document)
                    size += len(document)
                    if size >= BATCH_BYTES:
                        yield batch
                        batch, size = [], 0
        except _UNREADABLE as error:
            raise self.damaged(entry.name) from error
        except OSError as error:
            raise _unreadable(self._path, error) from error
        if batch:
            yield batch

    def verify(self, on_read: Callable[[int], None]) -> None:
        """Read everything and compare it with the manifest; ``on_read`` gets the bytes of each batch."""
        for entry in self.manifest.collections:
            tally = Tally()
            for batch in self.batches(entry):
                whole = b"".join(batch)
                tally.add(whole, len(batch))
                on_read(len(whole))
            if tally.entry(entry.name) != entry:
                raise self.damaged(entry.name)

    def _manifest(self) -> Manifest:
        self._require_ours()
        try:
            with self._archive.open(MANIFEST) as file:
                written = file.read(LARGEST_MANIFEST + 1)
            if len(written) > LARGEST_MANIFEST:
                raise self._foreign()
            raw = msgspec.json.decode(written)
            if isinstance(raw, dict) and raw.get("format", 0) > FORMAT:
                raise BackupFileError(f"{self._path} was written by a newer Serverstats: use that one.")
            manifest = msgspec.convert(raw, Manifest)
        except (TypeError, msgspec.MsgspecError, *_UNREADABLE) as error:
            raise self._foreign() from error
        except OSError as error:
            raise _unreadable(self._path, error) from error
        twice = [
            name for name, number in Counter(each.name for each in manifest.collections).items() if number > 1
        ]
        if twice:
            raise BackupFileError(
                f"{self._path} holds a collection twice, which no backup does. Use another one."
            )
        return manifest

    def _require_ours(self) -> None:
        """Raise for what no backup has: files under a password, packed otherwise, or twice."""
        entries = self._archive.infolist()
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise BackupFileError(
                f"{self._path} is under a password, which no backup is: unpack it, and use the backup in it."
            )
        if any(entry.compress_type not in _PACKED for entry in entries):
            raise BackupFileError(
                f"{self._path} is packed in another way than backups are. Use the file as `serverstats "
                "backup` has written it."
            )
        if len({entry.filename for entry in entries}) < len(entries):
            raise BackupFileError(f"{self._path} holds a file twice, which no backup does. Use another one.")

    def _foreign(self) -> BackupFileError:
        return BackupFileError(f"{self._path} is no backup that `serverstats backup` has written.")

    def damaged(self, collection: str) -> BackupFileError:
        """What to raise where a collection is not as it was written."""
        return BackupFileError(
            f"{self._path} is damaged: {collection} is not what was written. Use another backup, or "
            "copy it again."
        )


@contextmanager
def reading(path: Path) -> Iterator[BackupReader]:
    """Open a backup; raises BackupFileError where it is none."""
    with _opened(path) as archive:
        yield BackupReader(archive, path)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _UNREADABLE as error:
        raise BackupFileError(
            f"{path} is no backup, or was cut off while it was copied: use another one, or copy it again."
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> BackupFileError:
    return BackupFileError(f"{path} cannot be read: {error.strerror}. Check its name and rights.")


def documents_of(file: IO[bytes]) -> Iterator[bytes]:
    """Concatenated BSON documents, one by one; raises ValueError where they are none."""
    while head := file.read(_LENGTH.size):
        length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
        if not _SHORTEST <= length <= _LONGEST:
            raise ValueError("no BSON document")
        document = head + file.read(length - len(head))
        if len(document) != length:
            raise ValueError("the last document is cut off")
        yield document


def count_documents(batch: bytes) -> int:
    """How many BSON documents there are in a batch of whole ones."""
    at = count = 0
    while at < len(batch):
        at += _LENGTH.unpack_from(batch, at)[0]
        count += 1
    return count


def require_collections(manifest: Manifest, known: Iterable[str]) -> None:
    """Raise BackupFileError if the backup holds a collection that this Serverstats does not know."""
    unknown = sorted({entry.name for entry in manifest.collections} - set(known))
    if unknown:
        raise BackupFileError(
            f"the backup holds collections that this Serverstats does not know ({', '.join(unknown)}): use "
            "the version that wrote it, or a newer one."
        )


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = OWNER_ONLY << 16
    return info

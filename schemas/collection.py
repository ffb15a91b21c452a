"""How a collection is declared: its document, its validator and its indexes, without a driver."""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Union

import msgspec

Direction = Literal[1, -1]
RetentionClass = Literal["members", "totals", "hours", "left"]
"""``members``: what one member did on which day; ``totals``: sums of a server and its channels; ``hours``: of
single hours, which can be made again of the day as long as that is there; ``left``: totals of who has
left."""

_SCALARS: Mapping[type, tuple[str, ...]] = types.MappingProxyType(
    {
        bool: ("bool",),
        int: ("int", "long"),
        float: ("double", "int", "long"),
        str: ("string",),
        bytes: ("binData",),
        datetime: ("date",),
        types.NoneType: ("null",),
    },
)


PRESENT: Mapping[str, bool] = types.MappingProxyType({"$exists": True})


class Document(msgspec.Struct, kw_only=True, rename="camel"):
    """Base of every stored document: snake_case here, camelCase in the database."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index.

    ``expire_after`` (seconds) makes it a TTL index on its single date field; ``only`` restricts it to the
    documents in which a field has a value, or any value at all (``PRESENT``).
    """

    keys: tuple[tuple[str, Direction], ...]
    unique: bool = False
    expire_after: int | None = None
    only: tuple[str, str | int | bool | Mapping[str, bool]] | None = None

    @property
    def name(self) -> str:
        """The name MongoDB would give it."""
        return "_".join(f"{field}_{direction}" for field, direction in self.keys)

    @property
    def partial_filter(self) -> dict[str, Any] | None:
        """``only`` as MongoDB takes it."""
        if self.only is None:
            return None
        field, value = self.only
        return {field: dict(value) if isinstance(value, Mapping) else value}


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long documents stay: as long as the host says for their class, counted from a date field.

    ``only`` restricts it to the documents in which a field has a value.
    """

    of: RetentionClass
    since: str
    only: tuple[str, str] | None = None

    @property
    def index(self) -> str:
        """Name of the TTL index; it is the host's, so it is no row of the collection's ``indexes``."""
        name = Index(((self.since, 1),)).name
        return name if self.only is None else "_".join((name, *self.only))


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection's name, the document it holds and its indexes besides ``_id``.

    Without a ``retention``, or a TTL index of its own, its documents stay; ``retention_of_some`` may be
    shorter for some of them. ``backed_up`` is False for what must not come back with
    a restored database.
    """

    name: str
    document: type[Document]
    indexes: tuple[Index, ...] = ()
    retention: Retention | None = None
    backed_up: bool = True
    retention_of_some: Retention | None = None

    def validator(self) -> dict[str, Any]:
        """Return the ``$jsonSchema`` validator that the document's annotations state."""
        return {"$jsonSchema": bson_schema(self.document)}


def bson_schema(annotation: Any) -> dict[str, Any]:  # noqa: ANN401 - any annotation is the input
    """Translate a type annotation into MongoDB's dialect of JSON Schema.

    Raises TypeError for an annotation that no stored field may have.
    """
    origin = typing.get_origin(annotation)
    if origin in (Union, types.UnionType):
        members = [bson_schema(member) for member in typing.get_args(annotation)]
        merged = {"bsonType": [name for member in members for name in member["bsonType"]]}
        for member in members:
            merged.update({key: value for key, value in member.items() if key != "bsonType"})
        if "enum" in merged and types.NoneType in typing.get_args(annotation):
            merged["enum"] = [*merged["enum"], None]
        return merged
    if origin is Literal:
        return {"bsonType": ["string"], "enum": list(typing.get_args(annotation))}
    if origin in (list, tuple):
        return {"bsonType": ["array"], "items": bson_schema(typing.get_args(annotation)[0])}
    if origin is dict:
        return {"bsonType": ["object"], "additionalProperties": bson_schema(typing.get_args(annotation)[1])}
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        fields = msgspec.structs.fields(annotation)
        required = [field.encode_name for field in fields if field.required]
        return {
            "bsonType": ["object"],
            **({"required": required} if required else {}),  # MongoDB takes no empty list
            "properties": {field.encode_name: bson_schema(field.type) for field in fields},
        }
    if annotation in _SCALARS:
        return {"bsonType": list(_SCALARS[annotation])}
    raise TypeError(f"no stored field can be of type {annotation!r}")

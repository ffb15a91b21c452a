"""Made-up documents that fit a collection's declaration, whatever fields it gets."""

import types
import typing
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal, Union

import msgspec
from bson import Int64

from schemas.collection import Collection

if typing.TYPE_CHECKING:
    from collections.abc import Callable

DAY = datetime(2026, 3, 1, tzinfo=UTC)
NOT_EXPIRED = datetime(2200, 1, 1, tzinfo=UTC)


def sample(collection: Collection, number: int, random: Random) -> dict[str, Any]:
    """A document; those of different numbers collide in no unique index, and no TTL index deletes one."""
    document = _value(collection.document, random)
    document["_id"] = f"{number:06d}"
    for index in collection.indexes:
        field = index.keys[-1][0]
        if index.expire_after is not None:
            document[field] = NOT_EXPIRED
        elif index.unique and isinstance(document[field], str):
            document[field] = f"{number}"
        elif index.unique:
            document[field] = DAY + timedelta(minutes=number)
    return typing.cast("dict[str, Any]", document)


def _value(annotation: Any, random: Random) -> Any:  # noqa: ANN401 - any annotation is the input
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, types.UnionType):
        return _value(random.choice(arguments), random)
    if origin is Literal:
        return random.choice(arguments)
    if origin in (list, tuple):
        return [_value(arguments[0], random) for _ in range(random.randrange(3))]
    if origin is dict:
        return {str(random.randrange(24)): _value(arguments[1], random) for _ in range(random.randrange(4))}
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return {f.encode_name: _value(f.type, random) for f in msgspec.structs.fields(annotation)}
    made: dict[Any, Callable[[], Any]] = {
        bool: lambda: random.random() < 0.5,
        int: lambda: Int64(random.randrange(1 << 62)),
        float: random.random,
        str: lambda: f"{random.getrandbits(64):016x}",
        bytes: lambda: random.randbytes(random.randrange(64)),
        datetime: lambda: DAY + timedelta(seconds=random.randrange(10**8)),
        types.NoneType: lambda: None,
    }
    return made[annotation]()

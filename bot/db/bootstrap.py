"""Makes a fresh mongod a replica set with a login, and an older one ready again.

What it does is safe to repeat: a step that a crash cut short is done by the next call.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import OperationFailure, PyMongoError

from bot.db.database import Driver

_UNAUTHORIZED, _AUTHENTICATION_FAILED, _ALREADY_INITIALIZED, _NOT_YET_INITIALIZED = 13, 18, 23, 94
_POLL = 0.005
_READING_SECONDS = 1.0


class BootstrapError(Exception):
    """The server did not become a usable replica set; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Login:
    """The one user of the server."""

    user: str
    password: str = field(repr=False)


async def ensure_replica_set(
    members: Sequence[str], *, name: str, login: Login | None = None, seconds: float = 30
) -> None:
    """Return once the first member is a primary that takes writes.

    ``members`` are addresses as host:port. A server without a configuration gets one of these members. With
    a ``login`` the user is created (the server must then have been started with a key file) and its
    password checked; a single member whose port has changed since is given its new address. Raises
    ``BootstrapError``, also when it took longer than ``seconds``.
    """
    try:
        async with asyncio.timeout(seconds):
            await _ensure(members, name, login)
    except TimeoutError as error:
        raise BootstrapError(
            f"MongoDB at {members[0]} did not become the primary of {name} within {seconds:.0f} s."
        ) from error
    except PyMongoError as error:
        raise BootstrapError(f"MongoDB at {members[0]} cannot be set up: {error}") from error


async def _ensure(members: Sequence[str], name: str, login: Login | None) -> None:
    address = members[0]
    async with _client(address) as guest:
        if "setName" not in await guest.admin.command("hello"):
            await _configure(guest, members, name, login)
        while not (await guest.admin.command("hello"))["isWritablePrimary"]:  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(_POLL)
        if login is not None and not await _accepts(address, login):
            await _create(guest, address, login)


@asynccontextmanager
async def _client(address: str, login: Login | None = None) -> AsyncIterator[Driver]:
    # Not pymongo's own asynchronous client: closed while its monitor connects, it loses a socket.
    client: Driver = AsyncIOMotorClient(
        f"mongodb://{address}/",
        directConnection=True,
        username=login.user if login else None,
        password=login.password if login else None,
        serverSelectionTimeoutMS=5_000,
    )
    try:
        yield client
    finally:
        client.close()


async def _configure(guest: Driver, members: Sequence[str], name: str, login: Login | None) -> None:
    hosts = [{"_id": number, "host": member} for number, member in enumerate(members)]
    try:
        await guest.admin.command("replSetInitiate", {"_id": name, "members": hosts})
    except OperationFailure as error:
        # A server that has users, or a configuration, has been set up before: it does not find itself in it.
        if error.code not in {_UNAUTHORIZED, _ALREADY_INITIALIZED} or len(members) != 1:
            raise
        if not await _finds_itself(guest):
            await _move(members[0], login)


async def _finds_itself(guest: Driver) -> bool:
    """Tell whether the server turns out to be a member after all: it reads its configuration late."""
    try:
        async with asyncio.timeout(_READING_SECONDS):
            while "setName" not in await guest.admin.command("hello"):  # noqa: ASYNC110 - another process's state
                await asyncio.sleep(_POLL)
    except TimeoutError:
        return False
    return True


async def _move(address: str, login: Login | None) -> None:
    """Give the only member its new address."""
    async with _client(address, login) as owner:
        while (config := await _config(owner)) is None:  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(_POLL)
        if [member["host"] for member in config["members"]] == [address]:
            return
        config["version"] += 1
        config["members"] = [config["members"][0] | {"host": address}]
        await owner.admin.command("replSetReconfig", config, force=True)


async def _config(owner: Driver) -> dict[str, Any] | None:
    """Configuration of the set; none while the server still looks for itself in it, at its old address."""
    try:
        answer = await owner.admin.command("replSetGetConfig")
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        return None
    config: dict[str, Any] = answer["config"]
    return config


async def _accepts(address: str, login: Login) -> bool:
    async with _client(address, login) as owner:
        try:
            await owner.admin.command("ping")
        except OperationFailure as error:
            if error.code != _AUTHENTICATION_FAILED:
                raise
            return False
    return True


async def _create(guest: Driver, address: str, login: Login) -> None:
    """Create the user; only a server without users lets a guest from its own host do so."""
    try:
        await guest.admin.command("createUser", login.user, pwd=login.password, roles=["root"])
    except OperationFailure as error:
        if error.code != _UNAUTHORIZED:
            raise
        raise BootstrapError(
            f"The MongoDB at {address} has another password for {login.user}: restore the file "
            "'password' that belongs to its data, or move the data away."
        ) from error

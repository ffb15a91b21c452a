"""The seam to the driver: how to reach the database, and what can go wrong on the way.

Nothing outside ``bot/db`` sees motor or pymongo.
"""

from datetime import UTC, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase
from pymongo.errors import ConnectionFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Driver = AsyncIOMotorClient[dict[str, Any]]
Session = AsyncIOMotorClientSession
Handle = AsyncIOMotorDatabase[dict[str, Any]]

DatabaseError = PyMongoError
"""Whatever the driver raises: unreachable, refused, timed out."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""A date before anything, for locks that nobody holds."""

MAJORITY = WriteConcern("majority", wtimeout=30_000)


def connect(uri: str, *, server_selection_ms: int = 5_000, socket_ms: int = 30_000) -> Driver:
    """Client for a replica set; it connects when it is first used, and again after every loss."""
    return AsyncIOMotorClient(
        uri,
        appname="serverstats",
        tz_aware=True,
        uuidRepresentation="standard",
        serverSelectionTimeoutMS=server_selection_ms,
        connectTimeoutMS=server_selection_ms,
        socketTimeoutMS=socket_ms,
        retryWrites=True,
    )


def disconnect(driver: Driver) -> None:
    """Close every connection at once, also one on which a silent server is still waited for.

    The driver itself would wait for an answer, and so would the end of the process: half a minute.
    """
    for server in driver.delegate._topology._servers.values():  # noqa: SLF001 - it has no public way
        server.pool.reset(interrupt_connections=True)
    driver.close()


def database(driver: Driver, name: str) -> Handle:
    """The bot's database, with majority reads and writes."""
    return driver.get_database(name, read_concern=ReadConcern("majority"), write_concern=MAJORITY)


def silence_in(error: BaseException) -> DatabaseError | None:
    """Find, among an error and its causes, the one that says that the database does not answer; None: none.

    What it answers, and be it a refusal, is no silence.
    """
    each: BaseException | None = error
    while each is not None:
        if isinstance(each, ConnectionFailure) or (isinstance(each, PyMongoError) and each.timeout):
            return each
        each = each.__cause__
    return None

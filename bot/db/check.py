"""Looking at a MongoDB server: what it is, and what stands in the way of using it.

The bot does this at start, before the first write, and ``doctor`` to tell what to mend.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pymongo.errors import (
    ConfigurationError,
    InvalidName,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.uri_parser import parse_uri

from bot.db.database import Driver, connect
from bot.mongodb_uri import PERCENT_ENCODE, MongodbUri, read_uri
from bot.privacy.redaction import Redactor

OLDEST = (6, 0)
NEWEST_MAJOR = 8
AUTHENTICATION_FAILED = frozenset({18, 8000})
NEEDED_ACTIONS = frozenset(
    {
        "find",
        "insert",
        "update",
        "remove",
        "createCollection",
        "createIndex",
        "dropIndex",
        "listCollections",
        "listIndexes",
        "collMod",
    }
)
"""``readWrite`` gives all but ``collMod``, which sets validators and comes with ``dbAdmin``."""

REPLICA_SET_MEND = (
    "One node is enough: start it with `mongod --replSet rs0 ...` (in its configuration: `replication: "
    "{replSetName: rs0}`), then run once `mongosh --eval 'rs.initiate()'`. Data that is there stays. "
    "Or leave MONGODB_URI out and use the embedded database."
)


class ServerKind(StrEnum):
    """How the server is set up."""

    REPLICA_SET = "replica set"
    STANDALONE = "standalone"
    SHARDED = "sharded cluster"


class ServerProblem(Exception):  # noqa: N818 - says what is in the way, which may be no error of ours
    """The server cannot be used: what was found, and how to mend it."""

    def __init__(self, finding: str, mend: str) -> None:
        super().__init__(f"{finding} {mend}")
        self.finding = finding
        self.mend = mend


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server that answers is. ``missing_actions``: what its user may not do but has to."""

    version: str
    kind: ServerKind
    replica_set: str | None
    tls: bool
    hosts: tuple[str, ...]
    authenticated: bool
    missing_actions: tuple[str, ...]

    @property
    def release(self) -> tuple[int, int]:
        """Major and minor version."""
        major, minor, *_ = (int(part) for part in self.version.split("-")[0].split("."))
        return major, minor


async def check_server(uri: str, database: str = "serverstats", *, timeout_ms: int = 5_000) -> ServerFacts:
    """Look at the server behind ``uri``; raise ``ServerProblem`` where it cannot be reached or used.

    A standalone server or an old one is no problem yet: see ``require_usable``.
    """
    parts = _parts(uri)
    driver = _driver(uri, parts, timeout_ms)
    try:
        hello = await driver.admin.command("hello")
        if _kind(hello) is ServerKind.STANDALONE:
            return await _facts(driver, parts, hello, frozenset())
        return await _facts(driver, parts, hello, await _missing_actions(driver, database))
    except OperationFailure as error:
        raise _refused(error, database) from None
    except ServerSelectionTimeoutError as error:
        return await _look_directly(uri, parts, error, timeout_ms)
    except PyMongoError as error:
        raise _unreachable(uri, parts, error) from None
    finally:
        driver.close()


def require_usable(facts: ServerFacts) -> None:
    """Raise ``ServerProblem`` unless the bot can keep its data there."""
    if facts.kind is ServerKind.STANDALONE:
        raise ServerProblem(
            "MongoDB is a standalone server. Serverstats needs transactions, which only a replica set has.",
            REPLICA_SET_MEND,
        )
    if facts.release < OLDEST:
        raise ServerProblem(
            f"MongoDB is version {facts.version}; 6.0 is the oldest that will do.",
            "Upgrade it one major version after the other, or leave MONGODB_URI out for the embedded one.",
        )
    if facts.missing_actions:
        raise ServerProblem(
            f"The MongoDB user lacks rights on the database: {', '.join(facts.missing_actions)}.",
            "Give it the roles readWrite and dbAdmin on that database (db.grantRolesToUser in mongosh).",
        )


def is_newer_than_tried(facts: ServerFacts) -> bool:
    """Whether the version is later than those this release was tried with."""
    return facts.release[0] > NEWEST_MAJOR


def _parts(uri: str) -> MongodbUri:
    try:
        return read_uri(uri)
    except ValueError:
        raise _invalid() from None


def _driver(uri: str, parts: MongodbUri, timeout_ms: int) -> Driver:
    try:
        return connect(uri, server_selection_ms=timeout_ms, socket_ms=timeout_ms)
    except ConfigurationError as error:
        if parts.srv and "DNS" in str(error):
            raise _unreachable(uri, parts, error) from None
        raise _invalid() from None
    except (InvalidName, ValueError, TypeError):
        raise _invalid() from None


def _invalid() -> ServerProblem:
    """Without the driver's words: they may hold a part of the password."""
    return ServerProblem(
        "MONGODB_URI is no valid connection string.",
        f"Write it as mongodb://user:password@host:27017/?replicaSet=rs0, and {PERCENT_ENCODE}.",
    )


async def _facts(
    driver: Driver, parts: MongodbUri, hello: Mapping[str, Any], missing: Iterable[str]
) -> ServerFacts:
    return ServerFacts(
        version=str((await driver.admin.command("buildInfo"))["version"]),
        kind=_kind(hello),
        replica_set=hello.get("setName"),
        tls=parts.tls,
        hosts=parts.hosts,
        authenticated=parts.has_login,
        missing_actions=tuple(sorted(missing)),
    )


def _kind(hello: Mapping[str, Any]) -> ServerKind:
    if hello.get("msg") == "isdbgrid":
        return ServerKind.SHARDED
    return ServerKind.REPLICA_SET if "setName" in hello else ServerKind.STANDALONE


async def _missing_actions(driver: Driver, database: str) -> frozenset[str]:
    await driver[database].list_collection_names()
    status = await driver.admin.command("connectionStatus", showPrivileges=True)
    info = status["authInfo"]
    if not info["authenticatedUsers"]:
        return frozenset()
    granted = {
        action
        for privilege in info["authenticatedUserPrivileges"]
        if _covers(privilege["resource"], database)
        for action in privilege["actions"]
    }
    return frozenset() if "anyAction" in granted else NEEDED_ACTIONS - granted


def _covers(resource: Mapping[str, Any], database: str) -> bool:
    """Whether a privilege reaches every ordinary collection of the database."""
    if resource.get("anyResource"):
        return True
    return resource.get("db") in {"", database} and resource.get("collection") == ""


def _refused(error: OperationFailure, database: str) -> ServerProblem:
    if error.code in AUTHENTICATION_FAILED:
        return ServerProblem(
            "MongoDB does not know this user with this password.",
            "Check both in MONGODB_URI (special characters percent-encoded) and, if the user was created in "
            "another database than the one in the URI, add authSource=admin.",
        )
    return ServerProblem(
        f"MongoDB refused to show the database {database}: {_name_of(error)}.",
        "Put user and password into MONGODB_URI, and give the user the roles readWrite and dbAdmin on that "
        "database.",
    )


def _name_of(error: OperationFailure) -> str:
    details = error.details or {}
    return str(details.get("codeName", f"code {error.code}"))


async def _look_directly(
    uri: str, parts: MongodbUri, first: ServerSelectionTimeoutError, timeout_ms: int
) -> ServerFacts:
    """Ask one node alone, which also answers when no replica set comes about."""
    if "ssl" in str(first).lower():
        raise _unreachable(uri, parts, first)
    try:
        parsed = parse_uri(uri, warn=True)
        host, port = parsed["nodelist"][0]
    except PyMongoError:
        raise _unreachable(uri, parts, first) from None
    tls = "true" if parts.tls else "false"
    shown = f"[{host}]" if ":" in host else host
    driver = connect(
        f"mongodb://{shown}:{port}/?directConnection=true&tls={tls}",
        server_selection_ms=timeout_ms,
        socket_ms=timeout_ms,
    )
    try:
        hello = await driver.admin.command("hello")
        if _kind(hello) is ServerKind.STANDALONE and not hello.get("isreplicaset"):
            return await _facts(driver, parts, hello, frozenset())
    except PyMongoError as error:
        raise _unreachable(uri, parts, error) from None
    finally:
        driver.close()
    raise _no_set(hello, parsed["options"].get("replicaSet"))


def _no_set(hello: Mapping[str, Any], wanted: str | None) -> ServerProblem:
    """Why a node that answers could not be used as the replica set of the URI."""
    name = hello.get("setName")
    if name is None:
        return ServerProblem(
            "MongoDB was started as a replica set, but the set was never initiated.",
            'Run once: mongosh --eval "rs.initiate()" (with the user and password, if it has any).',
        )
    if wanted not in {None, name}:
        return ServerProblem(
            f'The replica set is called "{name}", MONGODB_URI asks for "{wanted}".',
            f"Write replicaSet={name} in MONGODB_URI.",
        )
    if not hello.get("primary"):
        return ServerProblem(
            f'The replica set "{name}" has no primary at this time, so it takes no writes.',
            "Wait a moment; if it stays so, see rs.status(): more than half of its members have to run.",
        )
    return ServerProblem(
        f"The members of the replica set call themselves {', '.join(hello.get('hosts', ()))}, "
        "and these names cannot be reached from here.",
        "Make the names resolve here, or, with one node, add directConnection=true to MONGODB_URI.",
    )


def _unreachable(uri: str, parts: MongodbUri, error: PyMongoError) -> ServerProblem:
    text = Redactor((uri,)).text(str(error)).lower()
    where = ", ".join(parts.hosts)
    if "ssl" in text or "certificate" in text:
        return ServerProblem(
            f"No TLS connection came about with {where}: {_reason(text)}.",
            "If the server has no TLS, remove tls=true; if its certificate is of your own, add tlsCAFile=...",
        )
    if "connection closed" in text and not parts.tls:
        return ServerProblem(
            f"MongoDB at {where} closes the connection.",
            "It probably wants TLS: add tls=true to MONGODB_URI.",
        )
    return ServerProblem(
        f"MongoDB at {where} cannot be reached: {_reason(text)}.",
        "Check that it runs, that host and port in MONGODB_URI are right and that no firewall is between.",
    )


def _reason(text: str) -> str:
    reasons = {
        "certificate verify failed": "its certificate is not trusted here",
        "wrong version number": "it does not speak TLS",
        "connection refused": "nothing listens there",
        "name or service not known": "the name is unknown",
        "nodename nor servname": "the name is unknown",
        "name resolution": "the name cannot be looked up",
        "getaddrinfo failed": "the name is unknown",
        "dns": "the name is unknown",
        "no route to host": "there is no route to it",
        "timed out": "it does not answer",
        "timeout": "it does not answer",
    }
    return next((words for sign, words in reasons.items() if sign in text), "the connection broke off")

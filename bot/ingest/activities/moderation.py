"""What the server's audit log says."""

from enum import IntEnum

import msgspec


class ModerationAction(IntEnum):
    """What a moderator, or AutoMod, did."""

    KICK = 0
    BAN = 1
    UNBAN = 2
    TIMEOUT = 3
    TIMEOUT_LIFTED = 4
    PRUNE = 5
    PURGE = 6
    AUTOMOD_BLOCKED = 7
    AUTOMOD_FLAGGED = 8
    AUTOMOD_TIMEOUT = 9
    AUTOMOD_QUARANTINE = 10


class Moderated(msgspec.Struct, array_like=True, tag=26, frozen=True, gc=False):
    """An entry of the server's audit log, whose id is ``id``; it may come from both gateway and log.

    ``moderator`` is 0 for AutoMod and other bots. ``number``: members pruned or messages purged. ``target``
    is set for timeouts alone (0: of who was erased since, and not followed); one that was set ends at
    ``until`` (ms), labelled by ``until_*``.
    """

    guild: int
    id: int
    action: int
    moderator: int
    at: int
    zone: int
    day: int
    hour: int
    number: int = 0
    target: int = 0
    until: int = 0
    until_zone: int = 0
    until_day: int = 0
    until_hour: int = 0


class AuditLogRead(msgspec.Struct, array_like=True, tag=27, frozen=True, gc=False):
    """At ``at`` the audit log was read up to the entry ``upto``, that is up to the instant ``settled``."""

    guild: int
    upto: int
    settled: int
    at: int


AuditLog = Moderated | AuditLogRead
"""What is counted against the audit log's cursor: see ``bot.ingest.books.audit_log``."""

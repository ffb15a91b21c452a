"""The Discord permissions that Serverstats asks for, and what each is for."""

from collections.abc import Iterable
from dataclasses import dataclass

ADMINISTRATOR = 1 << 3


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission as Discord names it; ``feature`` is what has to be wanted for it (None: always needed)."""

    name: str
    bit: int
    reason: str
    feature: str | None = None


_REPORTS = "for the reports on a schedule that a later version will post"
"""Today nothing but answers is posted, and Discord lets those carry embeds and files anywhere."""

PERMISSIONS: tuple[Permission, ...] = (
    Permission("View Channels", 1 << 10, "to be told of messages at all; a hidden channel is not counted"),
    Permission("Read Message History", 1 << 16, "to count what was sent while the bot was away"),
    Permission("Connect", 1 << 20, "Discord wants it for reading the history of text chat in voice channels"),
    Permission("Send Messages", 1 << 11, f"{_REPORTS}; answers to commands need no permission"),
    Permission("Embed Links", 1 << 14, f"{_REPORTS}, which will be embeds"),
    Permission("Attach Files", 1 << 15, f"{_REPORTS}, whose charts will be files"),
    Permission(
        "Manage Threads", 1 << 34, "to read private threads that nobody added the bot to", "private-threads"
    ),
    Permission(
        "View Audit Log", 1 << 7, "to count kicks, bans, timeouts, purges and what AutoMod does", "moderation"
    ),
    Permission("Manage Server", 1 << 5, "to read invites (who came by which)", "invites"),
    Permission(
        "Manage Channels",
        1 << 4,
        "Discord wants it for telling of invites as they are made and deleted: one that is made and used up "
        "within seconds is known only so",
        "new-invites",
    ),
)

FEATURES: tuple[str, ...] = tuple(item.feature for item in PERMISSIONS if item.feature is not None)


def wanted(features: Iterable[str] = ()) -> tuple[Permission, ...]:
    """The permissions that are always needed and those of ``features``."""
    chosen = frozenset(features)
    return tuple(item for item in PERMISSIONS if item.feature is None or item.feature in chosen)


def missing(granted: int, permissions: Iterable[Permission]) -> tuple[Permission, ...]:
    """Those of ``permissions`` that a bit field lacks; an administrator lacks none."""
    if granted & ADMINISTRATOR:
        return ()
    return tuple(item for item in permissions if not granted & item.bit)


def bits(permissions: Iterable[Permission]) -> int:
    """Permissions as Discord's bit field."""
    return sum({item.bit for item in permissions})

"""Warnings by moderators."""

import msgspec

from schemas.warnings import WarningCategory, WarningResolution


class WarningRecorded(msgspec.Struct, array_like=True, tag=28, frozen=True, gc=False):
    """A moderator warned a member; ``case`` names the warning. Both are pseudonyms.

    ``counts``: for the moderator, too, not only for the server.
    """

    guild: int
    case: int
    member: int
    moderator: int
    category: WarningCategory
    at: int
    zone: int
    day: int
    hour: int
    counts: bool = True


class WarningResolved(msgspec.Struct, array_like=True, tag=29, frozen=True, gc=False):
    """A moderator closed a warning; ``counts`` as of ``WarningRecorded``."""

    guild: int
    case: int
    moderator: int
    resolution: WarningResolution
    at: int
    zone: int
    day: int
    hour: int
    counts: bool = True


Case = WarningRecorded | WarningResolved
"""What is counted against what is known of the case: see ``bot.ingest.books.warnings``."""

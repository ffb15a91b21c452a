"""Warnings as cases: each is recorded once and resolved once, however often it is told."""

from collections.abc import Iterator

import msgspec

from bot.ingest.activities.warnings import Case, WarningRecorded
from schemas.guild_day_names import GuildCount
from schemas.warnings import WarningCategory, WarningResolution


class WarningCase(msgspec.Struct):
    """A warning; ``at`` 0: nothing is known of it, ``resolved_at`` 0: it is open. Times are in ms."""

    member: int = 0
    moderator: int = 0
    category: WarningCategory = "none"
    at: int = 0
    resolved_at: int = 0
    resolved_by: int = 0
    resolution: WarningResolution | None = None


class ModeratorDid(msgspec.Struct, frozen=True):
    """A moderator (0: one who opted out) did something that counts, in that hour."""

    guild: int
    moderator: int
    name: GuildCount
    zone: int
    day: int
    hour: int


def apply(case: WarningCase, event: Case) -> Iterator[ModeratorDid]:
    """Note what happened to a case; yields what changes in the counters."""
    if isinstance(event, WarningRecorded):
        if not case.at:
            case.member, case.moderator = event.member, event.moderator
            case.category, case.at = event.category, event.at
            yield _did(event, GuildCount.WARNINGS)
    elif case.at and not case.resolved_at:
        case.resolved_at, case.resolved_by = event.at, event.moderator
        case.resolution = event.resolution
        yield _did(event, GuildCount.WARNINGS_RESOLVED)


def _did(event: Case, name: GuildCount) -> ModeratorDid:
    moderator = event.moderator if event.counts else 0
    return ModeratorDid(event.guild, moderator, name, event.zone, event.day, event.hour)

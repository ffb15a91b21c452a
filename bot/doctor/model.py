"""What a check says."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a check ended; ``SKIPPED``: what it needs is not there, and the finding says what."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and how to mend it (empty where nothing is to be mended)."""

    status: Status
    found: str
    mend: str = ""


def ok(found: str) -> Finding:
    """All is well."""
    return Finding(Status.OK, found)


def warn(found: str, mend: str) -> Finding:
    """The bot works, with less."""
    return Finding(Status.WARN, found, mend)


def fail(found: str, mend: str) -> Finding:
    """The bot does not work like this."""
    return Finding(Status.FAIL, found, mend)


def skipped(found: str, mend: str = "") -> Finding:
    """Could not be looked at."""
    return Finding(Status.SKIPPED, found, mend)

"""How documents are named: readable ids, so that an upsert needs no second index."""

from collections.abc import Collection
from datetime import date

import numpy as np

from analytics.local_time import date_of
from analytics.packs import Ids


def member_id(guild: int, member: str) -> str:
    """Id of a member's lifetime document."""
    return f"{guild}:{member}"


def channel_id(guild: int, channel: int) -> str:
    """Id of a channel's lifetime, directory or coverage document."""
    return f"{guild}:{channel}"


def message_id(guild: int, message: str) -> str:
    """Id of what is known of a message, which is named by its hash."""
    return f"{guild}:{message}"


def invite_id(guild: int, invite: str) -> str:
    """Id of what is known of an invite, which is named by its hash."""
    return f"{guild}:{invite}"


def case_id(guild: int, case: int) -> str:
    """Id of a warning."""
    return f"{guild}:{case}"


def event_id(guild: int, event: int) -> str:
    """Id of a scheduled event."""
    return f"{guild}:{event}"


def day_id(guild: int, zone: int, day: int, of: str = "") -> str:
    """Id of a day's document: of the server, or of one member or channel."""
    name = f"{guild}:{zone}:{date_of(day).isoformat()}"
    return f"{name}:{of}" if of else name


def month_id(guild: int, zone: int, day: int) -> str:
    """Id of the document of the month that holds a day."""
    return f"{guild}:{zone}:{date_of(day).isoformat()[:7]}"


def pseudonym_number(text: str) -> int:
    """Read back a pseudonym as it is stored: 16 hex digits."""
    return int(text, 16)


def pseudonym_numbers(texts: Collection[str]) -> Ids:
    """Read back many pseudonyms at once."""
    return np.frombuffer(bytes.fromhex("".join(texts)), ">u8").astype("<u8")


def snapshot_id(guild: int, zone: int, interval: str, first: date, hour: int) -> str:
    """Id of a snapshot: of the interval that begins on that local date (and, if it is one, at that hour)."""
    begins = f"{first.isoformat()}T{hour:02}" if interval == "1h" else first.isoformat()
    return f"{guild}:{zone}:{interval}:{begins}"

"""A month that is over packed into one document, so that a year reads 12 of them in place of 365 packs.

It is made of the packs of the month's days, and valid as long as the revisions of its days are those of
their ``guildDays`` documents; otherwise the days are read. All columns are little-endian; row i of those that
belong together speaks of the same member. Bit i of a mask (u32) stands for day i + 1 of the month.
"""

from schemas.collection import Collection, Index, Retention
from schemas.day_slices import DaySlice

MONTH_FORM = 1
NO_DAY = -1
"""Revision of a day of which nothing is counted."""


class MemberMonth(DaySlice):
    """What members did in a month; ``day`` is its first, so it goes no later than any of its days.

    ``revisions``: that of each day's pack; none: it was not made yet, or cannot be made.

    ``stale`` says that it has to be made, or made again, once the month is over. ``mark`` changes whenever
    anything is written to it: whoever made it of what was there before does not find it any more.

    ``members``: pseudonyms (u64, ascending). ``there``, ``wrote``, ``spoke`` (outside the AFK channel),
    ``reacted``: masks of the days on which a member has a row in the pack, and did so. ``messages`` (u32),
    ``voice`` (ms outside the AFK channel, u64), ``given`` and ``received`` (i32) are sums.

    ``daily`` (u8): messages by day, for the first day a number for each who wrote on it, in the order of the
    rows, and so on; 255 stands for the next of ``many`` (u32). ``interactions`` (u8, 255 or more are 255):
    the same for each who is there on the day.
    """

    stale: bool
    mark: str
    revisions: list[int]
    form: int = MONTH_FORM
    members: bytes = b""
    there: bytes = b""
    wrote: bytes = b""
    spoke: bytes = b""
    reacted: bytes = b""
    messages: bytes = b""
    voice: bytes = b""
    given: bytes = b""
    received: bytes = b""
    daily: bytes = b""
    many: bytes = b""
    interactions: bytes = b""


MEMBER_MONTHS = Collection(
    "memberMonths",
    MemberMonth,
    (
        Index((("guildId", 1), ("zone", 1), ("day", 1))),
        Index((("stale", 1), ("day", 1)), only=("stale", True)),
    ),
    Retention("members", "day"),
)

"""What the views of members say; None is unknown."""

from datetime import datetime

import msgspec

from schemas.results.board import Head
from schemas.results.curve import Curve


class Took(msgspec.Struct, frozen=True, rename="camel"):
    """Distinct members of a period: active, as far as is known, and by what they did; None: unknown."""

    active: int
    wrote: int
    spoke: int | None
    reacted: int | None


class Reached(msgspec.Struct, frozen=True, rename="camel"):
    """Distinct active members of 30 whole days: ``daily`` is their mean, ``weekly`` of the last 7 of them.

    ``stickiness`` is daily by monthly, the share of days on which a member comes; None if nobody did.
    """

    daily: float
    weekly: int
    monthly: int
    stickiness: float | None


class MembersActive(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Who took part in a period; ``reached`` is of the 30 whole days before its end.

    ``left``: how many of the active ones have left and were away at its end; None: not known of all of it.
    ``values`` are active members an hour or a day, of a week or month the mean of its days; ``partial_first``
    and ``partial_last`` as in ``schemas.results.curve.Curve``.
    """

    head: Head
    members: int | None
    took: Took | None
    left: int | None
    previous: Took | None
    reached: Reached | None
    bucket: str
    starts: tuple[datetime, ...]
    values: tuple[float | None, ...]
    partial_first: bool = False
    partial_last: bool = False

    @property
    def curve(self) -> Curve:
        """Active members over time."""
        return Curve(
            self.bucket,
            self.starts,
            self.values,
            partial_first=self.partial_first,
            partial_last=self.partial_last,
        )


class Evenness(msgspec.Struct, frozen=True, rename="camel"):
    """How messages are spread over those who wrote; ``half``: the fewest of them who wrote half of all.

    ``gini`` is 0 and ``evenness`` 1 if all wrote as many. None where nobody wrote, ``evenness`` also of one
    alone.
    """

    writers: int
    communicators: int
    messages: int
    gini: float | None
    evenness: float | None
    half: int | None


class Scores(msgspec.Struct, frozen=True, rename="camel"):
    """Activity scores above 0: members by steps of 5 from 0 to 100, and quartiles; None without any."""

    counts: tuple[int, ...]
    low: float | None
    median: float | None
    high: float | None


class MembersEngaged(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How evenly members took part in a period; ``scores`` are of the 28 whole days before its end."""

    head: Head
    members: int | None
    spread: Evenness | None
    previous: Evenness | None
    scores: Scores | None

"""A view's figures in the one form that cards, tables and exports understand.

None is unknown everywhere, never zero.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class Measure(StrEnum):
    """What a number is; the value is its unit in exports."""

    COUNT = "count"
    MINUTES = "minutes"
    SECONDS = "seconds"
    SHARE = "share"
    SCORE = "score"
    RATE = "rate"


class SubjectKind(StrEnum):
    """Whom or what a row is about; TEXT is named by its own words."""

    CHANNEL = "channel"
    MEMBER = "member"
    ROLE = "role"
    EMOJI = "emoji"
    TEXT = "text"
    SERVER = "server"


class Subject(msgspec.Struct, frozen=True, rename="camel"):
    """``id`` is a snowflake, of a member the pseudonym as a number, of TEXT 0; ``name`` None: not known."""

    kind: SubjectKind
    id: int
    name: str | None = None


class Head(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What period of which server a view is about.

    ``start`` and ``stop`` bound it, half-open, in the server's time zone; ``stop`` is never in the future.
    ``running``: the timeframe goes on beyond it. ``comparable``: the timeframe has a period before, which
    ``previous_start`` and ``previous_stop`` bound; ``compared``: all of that was counted.
    ``filters``: the channels, categories and roles to which all of it is restricted; none: it is not.
    ``known_apart``: what the view shows is not known from when counting began, but from ``known_since`` on
    (None: it is not known at all).
    """

    guild_id: int
    guild_name: str
    timeframe: str
    timeframe_name: str
    zone: str
    zone_changed: bool
    start: datetime
    stop: datetime
    running: bool
    counted_since: datetime | None
    comparable: bool
    compared: bool
    filters: tuple[Subject, ...] = ()
    previous_start: datetime | None = None
    previous_stop: datetime | None = None
    known_apart: bool = False
    known_since: datetime | None = None


class Figure(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One number; ``previous`` is that of the period before, where ``compared`` says that there is one.

    ``of`` makes it a part of a whole, which ``of_what`` names as it stands behind “12% of”. ``note`` explains
    it in a few words.
    """

    title: str
    value: float | None
    measure: Measure = Measure.COUNT
    compared: bool = False
    previous: float | None = None
    of: float | None = None
    of_what: str = ""
    note: str = ""


class Ranked(msgspec.Struct, frozen=True, rename="camel"):
    """A row of a ranking."""

    subject: Subject
    value: float
    previous: float | None = None


class NotShown(msgspec.Struct, frozen=True, rename="camel"):
    """How many channels are left out as not all readers may see them, and what they have together.

    ``value`` None: amounts that do not add up; ``previous`` is that of the period before.
    """

    channels: int
    value: float | None = None
    previous: float | None = None


class Ranking(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Subjects by a number, the greatest first; of scores it may be the lowest.

    ``whole`` is what shares are of (None: no shares); ``others`` counts the subjects left out, and
    ``others_value`` is what they have together; ``not_shown`` are channels that are neither rows nor others.
    ``empty`` is said where there is none of all these.
    """

    title: str
    rows: tuple[Ranked, ...]
    measure: Measure = Measure.COUNT
    whole: float | None = None
    others: int = 0
    others_value: float = 0
    empty: str = ""
    not_shown: NotShown | None = None

    @property
    def subjects(self) -> int:
        """How many there are of which anything is counted."""
        return len(self.rows) + self.others + (0 if self.not_shown is None else self.not_shown.channels)


class Series(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Numbers over time; ``previous``, where known, is of the same length.

    ``partial_first`` and ``partial_last`` as in ``schemas.results.curve.Curve``: such a bucket does not stand
    for a whole one.
    """

    title: str
    bucket: str
    starts: tuple[datetime, ...]
    values: tuple[float | None, ...]
    measure: Measure = Measure.COUNT
    previous: tuple[float | None, ...] | None = None
    partial_first: bool = False
    partial_last: bool = False


class Grid(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Numbers by row and column: a week's hours, cohorts, members by week."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    measure: Measure = Measure.COUNT


class Board(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """All of a view: its period, its numbers, and notes that say what they do not.

    ``member``: the one whom all of it is about, where the reader has to be told.
    """

    kind: str
    title: str
    head: Head
    member: Subject | None = None
    figures: tuple[Figure, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    series: tuple[Series, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()

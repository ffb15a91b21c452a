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


class Ranking(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Subjects by a number, the greatest first; of scores it may be the lowest.

    ``whole`` is what shares are of (None: no shares); ``others`` counts the subjects left out, and
    ``others_value`` is what they have together. ``empty`` is said where there are no rows.
    """

    title: str
    rows: tuple[Ranked, ...]
    measure: Measure = Measure.COUNT
    whole: float | None = None
    others: int = 0
    others_value: float = 0
    empty: str = ""


class Series(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Numbers over time; ``previous``, where known, is of the same length."""

    title: str
    bucket: str
    starts: tuple[datetime, ...]
    values: tuple[float | None, ...]
    measure: Measure = Measure.COUNT
    previous: tuple[float | None, ...] | None = None


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

"""What a view is asked for."""

from dataclasses import dataclass

from analytics.sight import EVERYTHING, Sight
from analytics.timeframes import Timeframe


@dataclass(frozen=True, slots=True)
class Scope:
    """One server, one timeframe, as of one instant (ms since 1970 UTC).

    ``subject`` is whom or what it is about: a channel's id, or a member's pseudonym as a number (0: the
    server). ``channels`` and ``roles`` restrict it to them; none: all. ``chosen`` are the channels and
    categories that were asked for, where ``channels`` are those in them. ``servers`` are those set
    beside this one. ``compare``: with the period before. ``sight`` says which channels the readers of the
    answer see, and ``unseen`` how many of the chosen categories are left out as they do not.
    """

    guild_id: int
    timeframe: Timeframe
    now_ms: int
    subject: int = 0
    channels: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    compare: bool = True
    chosen: tuple[int, ...] = ()
    servers: tuple[int, ...] = ()
    sight: Sight = EVERYTHING
    unseen: int = 0

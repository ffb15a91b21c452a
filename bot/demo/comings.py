"""Who of a made-up community comes and goes, as Discord tells of it."""

from collections.abc import Iterator, Sequence

import numpy as np

from analytics.local_time import HOURS_PER_DAY, instant_of_hour
from bot.demo.community import Community
from bot.ingest.activities.members import JoinSeen, MemberJoined, MemberLeft, MembersCompared
from bot.ingest.calendars import Calendars

Coming = MemberJoined | MemberLeft | MembersCompared


def activities(  # noqa: PLR0913, PLR0917 - who, when and where
    community: Community,
    day: int,
    window: tuple[int, int],
    guild: int,
    members: Sequence[int],
    roles: Sequence[tuple[int, ...]],
    calendars: Calendars,
) -> Iterator[Coming]:
    """Joins and leaves on a local day after an instant and not after another (ms since 1970 UTC).

    Who is there when the history begins is found then by the first look at the member list. ``members`` are
    pseudonyms, a row a person, ``roles`` those of the first people.
    """
    plan, crowd = community.plan, community.crowd
    begin, end = (instant_of_hour(each * HOURS_PER_DAY, plan.zone) for each in (day, day + 1))
    if day == plan.first_day:
        there = np.flatnonzero((crowd.joined <= begin) & (crowd.left > begin)).tolist()
        for person in there:
            yield _joined(
                guild, members, roles, person, int(crowd.joined[person]), JoinSeen.SURVIVOR, calendars
            )
        yield MembersCompared(guild, begin, begin)
    after, until = max(begin, window[0]), min(end - 1, window[1])
    came = np.flatnonzero((crowd.joined > after) & (crowd.joined <= until)).tolist()
    for person in came:
        yield _joined(guild, members, roles, person, int(crowd.joined[person]), JoinSeen.LIVE, calendars)
    for person in np.flatnonzero((crowd.left > after) & (crowd.left <= until)).tolist():
        at = int(crowd.left[person])
        yield MemberLeft(guild, members[person], at, *calendars.label(guild, at))


def _joined(  # noqa: PLR0913, PLR0917 - who, when and where
    guild: int,
    members: Sequence[int],
    roles: Sequence[tuple[int, ...]],
    person: int,
    at: int,
    seen: JoinSeen,
    calendars: Calendars,
) -> MemberJoined:
    held = roles[person] if person < len(roles) else ()
    return MemberJoined(guild, members[person], at, *calendars.label(guild, at), seen.value, held)

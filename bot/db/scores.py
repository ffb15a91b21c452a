"""``memberActivityStats.activityScore``: out of the packs of the last 28 whole days."""

import asyncio
from collections.abc import Mapping, Sequence

from pymongo import UpdateOne

from analytics.activity_score import SCORE_DAYS, SCORED, activity_scores
from analytics.local_time import HOURS_PER_DAY
from analytics.member_activity import member_activity
from analytics.member_spans import MemberSpan
from bot.db.database import Handle
from bot.db.keys import member_id
from bot.db.reader import Reader
from bot.db.retention import kept_days
from bot.privacy.pseudonym import hexadecimal
from schemas.day_slices import MEMBER_DAYS
from schemas.member_activity_stats import COLLECTION as MEMBERS

_A_WRITE = 1_000


async def score_members(db: Handle, guild: int, today: int) -> None:
    """Score the members of a server by the days before a local day of its present zone.

    Nobody is scored where members' days are kept for a shorter time than that.
    """
    kept = await kept_days(db, guild, MEMBER_DAYS)
    if kept is not None and kept <= SCORE_DAYS:
        return
    reader = Reader(db)
    zones = await reader.zones(guild)
    ranges = zones.ranges((today - SCORE_DAYS) * HOURS_PER_DAY, today * HOURS_PER_DAY)
    spans = await reader.member_spans(guild, ranges, *SCORED)
    scores = await asyncio.to_thread(_scores, spans)
    before = {
        stored["userId"]: stored["activityScore"]
        async for stored in db[MEMBERS.name].find(
            {"guildId": str(guild), "activityScore": {"$nin": [None, 0]}}, {"userId": 1, "activityScore": 1}
        )
    }
    updates = await asyncio.to_thread(_updates, guild, scores, before)
    for start in range(0, len(updates), _A_WRITE):
        await db[MEMBERS.name].bulk_write(updates[start : start + _A_WRITE], ordered=False)
    await db[MEMBERS.name].update_many(
        {"guildId": str(guild), "activityScore": None}, {"$set": {"activityScore": 0.0}}
    )


def _scores(spans: Sequence[MemberSpan]) -> dict[str, float]:
    activity = member_activity(spans)
    members = map(hexadecimal, activity.members.tolist())
    return dict(zip(members, activity_scores(activity).tolist(), strict=True))


def _updates(guild: int, scores: Mapping[str, float], before: Mapping[str, float]) -> list[UpdateOne]:
    """What changes; who did nothing in the time has 0."""
    now = {**dict.fromkeys(before, 0.0), **scores}
    return [
        UpdateOne({"_id": member_id(guild, who)}, {"$set": {"activityScore": score}})
        for who, score in now.items()
        if before.get(who) != score
    ]

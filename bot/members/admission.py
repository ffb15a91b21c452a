"""Which joins, leaves and changes may be recorded.

A join has a time of its own, so one from before an erasure never counts again, however often the member list
is compared: the member is there without being known to be. Of who has opted out nothing is recorded.
"""

from collections.abc import Callable

from bot.ingest.activities.members import MemberChanged, MemberJoined, MemberLeft
from bot.ingest.activity import Activity
from bot.privacy.consent import snowflake_at
from bot.privacy.gate import Gate


def admitting(record: Callable[[Activity], None], gate: Gate) -> Callable[[Activity], None]:
    """Record what members allow to be known of their coming and going, and all else."""

    def admit(activity: Activity) -> None:
        if _may_count(gate, activity):
            record(activity)

    return admit


def _may_count(gate: Gate, activity: Activity) -> bool:
    match activity:
        case MemberJoined():
            return gate.counts_begun(activity.guild, activity.member, snowflake_at(activity.joined))
        case MemberLeft() | MemberChanged():
            return gate.counts(activity.guild, 0, 0, activity.member)
        case _:
            return True

"""Brings a made-up community into the database, through the same ingest as what happens on Discord."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analytics.local_time import HOURS_PER_DAY, ZoneHistory, instant_of_hour
from bot.demo.community import Community
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activity import Activity
from bot.ingest.calendars import Calendars
from bot.ingest.recorder import Recorder
from bot.privacy.pseudonym import Pseudonyms

DAYS_A_FLUSH = 10


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays whom: Discord ids of the server, its rooms and its people; ``bots`` are members as well."""

    guild: int
    rooms: tuple[int, ...]
    people: tuple[int, ...]
    bots: int


class Script:
    """A community as activities of one server."""

    def __init__(
        self, community: Community, cast: Cast, calendars: Calendars, pseudonyms: Pseudonyms
    ) -> None:
        self._community = community
        self._cast = cast
        self._calendars = calendars
        self._members = [pseudonyms.of(cast.guild, person) for person in cast.people]

    def days(self, after_ms: int, until_ms: int) -> range:
        """Local days that lie in a period, in whole or in part."""
        zones = ZoneHistory.single(self._community.plan.zone)
        first = max(zones.label(after_ms).day, self._community.plan.first_day)
        return range(first, zones.label(until_ms).day + 1)

    def activities(self, day: int, after_ms: int, until_ms: int, session: int) -> Iterator[Activity]:
        """What happens on a local day after an instant and not after another, in order within a channel."""
        yield from self._gauges(day, after_ms, until_ms)
        guild, kinds = self._cast.guild, [room.kind.value for room in self._community.plan.rooms]
        found = self._community.messages(day).within(after_ms, until_ms)
        columns = (found.at, found.ids, found.people, found.rooms, found.threads, found.flags)
        for at, message, person, room, thread, flags in zip(*(c.tolist() for c in columns), strict=True):
            zone, label_day, hour = self._calendars.label(guild, at)
            yield MessageSent(
                guild=guild,
                channel=self._cast.rooms[room],
                thread=thread,
                kind=kinds[room],
                member=self._members[person],
                id=message,
                session=session,
                at=at,
                zone=zone,
                day=label_day,
                hour=hour,
                flags=flags,
            )

    def _gauges(self, day: int, after_ms: int, until_ms: int) -> Iterator[MembersCounted]:
        guild = self._cast.guild
        for hour in range(HOURS_PER_DAY):
            at = instant_of_hour(day * HOURS_PER_DAY + hour, self._community.plan.zone)
            if after_ms < at <= until_ms:
                members = self._community.crowd.members_at(at) + self._cast.bots
                yield MembersCounted(guild, at, *self._calendars.label(guild, at), members)


async def seed(
    script: Script, recorder: Recorder, after_ms: int, until_ms: int, on_progress: Callable[[int], None]
) -> int:
    """Record a period and wait until all of it is counted; returns the number of messages.

    ``on_progress`` is told how many days are counted. What was counted before is not
    counted again: the ids tell. Raises StoreUnavailable or LeaseLost.
    """
    days = script.days(after_ms, until_ms)
    session = recorder.sessions.of(0)
    messages = 0
    for done, day in enumerate(days, start=1):
        for activity in script.activities(day, after_ms, until_ms, session):
            recorder.record(activity)
            messages += isinstance(activity, MessageSent)
        if done % DAYS_A_FLUSH == 0:
            await recorder.flush()
            on_progress(done)
    await recorder.flush()
    on_progress(len(days))
    return messages

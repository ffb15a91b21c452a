"""Brings a made-up community into the database, through the same ingest as what happens on Discord."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from analytics.local_time import HOURS_PER_DAY, ZoneHistory, instant_of_hour
from bot.demo import comings, evenings, moods, responses
from bot.demo.community import Community, Messages
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import ChannelKind, MessageFlag, MessageSent
from bot.ingest.activities.reactions import ReactionAdded
from bot.ingest.activities.threads import ThreadSeen
from bot.ingest.activities.voice import VoiceLevel, VoiceTime
from bot.ingest.activity import Activity
from bot.ingest.calendars import Calendars
from bot.ingest.recorder import Recorder
from bot.privacy.pseudonym import Pseudonyms

DAYS_A_FLUSH = 10
_IDLE_MS = 7 * 24 * 3_600_000
"""After how long without a message a post would be archived."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays whom: Discord ids of the server, its rooms and its people; ``bots`` are members as well.

    ``roles`` are those of the first people (ascending, empty for who has left); all others have none.
    """

    guild: int
    rooms: tuple[int, ...]
    people: tuple[int, ...]
    bots: int
    roles: tuple[tuple[int, ...], ...] = ()


class Script:
    """A community as activities of one server."""

    def __init__(
        self, community: Community, cast: Cast, calendars: Calendars, pseudonyms: Pseudonyms
    ) -> None:
        self._community = community
        self._cast = cast
        self._calendars = calendars
        self._pseudonyms = pseudonyms
        self._members = [pseudonyms.of(cast.guild, person) for person in cast.people]
        self._voice = next(
            (room for room, each in enumerate(community.plan.rooms) if each.kind is ChannelKind.VOICE), None
        )

    def days(self, after_ms: int, until_ms: int) -> range:
        """Local days that lie in a period, in whole or in part."""
        zones = ZoneHistory.single(self._community.plan.zone)
        first = max(zones.label(after_ms).day, self._community.plan.first_day)
        return range(first, zones.label(until_ms).day + 1)

    def activities(self, day: int, after_ms: int, until_ms: int, session: int) -> Iterator[Activity]:
        """What happens on a local day after an instant and not after another, in order within a channel."""
        yield from comings.activities(
            self._community,
            day,
            (after_ms, until_ms),
            self._cast.guild,
            self._members,
            self._cast.roles,
            self._calendars,
        )
        yield from self._gauges(day, after_ms, until_ms)
        sent = self._community.messages(day)
        read = dict(zip(sent.ids.tolist(), moods.scores(self._community, day, sent).tolist(), strict=True))
        yield from self._messages(sent.within(after_ms, until_ms), read, session)
        answers: Iterator[ThreadSeen | ReactionAdded] = chain(
            self._posts(day, sent), self._reactions(day, sent)
        )
        for activity in answers:
            if after_ms < activity.at <= until_ms:
                yield activity
        for piece in self._in_voice(day):
            ended = piece.at + piece.ms if isinstance(piece, VoiceTime) else piece.at
            if after_ms < ended <= until_ms:
                yield piece

    def _messages(self, found: Messages, read: Mapping[int, int], session: int) -> Iterator[MessageSent]:
        guild, kinds = self._cast.guild, [room.kind.value for room in self._community.plan.rooms]
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
                sentiment=read[message],
            )

    def _posts(self, day: int, sent: Messages) -> Iterator[ThreadSeen]:
        for post in responses.posts(self._community, day, sent):
            thread, created = int(sent.ids[post.message]), int(sent.at[post.message])
            yield self._seen(sent, post.message, thread, created, solved=False)
            if post.solved:
                yield self._seen(sent, post.message, thread, post.solved, solved=True)

    def _seen(self, sent: Messages, message: int, thread: int, at: int, *, solved: bool) -> ThreadSeen:
        guild, room, created = self._cast.guild, int(sent.rooms[message]), int(sent.at[message])
        label, began = self._calendars.label(guild, at), self._calendars.label(guild, created)
        return ThreadSeen(
            guild=guild,
            channel=self._cast.rooms[room],
            thread=thread,
            kind=self._community.plan.rooms[room].kind.value,
            creator=self._members[int(sent.people[message])],
            live=True,
            archived=False,
            locked=False,
            tagged=solved,
            created=created,
            changed=created,
            last=at,
            idle=_IDLE_MS,
            at=at,
            created_label=began,
            changed_label=began,
            label=label,
        )

    def _reactions(self, day: int, sent: Messages) -> Iterator[ReactionAdded]:
        guild, cast, pseudonyms = self._cast.guild, self._cast, self._pseudonyms
        for given in responses.reactions(self._community, day, sent, MessageFlag.FILES.value):
            message, room = int(sent.ids[given.message]), int(sent.rooms[given.message])
            sent_zone, sent_day, sent_hour = self._calendars.label(guild, int(sent.at[given.message]))
            zone, label_day, hour = self._calendars.label(guild, given.at)
            yield ReactionAdded(
                guild=guild,
                channel=cast.rooms[room],
                thread=int(sent.threads[given.message]),
                kind=self._community.plan.rooms[room].kind.value,
                message=pseudonyms.of_message(guild, message),
                author=self._members[int(sent.people[given.message])],
                sent_zone=sent_zone,
                sent_day=sent_day,
                member=self._members[given.person],
                reaction=pseudonyms.of_reaction(guild, message, given.emoji, cast.people[given.person]),
                emoji=given.emoji,
                at=given.at,
                zone=zone,
                day=label_day,
                hour=hour,
                sent_hour=sent_hour,
            )

    def _in_voice(self, day: int) -> list[VoiceTime | VoiceLevel]:
        if self._voice is None:
            return []
        room = self._cast.rooms[self._voice]
        stays = evenings.stays(self._community, day)
        return evenings.pieces(stays, self._cast.guild, room, self._members, self._calendars)

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
    counted again: the ids tell, which only time in voice lacks. Raises StoreUnavailable or LeaseLost.
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

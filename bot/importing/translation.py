"""From a file's row to an activity."""

import hashlib
from collections.abc import Callable
from zoneinfo import ZoneInfo

from analytics.local_time import ZoneHistory
from bot.db.directory import ChannelRecord
from bot.importing.rows import ChannelRef, ImportedMessage
from bot.ingest.activities.messages import ChannelKind, MessageFlag, MessageSent
from bot.ingest.calendars import Calendars
from bot.privacy.consent import snowflake_at
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import Pseudonyms

_KINDS = {
    0: ChannelKind.TEXT,
    2: ChannelKind.VOICE,
    5: ChannelKind.ANNOUNCEMENT,
    13: ChannelKind.STAGE,
    15: ChannelKind.FORUM,
    16: ChannelKind.MEDIA,
}
_FLAGS: tuple[tuple[str, MessageFlag], ...] = (
    ("files", MessageFlag.FILES),
    ("embeds", MessageFlag.EMBEDS),
    ("stickers", MessageFlag.STICKERS),
    ("poll", MessageFlag.POLL),
    ("reply", MessageFlag.REPLY),
    ("forward", MessageFlag.FORWARD),
)
_SHOWN = ("files", "embeds", "stickers", "poll")


def made_up_id(name: str) -> int:
    """Id for a channel that a file only names: always the same, and larger than any id of Discord's."""
    digest = hashlib.sha256(b"channel:" + name.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> 2 | 1 << 61


class Translation:
    """Makes activities of one server; notes the channels that it meets."""

    def __init__(
        self,
        guild_id: int,
        calendars: Calendars,
        pseudonyms: Pseudonyms,
        gate: Gate,
        *,
        channel_id: Callable[[str], int] = made_up_id,
    ) -> None:
        self._guild = guild_id
        self._calendars = calendars
        self._pseudonyms = pseudonyms
        self._gate = gate
        self._channel_id = channel_id
        self._met: dict[int, ChannelRecord] = {}
        self._new: list[ChannelRecord] = []

    def live_in(self, zone: ZoneInfo) -> None:
        """Label by this zone from ever: that of a server that was not known before."""
        self._calendars.change(self._guild, ZoneHistory.single(zone))

    def message(self, row: ImportedMessage) -> tuple[MessageSent, bool]:
        """Activity of a member's message, and whether it is (or copies) the first message of a thread."""
        channel, thread, kind = self._place(row.channel)
        zone, day, hour = self._calendars.label(self._guild, row.at_ms)
        member = (
            self._pseudonyms.of(self._guild, int(row.author))
            if row.author_is_id
            else self._pseudonyms.of_name(self._guild, row.author)
        )
        sent = MessageSent(
            guild=self._guild,
            channel=channel,
            thread=thread,
            kind=kind,
            member=member,
            id=row.message_id or 0,
            session=0,
            at=row.at_ms,
            zone=zone,
            day=day,
            hour=hour,
            flags=_flags(row),
        )
        return sent, row.starts_thread

    def may_count(self, sent: MessageSent) -> bool:
        """Whether members and admins let a message count; one without an id is judged by its time.

        A file does not say which roles its authors have now.
        """
        at = sent.id or snowflake_at(sent.at)
        return self._gate.counts(sent.guild, sent.channel, sent.thread, sent.member, at)

    def new_channels(self) -> list[ChannelRecord]:
        """Channels met since this was last asked."""
        new, self._new = self._new, []
        return new

    def _place(self, ref: ChannelRef) -> tuple[int, int, ChannelKind]:
        """Channel that a message counts for, its thread (0: none), the channel's type."""
        own = self._channel_id(ref.name) if ref.id is None else ref.id
        if not ref.is_thread:
            kind = _KINDS.get(ref.type or 0, ChannelKind.TEXT)
            self._note(own, ref.name, kind)
            return own, 0, kind
        parent = ref.parent_id if ref.parent_id is not None else self._channel_id(ref.parent_name or ref.name)
        self._note(parent, ref.parent_name or str(parent), ChannelKind.TEXT)
        return parent, own, ChannelKind.TEXT

    def _note(self, channel: int, name: str, kind: ChannelKind) -> None:
        if channel not in self._met:
            self._met[channel] = ChannelRecord(channel, name, kind.stored)
            self._new.append(self._met[channel])


def _flags(row: ImportedMessage) -> int:
    flags = sum(flag.value for name, flag in _FLAGS if getattr(row, name))
    if any(getattr(row, name) is None for name in _SHOWN):
        flags |= MessageFlag.CONTENT_UNKNOWN.value
    return flags

"""What admins of a server decide about counting, and who decided it when."""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document, Index, Retention


class SettingSpan(Document):
    """Message ids greater than ``after`` and less than ``until`` (None: no end yet)."""

    after: int
    until: int | None


class GuildSettings(Document):
    """A server's rules for counting.

    ``channels`` and ``roles``, by id: when they were excluded. ``writers``: when messages of BOT, WEBHOOK or
    SYSTEM counted, which by default they do not.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    channels: dict[str, list[SettingSpan]]
    roles: dict[str, list[SettingSpan]]
    writers: dict[str, list[SettingSpan]]


class AuditEntry(Document):
    """Somebody changed a setting, or read a member's figures.

    ``actor`` and ``member``, who was read about, are pseudonyms; None for one who was erased, or nobody.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    actor: str | None
    what: str
    subject: str
    at: datetime
    member: str | None = None


SETTINGS = Collection("settings", GuildSettings)
AUDIT = Collection("audit", AuditEntry, (Index((("guildId", 1), ("at", -1))),), Retention("members", "at"))

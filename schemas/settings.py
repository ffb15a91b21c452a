"""What admins of a server decide, and who decided it when."""

from datetime import datetime
from typing import Literal

import msgspec

from schemas.collection import Collection, Document, Index, Retention


class SettingSpan(Document):
    """Message ids greater than ``after`` and less than ``until`` (None: no end yet)."""

    after: int
    until: int | None


class OwnRetention(Document):
    """For how many days a server keeps each class of data; None: as long as the host does."""

    members: int | None = None
    left: int | None = None
    totals: int | None = None
    hours: int | None = None


class GuildSettings(Document):
    """What a server's admins decided; what is not there is as it is everywhere.

    Rules for counting: ``channels`` and ``roles``, by id, when they were excluded; ``writers``, when messages
    of BOT, WEBHOOK or SYSTEM counted, which by default they do not.

    ``statistics_roles`` and ``member_roles``: ids of roles that may see figures, and figures of single
    members. The server's time zone stands in ``guilds``. Messages with a greater id than ``sentiment_after``
    are scored; None: none are.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    channels: dict[str, list[SettingSpan]]
    roles: dict[str, list[SettingSpan]]
    writers: dict[str, list[SettingSpan]]
    statistics_roles: list[str] = msgspec.field(default_factory=list)
    member_roles: list[str] = msgspec.field(default_factory=list)
    report_channel: str | None = None
    theme: Literal["dark", "light"] | None = None
    language: str | None = None
    retention: OwnRetention | None = None
    sentiment_after: int | None = None


class AuditEntry(Document):
    """Somebody changed a setting, read a member's figures, or took figures away.

    ``actor`` and ``member``, who was read about, are pseudonyms; None for one who was erased, or nobody.
    ``before`` and ``after``: a setting's values, as ``cogs.admin.settings`` writes them.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    actor: str | None
    what: str
    subject: str
    at: datetime
    member: str | None = None
    before: str | None = None
    after: str | None = None


SETTINGS = Collection("settings", GuildSettings)
AUDIT = Collection("audit", AuditEntry, (Index((("guildId", 1), ("at", -1))),), Retention("members", "at"))

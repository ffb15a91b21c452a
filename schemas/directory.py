"""What a server and its channels are called, and the settings that decide how activity is recorded."""

from datetime import datetime

import msgspec

from schemas.channel_stats import ChannelType
from schemas.collection import Collection, Document, Index


class ZoneSetting(Document):
    """From ``since`` on (None: from ever) days and hours are those of the IANA zone ``zone``."""

    epoch: int
    zone: str
    since: datetime | None


class Guild(Document):
    """A server; ``discord_since`` is None for one that only files have fed."""

    id: str = msgspec.field(name="_id")
    schema_version: int
    name: str
    zones: list[ZoneSetting]
    discord_since: datetime | None


class Channel(Document):
    """A channel's present name and type."""

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    channel_id: str
    name: str
    type: ChannelType


GUILDS = Collection("guilds", Guild)
CHANNELS = Collection("channels", Channel, (Index((("guildId", 1), ("channelId", 1)), unique=True),))

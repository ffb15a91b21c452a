"""Discord's channel types as the counters name them."""

from collections.abc import Mapping
from types import MappingProxyType

import discord

from bot.ingest.activities.channels import CATEGORY
from bot.ingest.activities.messages import ChannelKind

_KINDS: Mapping[discord.ChannelType, ChannelKind] = MappingProxyType(
    {
        discord.ChannelType.text: ChannelKind.TEXT,
        discord.ChannelType.news: ChannelKind.ANNOUNCEMENT,
        discord.ChannelType.voice: ChannelKind.VOICE,
        discord.ChannelType.stage_voice: ChannelKind.STAGE,
        discord.ChannelType.forum: ChannelKind.FORUM,
        discord.ChannelType.media: ChannelKind.MEDIA,
    }
)


def kind_of(channel: object) -> ChannelKind:
    """Type of a channel; one that this version does not know counts as text."""
    kind = getattr(channel, "type", discord.ChannelType.text)
    return _KINDS.get(kind, ChannelKind.TEXT)


def listed_kind(channel: object) -> int:
    """Type of a channel in a list, which has categories too."""
    if getattr(channel, "type", None) is discord.ChannelType.category:
        return CATEGORY
    return kind_of(channel).value

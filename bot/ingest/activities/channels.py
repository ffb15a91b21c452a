"""The list of channels."""

import msgspec

CATEGORY = -1
"""The kind of a ``ListedChannel`` that is a category."""


class ListedChannel(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A channel or category in a list; ``name`` is a keyed hash, the label is of its creation."""

    id: int
    kind: int
    name: int
    category: int
    zone: int
    day: int
    hour: int


class ChannelsListed(msgspec.Struct, array_like=True, tag=23, frozen=True, gc=False):
    """All channels and categories that a server has at an instant, in the order in which they are shown."""

    guild: int
    at: int
    zone: int
    day: int
    hour: int
    channels: tuple[ListedChannel, ...]

"""Time in voice, and how many are there."""

from enum import IntFlag

import msgspec


class VoiceFlag(IntFlag):
    """How a member was in voice; ``BEGAN`` marks the first piece of a stay in a channel."""

    AFK = 1
    DEAFENED = 2
    ALONE = 4
    STREAMING = 8
    STAGE = 16
    BEGAN = 32


class VoiceTime(msgspec.Struct, array_like=True, tag=3, frozen=True, gc=False):
    """A member was in a voice channel for ``ms`` milliseconds from ``at`` on, all within one local hour."""

    guild: int
    channel: int
    kind: int
    member: int
    at: int
    ms: int
    zone: int
    day: int
    hour: int
    flags: int


class VoiceLevel(msgspec.Struct, array_like=True, tag=4, frozen=True, gc=False):
    """At ``at`` there were ``people`` in a voice channel (``channel`` 0: in voice in the whole server)."""

    guild: int
    channel: int
    kind: int
    at: int
    zone: int
    day: int
    hour: int
    people: int

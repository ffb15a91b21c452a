"""A day's columns as the fields of packs, and back; ``schemas.day_packs`` says what each is."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.day_columns import (
    COUNT,
    ID,
    ROW_STEP,
    SENTIMENT,
    SIGNED,
    TIME,
    UNKNOWN_HOUR,
    ChannelDayColumns,
    MemberDayColumns,
    MemberHours,
)
from analytics.local_time import HOURS_PER_DAY
from schemas.day_packs import HOURS_FORM, PACK_FORM


def member_pack(columns: MemberDayColumns) -> dict[str, Any]:
    """Columns as a pack's fields; a pack without hours is of form 2."""
    known = columns.by_hour
    hours = (
        {}
        if known is None
        else {
            "messagesBy": known.wrote_by.tobytes(),
            "voiceAt": known.spoke_at.tobytes(),
            "voiceBy": known.spoke_by.tobytes(),
        }
    )
    return {
        "form": PACK_FORM if known is None else HOURS_FORM,
        "members": columns.members[: columns.writers].tobytes(),
        "messages": columns.messages[: columns.writers].tobytes(),
        "hours": columns.hours[: columns.writers].tobytes(),
        "others": columns.members[columns.writers :].tobytes(),
        "voice": columns.voice.tobytes(),
        "voiceHours": columns.voice_hours.tobytes(),
        "received": columns.received.tobytes(),
        "givenAt": columns.given_at.tobytes(),
        "givenBy": columns.given_by.tobytes(),
        **hours,
    }


def members_of_pack(pack: Mapping[str, Any]) -> MemberDayColumns:
    """Read a ``memberPacks`` document of form 2 or 3; columns that were not read are as of nothing."""
    writers = np.frombuffer(pack["members"], ID)
    others = np.frombuffer(pack.get("others", b""), ID)
    members = np.concatenate([writers, others]) if len(others) else writers
    rest = np.zeros(len(others), COUNT)

    def of_writers(name: str, unread: int = 0) -> npt.NDArray[Any]:
        known = name in pack
        column = np.frombuffer(pack[name], COUNT) if known else np.full(len(writers), unread, COUNT)
        return np.concatenate([column, rest]) if len(others) else column

    def of_all(name: str, kind: np.dtype[Any]) -> npt.NDArray[Any]:
        return np.frombuffer(pack[name], kind) if name in pack else np.zeros(len(members), kind)

    return MemberDayColumns(
        members,
        len(writers),
        of_writers("messages"),
        of_writers("hours", 1 << UNKNOWN_HOUR),
        of_all("voice", TIME),
        of_all("voiceHours", COUNT),
        of_all("received", SIGNED),
        np.frombuffer(pack.get("givenAt", b""), COUNT),
        np.frombuffer(pack.get("givenBy", b""), SIGNED),
        _hours_of_pack(pack),
    )


def _hours_of_pack(pack: Mapping[str, Any]) -> MemberHours | None:
    """The hours that messages were written in are the bits of the masks."""
    if "messagesBy" not in pack:
        return None
    masks = np.frombuffer(pack["hours"], COUNT)
    row, hour = np.nonzero(masks[:, None] >> np.arange(HOURS_PER_DAY, dtype=COUNT) & COUNT.type(1))
    return MemberHours(
        (row * ROW_STEP + hour).astype(COUNT),
        np.frombuffer(pack["messagesBy"], COUNT),
        np.frombuffer(pack["voiceAt"], COUNT),
        np.frombuffer(pack["voiceBy"], TIME),
    )


def channel_pack(columns: ChannelDayColumns) -> dict[str, Any]:
    """Columns as a pack's fields."""
    return {
        "form": PACK_FORM,
        "channels": columns.channels.tobytes(),
        "messages": columns.messages.sum(axis=1, dtype=COUNT).tobytes(),
        "hours": columns.messages.sum(axis=0, dtype=COUNT).tobytes(),
        "channelHours": columns.messages.tobytes(),
        "voiceChannels": columns.voice_channels.tobytes(),
        "voiceHours": columns.voice.tobytes(),
        "reactedChannels": columns.reacted_channels.tobytes(),
        "reactions": columns.reactions.tobytes(),
        "sentimentChannels": columns.sentiment_channels.tobytes(),
        "sentiment": columns.sentiment.tobytes(),
        "sums": dict(columns.sums),
    }


def channels_of_pack(pack: Mapping[str, Any]) -> ChannelDayColumns:
    """Read a ``channelPacks`` document of form 2."""
    return ChannelDayColumns(
        np.frombuffer(pack["channels"], ID),
        np.frombuffer(pack["channelHours"], COUNT).reshape(-1, HOURS_PER_DAY),
        np.frombuffer(pack["voiceChannels"], ID),
        np.frombuffer(pack["voiceHours"], TIME).reshape(-1, HOURS_PER_DAY),
        np.frombuffer(pack["reactedChannels"], ID),
        np.frombuffer(pack["reactions"], SIGNED),
        np.frombuffer(pack.get("sentimentChannels", b""), ID),
        np.frombuffer(pack.get("sentiment", b""), SIGNED).reshape(-1, len(SENTIMENT)),
        pack["sums"],
    )

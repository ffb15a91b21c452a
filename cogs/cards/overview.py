"""The overview as a card."""

from collections.abc import Iterator
from datetime import datetime

import discord

from cogs.cards import format as fmt
from cogs.cards.card import COLOUR, FIELD_LIMIT, Card, Surroundings, units
from schemas.results.overview import ChannelActivity, Overview

CHANNEL_NAME_LIMIT = 32
"""Characters of a channel's name in the list: what fits a line on a phone."""
SERVER_NAME_LIMIT = 100
BAR_CELLS = 6
_ROOM_FOR_REST = 80


def overview_card(overview: Overview, around: Surroundings) -> Card:
    """Show a server's figures over a period."""
    embed = discord.Embed(
        title="Overview", description="\n".join(_about(overview, around)), colour=COLOUR, timestamp=around.now
    )
    embed.set_author(name=_server(overview), icon_url=around.icon_url)
    messages = _change(overview, overview.messages, overview.previous_messages)
    active = _change(overview, overview.active_members, overview.previous_active_members)
    embed.add_field(name="Messages", value=_figure(overview.messages, messages))
    embed.add_field(name="Active members", value=_figure(overview.active_members, active))
    embed.add_field(name="Members", value=_figure(overview.members, _active_share(overview)))
    embed.add_field(name="Top channels", value=_channels(overview, around), inline=False)
    embed.set_footer(text=f"{overview.timeframe_name} · times in {overview.zone}")
    if around.picture is not None:
        embed.set_image(url=f"attachment://{around.picture}")
    return Card(embed, _picture_text(overview))


def _about(overview: Overview, around: Surroundings) -> Iterator[str]:
    running = " · still running" if overview.running else ""
    yield f"**{fmt.days(overview.start, overview.stop, running=overview.running)}**{running}"
    if overview.previous_messages is not None:
        yield "Compared with the period before" + (", up to the same hour." if overview.running else ".")
    elif _has_period_before(overview):
        yield "The period before was not counted in full, so changes are unknown."
    yield _counted(overview)
    if overview.zone_changed:
        yield "The server's time zone changed in this period; days are those of the zone that held."
    if around.picture is None:
        yield "The chart could not be drawn this time."


def _counted(overview: Overview) -> str:
    since = overview.counted_since
    if since is None:
        return "Nothing is counted here yet."
    if since > overview.start:
        return f"Counting began {fmt.discord_time(since)}; what was before is unknown."
    return f"Counting began {fmt.discord_time(since)}."


def _has_period_before(overview: Overview) -> bool:
    return overview.timeframe != "all" and overview.counted_since is not None


def _figure(value: int | None, note: str) -> str:
    return f"**{fmt.amount(value)}**\n{note}".rstrip()


def _change(overview: Overview, now: int | None, before: int | None) -> str:
    if now is None:
        return ""
    return fmt.change(now, before) if before is not None or _has_period_before(overview) else ""


def _active_share(overview: Overview) -> str:
    members = overview.members
    if not members or overview.active_members is None or overview.active_members > members:
        return ""
    return f"{fmt.percent(overview.active_members, members)} active"


def _channels(overview: Overview, around: Surroundings) -> str:
    """List the top channels with their shares, as many as a field holds, and sum up the others."""
    if not overview.top_channels:
        return "No messages in this period."
    figures = [_share(channel, overview) for channel in overview.top_channels]
    widths = [max(map(len, column)) for column in zip(*figures, strict=True)]
    lines: list[str] = []
    for channel, (bar, share, count) in zip(overview.top_channels, figures, strict=True):
        line = f"`{bar} {share:>{widths[1]}} {count:>{widths[2]}}` {_channel_name(channel, around)}"
        if units("\n".join([*lines, line])) > FIELD_LIMIT - _ROOM_FOR_REST:
            break
        lines.append(line)
    return "\n".join([*lines, *_rest(overview, len(lines))])


def _share(channel: ChannelActivity, overview: Overview) -> tuple[str, str, str]:
    return (
        fmt.bar(channel.messages, overview.messages, BAR_CELLS),
        fmt.percent(channel.messages, overview.messages),
        fmt.amount(channel.messages),
    )


def _rest(overview: Overview, listed: int) -> Iterator[str]:
    others = overview.channels_active - listed
    if others > 0:
        count = overview.messages - sum(channel.messages for channel in overview.top_channels[:listed])
        channels = "1 more channel" if others == 1 else f"{fmt.amount(others)} more channels"
        yield f"and {channels}: {fmt.amount(count)} ({fmt.percent(count, overview.messages)})"


def _channel_name(channel: ChannelActivity, around: Surroundings) -> str:
    if channel.channel_id in around.channels:
        return f"<#{channel.channel_id}>"
    name = fmt.escaped(channel.name, CHANNEL_NAME_LIMIT) if channel.name is not None else ""
    return name or "*a deleted channel*"


def _picture_text(overview: Overview) -> str:
    """Say what the chart shows."""
    period = fmt.days(overview.start, overview.stop)
    text = f"Bar chart: messages per {overview.bucket} in {_server(overview)}, {period}."
    known = [
        (value, start)
        for start, value in zip(overview.bucket_starts, overview.values, strict=True)
        if value is not None
    ]
    if not any(value for value, _ in known):
        return f"{text} No messages."
    most, when = max(known, key=lambda pair: pair[0])
    peak = f"the most, {fmt.amount(most)}, {_bucket_name(when, overview.bucket)}"
    unknown = len(overview.values) - len(known)
    gap = f" {fmt.amount(unknown)} of {len(overview.values)} bars are unknown." if unknown else ""
    return f"{text} {fmt.amount(overview.messages)} in all; {peak}.{gap}"


def _bucket_name(start: datetime, bucket: str) -> str:
    day = fmt.date(start)
    match bucket:
        case "hour":
            return f"on {day} at {start:%H:%M}"
        case "week":
            return f"in the week of {day}"
        case "month":
            return f"in {fmt.MONTHS[start.month - 1]} {start.year}"
        case _:
            return f"on {day}"


def _server(overview: Overview) -> str:
    return fmt.plain(overview.guild_name, SERVER_NAME_LIMIT) or "This server"

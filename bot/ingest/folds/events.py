"""What a scheduled event adds when it is over, in the hour in which that was noticed."""

from bot.ingest.books.scheduled_events import EventCounted
from bot.ingest.delta import Delta
from schemas.guild_day_names import GuildCount


def fold_event_counted(delta: Delta, counted: EventCounted) -> None:
    """Count an event. Interest counts where attendance is known, so that the two can be compared."""
    day = delta.guild_day(counted.guild, counted.zone, counted.day)
    occurrence = counted.occurrence
    day.count(GuildCount.EVENTS_HELD if counted.held else GuildCount.EVENTS_CANCELLED, counted.hour)
    if counted.held and occurrence.attended is not None and occurrence.attended_interested is not None:
        for name, number in (
            (GuildCount.EVENTS_OBSERVED, 1),
            (GuildCount.EVENT_INTERESTED, occurrence.interested),
            (GuildCount.EVENT_ATTENDED, occurrence.attended),
            (GuildCount.EVENT_ATTENDED_INTERESTED, occurrence.attended_interested),
        ):
            day.count(name, counted.hour, number)

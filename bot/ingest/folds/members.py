"""What coming and going, roles, boosts and screening add to the server's day."""

from bot.ingest.books.members import MembershipCounted, RolesCounted
from bot.ingest.delta import Delta
from schemas.guild_day_names import GuildTally


def fold_membership(delta: Delta, counted: MembershipCounted) -> None:
    """Add to the count of the hour."""
    delta.guild_day(counted.guild, counted.zone, counted.day).count(counted.name, counted.hour, counted.by)


def fold_roles(delta: Delta, counted: RolesCounted) -> None:
    """Add to the roles given and taken on the day."""
    day = delta.guild_day(counted.guild, counted.zone, counted.day)
    for role in counted.given:
        day.tally(GuildTally.ROLES_GIVEN, role)
    for role in counted.taken:
        day.tally(GuildTally.ROLES_TAKEN, role)

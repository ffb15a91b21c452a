"""Each server's own calendar, at hand without asking the database."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from analytics.local_time import Label, Labeller, ZoneHistory


class Calendars:
    """Labels instants per server; one that is not known yet lives in the default zone."""

    def __init__(self, default_zone: ZoneInfo, known: Mapping[int, ZoneHistory] | None = None) -> None:
        self._default = ZoneHistory.single(default_zone)
        self._zones = dict(known or {})
        self._labellers = {guild: Labeller(history) for guild, history in self._zones.items()}

    def label(self, guild_id: int, at_ms: int) -> Label:
        """Zone epoch, local day and local hour of an instant."""
        labeller = self._labellers.get(guild_id)
        if labeller is None:
            labeller = self._labellers[guild_id] = Labeller(self._default)
        return labeller.label(at_ms)

    def zones(self, guild_id: int) -> ZoneHistory:
        """The time zones of a server, also one that is soon to hold."""
        return self._zones.get(guild_id, self._default)

    def change(self, guild_id: int, history: ZoneHistory) -> None:
        """Use a server's new time zones from now on."""
        self._zones[guild_id] = history
        self._labellers[guild_id] = Labeller(history)

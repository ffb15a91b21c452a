"""What the demo's community is: its size, its rooms, and what happens when."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.ingest.activities.messages import ChannelKind

SERVER = "Nordlicht Engine"
DAYS = 200
"""Enough for the last 90 days to have a period before them."""
RELEASE_DAYS_AGO = 17
HOLIDAY_DAYS_AGO = range(70, 78)


@dataclass(frozen=True, slots=True)
class Room:
    """A channel. ``share`` is its part of the messages, ``threads`` the part of those written in threads.

    ``files`` is how likely a message carries one. In a room of the crew nobody else writes, and a ``private``
    one nobody else sees. ``release`` is how much busier it is when a release has come out.
    """

    name: str
    topic: str
    share: float
    kind: ChannelKind = ChannelKind.TEXT
    threads: float = 0.0
    files: float = 0.04
    crew: bool = False
    private: bool = False
    release: float = 1.0

    @property
    def is_forum(self) -> bool:
        """Whether nothing is written in it but in threads."""
        return self.kind in (ChannelKind.FORUM, ChannelKind.MEDIA)


ROOMS = (
    Room(
        "crew",
        "Run /serverstats overview here, use the menu and the buttons. What you write is counted.",
        0.02,
        crew=True,
        private=True,
    ),
    Room("announcements", "News of the engine", 0.004, ChannelKind.ANNOUNCEMENT, crew=True, release=5.0),
    Room("welcome", "Say hello and what you build", 0.045),
    Room("general", "Everything about the engine", 0.24, threads=0.06),
    Room("help", "One question, one post", 0.19, ChannelKind.FORUM, threads=1.0, files=0.12, release=1.8),
    Room("bug-reports", "One bug, one post", 0.05, ChannelKind.FORUM, threads=1.0, files=0.3, release=2.6),
    Room("engine-dev", "Work on the engine itself", 0.1, threads=0.15, release=1.3),
    Room("shaders", "Light, water, fog", 0.06, files=0.2),
    Room("scripting", "Lua and its traps", 0.07),
    Room("showcase", "Show what you made", 0.07, files=0.55, threads=0.1),
    Room("art-and-sound", "Sprites, models, music", 0.045, files=0.3),
    Room("off-topic", "The rest of life", 0.1),
    Room("Studio", "Beside the voice chat", 0.025, ChannelKind.VOICE),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Size and time of a community; ``last_day`` is the local day on which its history was made up."""

    zone: ZoneInfo
    last_day: int
    seed: int = 1
    days: int = DAYS
    people: int = 124
    joins_a_day: float = 0.7
    messages_a_day: float = 190.0
    rooms: tuple[Room, ...] = ROOMS

    @property
    def first_day(self) -> int:
        """First local day of the history."""
        return self.last_day - self.days + 1

    @property
    def release_day(self) -> int:
        """Day on which a version came out, and everyone with it."""
        return self.last_day - RELEASE_DAYS_AGO

    def on_holiday(self, day: int) -> bool:
        """Whether most people are away."""
        return self.last_day - day in HOLIDAY_DAYS_AGO

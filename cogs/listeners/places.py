"""Where something happens, also in a channel or thread that is not in memory.

Threads that are archived are forgotten, and one that wakes may be written in before Discord tells of it.
Until it is known what it is and below which channel, nothing in it counts: it is held in memory and Discord
is asked, while the gateway goes on. What comes first, an event or the answer, says it. If neither does,
messages are left to history, by a session of their own that opens a range; after a crash the new session of
the connection does the same.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import discord
import structlog

from bot.client import ServerstatsClient
from bot.ingest.activities.messages import MessageSent

HELD = 1_000
"""Events that are held in all; of more, messages are left to history and the rest is lost."""
SECONDS = 30.0
"""How long Discord may take to answer: less than coverage remembers single ids."""
REMEMBERED = 1_000
"""Answers that are remembered; a thread that wakes is mostly told of a moment later."""
REFUSED_SECONDS = 60.0
"""For how long a channel that Discord does not show is not asked for again."""
AT_A_TIME = 4

Somewhere = discord.abc.GuildChannel | discord.Thread

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is to be done once the place is known, or (``otherwise``) if it stays unknown."""

    act: Callable[[Somewhere], None]
    otherwise: Callable[[], None]


@dataclass(slots=True)
class _Waiting:
    """What is held for one place, in order."""

    task: asyncio.Task[None] | None = None
    held: list[_Held] = field(default_factory=list)


class Places:
    """Finds channels and threads that events name by id alone."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client
        self._recording = client.services.recording
        self._history = client.services.history
        self._known: dict[int, Somewhere] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._refused: dict[int, float] = {}
        self._turn = asyncio.Semaphore(AT_A_TIME)
        self._stopped = False

    def install(self) -> None:
        """Begin to hear what comes into sight; before anybody who begins a session for it."""
        for event in ("thread_create", "thread_join", "guild_channel_create"):
            self._client.hear_at_once(event, self._came)
        for event in ("guild_available", "guild_join"):
            self._client.hear_at_once(event, self._server_came)
        self._client.hear_at_once("guild_remove", self._server_went)
        self._client.hear_at_once("raw_thread_delete", self._thread_deleted)
        self._client.end_first(self.stop)

    async def stop(self) -> None:
        """Ask no more. What is held is let go: the next session opens ranges."""
        self._stopped = True
        tasks = [each.task for each in self._waiting.values() if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def find(self, guild: discord.Guild, channel_id: int) -> Somewhere | None:
        """The channel or thread, if it is known."""
        return guild.get_channel_or_thread(channel_id) or self._known.get(channel_id)

    def message(
        self, guild_id: int, channel_id: int, read: Callable[[Somewhere], MessageSent | None]
    ) -> None:
        """Have a message read and recorded once its place is known.

        Whatever has gone out of sight meanwhile: then it is left to history, for its session is over.
        """
        sessions = self._recording.sessions
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            sessions.break_off_guild(guild_id)  # nothing of it can be asked for until it comes
            return
        breaks = sessions.breaks

        def record(channel: Somewhere) -> None:
            if sessions.breaks != breaks:
                self._leave_to_history(guild_id, channel_id)
                return
            sent = read(channel)
            if sent is not None:
                self._recording.record(sent)

        self.at(guild, channel_id, record, lambda: self._leave_to_history(guild_id, channel_id))

    def at(
        self,
        guild: discord.Guild,
        channel_id: int,
        act: Callable[[Somewhere], None],
        otherwise: Callable[[], None] | None = None,
    ) -> None:
        """Do something where an event happened: now, or once it is known where that is.

        ``otherwise`` is done instead where Discord does not say. What concerns one place keeps its order.
        """
        found = self.find(guild, channel_id)
        if found is not None:
            self._let_go(channel_id, found)
            act(found)
            return
        self._hold(guild, channel_id, _Held(act, otherwise or _nothing))

    def in_order(self, channel_id: int, act: Callable[[], None]) -> None:
        """Do something behind what is held for a place, also if the place stays unknown."""
        waiting = self._waiting.get(channel_id)
        if waiting is None:
            act()
        else:
            waiting.held.append(_Held(lambda _channel: act(), act))

    def _hold(self, guild: discord.Guild, channel_id: int, held: _Held) -> None:
        full = sum(len(each.held) for each in self._waiting.values()) >= HELD
        if full or self._stopped or guild.unavailable or self._is_refused(channel_id):
            held.otherwise()
            return
        waiting = self._waiting.setdefault(channel_id, _Waiting())
        waiting.held.append(held)
        if waiting.task is None:
            waiting.task = asyncio.create_task(self._ask(guild, channel_id), name=f"find {channel_id}")

    async def _ask(self, guild: discord.Guild, channel_id: int) -> None:
        found: Somewhere | None = None
        try:
            async with asyncio.timeout(SECONDS), self._turn:
                found = await guild.fetch_channel(channel_id)
        except Exception as error:  # noqa: BLE001 - whatever comes, what is held must be let go
            _log.warning("a channel cannot be found", channel=channel_id, cause=type(error).__name__)
        if found is not None:
            self._remember(found)
            self._let_go(channel_id, found)
        elif channel_id in self._waiting:
            for held in self._waiting.pop(channel_id).held:
                held.otherwise()
            self._refused[channel_id] = asyncio.get_running_loop().time() + REFUSED_SECONDS
            _shorten(self._refused)

    def _remember(self, found: Somewhere) -> None:
        self._known[found.id] = found
        _shorten(self._known)

    def _came(self, channel: Somewhere) -> None:
        """A channel or thread was told of."""
        self._refused.pop(channel.id, None)
        self._known.pop(channel.id, None)
        if channel.id in self._waiting:
            self._let_go(channel.id, channel)

    def _server_came(self, guild: discord.Guild) -> None:
        for channel_id in list(self._waiting):
            found = guild.get_channel_or_thread(channel_id)
            if found is not None:
                self._came(found)

    def _server_went(self, guild: discord.Guild) -> None:
        self._known = {at: each for at, each in self._known.items() if each.guild.id != guild.id}

    def _thread_deleted(self, payload: discord.RawThreadDeleteEvent) -> None:
        self._known.pop(payload.thread_id, None)

    def _let_go(self, channel_id: int, found: Somewhere) -> None:
        """Do what was held for a place, in its order."""
        waiting = self._waiting.pop(channel_id, None)
        if waiting is None:
            return
        for held in waiting.held:
            try:
                held.act(found)
            except Exception as error:  # noqa: BLE001 - the others are to be done all the same
                _log.error("an event that was held cannot be read", cause=type(error).__name__)
                held.otherwise()

    def _leave_to_history(self, guild_id: int, channel_id: int) -> None:
        """Begin a session for a place, so that its next message opens a range, and have history look."""
        self._recording.sessions.break_off(channel_id)
        if not self._is_refused(channel_id):
            self._history.touch((guild_id, channel_id))

    def _is_refused(self, channel_id: int) -> bool:
        return self._refused.get(channel_id, 0.0) > asyncio.get_running_loop().time()


def _shorten(remembered: "dict[int, Somewhere] | dict[int, float]") -> None:
    """Forget what was remembered first."""
    while len(remembered) > REMEMBERED:
        del remembered[next(iter(remembered))]


def _nothing() -> None:
    """Lose what cannot be read again, such as a reaction in a place that nobody knows."""

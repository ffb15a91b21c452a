"""Moderators of a fake server: what they do is entered into its audit log, and told to whom may read that."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

from tests.support.discord_server import payloads
from tests.support.discord_server.permissions import Permission, guild_permissions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from tests.support.discord_server.model import FakeGuild, FakeMember
    from tests.support.discord_server.payloads import Json
    from tests.support.discord_server.server import DiscordServer

KICK, BAN, CHANNEL_UPDATE, PURGE = 20, 22, 11, 73
PURGED = 5
_DEEDS = (KICK, CHANNEL_UPDATE, BAN, PURGE)
_NAMES = {KICK: "kicks", BAN: "bans", PURGE: "purges"}


@dataclass(slots=True, eq=False)
class Moderating:
    """Two moderators who take turns; remembers what each of them did that counts."""

    server: DiscordServer
    guild: FakeGuild
    done: Counter[tuple[int, str]] = field(default_factory=Counter)
    told: list[Json] = field(default_factory=list)

    def act(self, moderator: FakeMember, kind: int, at: datetime | None = None) -> Json:
        """Enter something into the log, now or (untold) at a moment of the past."""
        ids = self.guild.world.ids
        entry: Json = {
            "id": str(ids.next() if at is None else ids.at(at)),
            "action_type": kind,
            "user_id": str(moderator.id),
            "target_id": str(self.guild.owner_id),
            "changes": [],
            **({"options": {"count": str(PURGED), "channel_id": "1"}} if kind == PURGE else {}),
        }
        self.guild.audit_log.append(entry)
        if kind in _NAMES:
            self.done[moderator.id, _NAMES[kind]] += 1
            if kind == PURGE:
                self.done[moderator.id, "purgedMessages"] += PURGED
        return entry

    async def tell(self, entry: Json) -> None:
        """Send an entry over the gateway, if the bot may know."""
        if guild_permissions(self.guild.me) & Permission.VIEW_AUDIT_LOG:
            self.told.append(entry)
            event = {**entry, "guild_id": str(self.guild.id)}
            await self.server.dispatch(self.guild, "GUILD_AUDIT_LOG_ENTRY_CREATE", event)

    async def allow(self, *, reading: bool) -> None:
        """Give the bot's role the permission to read the log, or take it away."""
        role = next(each for each in self.guild.roles.values() if each.bot_id is not None)
        role.permissions = role.permissions & ~Permission.VIEW_AUDIT_LOG
        if reading:
            role.permissions |= Permission.VIEW_AUDIT_LOG
        event = {"guild_id": str(self.guild.id), "role": payloads.role(role)}
        await self.server.dispatch(self.guild, "GUILD_ROLE_UPDATE", event)

    @asynccontextmanager
    async def flowing(self, rate: float) -> AsyncIterator[None]:
        """Let moderators be busy; each tenth entry is told twice."""
        busy = asyncio.create_task(self._be_busy(rate))
        try:
            yield
        finally:
            busy.cancel()
            with suppress(asyncio.CancelledError):
                await busy

    async def _be_busy(self, rate: float) -> None:
        moderators = cycle([self.guild.member("mona"), self.guild.member("otto"), self.guild.member("mona")])
        for number, (moderator, kind) in enumerate(zip(moderators, cycle(_DEEDS), strict=False)):
            entry = self.act(moderator, kind)
            for _ in range(2 if number % 10 == 0 else 1):
                await self.tell(entry)
            await asyncio.sleep(1 / rate)

"""Who stands behind a pseudonym now: ids of present members, in memory alone, never stored and never logged.

A server's member list is read at each session; meanwhile events say who comes and goes. Without the members
intent there is neither, and only members whom something was just counted for are known.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint64]

MOST_RECENT = 1_024
"""Changes that are kept beside the columns before they are put into them."""
MOST_SEEN = 16_384
"""Members whom the bot has seen without a list, in all servers together; the oldest go first."""


@dataclass(slots=True)
class _Server:
    """Ascending pseudonyms with their users; ``changes`` since (None: left)."""

    pseudonyms: Ids
    users: Ids
    changes: dict[int, int | None]


@dataclass(slots=True)
class _Reading:
    """A list of which some pages were read, and what events have said meanwhile."""

    pseudonyms: "array[int]" = field(default_factory=lambda: array("Q"))
    users: "array[int]" = field(default_factory=lambda: array("Q"))
    meanwhile: dict[int, int | None] = field(default_factory=dict)


class PresentMembers:
    """Finds members by pseudonym; 16 bytes a member."""

    def __init__(self) -> None:
        self._servers: dict[int, _Server] = {}
        self._readings: dict[int, _Reading] = {}
        self._seen: dict[tuple[int, int], int] = {}

    def begin(self, guild: int) -> None:
        """A server's list is read from its beginning."""
        self._readings[guild] = _Reading()

    def add(self, guild: int, members: Iterable[tuple[int, int]]) -> None:
        """Some members of the list, as (pseudonym, user)."""
        reading = self._readings.get(guild)
        if reading is not None:
            for pseudonym, user in members:
                reading.pseudonyms.append(pseudonym)
                reading.users.append(user)

    def finish(self, guild: int) -> None:
        """The list is read to its end: it takes the place of what was known."""
        reading = self._readings.pop(guild, None)
        if reading is not None:
            columns = np.frombuffer(reading.pseudonyms, np.uint64), np.frombuffer(reading.users, np.uint64)
            self._servers[guild] = _Server(*_ascending(*columns), reading.meanwhile)

    def came(self, guild: int, pseudonym: int, user: int) -> None:
        """Somebody joined."""
        self._change(guild, pseudonym, user)

    def left(self, guild: int, pseudonym: int) -> None:
        """Somebody left."""
        self._change(guild, pseudonym, None)
        self._seen.pop((guild, pseudonym), None)

    def saw(self, guild: int, user: int, pseudonym: int) -> None:
        """Something was counted for somebody; of use where there is no list."""
        if guild not in self._servers:
            self._seen[guild, pseudonym] = user
            if len(self._seen) > MOST_SEEN:
                del self._seen[next(iter(self._seen))]

    def forget(self, guild: int) -> None:
        """The bot has left a server."""
        self._servers.pop(guild, None)
        self._readings.pop(guild, None)
        for key in [key for key in self._seen if key[0] == guild]:
            del self._seen[key]

    def ids(self, guild: int, pseudonyms: Iterable[int]) -> dict[int, int]:
        """User ids of those who are there, by pseudonym; who is missing has left, or was not seen."""
        wanted = list(dict.fromkeys(pseudonyms))
        server = self._servers.get(guild)
        if server is None:
            keys = ((pseudonym, (guild, pseudonym)) for pseudonym in wanted)
            return {pseudonym: self._seen[key] for pseudonym, key in keys if key in self._seen}
        found = _looked_up(server, wanted)
        for pseudonym in wanted:
            if pseudonym in server.changes:
                user = server.changes[pseudonym]
                if user is None:
                    found.pop(pseudonym, None)
                else:
                    found[pseudonym] = user
        return found

    def _change(self, guild: int, pseudonym: int, user: int | None) -> None:
        reading, server = self._readings.get(guild), self._servers.get(guild)
        if reading is not None:
            reading.meanwhile[pseudonym] = user
        if server is not None:
            server.changes[pseudonym] = user
            if len(server.changes) > MOST_RECENT:
                self._servers[guild] = _merged(server)


def _looked_up(server: _Server, wanted: list[int]) -> dict[int, int]:
    if not server.pseudonyms.size or not wanted:
        return {}
    asked = np.array(wanted, np.uint64)
    at = np.minimum(np.searchsorted(server.pseudonyms, asked), server.pseudonyms.size - 1)
    known = server.pseudonyms[at] == asked
    return dict(zip(asked[known].tolist(), server.users[at[known]].tolist(), strict=True))


def _merged(server: _Server) -> _Server:
    """The same with the changes in the columns."""
    kept = ~np.isin(server.pseudonyms, np.fromiter(server.changes, np.uint64, len(server.changes)))
    came = {pseudonym: user for pseudonym, user in server.changes.items() if user is not None}
    pseudonyms = np.concatenate([server.pseudonyms[kept], np.fromiter(came, np.uint64, len(came))])
    users = np.concatenate([server.users[kept], np.fromiter(came.values(), np.uint64, len(came))])
    return _Server(*_ascending(pseudonyms, users), {})


def _ascending(pseudonyms: Ids, users: Ids) -> tuple[Ids, Ids]:
    """Columns by pseudonym; they are copied, so what they were made of can go."""
    order = np.argsort(pseudonyms, kind="stable")
    return pseudonyms[order], users[order]

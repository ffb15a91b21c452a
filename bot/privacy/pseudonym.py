"""Pseudonyms: how members are known in the database, a different one in every server.

A pseudonym is the first 8 bytes of ``HMAC-SHA256(key, "guild:user")``. Without the key, which never enters
the database, ids cannot be tried out against it.
"""

import hmac
from collections.abc import Callable
from functools import lru_cache

DIGEST = "sha256"
PSEUDONYM_BYTES = 8
HEX_DIGITS = 2 * PSEUDONYM_BYTES
REMEMBERED_MEMBERS = 16_384
REMEMBERED_GUILDS = 1_024
DELETED_USER = 456_226_577_798_135_808
"""The one account under which Discord shows what people wrote who have deleted theirs."""
NOBODY = 0
"""Stands for a pseudonym where what was done counts for server and channel, but for no member."""


class Pseudonyms:
    """Makes pseudonyms under one key.

    Called for every message, so the latest members are remembered (0.1 µs instead of 1.5).
    """

    def __init__(self, key: bytes, *, remember: int = REMEMBERED_MEMBERS) -> None:
        """Work under ``key``; keep at most ``remember`` members in memory."""
        self._key = key
        self._prepared = lru_cache(REMEMBERED_GUILDS)(self._prepare)
        self._remembered = lru_cache(remember)(self._first)
        self._sight: Callable[[int, int, int], None] | None = None

    def on_sight(self, hear: Callable[[int, int, int], None]) -> None:
        """Have (server, user, pseudonym) told of members who are not remembered yet."""
        self._sight = hear

    def of(self, guild_id: int, user_id: int) -> int:
        """Pseudonym of a Discord user in a server, as an unsigned 64-bit number; NOBODY of a deleted one."""
        return self._remembered(guild_id, user_id)

    def once(self, guild_id: int, user_id: int) -> int:
        """The same without remembering it, for a whole member list."""
        return self._of(guild_id, user_id)

    def of_name(self, guild_id: int, name: str) -> int:
        """Pseudonym of an imported author who has a name but no id; never that of a user id."""
        return self._finish(guild_id, b"name:" + name.encode("utf-8", "surrogatepass"))

    def of_invite(self, guild_id: int, code: str) -> int:
        """Name of an invite."""
        return self._finish(guild_id, b"invite:" + code.encode("utf-8", "surrogatepass"))

    def of_message(self, guild_id: int, message_id: int) -> int:
        """Name of a message, which cannot be traced back to it."""
        return self._finish(guild_id, b"message:%d" % message_id)

    def of_reaction(self, guild_id: int, message_id: int, emoji: str, user_id: int, erasures: int = 0) -> int:
        """Name of one member's one emoji on a message: it gives none of the three away.

        Another one after each erasure of the member, so that nothing old is taken from new counts.
        """
        again = f"{erasures}:" if erasures else ""
        rest = f"reaction:{again}{message_id}:{user_id}:{emoji}".encode("utf-8", "surrogatepass")
        return self._finish(guild_id, rest)

    def of_vote(self, guild_id: int, message_id: int, answer_id: int, user_id: int, erasures: int = 0) -> int:
        """Name of one member's vote for one answer of a poll: it gives none of the three away.

        Another one after each erasure of the member, as with reactions.
        """
        again = f"{erasures}:" if erasures else ""
        return self._finish(guild_id, f"vote:{again}{message_id}:{user_id}:{answer_id}".encode())

    def of_joining(self, guild_id: int, thread_id: int, user_id: int) -> int:
        """Name of a member's coming to a thread: it gives neither away."""
        return self._finish(guild_id, b"joining:%d:%d" % (thread_id, user_id))

    def of_channel_name(self, guild_id: int, name: str) -> int:
        """What tells a channel's name from another."""
        return self._finish(guild_id, b"channel:" + name.encode("utf-8", "surrogatepass"))

    def of_deleted_user(self, guild_id: int) -> int:
        """Under what the account of deleted users was counted, like a member, before it was told apart."""
        return self._finish(guild_id, b"%d" % DELETED_USER)

    def seal(self, guild_id: int, pseudonym: int) -> str:
        """Name of a member in the list of those who were erased or have opted out.

        It is not the pseudonym and tells nobody which it is.
        """
        mac = self._prepared(guild_id).copy()
        mac.update(b"consent:%d" % pseudonym)
        return mac.hexdigest()[: 2 * HEX_DIGITS]

    def _first(self, guild_id: int, user_id: int) -> int:
        pseudonym = self._of(guild_id, user_id)
        if self._sight is not None and pseudonym != NOBODY:
            self._sight(guild_id, user_id, pseudonym)
        return pseudonym

    def _of(self, guild_id: int, user_id: int) -> int:
        return NOBODY if user_id == DELETED_USER else self._finish(guild_id, b"%d" % user_id)

    def _finish(self, guild_id: int, rest: bytes) -> int:
        mac = self._prepared(guild_id).copy()
        mac.update(rest)
        return int.from_bytes(mac.digest()[:PSEUDONYM_BYTES], "big")

    def _prepare(self, guild_id: int) -> hmac.HMAC:
        return hmac.new(self._key, b"%d:" % guild_id, DIGEST)


def hexadecimal(pseudonym: int) -> str:
    """A pseudonym as the database holds it: 16 hexadecimal digits."""
    return f"{pseudonym:0{HEX_DIGITS}x}"


def fingerprint(key: bytes) -> str:
    """What tells two keys apart without giving either away; may be stored beside the data."""
    return hmac.digest(key, b"serverstats key fingerprint", DIGEST)[:PSEUDONYM_BYTES].hex()

"""Invites and how often they were used."""

import msgspec


class InviteRead(msgspec.Struct, array_like=True, tag=12, frozen=True, gc=False):
    """An invite had been used ``uses`` times at ``at``.

    ``invite`` names it by a keyed hash, ``inviter`` is a pseudonym (0: unknown, or a bot). ``new``: it was
    made since invites were last read, so that all its uses are of this time. ``vanity``: the server's own.
    """

    guild: int
    invite: int
    code: str
    inviter: int
    uses: int
    at: int
    zone: int
    day: int
    hour: int
    new: bool
    vanity: bool = False

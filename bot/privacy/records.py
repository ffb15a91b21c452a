"""What members decide about being counted."""

import msgspec


class OptedOut(msgspec.Struct, array_like=True, tag=36, frozen=True, gc=False):
    """From ``at`` (a snowflake) on nothing of a member counts."""

    guild: int
    member: int
    at: int


class OptedIn(msgspec.Struct, array_like=True, tag=37, frozen=True, gc=False):
    """What a member does from ``at`` (a snowflake) on counts again."""

    guild: int
    member: int
    at: int


class Erased(msgspec.Struct, array_like=True, tag=38, frozen=True, gc=False):
    """Nothing of a member up to ``at`` (a snowflake) is kept, nor comes back."""

    guild: int
    member: int
    at: int


ConsentRecord = OptedOut | OptedIn | Erased
"""What a member decided: the recorder acts on it alone, between two batches."""


CONSENT_TAGS = frozenset({36, 37, 38})

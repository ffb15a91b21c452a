"""Members who were erased or have opted out, so that nothing brings them back.

``member`` is a keyed hash of the pseudonym: whoever has the database cannot find it in anything else there.
"""

import msgspec

from schemas.collection import Collection, Document, Index


class SilentSpan(Document):
    """Ids greater than ``after`` and less than ``until`` (None: there is no end yet)."""

    after: int
    until: int | None


class Consent(Document):
    """Message ids of a member that never count: those up to ``erased`` (0: none) and those in ``spans``.

    ``erasures``: how often the member was erased.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    member: str
    erased: int
    erasures: int
    spans: list[SilentSpan]


CONSENTS = Collection("consents", Consent, (Index((("guildId", 1),)),))

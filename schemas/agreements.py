"""What two servers say about being compared with each other."""

import msgspec

from schemas.collection import Collection, Document, Index


class Agreement(Document):
    """``id`` are both servers' ids, the smaller one first; ``offered``: whose offers stand, one or both.

    While it is both, the agreement is in force. Without any there is no document.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    offered: list[str]


AGREEMENTS = Collection("agreements", Agreement, (Index((("offered", 1),)),), backed_up=False)
"""No backup holds it: what an admin took back must not hold again because a database was restored."""

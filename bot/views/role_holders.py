"""Who has the roles that a view is about: those who have them now, whenever they got them."""

import numpy as np

from analytics.packs import Ids
from bot.db.reader import Reader
from bot.views.refusal import CannotShow
from bot.views.scope import Scope
from texts import LazyText

FEWEST_HOLDERS = 3
"""Of fewer, figures are those of single members, which are noted when they are read."""
UNKNOWN = LazyText(
    "Who has which role is not known here, since the member list was never read: an admin can switch on the "
    "Server Members Intent, and `serverstats doctor` says how."
)
TOO_FEW = LazyText(
    "One of these roles has only one or two members, and figures of so few would be those of single members: "
    "choose another role, or look at a member with `/activity analyze member`, which is noted."
)


async def holders_by_role(reader: Reader, scope: Scope) -> dict[int, Ids]:
    """Ascending pseudonyms by role; raises CannotShow where nobody knows, or too few have one.

    Reads a document, and an index entry a role and member who has it.
    """
    found = await _known(reader, scope)
    if any(0 < len(who) < FEWEST_HOLDERS for who in found.values()):
        raise CannotShow(str(TOO_FEW))
    return found


async def restricted_to(reader: Reader, scope: Scope, *, by_name: bool = False) -> Ids | None:
    """Pseudonyms of those who have one of the roles at least; None: there is no restriction.

    ``by_name``: the view names members anyway, so few may have a role. Raises CannotShow.
    """
    if not scope.roles:
        return None
    found = await (_known(reader, scope) if by_name else holders_by_role(reader, scope))
    return np.unique(np.concatenate(list(found.values())))


async def _known(reader: Reader, scope: Scope) -> dict[int, Ids]:
    found = await reader.role_holders(scope.guild_id, scope.roles)
    if found is None:
        raise CannotShow(str(UNKNOWN))
    return found

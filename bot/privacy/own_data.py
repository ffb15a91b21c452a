"""What is stored about one member, in the terms in which the member knows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OwnData:
    """Totals of one member in one server; ``days`` is on how many days anything is stored."""

    messages: int = 0
    reactions_given: int = 0
    reactions_received: int = 0
    voice_minutes: float = 0.0
    first_message: datetime | None = None
    last_active: datetime | None = None
    days: int = 0

    @property
    def nothing(self) -> bool:
        """Whether nothing is stored."""
        return self == OwnData()


class OwnDataReader(Protocol):
    """Where members' data is looked up."""

    async def own_data(self, guild: int, member: int) -> OwnData:
        """Everything stored about a member (a pseudonym), summed up. Raises StoreUnavailable."""

"""How a figure changed against an earlier one."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Change:
    """``difference`` is absolute; ``share`` is relative to the earlier figure, None where that was 0."""

    difference: int
    share: float | None

    @classmethod
    def between(cls, before: int | None, now: int) -> Self | None:
        """The change, or None where the earlier figure is unknown."""
        if before is None:
            return None
        return cls(now - before, (now - before) / before if before else None)

"""What the view of member categories says; None is unknown."""

from datetime import datetime

import msgspec

from schemas.results.board import Head


class Categories(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Members by category over 7 days and the weeks before; each member is in one.

    ``analytics.categories`` says what each means. ``lurkers`` is None where the number of members is unknown.
    """

    vital: int
    still: int
    consistent: int
    newly: int
    dropped: int
    disengaged: int
    occasional: int
    lurkers: int | None

    @property
    def seen(self) -> int:
        """Members who were active in any of the periods that are looked at."""
        return (
            self.vital
            + self.still
            + self.consistent
            + self.newly
            + self.dropped
            + self.disengaged
            + self.occasional
        )


class MemberCategories(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Categories of periods of 7 days, by the beginnings of these; None where too little is known.

    ``partly``: of the latest one not all of the time that is looked back was counted.
    """

    head: Head
    starts: tuple[datetime, ...]
    weeks: tuple[Categories | None, ...]
    partly: bool

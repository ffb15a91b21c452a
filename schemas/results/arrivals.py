"""What the views of newcomers and of retention say; None is unknown."""

import msgspec

from schemas.results.board import Head
from schemas.results.curve import Curve


class FirstSteps(msgspec.Struct, frozen=True, rename="camel"):
    """Of ``joined`` newcomers: who wrote or spoke on the day of joining, and who was activated on it.

    ``in_week``: who wrote or spoke in the first week, of ``joined_a_week_ago``.
    """

    joined: int
    on_day: int
    activated: int
    in_week: int
    joined_a_week_ago: int


class Newcomers(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What those did who joined in a period; the curves go by the day of joining.

    ``spoke`` wrote or spoke on that day and were not activated, ``silent`` did neither.
    """

    head: Head
    steps: FirstSteps | None
    previous: FirstSteps | None
    activated: Curve
    spoke: Curve
    silent: Curve

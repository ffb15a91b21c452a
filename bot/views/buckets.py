"""What the pieces are called that a period is cut into."""

from collections.abc import Mapping
from types import MappingProxyType

from texts import LazyText, tr

BUCKET_TITLES: Mapping[str, LazyText] = MappingProxyType(
    {
        "hour": LazyText("Hour"),
        "day": LazyText("Day"),
        "week": LazyText("Week"),
        "month": LazyText("Month"),
    }
)


def per(bucket: str, what: str) -> str:
    """Name an amount by its time, as an axis does; ``what`` is in the language in force already."""
    match bucket:
        case "hour":
            return tr("{what} per hour", what=what)
        case "day":
            return tr("{what} per day", what=what)
        case "week":
            return tr("{what} per week", what=what)
        case "month":
            return tr("{what} per month", what=what)
    raise ValueError(bucket)

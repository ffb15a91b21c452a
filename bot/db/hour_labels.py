"""Labels of hours as one number each, for columns: zone epoch, local day, local hour."""

_HOUR_BITS = 8
_DAY_BITS = 32


def pack(zone: int, day: int, hour: int) -> int:
    """The number of an hour."""
    return (zone << _DAY_BITS | day) << _HOUR_BITS | hour


def unpack(label: int) -> tuple[int, int, int]:
    """Zone epoch, day and hour of a number that ``pack`` made."""
    zone_and_day, hour = label >> _HOUR_BITS, label & ((1 << _HOUR_BITS) - 1)
    return zone_and_day >> _DAY_BITS, zone_and_day & ((1 << _DAY_BITS) - 1), hour

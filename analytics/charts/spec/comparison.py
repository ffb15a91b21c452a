"""A few subjects or periods side by side."""

import msgspec

from analytics.charts.notation import Quantity
from analytics.charts.spec.base import ChartSpec, require_at_most, require_finite

MIN_SUBJECTS, MAX_SUBJECTS = 2, 4
MAX_MEASURES = 6


class Measurement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is compared: its name with the unit, and a value for each subject; None is unknown."""

    name: str
    values: tuple[float | None, ...]
    quantity: Quantity = Quantity.NUMBER


class ComparisonSpec(ChartSpec, frozen=True, kw_only=True, tag="comparison"):
    """Two to four subjects or periods side by side in one or more measurements, each on a scale of its own.

    Raises ValueError for another number of subjects, too many measurements, and values that do not fit.
    """

    subjects: tuple[str, ...]
    measurements: tuple[Measurement, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        require_at_most(len(self.subjects), MAX_SUBJECTS, "subjects")
        require_at_most(len(self.measurements), MAX_MEASURES, "measurements")
        if len(self.subjects) < MIN_SUBJECTS:
            raise ValueError(f"a comparison needs {MIN_SUBJECTS} subjects at least")
        for measurement in self.measurements:
            if len(measurement.values) != len(self.subjects):
                raise ValueError(f"{len(self.subjects)} subjects have {len(measurement.values)} values")
            require_finite(measurement.values)

"""How long answers take: quartiles and a histogram of waits."""

from bisect import bisect_right
from collections.abc import Sequence

from schemas.results.channels import Spread

EDGES_S = (0, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 3 * 86_400, 7 * 86_400)
"""Edges of the histogram in seconds; waits beyond the last come into one more bin."""


def spread(waits: Sequence[float]) -> Spread:
    """Quartiles of waits in seconds: the least wait that a quarter, half, three quarters do not exceed."""
    ordered = sorted(waits)
    if not ordered:
        return Spread(0, None, None, None)
    low, median, high = (ordered[-(-len(ordered) * quarter // 4) - 1] for quarter in (1, 2, 3))
    return Spread(len(ordered), low, median, high)


def histogram(waits: Sequence[float]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Edges in seconds and how many waits lie between them; none without waits."""
    if not waits:
        return (), ()
    edges = [float(edge) for edge in EDGES_S]
    longest = max(waits)
    if longest >= edges[-1]:
        edges.append(longest + 1)
    counts = [0] * (len(edges) - 1)
    for wait in waits:
        counts[bisect_right(edges, wait) - 1] += 1
    last = max(place for place, count in enumerate(counts) if count)
    return tuple(edges[: last + 2]), tuple(counts[: last + 1])

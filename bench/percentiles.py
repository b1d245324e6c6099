"""Percentiles."""

from collections.abc import Sequence


def percentile(seconds: Sequence[float], percent: float) -> float:
    """The percentile, in milliseconds."""
    ordered = sorted(seconds)
    at = min(len(ordered) - 1, int(len(ordered) * percent / 100))
    return ordered[at] * 1e3

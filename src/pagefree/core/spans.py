"""Spans of time in words."""

from datetime import timedelta

UNITS = (("h", 3600), ("min", 60))


def in_words(span: timedelta) -> str:
    """`span` in its largest whole unit: "5 min", "90 s"."""
    seconds = int(span.total_seconds())
    for unit, length in UNITS:
        if seconds >= length and seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"

"""Uptime as a picture of ninety bars, small enough to be inside the page."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from markupsafe import Markup

from pagefree.core.status_pages import State
from pagefree.core.uptime import Day, hundredths
from pagefree.status_pages.languages import Words, day_of

PITCH, BAR, HEIGHT = 5, 3, 30  # a dash of the line is a bar: see page.css
CLASSES = {
    State.OPERATIONAL: "ok",
    State.UNDER_MAINTENANCE: "work",
    State.DEGRADED: "slow",
    State.PARTIAL_OUTAGE: "part",
    State.MAJOR_OUTAGE: "out",
}
NONE = timedelta(0)


def percentage(days: Sequence[Day]) -> str:
    """Uptime of these days: 99.98 %; empty if nothing is known."""
    found = hundredths(days)
    return "" if found is None else f"{found // 100}.{found % 100:02}\u202f%"


def picture(days: Sequence[Day], words: Words) -> Markup:
    """The bars, oldest first: quiet days in one dashed line, others each with its words."""
    kinds = [_kind(day) for day in days]
    quiet = Markup("").join(_line(name, kinds) for name in ("none", "ok"))
    loud = Markup("").join(
        _loud(place, day, words)
        for place, day in enumerate(days)
        if kinds[place] not in {"none", "ok"}
    )
    label = f"{words['bars']}: {percentage(days) or words['no_data']}"
    return Markup(
        '<svg class="bars" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}{}</svg>'
    ).format(len(days) * PITCH - PITCH + BAR, HEIGHT, label, quiet, loud)


def _kind(day: Day) -> str:
    return CLASSES[day.worst] if day.known > NONE else "none"


def _line(name: str, kinds: Sequence[str]) -> Markup:
    """One line from the first to the last day of each run of days of this kind."""
    parts, place = [], 0
    for kind, run in groupby(kinds):
        count = len(list(run))
        if kind == name:
            parts.append(_stroke(place, count))
        place += count
    if not parts:
        return Markup("")
    return Markup('<path class="{}" d="{}"/>').format(name, "".join(parts))


def _stroke(place: int, days: int) -> str:
    return f"M{place * PITCH} {HEIGHT // 2}h{days * PITCH - PITCH + BAR}"


def _loud(place: int, day: Day, words: Words) -> Markup:
    said = f"{day_of(day.on, words)}: {words[day.worst]}"
    if day.down > NONE:
        said += f", {words['down_for']} {length(day.down)}"
    return Markup('<path class="{}" d="{}"><title>{}</title></path>').format(
        CLASSES[day.worst], _stroke(place, 1), said
    )


def length(time: timedelta) -> str:
    """A length for people: 2 h 5 min; what is shorter than a minute counts as one."""
    minutes = max(1, round(time.total_seconds() / 60))
    hours, left = divmod(minutes, 60)
    return " ".join(
        part
        for part in (f"{hours} h" if hours else "", f"{left} min" if left else "")
        if part
    )

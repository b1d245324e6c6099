"""Uptime as a picture of ninety bars, small enough to be inside the page."""

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from pagefree.core.status_pages import State
from pagefree.core.uptime import Day, hundredths
from pagefree.status_pages.languages import Words, day_of

PITCH, HEIGHT = 5, 30  # of one bar
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
    """The bars, oldest first: quiet days in one stroke, others each with its words."""
    quiet, unknown, loud = [], [], []
    for place, day in enumerate(days):
        stroke = f"M{place * PITCH + 2} 0v{HEIGHT}"
        if day.known == NONE:
            unknown.append(stroke)
        elif day.worst is State.OPERATIONAL:
            quiet.append(stroke)
        else:
            loud.append(_loud(stroke, day, words))
    label = f"{words['bars']}: {percentage(days) or words['no_data']}"
    return Markup(
        '<svg class="bars" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}{}{}</svg>'
    ).format(
        len(days) * PITCH - 1,
        HEIGHT,
        label,
        _strokes("none", unknown),
        _strokes("ok", quiet),
        Markup("").join(loud),
    )


def _strokes(name: str, strokes: list[str]) -> Markup:
    if not strokes:
        return Markup("")
    return Markup('<path class="{}" d="{}"/>').format(name, "".join(strokes))


def _loud(stroke: str, day: Day, words: Words) -> Markup:
    said = f"{day_of(day.on, words)}: {words[day.worst]}"
    if day.down > NONE:
        said += f", {words['down_for']} {length(day.down)}"
    return Markup('<path class="{}" d="{}"><title>{}</title></path>').format(
        CLASSES[day.worst], stroke, said
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

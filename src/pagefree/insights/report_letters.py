"""What the mail with figures of a week or month looks like."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment

from pagefree.channels.base import one_line
from pagefree.channels.letters import Mail
from pagefree.core.insights import Window
from pagefree.core.words import words_in
from pagefree.core.words.tables import ReportWords
from pagefree.insights.queries import Row

MOST_LISTED = 5
NONE = "-"
MINUTE_S, HOUR_S = 60, 3600
HTML = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="{{ language }}"><head><meta name="color-scheme" content="light dark"></head>
<body style="font-family:sans-serif;font-size:16px">
<h1 style="font-size:20px">{{ title }}</h1>
<p>{{ of }}</p>
{% if quiet %}<p>{{ say.nothing }}</p>{% endif %}
<table style="border-collapse:collapse">{% for one in figures %}
<tr><th style="text-align:left;font-weight:normal;padding:4px 16px 4px 0">{{ one.name }}</th>
<td style="text-align:right;padding:4px 16px 4px 0"><b>{{ one.now }}</b></td>
<td style="padding:4px 0;font-size:14px">{{ one.change }} {{ one.before }}</td></tr>{% endfor %}
</table>
{% for part in parts %}<h2 style="font-size:16px">{{ part.title }}</h2>
<ul>{% for line in part.lines %}<li>{% if line.url %}<a href="{{ line.url }}">{{ line.name }}</a>\
{% else %}{{ line.name }}{% endif %}: {{ line.count }}</li>
{% endfor %}</ul>
{% endfor %}<p><a href="{{ site }}">{{ say.see }}</a></p>
<p style="font-size:14px">{{ comes }} <a href="{{ stop }}">{{ end }}</a></p>
</body></html>
""")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a period was like, and the one before."""

    now: Row
    before: Row
    services: Sequence[Row]
    alerts: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Head:
    """Of whom it tells, and who reads it."""

    mail_id: str
    name: str
    team: str | None  # none: of everything
    window: Window
    zone: ZoneInfo
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Links:
    """Where the figures are, and what ends the report."""

    site: str
    query: tuple[tuple[str, str], ...]  # of the figures' page
    stop: str

    @property
    def figures(self) -> str:
        """The page that shows them."""
        return f"{self.site}/insights?{urlencode(self.query)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One of them, and how it was before."""

    name: str
    now: str
    change: str  # "+3", "-25 %"; empty: as before, or nothing to compare with
    before: str


@dataclass(frozen=True, slots=True)
class Line:
    """One of a list, and how often."""

    name: str
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    title: str
    lines: tuple[Line, ...]


def write(head: Head, figures: Figures, links: Links) -> Mail:
    """The mail; names may be hostile."""
    words = words_in(head.language)
    say = words.report
    title = say.title.format(
        name=one_line(head.name),
        start=_day(head.window.start, head),
        end=_day(head.window.last, head),
    )
    shown = tuple(_figures(figures, say))
    parts = tuple(_parts(figures, say, links.site))
    of = one_line(head.team) if head.team else say.everything
    quiet = not figures.now["incidents"]
    comes = say.comes.format(name=one_line(head.name))
    html = HTML.render(
        language=words.language,
        title=title,
        of=of,
        quiet=quiet,
        figures=shown,
        parts=parts,
        site=links.figures,
        stop=links.stop,
        say=say,
        comes=comes,
        end=words.digest.end,
    )
    lines = [f"{one.name}: {one.now} {one.change} {one.before}" for one in shown]
    blocks = [
        of,
        *([say.nothing] if quiet else []),
        "\n".join(" ".join(line.split()) for line in lines),
        *("\n".join([part.title, *map(_in_text, part.lines)]) for part in parts),
        f"{say.see}: {links.figures}",
        f"{comes} {words.digest.to_end.format(url=links.stop)}",
    ]
    text = "\n\n".join(blocks) + "\n"
    return Mail(head.mail_id, head.email, title, text, html, links.stop)


def _figures(figures: Figures, say: ReportWords) -> Iterator[Figure]:
    named = (
        ("incidents", say.incidents, _count),
        ("high_urgency", say.high, _count),
        ("acknowledged", say.acknowledged, _count),
        ("ack_mean_s", say.to_acknowledge, _duration),
        ("fix_mean_s", say.to_resolve, _duration),
        ("escalated", say.escalated, _share),
        ("unanswered", say.unanswered, _count),
        ("reopened", say.reopened, _count),
    )
    for key, name, words in named:
        now, before = _number(figures.now[key]), _number(figures.before[key])
        then = f"({say.before.format(figure=words(before))})"
        yield Figure(name, words(now), change(now, before), then)


def change(now: float | None, before: float | None) -> str:
    """By how much of what it was before: "+50 %"; empty where that says nothing."""
    if now is None or not before or now == before:
        return ""
    return f"{(now - before) / before:+.0%}".replace("%", " %")


def _parts(figures: Figures, say: ReportWords, site: str) -> Iterator[Part]:
    services = tuple(
        Line(
            one_line(str(row["service"])),
            int(_number(row["incidents"]) or 0),
            f"{site}/services/{row['service_id']}",
        )
        for row in figures.services[:MOST_LISTED]
    )
    alerts = tuple(
        Line(one_line(str(row["title"])), int(_number(row["events"]) or 0))
        for row in figures.alerts[:MOST_LISTED]
    )
    if services:
        yield Part(say.services, services)
    if alerts:
        yield Part(say.alerts, alerts)


def _in_text(line: Line) -> str:
    where = f" {line.url}" if line.url else ""
    return f"- {line.name}: {line.count}{where}"


def _day(at: datetime, head: Head) -> str:
    return at.astimezone(head.zone).date().isoformat()


def _number(cell: object) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _count(number: float | None) -> str:
    return f"{number or 0:.0f}"


def _share(number: float | None) -> str:
    return NONE if number is None else f"{number:.0%}".replace("%", " %")


def _duration(seconds: float | None) -> str:
    """Like "1 h 5 min" or "4 min 10 s"; the signs are those of the SI, in every language."""
    if seconds is None:
        return NONE
    whole = round(seconds)
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return f"{whole // MINUTE_S} min {whole % MINUTE_S} s"
    return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S} min"

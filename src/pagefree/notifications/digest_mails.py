"""What the mail of a weekly digest looks like."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment

from pagefree.channels.base import one_line
from pagefree.core.digests import Hours, Shift, TeamWeek, Week, hours

MOST_LISTED = 10
LONG_LINE = 300

HTML = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="en"><head><meta name="color-scheme" content="light dark"></head>
<body style="font-family:sans-serif;font-size:16px">
<h1 style="font-size:20px">{{ title }}</h1>
{% for part in parts %}<h2 style="font-size:16px">{{ part.title }}</h2>
<ul>{% for line in part.lines %}<li>{{ line }}</li>
{% endfor %}</ul>
{% endfor %}<p><a href="{{ site }}">Open PageFree</a></p>
<p style="font-size:14px">It comes on Mondays when there is something to tell.
<a href="{{ stop }}">Do not send it to me any more</a></p>
</body></html>
""")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest that is ready to leave."""

    recipient: str
    title: str
    text: str
    html: str
    stop_url: str  # a press there ends it


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is written."""

    email: str
    name: str
    zone: ZoneInfo


def write(week: Week, reader: Reader, site: str, stop_url: str) -> Letter:
    """The digest of a week; names and details may be hostile."""
    title = f"Your week on call: {_told(len(week.pages))}"
    parts = tuple(_parts(week, reader.zone))
    blocks = ["\n".join([p.title, *(f"- {line}" for line in p.lines)]) for p in parts]
    text = "\n\n".join(
        [
            f"Hello {one_line(reader.name)},",
            *blocks,
            f"Open: {site}",
            f"It comes on Mondays when there is something to tell. To end it: {stop_url}",
        ]
    )
    html = HTML.render(title=title, parts=parts, site=site, stop=stop_url)
    return Letter(reader.email, title, text + "\n", html, stop_url)


def compose(
    letter: Letter, sender: str, message_id: str, now: datetime
) -> EmailMessage:
    """The mail, which whoever gets it can end with one press (RFC 2369, RFC 8058)."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = sender
    mail["To"] = letter.recipient
    mail["Subject"] = letter.title
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    mail["List-Unsubscribe"] = f"<{letter.stop_url}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-PageFree-Loop"] = "1"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def _parts(week: Week, zone: ZoneInfo) -> Iterator[Part]:
    yield Part("Last week", tuple(_last(week, zone)))
    if week.shifts:
        lines = tuple(_shift(shift, zone) for shift in week.shifts[:MOST_LISTED])
        yield Part("You are on call next week", lines)
    if missing := tuple(_missing(week)):
        yield Part("How you can be reached", missing)
    for team in week.teams:
        if lines := tuple(_of_team(team)):
            yield Part(f"Team {one_line(team.name)}", lines)
    if week.findings:
        yield Part("The installation", _listed(week.findings))


def _last(week: Week, zone: ZoneInfo) -> Iterator[str]:
    if not week.pages:
        yield "Nothing paged you."
        return
    yield f"{_told(len(week.pages)).capitalize()}: {_times(hours(week.pages, zone))}."
    yield f"You acknowledged {week.acknowledged} of them."


def _told(pages: int) -> str:
    if not pages:
        return "no pages"
    return "1 incident" if pages == 1 else f"{pages} incidents"


def _times(found: Hours) -> str:
    counts = (
        (found.night, "at night (22:00 to 7:00)"),
        (found.weekend, "by day at the weekend"),
        (found.workday, "on working days"),
    )
    return ", ".join(f"{count} {when}" for count, when in counts if count)


def _shift(shift: Shift, zone: ZoneInfo) -> str:
    start, end = shift.start.astimezone(zone), shift.end.astimezone(zone)
    return f"{one_line(shift.schedule)}: {start:%a %d %b %H:%M} to {end:%a %d %b %H:%M}"


def _missing(week: Week) -> Iterator[str]:
    if not week.reachable:
        yield "Nothing that you have set up is known to have reached you in 30 days."
    for way in week.unproven[:MOST_LISTED]:
        yield f"{one_line(way)}: nothing is known to have arrived there in 30 days."


def _of_team(team: TeamWeek) -> Iterator[str]:
    for name in team.unproven[:MOST_LISTED]:
        yield f"{one_line(name)} is not known to be reachable."
    yield from _listed(team.findings)
    for schedule, people in team.on_call[:MOST_LISTED]:
        names = ", ".join(one_line(name) for name in people) or "nobody"
        yield f"Next week in {one_line(schedule)}: {names}."


def _listed(sentences: tuple[str, ...]) -> tuple[str, ...]:
    lines = tuple(one_line(one, LONG_LINE) for one in sentences[:MOST_LISTED])
    left = len(sentences) - len(lines)
    return (*lines, f"… and {left} more.") if left else lines

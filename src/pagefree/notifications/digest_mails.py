"""What the mail of a weekly digest looks like."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment

from pagefree.channels.base import one_line
from pagefree.channels.letters import Mail
from pagefree.core.digests import Hours, Shift, TeamWeek, Week, hours
from pagefree.core.words import DEFAULT, words_in
from pagefree.core.words.tables import DigestWords, Words

MOST_LISTED = 10
LONG_LINE = 300

HTML = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="{{ language }}"><head><meta name="color-scheme" content="light dark"></head>
<body style="font-family:sans-serif;font-size:16px">
<h1 style="font-size:20px">{{ title }}</h1>
{% for part in parts %}<h2 style="font-size:16px">{{ part.title }}</h2>
<ul>{% for line in part.lines %}<li>{{ line }}</li>
{% endfor %}</ul>
{% endfor %}<p><a href="{{ site }}">{{ say.open_app }}</a></p>
<p style="font-size:14px">{{ say.comes }}
<a href="{{ stop }}">{{ say.end }}</a></p>
</body></html>
""")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom which mail is written."""

    mail_id: str
    email: str
    name: str
    zone: ZoneInfo
    language: str = DEFAULT

    @property
    def words(self) -> Words:
        """Those of their language."""
        return words_in(self.language)

    def at(self, moment: datetime) -> str:
        """An instant on their clocks."""
        return self.words.notices.at(moment.astimezone(self.zone))


def write(week: Week, reader: Reader, site: str, stop_url: str) -> Mail:
    """The digest of a week; names and details may be hostile."""
    words = reader.words
    say = words.digest
    title = say.title.format(told=_told(len(week.pages), say))
    parts = tuple(_parts(week, reader))
    blocks = ["\n".join([p.title, *(f"- {line}" for line in p.lines)]) for p in parts]
    text = "\n\n".join(
        [
            words.hello.format(name=one_line(reader.name)),
            *blocks,
            f"{words.open}: {site}",
            f"{say.comes} {say.to_end.format(url=stop_url)}",
        ]
    )
    html = HTML.render(
        language=words.language,
        title=title,
        parts=parts,
        site=site,
        stop=stop_url,
        say=say,
    )
    return Mail(reader.mail_id, reader.email, title, text + "\n", html, stop_url)


def _parts(week: Week, reader: Reader) -> Iterator[Part]:
    words, say = reader.words, reader.words.digest
    yield Part(say.last_week, tuple(_last(week, reader)))
    if week.shifts:
        lines = tuple(_shift(shift, reader) for shift in week.shifts[:MOST_LISTED])
        yield Part(say.next_week, lines)
    if missing := tuple(_missing(week, say)):
        yield Part(say.reach, missing)
    for team in week.teams:
        if lines := tuple(_of_team(team, words)):
            yield Part(say.team.format(name=one_line(team.name)), lines)
    if week.findings:
        yield Part(say.installation, _listed(week.findings, words))


def _last(week: Week, reader: Reader) -> Iterator[str]:
    say = reader.words.digest
    if not week.pages:
        yield say.nothing
        return
    told, times = _told(len(week.pages), say), hours(week.pages, reader.zone)
    yield f"{told}: {_times(times, say)}."
    yield say.acknowledged.format(count=week.acknowledged)


def _told(pages: int, say: DigestWords) -> str:
    if not pages:
        return say.no_pages
    return say.one_page if pages == 1 else say.pages.format(count=pages)


def _times(found: Hours, say: DigestWords) -> str:
    counts = (
        (found.night, say.night),
        (found.weekend, say.weekend),
        (found.workday, say.workday),
    )
    return ", ".join(when.format(count=count) for count, when in counts if count)


def _shift(shift: Shift, reader: Reader) -> str:
    return reader.words.digest.shift.format(
        schedule=one_line(shift.schedule),
        start=reader.at(shift.start),
        end=reader.at(shift.end),
    )


def _missing(week: Week, say: DigestWords) -> Iterator[str]:
    if not week.reachable:
        yield say.unreachable
    for way in week.unproven[:MOST_LISTED]:
        yield say.unproven.format(way=one_line(way))


def _of_team(team: TeamWeek, words: Words) -> Iterator[str]:
    say = words.digest
    for name in team.unproven[:MOST_LISTED]:
        yield say.not_reachable.format(name=one_line(name))
    yield from _listed(team.findings, words)
    for schedule, people in team.on_call[:MOST_LISTED]:
        names = ", ".join(one_line(name) for name in people) or say.nobody
        yield say.on_call.format(schedule=one_line(schedule), names=names)


def _listed(sentences: tuple[str, ...], words: Words) -> tuple[str, ...]:
    lines = tuple(one_line(one, LONG_LINE) for one in sentences[:MOST_LISTED])
    left = len(sentences) - len(lines)
    return (*lines, f"{words.and_more.format(count=left)}.") if left else lines

"""What followers of a page read, made of what the page shows to everyone."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment

from pagefree.channels.base import one_line
from pagefree.core import status_facts as facts
from pagefree.core.status_views import (
    Affected,
    IncidentView,
    PageView,
    UpdateView,
    WorkView,
)
from pagefree.core.subscriptions import Telling
from pagefree.status_pages.following_words import FOLLOWING
from pagefree.status_pages.languages import LANGUAGES, Words, times_of
from pagefree.status_pages.rendering.prose import clean, paragraphs

HTML = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="{{ language }}"><head><meta name="color-scheme" content="light dark"></head>
<body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:600px">
<p style="font-size:14px;margin:0">{{ letter.page }}</p>
<h1 style="font-size:20px;margin:4px 0 12px">{{ letter.title }}</h1>
{{ body }}
{% if letter.facts %}<p>{% for fact in letter.facts %}{{ fact }}<br>{% endfor %}</p>{% endif %}
<p><a href="{{ letter.url }}" style="display:inline-block;padding:12px 24px;background:#4263eb;\
color:#fff;text-decoration:none;border-radius:6px">{{ letter.button }}</a></p>
<p style="font-size:14px">{{ letter.foot }}{% if change %}
<a href="{{ change }}">{{ words.change }}</a> · <a href="{{ end }}">{{ words.end }}</a>{% endif %}</p>
</body></html>
""")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is ready to be put into the form of a way."""

    page: str
    title: str  # without the page's name, one line
    body: str  # as people wrote it
    facts: tuple[str, ...]
    url: str
    button: str
    foot: str
    kind: str  # "status.update", for programs
    data: dict[str, object]  # for programs


@dataclass(frozen=True, slots=True)
class Links:
    """What one subscriber can do about it."""

    change: str
    end: str


def about_update(view: PageView, update_id: UUID, language: str) -> Letter | None:
    """What an update says; none where the page does not show it."""
    for incident in view.incidents:
        for update in incident.updates:
            if update.id == update_id:
                return _incident(view, incident, update, _Speech(view, language))
    for work in view.works:
        for update in work.updates:
            if update.id == update_id:
                speech = _Speech(view, language)
                status = speech.words[update.status]
                return _work(view, work, status, update.body, speech)
    return None


def about_work(
    view: PageView, work_id: UUID, kind: Telling, language: str
) -> Letter | None:
    """What happens to planned work; none where the page does not show it."""
    for work in view.works:
        if work.id == work_id:
            speech = _Speech(view, language)
            word = {Telling.PLANNED: "scheduled", Telling.REMINDED: "reminder"}
            status = speech.words[word.get(kind, kind.value)]
            return _work(view, work, status, work.body, speech)
    return None


def to_confirm(view: PageView, url: str, language: str) -> Letter:
    """What asks whoever has an address whether they want this."""
    speech = _Speech(view, language)
    words, page = speech.words, speech.page
    return Letter(
        page=page,
        title=words["ask_title"].format(page=page),
        body=words["ask_mail"].format(page=page),
        facts=(),
        url=url,
        button=words["confirm"],
        foot=words["ask_foot"],
        kind="status.confirm",
        data={"page": _page(view), "confirm_url": url},
    )


class _Speech:
    """A language that the page speaks, with the page's name in it."""

    def __init__(self, view: PageView, language: str) -> None:
        texts = {one.language: one for one in view.texts}
        own = texts.get(language, view.texts[0])
        self.language = own.language
        self.page = one_line(own.name)
        self.words: Words = words_in(own.language)


def words_in(language: str) -> Words:
    """All words of a language."""
    return {**LANGUAGES[language], **FOLLOWING[language]}


def _incident(
    view: PageView, incident: IncidentView, update: UpdateView, speech: _Speech
) -> Letter:
    words, url = speech.words, f"{view.url}/incidents/{incident.id}"
    return Letter(
        page=speech.page,
        title=f"{words[update.status]}: {one_line(incident.name)}",
        body=clean(update.body),
        facts=_affected(incident.affected, words),
        url=url,
        button=words["look"],
        foot=words["foot"].format(page=speech.page),
        kind="status.update",
        data={
            "page": _page(view),
            "incident": {
                "id": str(incident.id),
                "name": one_line(incident.name),
                "status": facts.stage(incident).value,
                "impact": facts.impact(incident).value,
                "started_at": incident.started_at.isoformat(),
                "url": url,
            },
            "update": {
                "id": str(update.id),
                "status": update.status,
                "body": clean(update.body),
                "display_at": update.display_at.isoformat(),
            },
            "components": _components(incident.affected),
        },
    )


def _work(
    view: PageView, work: WorkView, status: str, body: str, speech: _Speech
) -> Letter:
    words, url = speech.words, f"{view.url}/maintenance/{work.id}"
    zone = ZoneInfo(view.time_zone)
    times = times_of(work.scheduled_for, work.scheduled_until, zone, words)
    return Letter(
        page=speech.page,
        title=f"{status}: {one_line(work.name)}",
        body=clean(body),
        facts=(times, *_affected(work.affected, words)),
        url=url,
        button=words["look"],
        foot=words["foot"].format(page=speech.page),
        kind="status.maintenance",
        data={
            "page": _page(view),
            "maintenance": {
                "id": str(work.id),
                "name": one_line(work.name),
                "status": work.status.value,
                "body": clean(body),
                "scheduled_for": work.scheduled_for.isoformat(),
                "scheduled_until": work.scheduled_until.isoformat(),
                "url": url,
            },
            "components": _components(work.affected),
        },
    )


def _page(view: PageView) -> dict[str, object]:
    return {"id": str(view.id), "name": one_line(view.texts[0].name), "url": view.url}


def _components(affected: tuple[Affected, ...]) -> list[dict[str, object]]:
    return [
        {"id": str(a.component_id), "name": one_line(a.name), "status": a.state.value}
        for a in affected
    ]


def _affected(affected: tuple[Affected, ...], words: Words) -> tuple[str, ...]:
    if not affected:
        return ()
    names = ", ".join(one_line(one.name) for one in affected)
    return (f"{words['affected']}: {names}",)


def plain(letter: Letter, links: Links | None, words: Words) -> str:
    """The letter as plain text."""
    parts = [
        letter.title,
        letter.body,
        "\n".join(letter.facts),
        letter.url,
        letter.foot,
    ]
    if links:
        parts.append(f"{words['change']}: {links.change}\n{words['end']}: {links.end}")
    return "\n\n".join(part for part in parts if part) + "\n"


def rich(letter: Letter, links: Links | None, language: str) -> str:
    """The letter as a mail's HTML."""
    return HTML.render(
        letter=letter,
        body=paragraphs(letter.body) if letter.body.strip() else "",
        words=words_in(language),
        language=language,
        change=links.change if links else None,
        end=links.end if links else None,
    )


def subject(letter: Letter, links: Links | None) -> str:
    """What a mail is about; what asks to confirm names the page by itself."""
    return f"[{letter.page}] {letter.title}" if links else letter.title


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a mail is from and for."""

    sender: str  # "PageFree <pager@example.org>"
    recipient: str
    message_id: str  # the same in every try, so that copies can be told


def mail(
    letter: Letter,
    envelope: Envelope,
    links: Links | None,
    language: str,
    now: datetime,
) -> EmailMessage:
    """The letter as a mail, which its reader can end with one press (RFC 2369, RFC 8058)."""
    words = words_in(language)
    made = EmailMessage(policy=SMTP_POLICY)
    made["From"] = envelope.sender
    made["To"] = envelope.recipient
    made["Subject"] = subject(letter, links)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = envelope.message_id
    if links:
        made["List-Unsubscribe"] = f"<{links.end}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made["X-PageFree-Loop"] = "1"
    made.set_content(plain(letter, links, words))
    made.add_alternative(rich(letter, links, language), subtype="html")
    return made

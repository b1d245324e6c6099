"""The pages that people read: HTML that needs no script, in every language of the page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pagefree.core import status_facts as facts
from pagefree.core.status_pages import Impact, State, WorkStatus, worst
from pagefree.core.status_views import (
    ComponentView,
    GroupView,
    IncidentView,
    PageView,
    Texts,
    WorkView,
)
from pagefree.status_pages.following_words import FOLLOWING
from pagefree.status_pages.languages import (
    LANGUAGES,
    Words,
    day_of,
    month_of,
    time_of,
    times_of,
)
from pagefree.status_pages.rendering import bars, colours
from pagefree.status_pages.rendering.prose import clean, paragraphs

FOLDER = Path(__file__).parent / "templates"
ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters["paragraphs"] = paragraphs
RECENT = timedelta(days=14)
# of a form that nobody has filled in
BLANK: dict[str, object] = {
    "said": "",
    "address": "",
    "chosen_way": "email",
    "wish": {"incidents": True, "maintenances": True, "component_ids": None},
}
TONES = {
    State.OPERATIONAL: "ok",
    State.UNDER_MAINTENANCE: "work",
    State.DEGRADED: "slow",
    State.PARTIAL_OUTAGE: "part",
    State.MAJOR_OUTAGE: "out",
}
TONE_OF = {
    Impact.NONE: "ok",
    Impact.MINOR: "slow",
    Impact.MAJOR: "part",
    Impact.CRITICAL: "out",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A component as it is shown."""

    component: ComponentView
    tone: str
    state: str
    bars: Markup | None
    uptime: str


@dataclass(frozen=True, slots=True)
class Section:
    """Components under one heading; without one they come first."""

    group: GroupView | None
    tone: str
    state: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Told:
    """An update as it is shown."""

    status: str
    body: str
    at: datetime
    time: str


@dataclass(frozen=True, slots=True)
class Story:
    """An incident or planned work as it is shown."""

    name: str
    path: str
    tone: str
    status: str
    time: str
    affected: list[str]
    told: list[Told]
    report: str | None
    day: date


def pages(view: PageView) -> dict[str, bytes]:
    """Every HTML page by its path."""
    found = {}
    for number, texts in enumerate(view.texts):
        folder = f"{texts.language}/" if number else ""
        for path, page in _Pages(view, texts, folder).all():
            found[folder + path] = page.encode()
    return found


def page(
    view: PageView, language: str, template: str, path: str, **more: object
) -> str:
    """One page that is made for whoever asks, in the frame of the others."""
    spoken = {one.language: one for one in view.texts}
    texts = spoken.get(language, view.texts[0])
    return _Pages(view, texts, "").render(template, path, **more)


def style(view: PageView) -> bytes:
    """The style sheet, in the colour and the scheme of the page."""
    template = ENVIRONMENT.get_template("page.css")
    return template.render(
        light=colours.on_light(view.look.colour),
        dark=colours.on_dark(view.look.colour),
        theme=view.look.theme,
    ).encode()


def widget(view: PageView) -> bytes:
    """A script for other sites: a notice while something is wrong."""
    sentences = LANGUAGES[view.texts[0].language]
    template = ENVIRONMENT.get_template("widget.js")
    words = {state.value: sentences[f"page_{state}"] for state in State}
    return template.render(url=view.url, words=words).encode()


class _Pages:
    """The pages in one language."""

    def __init__(self, view: PageView, texts: Texts, folder: str) -> None:
        self._view = view
        self._texts = texts
        self._folder = folder
        language = texts.language
        self._words: Words = {**LANGUAGES[language], **FOLLOWING[language]}
        self._zone = ZoneInfo(view.time_zone)
        self._css = sha256(style(view)).hexdigest()[:10]

    def all(self) -> Iterator[tuple[str, str]]:
        view = self._view
        yield "", self._page("")
        yield "history", self._history()
        if view.ways:
            yield "subscribe", self.render("subscribe.html", "subscribe", **BLANK)
        yield "widget.html", self.render("widget.html", "widget.html")
        for incident in view.incidents:
            path = f"incidents/{incident.id}"
            yield path, self.render("story.html", path, story=self._incident(incident))
        for work in view.works:
            path = f"maintenance/{work.id}"
            yield path, self.render("story.html", path, story=self._work(work))

    def _page(self, path: str) -> str:
        view = self._view
        ongoing = [one for one in view.incidents if facts.is_open(one)]
        over = [one for one in view.incidents if not facts.is_open(one)]
        since = view.rendered_at - RECENT
        past = [
            *(self._incident(one) for one in over if _ended(one) >= since),
            *(
                self._work(one)
                for one in facts.finished(view)
                if one.status is WorkStatus.COMPLETED and _over(one) >= since
            ),
        ]
        return self.render(
            "page.html",
            path,
            ongoing=[
                *map(self._incident, ongoing),
                *map(self._work, facts.under_way(view)),
            ],
            planned=[self._work(one) for one in facts.upcoming(view)],
            sections=self._sections(),
            past=self._by(past, day_of),
        )

    def _history(self) -> str:
        stories = [
            *map(self._incident, self._view.incidents),
            *map(self._work, facts.finished(self._view)),
        ]
        return self.render(
            "history.html", "history", months=self._by(stories, month_of)
        )

    def _by(
        self, stories: list[Story], name: Callable[[date, Words], str]
    ) -> list[tuple[str, list[Story]]]:
        """Stories under headings for their days or months, newest first."""
        ordered = sorted(stories, key=lambda story: story.day, reverse=True)
        groups = groupby(ordered, key=lambda story: name(story.day, self._words))
        return [(heading, list(under)) for heading, under in groups]

    def render(self, template: str, path: str, **more: object) -> str:
        """A page, by its template and where it is found."""
        view = self._view
        root = "../" * (self._folder + path).count("/") or "./"
        state = facts.page_state(view)
        languages = [
            (texts.language, LANGUAGES[texts.language]["language"], f"{root}{folder}")
            for texts, folder in _folders(view.texts)
        ]
        return ENVIRONMENT.get_template(template).render(
            view=view,
            texts=self._texts,
            path=path,
            words=self._words,
            root=root,
            home=f"{root}{self._folder}",
            css=self._css,
            languages=languages if len(languages) > 1 else [],
            state=state,
            tone=TONES[state],
            headline=self._words[f"page_{state}"],
            updated=self._time(facts.page_updated_at(view)),
            zone=f"{view.rendered_at.astimezone(self._zone):%Z}",
            **more,
        )

    def _sections(self) -> list[Section]:
        shown = [c for c in self._view.components if _is_shown(c)]
        alone = [one for one in shown if one.group_id is None]
        sections = [self._section(None, alone)] if alone else []
        for group in self._view.groups:
            inside = [one for one in shown if one.group_id == group.id]
            if inside:
                sections.append(self._section(group, inside))
        return sections

    def _section(
        self, group: GroupView | None, components: list[ComponentView]
    ) -> Section:
        state = worst(one.state for one in components)
        lines = [self._line(one) for one in components]
        return Section(group, TONES[state], self._words[state], lines)

    def _line(self, component: ComponentView) -> Line:
        days = component.days if component.showcase else ()
        uptime = bars.percentage(days)
        return Line(
            component,
            TONES[component.state],
            self._words[component.state],
            bars.picture(days, self._words) if days else None,
            f"{uptime} {self._words['uptime']}" if uptime else "",
        )

    def _incident(self, incident: IncidentView) -> Story:
        ongoing = facts.is_open(incident)
        tone = TONE_OF[facts.impact(incident)] if ongoing else "over"
        return Story(
            clean(incident.name),
            f"incidents/{incident.id}",
            tone if tone != "ok" else "note",
            self._words[facts.stage(incident)],
            self._time(incident.started_at),
            [one.name for one in incident.affected],
            [
                Told(
                    self._words[one.status],
                    one.body,
                    one.display_at,
                    self._time(one.display_at),
                )
                for one in incident.updates
            ],
            incident.postmortem_url,
            incident.started_at.astimezone(self._zone).date(),
        )

    def _work(self, work: WorkView) -> Story:
        told = [
            Told(
                self._words[one.status],
                one.body,
                one.display_at,
                self._time(one.display_at),
            )
            for one in work.updates
        ]
        if work.body:
            announced = self._words[WorkStatus.SCHEDULED]
            at = work.created_at
            told.append(Told(announced, work.body, at, self._time(at)))
        return Story(
            clean(work.name),
            f"maintenance/{work.id}",
            "work" if work.completed_at is None else "over",
            self._words[work.status],
            times_of(work.scheduled_for, work.scheduled_until, self._zone, self._words),
            [one.name for one in work.affected],
            told,
            None,
            work.scheduled_for.astimezone(self._zone).date(),
        )

    def _time(self, at: datetime) -> str:
        return time_of(at, self._zone, self._words)


def _folders(texts: Sequence[Texts]) -> list[tuple[Texts, str]]:
    return [(one, f"{one.language}/" if n else "") for n, one in enumerate(texts)]


def _is_shown(component: ComponentView) -> bool:
    quiet = component.state is State.OPERATIONAL
    return not (component.only_show_if_degraded and quiet)


def _ended(incident: IncidentView) -> datetime:
    return facts.resolved_at(incident) or incident.started_at


def _over(work: WorkView) -> datetime:
    return work.completed_at or work.scheduled_until

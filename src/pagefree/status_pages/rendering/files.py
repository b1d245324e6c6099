"""All files of a page, rendered from one view."""

from dataclasses import dataclass

from pagefree.core.status_views import PageView
from pagefree.status_pages.rendering import badges, calendars, feeds, html, statuspage

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
SVG = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo or a favicon."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class File:
    """What is served at one path of a page."""

    media_type: str
    content: bytes


def render(view: PageView, pictures: dict[str, Picture]) -> dict[str, File]:
    """Every file by its path; the page itself is at the empty one.

    `view` is what the audience sees already: nothing is left out here.
    """
    files = {name: File(p.media_type, p.content) for name, p in pictures.items()}
    files |= {path: File(HTML, page) for path, page in html.pages(view).items()}
    files |= {
        f"api/v2/{path}.json": File(JSON, content)
        for path, content in statuspage.documents(view).items()
    }
    files |= {path: File(SVG, svg) for path, svg in badges.badges(view).items()}
    files["page.css"] = File("text/css; charset=utf-8", html.style(view))
    files["widget.js"] = File("text/javascript; charset=utf-8", html.widget(view))
    files["history.atom"] = File("application/atom+xml", feeds.atom(view))
    files["history.rss"] = File("application/rss+xml", feeds.rss(view))
    files["history.json"] = File("application/feed+json", feeds.json_feed(view))
    files["maintenance.ics"] = File(
        "text/calendar; charset=utf-8", calendars.ical(view)
    )
    return files

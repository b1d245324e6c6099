"""Feeds of what was told: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1."""

from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.sax.saxutils import quoteattr

import msgspec

from pagefree.core import status_facts as facts
from pagefree.core.status_views import IncidentView, PageView, UpdateView
from pagefree.status_pages.rendering.prose import clean

MOST = 50
ATOM = "http://www.w3.org/2005/Atom"


def atom(view: PageView) -> bytes:
    """The history as Atom; an entry changes with everything that is told about it."""
    name = _xml(view.texts[0].name)
    url = view.url
    entries = "".join(_entry(view, one) for one in view.incidents[:MOST])
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="{ATOM}" xml:lang={quoteattr(view.texts[0].language)}>'
        f"<id>{_tag(view, 'page')}</id><title>{name}</title>"
        f'<link rel="alternate" type="text/html" href={quoteattr(url + "/")}/>'
        f'<link rel="self" type="application/atom+xml" href={quoteattr(url + "/history.atom")}/>'
        f"<updated>{facts.page_updated_at(view).isoformat()}</updated>"
        f"<author><name>{name}</name></author>{entries}</feed>"
    ).encode()


def _entry(view: PageView, incident: IncidentView) -> str:
    link = f"{view.url}/incidents/{incident.id}"
    return (
        f"<entry><id>{_tag(view, str(incident.id))}</id>"
        f"<title>{_xml(incident.name)}</title>"
        f'<link rel="alternate" type="text/html" href={quoteattr(link)}/>'
        f"<published>{incident.created_at.isoformat()}</published>"
        f"<updated>{facts.incident_updated_at(incident).isoformat()}</updated>"
        f'<content type="html">{_xml(_content(incident))}</content></entry>'
    )


def rss(view: PageView) -> bytes:
    """The history as RSS."""
    name, url = _xml(view.texts[0].name), _xml(view.url)
    items = "".join(_item(view, one) for one in view.incidents[:MOST])
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<rss version="2.0" xmlns:atom="{ATOM}"><channel><title>{name}</title>'
        f"<link>{url}/</link><description>{name}</description>"
        f'<atom:link rel="self" type="application/rss+xml" href="{url}/history.rss"/>'
        f"<lastBuildDate>{_rfc(facts.page_updated_at(view))}</lastBuildDate>"
        f"{items}</channel></rss>"
    ).encode()


def _item(view: PageView, incident: IncidentView) -> str:
    link = _xml(f"{view.url}/incidents/{incident.id}")
    return (
        f"<item><title>{_xml(incident.name)}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{_tag(view, str(incident.id))}</guid>'
        f"<pubDate>{_rfc(facts.incident_updated_at(incident))}</pubDate>"
        f"<description>{_xml(_content(incident))}</description></item>"
    )


def json_feed(view: PageView) -> bytes:
    """The history as JSON Feed."""
    items = [
        {
            "id": _tag(view, str(one.id)),
            "url": f"{view.url}/incidents/{one.id}",
            "title": one.name,
            "content_html": _content(one),
            "date_published": one.created_at.isoformat(),
            "date_modified": facts.incident_updated_at(one).isoformat(),
        }
        for one in view.incidents[:MOST]
    ]
    return msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": view.texts[0].name,
            "home_page_url": f"{view.url}/",
            "feed_url": f"{view.url}/history.json",
            "items": items,
        }
    )


def _content(incident: IncidentView) -> str:
    return "".join(map(_told, incident.updates))


def _told(update: UpdateView) -> str:
    at = f"{update.display_at:%Y-%m-%d %H:%M} UTC"
    status = update.status.replace("_", " ").capitalize()
    body = escape(update.body).replace("\n", "<br>")
    return f"<p><small>{at}</small><br><strong>{status}</strong>: {body}</p>"


def _tag(view: PageView, what: str) -> str:
    """An id that stays the same wherever the page moves (RFC 4151)."""
    return f"tag:pagefree,2026:{view.id}/{what}"


def _rfc(at: datetime) -> str:
    return format_datetime(at)


def _xml(text: str) -> str:
    return escape(clean(text), quote=True)

"""Badges: how a page or one of its components is, as a small picture for elsewhere."""

from html import escape

from pagefree.core.status_facts import page_state
from pagefree.core.status_pages import State
from pagefree.core.status_views import PageView
from pagefree.status_pages.languages import LANGUAGES
from pagefree.status_pages.rendering.prose import clean

COLOURS = {  # dark enough for white words
    State.OPERATIONAL: "#087f5b",
    State.UNDER_MAINTENANCE: "#6741d9",
    State.DEGRADED: "#8a6100",
    State.PARTIAL_OUTAGE: "#c2410c",
    State.MAJOR_OUTAGE: "#c92a2a",
}
WIDTHS = {**dict.fromkeys("iljft.,:;!|' ", 4), **dict.fromkeys("mwMW", 11)}  # of 11 px
USUAL_WIDTH = 7
LONGEST = 40  # characters of a name


def badges(view: PageView) -> dict[str, bytes]:
    """The badges by path: the page's, and one for each component."""
    words = LANGUAGES[view.texts[0].language]
    name = view.texts[0].name
    found = {"badge.svg": _badge(name, words[page_state(view)], page_state(view))}
    for one in view.components:
        path = f"components/{one.id}/badge.svg"
        found[path] = _badge(one.name, words[one.state], one.state)
    return found


def _badge(name: str, word: str, state: State) -> bytes:
    label = clean(name)[:LONGEST]
    left, right = _width(label), _width(word)
    whole = left + right
    title = escape(f"{label}: {word}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="22" role="img"'
        f' aria-label="{title}"><title>{title}</title>'
        f'<clipPath id="r"><rect width="{whole}" height="22" rx="5"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="22" fill="#343a40"/>'
        f'<rect x="{left}" width="{right}" height="22" fill="{COLOURS[state]}"/></g>'
        '<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11"'
        ' text-anchor="middle">'
        f'<text x="{left / 2}" y="15">{escape(label)}</text>'
        f'<text x="{left + right / 2}" y="15">{escape(word)}</text></g></svg>'
    ).encode()


def _width(text: str) -> int:
    return 16 + sum(WIDTHS.get(letter, USUAL_WIDTH) for letter in text)

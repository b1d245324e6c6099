"""Pages as partners see them: rendered from the one projection, and nothing beside it."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from pagefree.core.status_facts import page_state
from pagefree.core.status_pages import State
from pagefree.core.status_views import Audience, PageView, visible
from pagefree.infra.db import Tx
from pagefree.status_pages import service as status_pages
from pagefree.status_pages import snapshot_queries
from pagefree.status_pages.rendering.files import HTML, File, render
from pagefree.status_pages.snapshots import Snapshot, Unreadable, unpacked

MOST_KEPT = 200  # renderings, of audiences and versions
WIDGET = "widget"  # for other sites, which partners' pages are not for
PORTAL = "/partner/"
Key = tuple[UUID, int, Audience]
# above every page; its look is added to the page's own style sheet
BAR = (
    '<nav class="partner-bar" aria-label="Partner">'
    f'<a href="{PORTAL}">← All your pages</a>'
    f'<form method="post" action="{PORTAL}sign-out"><button>Sign out</button></form>'
    "</nav>"
)
BAR_STYLE = b"""
.partner-bar{display:flex;justify-content:space-between;align-items:center;gap:16px;\
max-width:820px;margin:0 auto;padding:10px 20px 0;font-size:15px}
.partner-bar a,.partner-bar button{color:var(--accent);font:inherit;min-height:44px;\
display:inline-flex;align-items:center;background:none;border:0;padding:0;cursor:pointer}
@media (max-width:520px){.partner-bar{padding:6px 14px 0}}
@media print{.partner-bar{display:none}}
"""


@dataclass(frozen=True, slots=True)
class Glance:
    """A page in the list of those that a partner may see."""

    page_id: UUID
    name: str
    state: State
    components: int


class Windows:
    """Renderings for audiences, kept for as long as their page does not change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Mapping[str, File]] = OrderedDict()

    async def files(
        self, tx: Tx, page_id: UUID, audience: Audience, base_url: str
    ) -> Mapping[str, File]:
        """Every file of the page by its path, for this audience; none of it if there is none."""
        page = await status_pages.get_page(tx, page_id)
        key = (page_id, page.version, audience)
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return found
        snapshot = await _snapshot(tx, page_id)
        if snapshot is None:
            return {}
        # off the loop: what pages people must not wait for templates
        files = await asyncio.to_thread(_rendered, snapshot, audience, base_url)
        self._kept[page_id, snapshot.version, audience] = files
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return files


async def glance(tx: Tx, page_id: UUID, audience: Audience) -> Glance | None:
    """What the list says of a page; none while it has never been rendered."""
    snapshot = await _snapshot(tx, page_id)
    if snapshot is None:
        return None
    view = visible(snapshot.view, audience)
    return Glance(page_id, view.texts[0].name, page_state(view), len(view.components))


async def _snapshot(tx: Tx, page_id: UUID) -> Snapshot | None:
    content = await snapshot_queries.get_content(tx, page_id)
    if content is None:
        return None
    try:
        return await asyncio.to_thread(unpacked, content)
    except Unreadable:  # of another release: the worker renders it anew
        return None


def _rendered(
    snapshot: Snapshot, audience: Audience, base_url: str
) -> Mapping[str, File]:
    view = window(snapshot.view, audience, base_url)
    files = render(view, snapshot.pictures)
    return {
        path: _framed(path, file)
        for path, file in files.items()
        if not path.rpartition("/")[2].startswith(WIDGET)
    }


def window(view: PageView, audience: Audience, base_url: str) -> PageView:
    """The page for this audience, at its address among the partners' pages."""
    url = f"{base_url.rstrip('/')}{PORTAL}pages/{view.id}"
    # nobody subscribes here, also who sees all of the page
    return replace(visible(view, audience), url=url, ways=())


def _framed(path: str, file: File) -> File:
    if path == "page.css":
        return replace(file, content=file.content + BAR_STYLE)
    if file.media_type == HTML:
        bar = b"<body>" + BAR.encode()
        return replace(file, content=file.content.replace(b"<body>", bar, 1))
    return file

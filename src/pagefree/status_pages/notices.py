"""Notices by hand, without API or database: the last way to tell people something.

A notice is a small file beside the renderings. Whoever serves the page renders it anew
with the notice on top, until the notice is cleared or has expired.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import msgspec

from pagefree.core.status_pages import Impact, Stage
from pagefree.core.status_views import IncidentView, PageView, ToldTo, UpdateView
from pagefree.infra.ids import new_id

FOLDER = "notices"
SLUG = re.compile(r"[a-z0-9-]{1,63}")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told by hand."""

    title: str
    body: str
    status: Stage
    impact: Impact
    began_at: datetime
    told_at: datetime
    expires_at: datetime


def write(folder: Path, slug: str, notice: Notice) -> None:
    """Put a notice on a page, instead of the one before. Raises OSError, ValueError."""
    path = _path(folder, slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{new_id()}")
    unfinished.write_bytes(msgspec.json.encode(notice))
    Path(unfinished).replace(path)


def clear(folder: Path, slug: str) -> bool:
    """Take the notice off; whether there was one. Raises OSError, ValueError."""
    path = _path(folder, slug)
    found = path.exists()
    path.unlink(missing_ok=True)
    return found


def read(folder: Path, slug: str, now: datetime) -> Notice | None:
    """The notice on a page that still counts; none also if it cannot be read."""
    try:
        content = _path(folder, slug).read_bytes()
        notice = msgspec.json.decode(content, type=Notice)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    return notice if now < notice.expires_at else None


def with_notice(view: PageView, notice: Notice | None) -> PageView:
    """The page with the notice as its newest incident."""
    if notice is None:
        return view
    name = f"{view.id} {notice.began_at.isoformat()}"
    incident_id = uuid5(NAMESPACE_URL, f"pagefree notice {name}")
    update = UpdateView(
        id=uuid5(incident_id, notice.told_at.isoformat()),
        status=notice.status,
        body=notice.body,
        told_to=ToldTo.EVERYONE,
        quiet=False,
        affected=(),
        created_at=notice.told_at,
        updated_at=notice.told_at,
        display_at=notice.told_at,
    )
    incident = IncidentView(
        id=incident_id,
        name=notice.title,
        chosen_impact=notice.impact,
        postmortem_url=None,
        affected=(),
        updates=(update,),
        started_at=notice.began_at,
        created_at=notice.began_at,
    )
    return replace(view, incidents=(incident, *view.incidents))


def _path(folder: Path, slug: str) -> Path:
    if not SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no slug of a page")
    return folder / FOLDER / f"{slug}.json"

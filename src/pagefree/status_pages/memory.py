"""Pages as the web process holds them: from the database while it answers, else from disk."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.alerts.asgi import Message
from pagefree.core.status_views import PUBLIC, visible
from pagefree.infra.clock import Clock
from pagefree.infra.db import Channel, is_down, transaction
from pagefree.infra.listen import Listener
from pagefree.status_pages import export, notices, snapshot_queries, snapshots
from pagefree.status_pages.notices import Notice
from pagefree.status_pages.rendering.files import File, render
from pagefree.status_pages.snapshots import Snapshot, Unreadable

log = structlog.get_logger()

PREFIX = "/s/"
STATUS_FOLDER = "status"  # in the data directory
LOOK_S = 2.0  # a change is seen within; notices by hand too
SMALLEST = 500  # bytes: compressing less is not worth a header
UNCOMPRESSED = ("image/png", "image/jpeg", "image/webp", "image/x-icon")
HeaderList = list[tuple[bytes, bytes]]
FOR_ALL = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    b" base-uri 'none'; frame-ancestors 'none'"
)
FRAMED = FOR_ALL.replace(b"frame-ancestors 'none'", b"frame-ancestors *")
ELSEWHERE = (
    "api/",
    "history.",
    "maintenance.ics",
    "badge.svg",
    "components/",
    "widget",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for one path, ready made."""

    etag: bytes
    headers: HeaderList
    body: bytes
    squeezed_headers: HeaderList
    squeezed: bytes
    not_modified: HeaderList
    # what is sent, as the server takes it: made once, not for each of 10,000 a second
    whole: tuple[Message, Message]
    small: tuple[Message, Message]
    same: tuple[Message, Message]  # as what is known already


@dataclass(frozen=True, slots=True)
class Served:
    """A page as it is served, with its rendering and the notice that lies on top."""

    snapshot: Snapshot
    notice: Notice | None
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Export:
    """How far a page is in the folder that another host serves."""

    made_at: datetime | None
    error: str | None  # of the last try


class Memory:
    """All pages, by slug and by domain. Keep it `running` for as long as the app runs."""

    def __init__(
        self,
        engine: AsyncEngine,
        folder: Path,
        clock: Clock,
        outside: Path | None = None,
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._clock = clock
        self._outside = outside  # where plain files go, for another host to serve
        self.by_path: dict[str, Answer] = {}  # of public pages, by the whole path
        self.by_slug: dict[str, Served] = {}
        self.by_domain: dict[str, Served] = {}
        self.exports: dict[UUID, Export] = {}  # how far the folder outside is
        self._versions: dict[UUID, int] = {}

    @asynccontextmanager
    async def running(self, listener: Listener) -> AsyncIterator["Memory"]:
        """Hold what is on disk at once, and follow the database for as long as this runs."""
        for snapshot in await asyncio.to_thread(snapshots.load_all, self._folder):
            await self._hold(snapshot)
        task = asyncio.create_task(self._follow(listener), name="status pages")
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _follow(self, listener: Listener) -> None:
        while True:
            try:
                await self.look()
            except Exception as e:
                if not is_down(e):
                    log.exception("status_pages.not_loaded")
            try:
                await self._look_at_notices()
            except Exception:
                log.exception("status_pages.notices_not_read")
            await listener.wait(Channel.STATUS, LOOK_S)

    async def look(self) -> None:
        """Take over what has been rendered since the last look, and drop what is gone."""
        async with transaction(self._engine) as tx:
            kept = await snapshot_queries.list_versions(tx)
        newest = {one.page_id: one.version for one in kept}
        for page_id in set(self._versions) - set(newest):
            await self._drop(page_id)
        for page_id, version in newest.items():
            if self._versions.get(page_id) != version:
                await self._take_over(page_id)
                # also what cannot be read: it is not tried again until it has changed
                self._versions[page_id] = version

    async def _take_over(self, page_id: UUID) -> None:
        async with transaction(self._engine) as tx:
            content = await snapshot_queries.get_content(tx, page_id)
        if content is None:
            return
        try:
            snapshot = await asyncio.to_thread(snapshots.unpacked, content)
        except Unreadable:  # of a newer release, which renders it for itself
            log.warning("status_pages.unreadable", page_id=str(page_id))
            return
        await self._hold(snapshot)
        try:
            await asyncio.to_thread(snapshots.save, self._folder, snapshot)
        except OSError as e:
            log.warning("status_pages.not_on_disk", error=repr(e))

    async def _look_at_notices(self) -> None:
        now = self._clock()
        for served in list(self.by_slug.values()):
            notice = notices.read(self._folder, served.snapshot.slug, now)
            if notice != served.notice:
                await self._hold(served.snapshot)

    async def _hold(self, snapshot: Snapshot) -> None:
        notice = notices.read(self._folder, snapshot.slug, self._clock())
        served = await asyncio.to_thread(serve, snapshot, notice)
        self._let_go(snapshot.page_id)
        self._versions[snapshot.page_id] = snapshot.version
        self.by_slug[snapshot.slug] = served
        if snapshot.access.public:
            root = f"{PREFIX}{snapshot.slug}/"
            self.by_path |= {root + path: one for path, one in served.answers.items()}
        if snapshot.domain:
            self.by_domain[snapshot.domain] = served
        if self._outside and snapshot.access.public:
            await self._export(self._outside, snapshot, notice)

    async def _export(
        self, folder: Path, snapshot: Snapshot, notice: Notice | None
    ) -> None:
        last = self.exports.get(snapshot.page_id)
        files = await asyncio.to_thread(files_of, snapshot, notice)
        try:
            await asyncio.to_thread(export.write, folder, snapshot.slug, files)
        except OSError as e:
            log.warning("status_pages.not_exported", error=repr(e))
            made_at = last.made_at if last else None
            done = Export(made_at, e.strerror or type(e).__name__)
        else:
            done = Export(self._clock(), None)
        self.exports[snapshot.page_id] = done

    async def _drop(self, page_id: UUID) -> None:
        self._let_go(page_id)
        await asyncio.to_thread(snapshots.forget, self._folder, page_id)

    def _let_go(self, page_id: UUID) -> None:
        self._versions.pop(page_id, None)
        for held in (self.by_slug, self.by_domain):
            for name, served in list(held.items()):
                if served.snapshot.page_id == page_id:
                    del held[name]
                    self._take_off(served)

    def _take_off(self, served: Served) -> None:
        root = f"{PREFIX}{served.snapshot.slug}/"
        for path in served.answers:
            self.by_path.pop(root + path, None)


def files_of(snapshot: Snapshot, notice: Notice | None) -> dict[str, File]:
    """The files of a page; rendered anew where a notice lies on top."""
    if notice is None and snapshot.files:  # those of what is served are not kept
        return snapshot.files
    view = notices.with_notice(visible(snapshot.view, PUBLIC), notice)
    return render(view, snapshot.pictures)


def serve(snapshot: Snapshot, notice: Notice | None) -> Served:
    """The page, made ready for sending."""
    changed = notice.told_at if notice else snapshot.rendered_at
    answers = {
        path: _answer(path, file, changed, snapshot)
        for path, file in files_of(snapshot, notice).items()
    }
    return Served(replace(snapshot, files={}), notice, answers)


def _answer(path: str, file: File, changed: datetime, of: Snapshot) -> Answer:
    public = of.access.public
    etag = f'"{sha256(file.content).hexdigest()[:24]}"'.encode()
    squeezed = file.content
    if len(file.content) >= SMALLEST and file.media_type not in UNCOMPRESSED:
        squeezed = gzip.compress(file.content, 6, mtime=0)
    elsewhere = path.startswith(ELSEWHERE)
    kept = b"public, max-age=30" if public else b"private, no-cache"
    shared: HeaderList = [
        (b"etag", etag),
        (b"last-modified", format_datetime(changed, usegmt=True).encode()),
        (b"cache-control", kept),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-security-policy", FRAMED if path == "widget.html" else FOR_ALL),
    ]
    if of.view.url.startswith("https:"):
        shared.append((b"strict-transport-security", b"max-age=31536000"))
    if elsewhere and public:
        shared += [
            (b"access-control-allow-origin", b"*"),
            (b"cross-origin-resource-policy", b"cross-origin"),
        ]
    typed = [*shared, (b"content-type", file.media_type.encode())]
    headers = [*typed, (b"content-length", b"%d" % len(file.content))]
    squeezed_headers = [
        *typed,
        *([(b"content-encoding", b"gzip")] if squeezed is not file.content else []),
        (b"content-length", b"%d" % len(squeezed)),
    ]
    return Answer(
        etag=etag,
        headers=headers,
        body=file.content,
        squeezed_headers=squeezed_headers,
        squeezed=squeezed,
        not_modified=shared,
        whole=_messages(200, headers, file.content),
        small=_messages(200, squeezed_headers, squeezed),
        same=_messages(304, shared, b""),
    )


def _messages(status: int, headers: HeaderList, body: bytes) -> tuple[Message, Message]:
    start = {"type": "http.response.start", "status": status, "headers": headers}
    return start, {"type": "http.response.body", "body": body}

"""Copies of public pages in a bucket: plain files that any host serves when we cannot.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html ; what speaks the same
protocol will do. Files that a page no longer has are left: a bucket's own rules expire them.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.aws_signing import Account, signed
from pagefree.infra.clock import Clock
from pagefree.infra.db import transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.status_pages import export, push_queries, snapshot_queries
from pagefree.status_pages.rendering.files import File
from pagefree.status_pages.snapshots import Snapshot, Unreadable, unpacked

AGAIN = timedelta(minutes=1)
SUCCESS = range(200, 300)
LAST = ("index.html", "api/v2/summary.json")  # what leads to the others goes last

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where copies go."""

    endpoint: str  # https://s3.eu-central-1.amazonaws.com
    name: str
    prefix: str  # of every key, "" or with a slash at its end
    region: str
    key_id: str
    secret: str

    def url(self, key: str) -> str:
        """The address of an object, path style: it works everywhere."""
        path = quote(f"/{self.name}/{self.prefix}{key}", safe="/-_.~")
        return f"{self.endpoint.rstrip('/')}{path}"


class NotPushed(Exception):
    """The bucket does not take it."""


class Pusher:
    """Copies every public page that has changed; remembers what lies there already."""

    def __init__(self, http: GuardedClient, bucket: Bucket, clock: Clock) -> None:
        self._http = http
        self._bucket = bucket
        self._clock = clock
        self._there: dict[str, bytes] = {}  # digests by key

    async def push_due(self, engine: AsyncEngine) -> None:
        """Copy what is due; a page that cannot be copied holds none of the others up."""
        now = self._clock()
        async with transaction(engine) as tx:
            due = await push_queries.list_due(tx, now)
        for kept in due:
            async with transaction(engine) as tx:
                content = await snapshot_queries.get_content(tx, kept.page_id)
            error = await self._push(content or b"")
            failpoint("status.after_push")
            async with transaction(engine) as tx:
                now = self._clock()
                again = now + AGAIN if error else None
                await push_queries.pushed(tx, kept, error, again, now)

    async def _push(self, content: bytes) -> str | None:
        """What went wrong; none if the bucket has it."""
        try:
            await self._put_all(unpacked(content))
        except (NotPushed, Unreachable, Unreadable) as e:
            log.warning("status_pages.not_pushed", error=str(e))
            return str(e)
        return None

    async def _put_all(self, snapshot: Snapshot) -> None:
        if not snapshot.access.public:
            return
        files = export.named(snapshot.files)
        for name in sorted(files, key=lambda one: (one in LAST, one)):
            key = f"{snapshot.slug}/{name}"
            digest = hashlib.sha256(files[name].content).digest()
            if self._there.get(key) != digest:
                await self._put(key, files[name])
                self._there[key] = digest

    async def _put(self, key: str, file: File) -> None:
        bucket, url = self._bucket, self._bucket.url(key)
        headers = {
            "Content-Type": file.media_type,
            "Cache-Control": "public, max-age=30",
            "X-Amz-Content-Sha256": hashlib.sha256(file.content).hexdigest(),
        }
        account = Account(bucket.region, bucket.key_id, bucket.secret, "s3")
        proven = signed(
            account, url, headers, file.content, self._clock(), method="PUT"
        )
        reply = await self._http.request("PUT", url, file.content, proven)
        if reply.status not in SUCCESS:
            raise NotPushed(f"the bucket answered {reply.status}")

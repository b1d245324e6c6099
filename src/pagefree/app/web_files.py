"""The built web app: hashed files for ever, the page itself fresh each time."""

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from pagefree.infra.web import problem

WEB_DIST = Path(__file__).parent.parent / "web_dist"
NOT_PAGES = (
    *(
        "/v1/",
        "/v2/",
        "/scim/",
        "/in/",
        "/api/",
        "/act/",
        "/calendars/",
        "/s/",
        "/partner/",
    ),
    *("/socket.io/", "/assets/"),
)
BROTLI = ".br"
FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg")
NOT_BUILT = (
    "PageFree is running, but its web app has not been built.\n\n"
    "In a checkout, `make run` builds it. The API is at /v1, its documentation at /api/docs.\n"
)
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class File:
    """One file of the web app, read once."""

    changed_ns: int
    content: bytes
    compressed: Mapping[str, bytes]  # by coding, the smallest first
    media_type: str
    etag: str


class WebFiles:
    """Serves the files of the web app; other pages are the app itself, which routes them."""

    def __init__(self, folder: Path = WEB_DIST) -> None:
        self._folder = folder.resolve()
        self._read: dict[Path, File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that no route of the API wanted."""
        if scope["type"] != "http":
            return
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        path: str = scope["path"]
        page = not f"{path}/".startswith(NOT_PAGES)
        if not page and not path.startswith("/assets/"):
            return problem(404, "not_found", "there is nothing at this address")
        if scope["method"] not in {"GET", "HEAD"}:
            return problem(405, "http_405", "pages can only be read")
        file = self._file(path.lstrip("/"))
        if file is None and page:
            file = self._file("index.html")
            if file is None:
                return PlainTextResponse(NOT_BUILT, 503)
        if file is None:
            return problem(404, "not_found", "there is no such file")
        return _response(file, path, Headers(scope=scope))

    def _file(self, name: str) -> File | None:
        try:
            path = (self._folder / name).resolve()
            if not path.is_relative_to(self._folder) or not path.is_file():
                return None
        except (OSError, ValueError):  # no name that a file can have: too long, a NUL
            return None
        # what the build left for itself, or for us
        if path.name.startswith(".") or path.suffix == BROTLI:
            return None
        changed = path.stat().st_mtime_ns
        known = self._read.get(path)
        if known is None or known.changed_ns != changed:
            known = self._read[path] = _load(path, changed)
        return known


def _load(path: Path, changed_ns: int) -> File:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type == "text/javascript":
        media_type = "application/javascript"
    compressed = {}
    packed = path.with_name(path.name + BROTLI)  # by the build: it takes seconds
    if packed.is_file():
        compressed["br"] = packed.read_bytes()
    if media_type.startswith(COMPRESSED):
        compressed["gzip"] = gzip.compress(content, 6, mtime=0)
    etag = f'"{sha256(content).hexdigest()[:20]}"'
    return File(changed_ns, content, compressed, media_type, etag)


def _response(file: File, path: str, asked: Headers) -> Response:
    headers = {
        "Cache-Control": FOR_EVER if path.startswith("/assets/") else "no-cache",
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
    }
    if asked.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    accepted = asked.get("accept-encoding", "")
    coding = next((name for name in file.compressed if name in accepted), None)
    if coding is None:
        content = file.content
    else:
        content = file.compressed[coding]
        headers["Content-Encoding"] = coding
    return Response(content, media_type=file.media_type, headers=headers)

"""A page as it was last rendered, in one piece of bytes: it outlives the database."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from pagefree.core.status_views import PageView
from pagefree.infra.ids import new_id
from pagefree.status_pages.rendering.files import File, Picture

ENDING = ".snapshot"


class Unreadable(Exception):
    """The bytes are no snapshot, or one of another release."""


@dataclass(frozen=True, slots=True)
class KeptToken:
    """What is kept of a token that opens the page."""

    digest: str  # SHA-256, in hexadecimal
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Access:
    """Who may look; kept with the page, so that it is known without the database."""

    public: bool = True
    tokens: tuple[KeptToken, ...] = ()
    password: str | None = None  # changes with the password, and does not tell it
    networks: tuple[str, ...] = ()
    signed_in: bool = False
    partners: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A page with all its files; `view` holds everything, also what partners read."""

    page_id: UUID
    slug: str
    domain: str | None
    version: int
    rendered_at: datetime
    access: Access
    view: PageView
    pictures: dict[str, Picture] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)


def packed(snapshot: Snapshot) -> bytes:
    """The snapshot as bytes."""
    return zlib.compress(msgspec.msgpack.encode(snapshot, enc_hook=_plain), 6)


def unpacked(content: bytes) -> Snapshot:
    """What was packed. Raises Unreadable."""
    try:
        return msgspec.msgpack.decode(zlib.decompress(content), type=Snapshot)
    except (zlib.error, msgspec.MsgspecError) as e:
        raise Unreadable(str(e)) from e


def save(folder: Path, snapshot: Snapshot) -> None:
    """Keep it on disk, whole or not at all. Raises OSError."""
    # it holds what partners read, and whom private pages open for
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{snapshot.page_id}{ENDING}"
    unfinished = folder / f".{new_id()}{ENDING}"
    unfinished.write_bytes(packed(snapshot))
    Path(unfinished).replace(path)


def load_all(folder: Path) -> list[Snapshot]:
    """What is on disk; what cannot be read is passed over."""
    found = []
    for path in sorted(folder.glob(f"[!.]*{ENDING}")):
        try:
            found.append(unpacked(path.read_bytes()))
        except (OSError, Unreadable):
            continue
    return found


def any_kept(folder: Path) -> bool:
    """Whether there is a page on disk."""
    return any(folder.glob(f"[!.]*{ENDING}"))


def forget(folder: Path, page_id: UUID) -> None:
    """Take a page off the disk. Raises OSError."""
    (folder / f"{page_id}{ENDING}").unlink(missing_ok=True)


def _plain(value: object) -> object:
    """Ids come out of the database in a class of their own."""
    if isinstance(value, UUID):
        return str(value)
    raise NotImplementedError

"""Routes of writing a postmortem: the lock, saves, versions, incidents, images."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from pagefree.core.postmortems import LOCK
from pagefree.infra.web import BaseUrl, CurrentActor, Now, RequestTx
from pagefree.postmortems import contents, editing, images
from pagefree.postmortems.api import ONE, detail
from pagefree.postmortems.image_queries import Image
from pagefree.postmortems.shapes import (
    PostmortemContentIn,
    PostmortemDetail,
    PostmortemImage,
    PostmortemLockIn,
    PostmortemRef,
    PostmortemSaved,
    PostmortemVersion,
    PostmortemVersionDetail,
)
from pagefree.postmortems.version_queries import Version

router = APIRouter(prefix="/v1", tags=["postmortems"])
VERSION = ONE + "/versions/{number}"
IMAGE = ONE + "/images/{image_id}"
# opened by its address, it must do nothing: neither as a page nor as something else
ALONE = "default-src 'none'; sandbox"
UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"}
            }
        },
    }
}


async def _uploaded(request: Request) -> bytes:
    return await request.body()


# Stands before the transaction: a slow upload must not hold a connection.
Uploaded = Annotated[bytes, Depends(_uploaded)]


@router.put(ONE + "/lock")
async def lock_postmortem(
    postmortem_id: UUID,
    body: PostmortemLockIn,
    actor: CurrentActor,
    tx: RequestTx,
    base_url: BaseUrl,
    now: Now,
) -> PostmortemDetail:
    """Write alone for a minute, and for one more with each save; 409 while somebody else does."""
    await editing.take_lock(tx, postmortem_id, actor, now, take_over=body.take_over)
    return await detail(tx, postmortem_id, actor, base_url, now)


@router.delete(ONE + "/lock", status_code=204)
async def unlock_postmortem(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Let others write."""
    await editing.release_lock(tx, postmortem_id, actor)


@router.put(ONE + "/content")
async def save_postmortem(
    postmortem_id: UUID,
    body: PostmortemContentIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> PostmortemSaved:
    """Save what was written on a version; 409 names who has the lock or has saved since."""
    number = await editing.save(
        tx, postmortem_id, body.based_on, body.content, actor, now
    )
    return PostmortemSaved(version=number, saved_at=now, locked_until=now + LOCK)


@router.put(ONE + "/incidents/{incident_id}")
async def link_postmortem_incident(
    postmortem_id: UUID,
    incident_id: UUID,
    actor: CurrentActor,
    tx: RequestTx,
    base_url: BaseUrl,
    now: Now,
) -> PostmortemDetail:
    """It is about this incident, too: its events join the timeline, its numbers count."""
    await editing.link(tx, postmortem_id, incident_id, actor, now)
    return await detail(tx, postmortem_id, actor, base_url, now)


@router.delete(ONE + "/incidents/{incident_id}")
async def unlink_postmortem_incident(
    postmortem_id: UUID,
    incident_id: UUID,
    actor: CurrentActor,
    tx: RequestTx,
    base_url: BaseUrl,
    now: Now,
) -> PostmortemDetail:
    """It is not about this one; what the timeline tells of it stays to be edited."""
    await editing.unlink(tx, postmortem_id, incident_id, actor)
    return await detail(tx, postmortem_id, actor, base_url, now)


@router.post(ONE + "/timeline")
async def refresh_postmortem_timeline(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx, base_url: BaseUrl, now: Now
) -> PostmortemDetail:
    """Fetch what has happened since, and count anew; what people wrote stays."""
    await editing.refresh(tx, postmortem_id, actor, now)
    return await detail(tx, postmortem_id, actor, base_url, now)


# -- versions ---------------------------------------------------------------------------


@router.get(ONE + "/versions")
async def list_postmortem_versions(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx
) -> list[PostmortemVersion]:
    """The versions that are kept, newest first."""
    found = await editing.list_versions(tx, postmortem_id, actor)
    return [_version(one) for one in found]


@router.get(VERSION)
async def get_postmortem_version(
    postmortem_id: UUID, number: int, actor: CurrentActor, tx: RequestTx
) -> PostmortemVersionDetail:
    """A version with what it holds."""
    version, content = await editing.get_version(tx, postmortem_id, number, actor)
    return PostmortemVersionDetail(
        **dict(_version(version)), content=contents.read(content)
    )


@router.post(VERSION + "/restoration")
async def restore_postmortem_version(
    postmortem_id: UUID,
    number: int,
    actor: CurrentActor,
    tx: RequestTx,
    base_url: BaseUrl,
    now: Now,
) -> PostmortemDetail:
    """Make the newest version of an earlier one; nothing is lost by it."""
    await editing.restore(tx, postmortem_id, number, actor, now)
    return await detail(tx, postmortem_id, actor, base_url, now)


# -- images -----------------------------------------------------------------------------


@router.get(ONE + "/images")
async def list_postmortem_images(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx
) -> list[PostmortemImage]:
    """The images that were added, oldest first."""
    found = await images.list_images(tx, postmortem_id, actor)
    return [_image(one) for one in found]


@router.post(ONE + "/images", status_code=201, openapi_extra=UPLOAD)
async def add_postmortem_image(
    postmortem_id: UUID,
    content: Uploaded,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
    name: Annotated[str, Query(max_length=200)] = "image",
) -> PostmortemImage:
    """Add a PNG, JPEG or WebP file of at most 5 MB; the body is the file itself."""
    return _image(await images.add(tx, postmortem_id, name, content, actor, now))


@router.get(IMAGE, response_class=Response)
async def get_postmortem_image(
    postmortem_id: UUID, image_id: UUID, actor: CurrentActor, tx: RequestTx
) -> Response:
    """The image itself."""
    image, content = await images.read(tx, postmortem_id, image_id, actor)
    suffix = image.content_type.removeprefix("image/")
    return Response(
        content,
        media_type=image.content_type,
        headers={
            "Content-Security-Policy": ALONE,
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="{image.id}.{suffix}"',
            # it never changes, but who may see it does
            "Cache-Control": "private, max-age=300",
        },
    )


@router.delete(IMAGE, status_code=204)
async def delete_postmortem_image(
    postmortem_id: UUID, image_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Forget it; where the text still shows it, it is missing."""
    await images.remove(tx, postmortem_id, image_id, actor)


def _version(found: Version) -> PostmortemVersion:
    return PostmortemVersion(
        number=found.number,
        author=PostmortemRef(id=found.author_id, name=found.author_name),
        began_at=found.began_at,
        saved_at=found.saved_at,
        note=found.note,
    )


def _image(found: Image) -> PostmortemImage:
    return PostmortemImage(
        id=found.id,
        name=found.name,
        content_type=found.content_type,
        size=found.size,
        url=f"/v1/postmortems/{found.postmortem_id}/images/{found.id}",
        added_at=found.added_at,
    )

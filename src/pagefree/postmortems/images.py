"""Images in postmortems: kept in the database, shown to whoever may see the postmortem."""

from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.errors import Invalid, NotFound
from pagefree.core.postmortems import PostmortemState, require_editable
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.postmortems import image_queries
from pagefree.postmortems.image_queries import Image
from pagefree.postmortems.service import get, locked

MOST_BYTES = 5 * 1024 * 1024
MOST_IMAGES = 50
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
RIFF, WEBP = b"RIFF", b"WEBP"  # the size of the file stands between


def content_type(content: bytes) -> str:
    """What it is by its first bytes, whatever it is called. Raises Invalid.

    No SVG: it can hold scripts.
    """
    if content.startswith(PNG):
        return "image/png"
    if content.startswith(JPEG):
        return "image/jpeg"
    if content[:4] == RIFF and content[8:12] == WEBP:
        return "image/webp"
    raise Invalid("an image is a PNG, a JPEG or a WebP file")


async def add(
    tx: Tx, postmortem_id: UUID, name: str, content: bytes, actor: Actor, now: datetime
) -> Image:
    """Keep an image. Raises Invalid."""
    found = await locked(tx, postmortem_id, actor)
    require_editable(PostmortemState(found.state))
    if len(content) > MOST_BYTES:
        raise Invalid("an image has at most 5 MB")
    kind = content_type(content)
    if len(await image_queries.list_images(tx, postmortem_id)) >= MOST_IMAGES:
        raise Invalid(f"a postmortem has at most {MOST_IMAGES} images")
    image = Image(new_id(), postmortem_id, name, kind, len(content), now)
    await image_queries.insert_image(
        tx,
        {
            "id": image.id,
            "postmortem_id": postmortem_id,
            "name": name,
            "content_type": kind,
            "size": len(content),
            "content": content,
            "added_by_id": actor.user_id,
            "added_at": now,
        },
    )
    return image


async def list_images(tx: Tx, postmortem_id: UUID, actor: Actor) -> list[Image]:
    """Those of a postmortem that the actor may see."""
    await get(tx, postmortem_id, actor)
    return await image_queries.list_images(tx, postmortem_id)


async def read(
    tx: Tx, postmortem_id: UUID, image_id: UUID, actor: Actor
) -> tuple[Image, bytes]:
    """One with its bytes. Raises NotFound."""
    await get(tx, postmortem_id, actor)
    found = await image_queries.get_image(tx, postmortem_id, image_id)
    if found is None:
        raise NotFound("there is no such image")
    return found


async def remove(tx: Tx, postmortem_id: UUID, image_id: UUID, actor: Actor) -> None:
    """Forget it; where the text still shows it, it is missing."""
    found = await locked(tx, postmortem_id, actor)
    require_editable(PostmortemState(found.state))
    if not await image_queries.has_image(tx, postmortem_id, image_id):
        raise NotFound("there is no such image")
    await image_queries.delete_image(tx, postmortem_id, image_id)

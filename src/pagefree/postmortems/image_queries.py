"""Every statement on the images of postmortems."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select

from pagefree.infra.db import Tx
from pagefree.tables.postmortems import postmortem_images

_I = postmortem_images.c
_TOLD = (_I.id, _I.postmortem_id, _I.name, _I.content_type, _I.size, _I.added_at)


@dataclass(frozen=True, slots=True)
class Image:
    """An image, but for its bytes."""

    id: UUID
    postmortem_id: UUID
    name: str
    content_type: str
    size: int
    added_at: datetime


async def list_images(tx: Tx, postmortem_id: UUID) -> list[Image]:
    """In the order in which they were added."""
    mine = _I.postmortem_id == postmortem_id
    rows = await tx.execute(select(*_TOLD).where(mine).order_by(_I.id))
    return [Image(*row) for row in rows]


async def get_image(
    tx: Tx, postmortem_id: UUID, image_id: UUID
) -> tuple[Image, bytes] | None:
    """One of a postmortem, with its bytes."""
    mine = _I.postmortem_id == postmortem_id, _I.id == image_id
    row = (await tx.execute(select(*_TOLD, _I.content).where(*mine))).first()
    return None if row is None else (Image(*row[:-1]), row.content)


async def has_image(tx: Tx, postmortem_id: UUID, image_id: UUID) -> bool:
    """Whether the postmortem has it."""
    mine = _I.postmortem_id == postmortem_id, _I.id == image_id
    return await tx.scalar(select(_I.id).where(*mine)) is not None


async def insert_image(tx: Tx, values: Mapping[str, object]) -> None:
    """Add an image; `values` by column."""
    await tx.execute(insert(postmortem_images).values(**values))


async def delete_image(tx: Tx, postmortem_id: UUID, image_id: UUID) -> None:
    """Forget it."""
    mine = _I.postmortem_id == postmortem_id, _I.id == image_id
    await tx.execute(delete(postmortem_images).where(*mine))

"""Every statement on the templates that people have written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update

from pagefree.infra.db import Tx
from pagefree.tables.postmortems import postmortem_templates

_T = postmortem_templates.c
_TOLD = (_T.id, _T.team_id, _T.name, _T.body, _T.updated_at)


@dataclass(frozen=True, slots=True)
class Template:
    """What a postmortem begins as."""

    id: UUID
    team_id: UUID | None  # none: of all
    name: str
    body: str  # Markdown
    updated_at: datetime


async def list_templates(tx: Tx, team_id: UUID | None) -> list[Template]:
    """Those that everybody and, if one is given, this team may use; by name."""
    usable = or_(_T.team_id.is_(None), _T.team_id == team_id)
    rows = await tx.execute(select(*_TOLD).where(usable).order_by(_T.name, _T.id))
    return [Template(*row) for row in rows]


async def get_template(tx: Tx, template_id: UUID) -> Template | None:
    """One of them."""
    row = (await tx.execute(select(*_TOLD).where(_T.id == template_id))).first()
    return None if row is None else Template(*row)


async def is_taken(
    tx: Tx, team_id: UUID | None, name: str, except_id: UUID | None
) -> bool:
    """Whether another template of the team, or of all, has this name."""
    same = _T.team_id.is_not_distinct_from(team_id), _T.name == name
    query = select(_T.id).where(*same, _T.id.is_distinct_from(except_id))
    return await tx.scalar(query) is not None


async def insert_template(tx: Tx, values: Mapping[str, object]) -> None:
    """Add one; `values` by column."""
    await tx.execute(insert(postmortem_templates).values(**values))


async def update_template(
    tx: Tx, template_id: UUID, values: Mapping[str, object]
) -> None:
    """Change the columns in `values`."""
    mine = _T.id == template_id
    await tx.execute(update(postmortem_templates).where(mine).values(**values))


async def delete_template(tx: Tx, template_id: UUID) -> None:
    """Forget it; what was begun from it stays."""
    await tx.execute(delete(postmortem_templates).where(_T.id == template_id))

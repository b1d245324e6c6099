"""Templates of postmortems: three that come with PageFree, and those of teams."""

from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.postmortems import template_queries
from pagefree.postmortems.builtin import BUILTIN
from pagefree.postmortems.template_queries import Template


async def body_of(tx: Tx, key: str) -> str:
    """The text that a template's key stands for: a name of ours, or an id. Raises Invalid."""
    if key in BUILTIN:
        return BUILTIN[key].body
    try:
        found = await template_queries.get_template(tx, UUID(key))
    except ValueError:
        found = None
    if found is None:
        raise Invalid("there is no such template")
    return found.body


async def list_templates(tx: Tx, team_id: UUID | None, actor: Actor) -> list[Template]:
    """Those that people have written for all or for this team."""
    require(actor, Can.SEE, team_id)
    return await template_queries.list_templates(tx, team_id)


async def create(
    tx: Tx, team_id: UUID | None, name: str, body: str, actor: Actor, now: datetime
) -> UUID:
    """Add a template of the team; without one it is for all."""
    await _require_writer(tx, team_id, actor)
    await _require_free(tx, team_id, name, None)
    template_id = new_id()
    await template_queries.insert_template(
        tx,
        {
            "id": template_id,
            "team_id": team_id,
            "name": name,
            "body": body,
            "updated_by_id": actor.user_id,
            "created_at": now,
            "updated_at": now,
        },
    )
    return template_id


async def change(
    tx: Tx, template_id: UUID, name: str, body: str, actor: Actor, now: datetime
) -> Template:
    """Write it anew; what was begun from it stays as it is."""
    found = await _get(tx, template_id, actor)
    await _require_free(tx, found.team_id, name, template_id)
    written = {"name": name, "body": body, "updated_by_id": actor.user_id}
    await template_queries.update_template(
        tx, template_id, {**written, "updated_at": now}
    )
    return await _get(tx, template_id, actor)


async def remove(tx: Tx, template_id: UUID, actor: Actor) -> None:
    """Take it away."""
    await _get(tx, template_id, actor)
    await template_queries.delete_template(tx, template_id)


async def _get(tx: Tx, template_id: UUID, actor: Actor) -> Template:
    found = await template_queries.get_template(tx, template_id)
    if found is None:
        raise NotFound("there is no such template")
    await _require_writer(tx, found.team_id, actor)
    return found


async def _require_writer(tx: Tx, team_id: UUID | None, actor: Actor) -> None:
    if team_id is None:
        require(actor, Can.ADMINISTER)
    else:
        await accounts.require_team(tx, team_id)
        require(actor, Can.EDIT_TEAM, team_id)


async def _require_free(
    tx: Tx, team_id: UUID | None, name: str, except_id: UUID | None
) -> None:
    if await template_queries.is_taken(tx, team_id, name, except_id):
        raise Conflict("another template has this name")

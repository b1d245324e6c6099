"""Undoing a change of a schedule: what was before holds again, by the rules of changing it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.errors import Conflict
from pagefree.infra.db import Tx
from pagefree.schedules import editing, queries, service
from pagefree.schedules.plans import Draft, Schedule, Version

EVER = datetime.min.replace(tzinfo=UTC)


async def undo(
    tx: Tx, schedule_id: UUID, said: Mapping[str, object], actor: Actor, now: datetime
) -> None:
    """Let the former version hold again from now on; one that is ahead is called off.

    `said` is what was noted of the change. Raises Conflict if there is a newer one.
    """
    await queries.lock(tx, schedule_id)
    schedule = await service.get(tx, schedule_id, EVER)
    newest = schedule.versions[-1]
    if str(newest.id) != said.get("version_id"):
        raise Conflict("the schedule has been changed again since: change it by hand")
    if newest.from_at > now:
        await editing.delete_version(tx, schedule_id, newest.id, actor, now)
        return
    former = next(
        (one for one in schedule.versions if str(one.id) == said.get("former_id")), None
    )
    if former is None:
        raise Conflict("what was before is not kept any more: change it by hand")
    await editing.replace(tx, schedule_id, _draft(schedule, former, newest), actor, now)


async def rename(
    tx: Tx,
    schedule_id: UUID,
    values: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    """Set its name or description; who is on call stays as it is."""
    schedule = await service.get(tx, schedule_id, now)
    held = schedule.version(now)
    draft = _draft(schedule, held, held)
    name = str(values.get("name", draft.name))
    told = values.get("description", draft.description)
    described = None if told is None else str(told)
    draft = replace(draft, name=name, description=described)
    await editing.replace(tx, schedule_id, draft, actor, now)


def _draft(schedule: Schedule, version: Version, held: Version) -> Draft:
    """The version as somebody would want it; a layer that is gone by now is a new one."""
    kept = {layer.layer_id for layer in held.layers}
    return Draft(
        name=schedule.name,
        team_id=schedule.team_id,
        time_zone=version.time_zone,
        layers=tuple(
            replace(
                layer.new, layer_id=layer.layer_id if layer.layer_id in kept else None
            )
            for layer in version.layers
        ),
        description=schedule.description,
    )

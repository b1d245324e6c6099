"""Workflows as people make them: drafts, versions, switching on and off, who may do it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core import workflow_graphs
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, NotFound
from pagefree.core.workflow_graphs import Changes, Edge
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Tx
from pagefree.timeline.service import Entry, by, record
from pagefree.workflows import queries, secrets, timers
from pagefree.workflows.checking import Problem, problems, require_sound
from pagefree.workflows.content import WorkflowContent, is_trigger
from pagefree.workflows.queries import Hook, Version, Workflow
from pagefree.workflows.secrets import require_writer

HOOK_PREFIX = "pfw_"
SHOWN = 12  # characters of a key


@dataclass(frozen=True, slots=True)
class Draft:
    """What a workflow is made of besides its versions."""

    team_id: UUID | None
    name: str
    description: str = ""


async def list_workflows(
    tx: Tx, actor: Actor, team_id: UUID | None, before: UUID | None, limit: int
) -> list[Workflow]:
    """Newest first."""
    require(actor, Can.SEE)
    return await queries.list_workflows(tx, team_id, before, limit)


async def get(tx: Tx, actor: Actor, workflow_id: UUID) -> Workflow:
    """One workflow. Raises NotFound."""
    require(actor, Can.SEE)
    found = await queries.get(tx, workflow_id)
    if found is None:
        raise NotFound("there is no such workflow")
    return found


async def writable(tx: Tx, actor: Actor, workflow_id: UUID) -> Workflow:
    """One workflow that the actor may change. Raises NotFound and Forbidden."""
    found = await get(tx, actor, workflow_id)
    require_writer(actor, found.team_id)
    return found


async def create(
    tx: Tx,
    actor: Actor,
    draft: Draft,
    content: WorkflowContent,
    note: str,
    now: datetime,
) -> Workflow:
    """A new workflow, switched off, with its first version."""
    require_writer(actor, draft.team_id)
    require_sound(content, await secrets.names(tx, draft.team_id))
    values = {
        "team_id": draft.team_id,
        "name": draft.name,
        "description": draft.description,
    }
    workflow_id = await queries.insert_workflow(tx, values, actor.user_id, now)
    await _add_version(tx, workflow_id, content, note, actor, now)
    await _tell(tx, actor, workflow_id, "created", now)
    return await get(tx, actor, workflow_id)


async def save(
    tx: Tx,
    actor: Actor,
    workflow_id: UUID,
    content: WorkflowContent,
    note: str,
    now: datetime,
) -> Workflow:
    """A new version, which new runs take; runs that are going on keep theirs."""
    workflow = await writable(tx, actor, workflow_id)
    require_sound(content, await secrets.names(tx, workflow.team_id))
    await queries.lock(tx, workflow_id)
    await _add_version(tx, workflow_id, content, note, actor, now)
    await timers.set_schedules(tx, workflow_id, now)
    await _tell(tx, actor, workflow_id, "saved", now)
    return await get(tx, actor, workflow_id)


async def roll_back(
    tx: Tx, actor: Actor, workflow_id: UUID, number: int, now: datetime
) -> Workflow:
    """A new version that is like an older one: history only grows."""
    content = await read_content(tx, actor, workflow_id, number)
    note = f"back to version {number}"
    return await save(tx, actor, workflow_id, content, note, now)


async def change(
    tx: Tx,
    actor: Actor,
    workflow_id: UUID,
    values: Mapping[str, object],
    now: datetime,
) -> Workflow:
    """Change name, description, or whether events start it."""
    before = await writable(tx, actor, workflow_id)
    if values.get("enabled") is True and not before.enabled:
        number = before.version_number or 0
        content = await read_content(tx, actor, workflow_id, number)
        require_sound(content, await secrets.names(tx, before.team_id))
    await queries.update_workflow(tx, workflow_id, values, now)
    if "enabled" in values and values["enabled"] != before.enabled:
        await timers.set_schedules(tx, workflow_id, now)
        what = "enabled" if values["enabled"] else "disabled"
        await _tell(tx, actor, workflow_id, what, now)
    return await get(tx, actor, workflow_id)


async def archive(tx: Tx, actor: Actor, workflow_id: UUID, now: datetime) -> None:
    """Out of every list, and started by nothing; its runs can still be looked at."""
    await writable(tx, actor, workflow_id)
    await _tell(tx, actor, workflow_id, "archived", now)
    values = {"enabled": False, "archived_at": now}
    await queries.update_workflow(tx, workflow_id, values, now)
    await timers.set_schedules(tx, workflow_id, now)


async def _add_version(
    tx: Tx,
    workflow_id: UUID,
    content: WorkflowContent,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    data = content.model_dump(mode="json")
    version_id, _ = await queries.insert_version(
        tx, workflow_id, data, note, actor.user_id, now
    )
    triggers = sorted({node.type for node in content.nodes if is_trigger(node)})
    values = {"version_id": version_id, "triggers": triggers}
    await queries.update_workflow(tx, workflow_id, values, now)


async def _tell(
    tx: Tx, actor: Actor, workflow_id: UUID, what: str, now: datetime
) -> None:
    workflow = await get(tx, actor, workflow_id)
    named = {"id": str(workflow.id), "name": workflow.name}
    entry = Entry(
        f"workflow.{what}", by(actor), None, workflow.team_id, {"workflow": named}
    )
    await record(tx, [entry], now)


# -- versions -----------------------------------------------------------------------


async def list_versions(
    tx: Tx, actor: Actor, workflow_id: UUID, before: UUID | None, limit: int
) -> list[Version]:
    """Newest first."""
    await get(tx, actor, workflow_id)
    return await queries.list_versions(tx, workflow_id, before, limit)


async def read_content(
    tx: Tx, actor: Actor, workflow_id: UUID, number: int
) -> WorkflowContent:
    """The graph of one version. Raises NotFound."""
    await get(tx, actor, workflow_id)
    text = await queries.get_content(tx, workflow_id, number)
    if text is None:
        raise NotFound("there is no such version")
    return WorkflowContent.model_validate_json(text)


async def newest(tx: Tx, workflow_id: UUID) -> object:
    """The newest graph as plain JSON, if there is such a workflow."""
    found = await queries.get(tx, workflow_id)
    number = found.version_number if found else None
    text = await queries.get_content(tx, workflow_id, number or 0)
    return json.loads(text) if text else None


async def compare(
    tx: Tx, actor: Actor, workflow_id: UUID, before: int, after: int
) -> Changes:
    """What the later version has that the earlier has not."""
    old = await read_content(tx, actor, workflow_id, before)
    new = await read_content(tx, actor, workflow_id, after)
    return workflow_graphs.changes(_nodes(old), _nodes(new), _edges(old), _edges(new))


def _nodes(content: WorkflowContent) -> dict[str, object]:
    # where a node is drawn is no change
    return {n.id: n.model_dump(exclude={"position"}) for n in content.nodes}


def _edges(content: WorkflowContent) -> list[Edge]:
    return [Edge(e.source, e.target, e.port) for e in content.edges]


async def check(
    tx: Tx, actor: Actor, team_id: UUID | None, content: WorkflowContent
) -> list[Problem]:
    """What keeps a graph from being saved; nothing if it can be."""
    require(actor, Can.SEE)
    return problems(content, await secrets.names(tx, team_id))


# -- addresses -----------------------------------------------------------------------


async def add_hook(
    tx: Tx, actor: Actor, workflow_id: UUID, now: datetime
) -> tuple[Hook, str]:
    """One more address that starts it, and its key, which is shown only now."""
    workflow = await writable(tx, actor, workflow_id)
    if "webhook" not in workflow.triggers:
        raise Conflict("no webhook starts this workflow: add such a trigger first")
    key = new_token(HOOK_PREFIX)
    shown = key[:SHOWN]
    hook = await queries.insert_hook(
        tx, workflow_id, shown, token_hash(key), actor.user_id, now
    )
    return hook, key


async def list_hooks(tx: Tx, actor: Actor, workflow_id: UUID) -> list[Hook]:
    """The addresses that start it."""
    await writable(tx, actor, workflow_id)
    return await queries.list_hooks(tx, workflow_id)


async def remove_hook(tx: Tx, actor: Actor, workflow_id: UUID, hook_id: UUID) -> None:
    """The address starts nothing any more."""
    await writable(tx, actor, workflow_id)
    await queries.delete_hook(tx, workflow_id, hook_id)

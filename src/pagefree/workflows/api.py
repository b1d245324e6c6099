"""Routes of workflows: making them, their versions, secrets, the library, dry runs."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from pagefree.actions import all_actions, readme
from pagefree.core.access import Can, require
from pagefree.core.errors import Invalid
from pagefree.core.workflow_graphs import FAILED, PORTS, NodeKind
from pagefree.infra import curtain
from pagefree.infra.db import Tx
from pagefree.infra.web import (
    BaseUrl,
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    SecretVault,
    decode_cursor,
    next_cursor,
)
from pagefree.workflows import runs, secrets, service, trying, yaml_files
from pagefree.workflows.facts import CONDITIONS, VARIABLES
from pagefree.workflows.forms import OTHERS, TRIGGERS, NodeType
from pagefree.workflows.service import Draft
from pagefree.workflows.shapes import (
    NewWorkflowHook,
    WorkflowChanges,
    WorkflowCheckIn,
    WorkflowCheckOut,
    WorkflowComparison,
    WorkflowEdgeChange,
    WorkflowFailures,
    WorkflowFileOut,
    WorkflowHookOut,
    WorkflowIn,
    WorkflowNodeType,
    WorkflowOut,
    WorkflowProblem,
    WorkflowSecretIn,
    WorkflowSecretOut,
    WorkflowStatistics,
    WorkflowTemplateOut,
    WorkflowTrialIn,
    WorkflowTrialOut,
    WorkflowTriedStep,
    WorkflowVersionDetail,
    WorkflowVersionIn,
    WorkflowVersionOut,
    WorkflowVocabulary,
    WorkflowYaml,
)
from pagefree.workflows.trying import Trial

router = APIRouter(prefix="/v1", tags=["workflows"])

SecretNamed = Annotated[str, Path(max_length=64)]
Number = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/workflows")
async def list_workflows(
    tx: RequestTx,
    actor: CurrentActor,
    team_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[WorkflowOut]:
    """Workflows, the newest first."""
    before = decode_cursor(cursor)
    found = await service.list_workflows(tx, actor, team_id, before, limit)
    items = [WorkflowOut.of(one) for one in found]
    return Page(items=items, next_cursor=next_cursor(found, limit, lambda one: one.id))


@router.post("/workflows", status_code=201)
async def create_workflow(
    body: WorkflowIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> WorkflowOut:
    """Make a workflow; it begins switched off."""
    draft = Draft(body.team_id, body.name, body.description)
    made = await service.create(tx, actor, draft, body.content, body.note, now)
    return WorkflowOut.of(made)


@router.get("/workflows/{workflow_id}")
async def get_workflow(
    workflow_id: UUID, tx: RequestTx, actor: CurrentActor
) -> WorkflowOut:
    """One workflow."""
    return WorkflowOut.of(await service.get(tx, actor, workflow_id))


@router.patch("/workflows/{workflow_id}")
async def change_workflow(
    workflow_id: UUID,
    body: WorkflowChanges,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> WorkflowOut:
    """Change name or description, switch it on or off."""
    given = body.model_dump(exclude_unset=True)
    values = {name: value for name, value in given.items() if value is not None}
    return WorkflowOut.of(await service.change(tx, actor, workflow_id, values, now))


@router.delete("/workflows/{workflow_id}", status_code=204)
async def delete_workflow(
    workflow_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Start it never again; runs that were can still be looked at."""
    await service.archive(tx, actor, workflow_id, now)


# -- versions -----------------------------------------------------------------------


@router.get("/workflows/{workflow_id}/versions")
async def list_workflow_versions(
    workflow_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[WorkflowVersionOut]:
    """Its versions, the newest first."""
    before = decode_cursor(cursor)
    found = await service.list_versions(tx, actor, workflow_id, before, limit)
    items = [WorkflowVersionOut.of(one) for one in found]
    return Page(items=items, next_cursor=next_cursor(found, limit, lambda one: one.id))


async def _newest(tx: Tx, path: Mapping[str, str], _: object) -> object:
    """What the newest version names may be named by the next, even if it is not seen."""
    return await service.newest(tx, UUID(path["workflow_id"]))


@router.post("/workflows/{workflow_id}/versions", status_code=201)
@curtain.keeps(_newest)
async def save_workflow_version(
    workflow_id: UUID,
    body: WorkflowVersionIn,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> WorkflowOut:
    """Save a graph, or go back to an older one. Runs that are going on keep theirs."""
    if (body.content is None) == (body.back_to is None):
        raise Invalid("give a graph, or the number of a version to go back to")
    if body.content is None:
        number = body.back_to or 0
        saved = await service.roll_back(tx, actor, workflow_id, number, now)
    else:
        saved = await service.save(tx, actor, workflow_id, body.content, body.note, now)
    return WorkflowOut.of(saved)


@router.get("/workflows/{workflow_id}/versions/{number}")
async def get_workflow_version(
    workflow_id: UUID, number: int, tx: RequestTx, actor: CurrentActor
) -> WorkflowVersionDetail:
    """The graph of one version."""
    content = await service.read_content(tx, actor, workflow_id, number)
    return WorkflowVersionDetail(number=number, content=content)


@router.get("/workflows/{workflow_id}/comparison")
async def compare_workflow_versions(
    workflow_id: UUID,
    before: Number,
    after: Number,
    tx: RequestTx,
    actor: CurrentActor,
) -> WorkflowComparison:
    """How two versions differ."""
    found = await service.compare(tx, actor, workflow_id, before, after)
    return WorkflowComparison(
        added=list(found.added),
        removed=list(found.removed),
        changed=list(found.changed),
        edges_added=[WorkflowEdgeChange.model_validate(e) for e in found.edges_added],
        edges_removed=[
            WorkflowEdgeChange.model_validate(e) for e in found.edges_removed
        ],
    )


@router.get("/workflows/{workflow_id}/statistics")
async def get_workflow_statistics(
    workflow_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> WorkflowStatistics:
    """How its runs of the last 30 days went."""
    found = await runs.statistics(tx, actor, workflow_id, now)
    return WorkflowStatistics(
        by_status=dict(found.by_status),
        median_s=found.median_s,
        failing=[WorkflowFailures(node=n, count=c) for n, c in found.failing],
    )


@router.get("/workflows/{workflow_id}/file")
async def export_workflow(
    workflow_id: UUID, tx: RequestTx, actor: CurrentActor
) -> WorkflowYaml:
    """The newest version as a YAML file."""
    found = await service.get(tx, actor, workflow_id)
    number = found.version_number or 0
    content = await service.read_content(tx, actor, workflow_id, number)
    return WorkflowYaml(
        yaml=yaml_files.exported(found.name, found.description, content)
    )


# -- before saving ----------------------------------------------------------------------


@router.post("/workflow-checks")
@curtain.keeps(curtain.within("content"))
async def check_workflow(
    body: WorkflowCheckIn, tx: RequestTx, actor: CurrentActor
) -> WorkflowCheckOut:
    """What is wrong with a graph; nothing is saved."""
    found = await service.check(tx, actor, body.team_id, body.content)
    return WorkflowCheckOut(
        problems=[WorkflowProblem.model_validate(one) for one in found]
    )


@router.post("/workflow-trials")
@curtain.keeps(curtain.within("content"))
async def try_workflow(
    body: WorkflowTrialIn,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> WorkflowTrialOut:
    """What a graph would do for an incident of the past: nothing is sent."""
    trial = Trial(
        body.content,
        body.team_id,
        body.trigger,
        body.incident_id,
        body.outputs,
        body.ports,
    )
    found = await trying.dry_run(tx, actor, trial, base_url, now)
    return WorkflowTrialOut(
        steps=[WorkflowTriedStep.model_validate(one) for one in found]
    )


@router.post("/workflow-files")
async def read_workflow_file(
    body: WorkflowYaml, actor: CurrentActor
) -> WorkflowFileOut:
    """What a YAML file holds; nothing is saved."""
    require(actor, Can.SEE)
    file = yaml_files.imported(body.yaml)
    return WorkflowFileOut(
        name=file.name, description=file.description, content=file.workflow
    )


@router.get("/workflow-templates")
async def list_workflow_templates(actor: CurrentActor) -> list[WorkflowTemplateOut]:
    """The library: workflows to begin with."""
    require(actor, Can.SEE)
    return [WorkflowTemplateOut.model_validate(one) for one in yaml_files.library()]


@router.get("/workflow-vocabulary")
async def get_workflow_vocabulary(actor: CurrentActor) -> WorkflowVocabulary:
    """The kinds of nodes with their forms, and what templates and conditions may name."""
    require(actor, Can.SEE)
    actions = [
        WorkflowNodeType(
            kind=NodeKind.ACTION,
            type=kind,
            title=action.title,
            summary=action.summary,
            group=action.group,
            form=action.Config.model_json_schema(),
            ports=[*action.ports, FAILED],
            outputs=dict(action.outputs),
            needs_incident=action.needs_incident,
            readme=readme(kind),
        )
        for kind, action in all_actions().items()
    ]
    others = [_node_type(one) for one in (*TRIGGERS.values(), *OTHERS.values())]
    return WorkflowVocabulary(
        nodes=[*others, *actions],
        variables=dict(VARIABLES),
        condition_texts=sorted(CONDITIONS.texts),
        condition_maps=sorted(CONDITIONS.maps),
    )


def _node_type(one: NodeType) -> WorkflowNodeType:
    return WorkflowNodeType(
        kind=one.kind,
        type=one.name,
        title=one.title,
        summary=one.summary,
        group="triggers" if one.kind is NodeKind.TRIGGER else "flow",
        form=one.Form.model_json_schema(),
        ports=list(PORTS[one.kind]),
        outputs={},
        needs_incident=False,
        readme="",
    )


# -- addresses and secrets ----------------------------------------------------------------


@router.get("/workflows/{workflow_id}/hooks")
async def list_workflow_hooks(
    workflow_id: UUID, tx: RequestTx, actor: CurrentActor
) -> list[WorkflowHookOut]:
    """The addresses that start it."""
    found = await service.list_hooks(tx, actor, workflow_id)
    return [
        WorkflowHookOut(
            id=one.id, prefix=one.prefix, created_at=one.created_at, used_at=one.used_at
        )
        for one in found
    ]


@router.post("/workflows/{workflow_id}/hooks", status_code=201)
async def add_workflow_hook(
    workflow_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> NewWorkflowHook:
    """One more address that starts it; it is shown only now."""
    hook, key = await service.add_hook(tx, actor, workflow_id, now)
    return NewWorkflowHook(
        id=hook.id,
        prefix=hook.prefix,
        created_at=hook.created_at,
        used_at=None,
        url=f"{base_url}/v1/workflow-hooks/{key}",
    )


@router.delete("/workflows/{workflow_id}/hooks/{hook_id}", status_code=204)
async def delete_workflow_hook(
    workflow_id: UUID, hook_id: UUID, tx: RequestTx, actor: CurrentActor
) -> None:
    """The address starts nothing any more."""
    await service.remove_hook(tx, actor, workflow_id, hook_id)


@router.get("/workflow-secrets")
async def list_workflow_secrets(
    tx: RequestTx, actor: CurrentActor, team_id: UUID | None = None
) -> list[WorkflowSecretOut]:
    """The names of the secrets that workflows of a team, or of all, may use."""
    found = await secrets.list_secrets(tx, actor, team_id)
    return [
        WorkflowSecretOut(name=s.name, team_id=s.team_id, updated_at=s.updated_at)
        for s in found
    ]


@router.put("/workflow-secrets/{secret_name}", status_code=204)
async def put_workflow_secret(
    secret_name: SecretNamed,
    body: WorkflowSecretIn,
    tx: RequestTx,
    actor: CurrentActor,
    vault: SecretVault,
    now: Now,
) -> None:
    """Keep a secret; its value is never shown again."""
    secret = (body.team_id, secret_name, body.value)
    await secrets.put(tx, actor, secret, vault, now)


@router.delete("/workflow-secrets/{secret_name}", status_code=204)
async def delete_workflow_secret(
    secret_name: SecretNamed,
    tx: RequestTx,
    actor: CurrentActor,
    team_id: UUID | None = None,
) -> None:
    """Forget a secret."""
    await secrets.remove(tx, actor, team_id, secret_name)

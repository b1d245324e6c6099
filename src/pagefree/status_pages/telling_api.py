"""Routes of what is told: status incidents, updates, planned work, templates."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter

from pagefree.core.access import Can, require
from pagefree.infra.web import (
    BaseUrl,
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)
from pagefree.status_pages import service, telling, wording, works
from pagefree.status_pages.incident_queries import StatusIncident as Kept
from pagefree.status_pages.incident_queries import Template
from pagefree.status_pages.links import page_url
from pagefree.status_pages.telling import NewIncident, NewUpdate
from pagefree.status_pages.telling_shapes import (
    CorrectionIn,
    MaintenanceStatusIn,
    PlannedMaintenance,
    PlannedMaintenanceChanges,
    PlannedMaintenanceIn,
    ProposalIn,
    StatusIncident,
    StatusIncidentChanges,
    StatusIncidentIn,
    StatusProposal,
    StatusTemplate,
    StatusTemplateIn,
    StatusUpdate,
    StatusUpdateIn,
    WorkUpdateIn,
    seconds,
)
from pagefree.status_pages.work_queries import PlannedWork
from pagefree.status_pages.works import NewWork

router = APIRouter(prefix="/v1", tags=["status-pages"])
PAGE = "/status-pages/{page_id}"
INCIDENT = "/status-incidents/{status_incident_id}"
WORK = "/status-maintenances/{maintenance_id}"


# -- incidents ------------------------------------------------------------------------


@router.get(PAGE + "/incidents")
async def list_status_incidents(
    page_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[StatusIncident]:
    """What was told on a page and what is to be, newest first."""
    require(actor, Can.SEE)
    url = await _url(tx, page_id, base_url)
    rows = await telling.list_incidents(tx, page_id, decode_cursor(cursor), limit)
    return Page[StatusIncident](
        items=[_incident(row, url) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get("/incidents/{incident_id}/status-incidents")
async def list_status_incidents_of_incident(
    incident_id: UUID, tx: RequestTx, actor: CurrentActor, base_url: BaseUrl
) -> list[StatusIncident]:
    """What is told outside about an incident of ours, on all pages."""
    require(actor, Can.SEE)
    rows = await telling.list_about(tx, incident_id)
    return [_incident(row, await _url(tx, row.page_id, base_url)) for row in rows]


@router.post(PAGE + "/incidents", status_code=201)
async def create_status_incident(
    page_id: UUID,
    body: StatusIncidentIn,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> StatusIncident:
    """Tell about something new, at once or later."""
    new = NewIncident(
        name=body.name,
        update=_new_update(body.update),
        impact=body.impact,
        incident_id=body.incident_id,
        components=body.components,
        started_at=body.started_at,
    )
    made = await telling.open_incident(tx, page_id, new, actor, now)
    return _incident(made, await _url(tx, page_id, base_url))


@router.get(INCIDENT)
async def get_status_incident(
    status_incident_id: UUID, tx: RequestTx, actor: CurrentActor, base_url: BaseUrl
) -> StatusIncident:
    """One status incident with everything told about it, newest first."""
    require(actor, Can.SEE)
    found = await telling.get_incident(tx, status_incident_id)
    return _incident(found, await _url(tx, found.page_id, base_url))


@router.patch(INCIDENT)
async def change_status_incident(
    status_incident_id: UUID,
    body: StatusIncidentChanges,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> StatusIncident:
    """Rename it, choose its impact (null: as its components say), link the postmortem."""
    sent = body.model_dump(exclude_unset=True, exclude={"components"})
    changes = {k: v for k, v in sent.items() if k != "name" or v is not None}
    row = await telling.change_incident(
        tx, status_incident_id, changes, body.components, actor, now
    )
    return _incident(row, await _url(tx, row.page_id, base_url))


@router.delete(INCIDENT, status_code=204)
async def delete_status_incident(
    status_incident_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Take it off the page with all that was told about it."""
    await telling.delete_incident(tx, status_incident_id, actor, now)


@router.post(INCIDENT + "/updates", status_code=201)
async def create_status_update(
    status_incident_id: UUID,
    body: StatusUpdateIn,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> StatusIncident:
    """Tell more about an incident, at once or at `publish_at`."""
    new = _new_update(body)
    row = await telling.add_update(tx, status_incident_id, new, actor, now)
    return _incident(row, await _url(tx, row.page_id, base_url))


@router.patch("/status-updates/{update_id}")
async def correct_status_update(
    update_id: UUID, body: CorrectionIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> StatusUpdate:
    """Correct what was told, with a reason on record, or change and move what will be."""
    changes = body.model_dump(exclude={"reason"}, exclude_none=True)
    await telling.correct_update(tx, update_id, changes, body.reason, actor, now)
    return StatusUpdate.model_validate(_update(await telling.get_update(tx, update_id)))


@router.delete("/status-updates/{update_id}", status_code=204)
async def delete_status_update(
    update_id: UUID, tx: RequestTx, actor: CurrentActor
) -> None:
    """Not tell what is scheduled; what has been told can only be corrected."""
    await telling.call_off_update(tx, update_id, actor)


def _new_update(body: StatusUpdateIn | WorkUpdateIn) -> NewUpdate:
    return NewUpdate(
        status=body.status,
        body=body.body,
        told_to=body.told_to,
        quiet=body.quiet,
        components=body.components if isinstance(body, StatusUpdateIn) else None,
        publish_at=body.publish_at,
        display_at=body.display_at,
    )


# -- planned work -----------------------------------------------------------------------


@router.get(PAGE + "/maintenances")
async def list_status_maintenances(
    page_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PlannedMaintenance]:
    """Planned work of a page, the latest first; what is over too."""
    require(actor, Can.SEE)
    url = await _url(tx, page_id, base_url)
    rows = await works.list_works(tx, page_id, decode_cursor(cursor), limit)
    return Page[PlannedMaintenance](
        items=[_work(row, url) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.post(PAGE + "/maintenances", status_code=201)
async def create_status_maintenance(
    page_id: UUID,
    body: PlannedMaintenanceIn,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> PlannedMaintenance:
    """Announce work, once or in series (then the answer is the first time)."""
    values = body.model_dump(exclude={"remind_s"})
    new = NewWork(**values, remind=_length(body.remind_s))
    row = await works.plan(tx, page_id, new, actor, now)
    return _work(row, await _url(tx, page_id, base_url))


@router.get(WORK)
async def get_status_maintenance(
    maintenance_id: UUID, tx: RequestTx, actor: CurrentActor, base_url: BaseUrl
) -> PlannedMaintenance:
    """One maintenance window."""
    require(actor, Can.SEE)
    row = await works.get_work(tx, maintenance_id)
    return _work(row, await _url(tx, row.page_id, base_url))


@router.patch(WORK)
async def change_status_maintenance(
    maintenance_id: UUID,
    body: PlannedMaintenanceChanges,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> PlannedMaintenance:
    """Change planned work; of work under way the end may move."""
    sent = body.model_dump(exclude_unset=True)
    changes = {k: v for k, v in sent.items() if v is not None or k == "remind_s"}
    row = await works.change(tx, maintenance_id, changes, actor, now)
    return _work(row, await _url(tx, row.page_id, base_url))


@router.put(WORK + "/status")
async def put_status_maintenance_status(
    maintenance_id: UUID,
    body: MaintenanceStatusIn,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> PlannedMaintenance:
    """Begin, verify, finish or call off by hand."""
    row = await works.set_status(tx, maintenance_id, body.status, actor, now)
    return _work(row, await _url(tx, row.page_id, base_url))


@router.post(WORK + "/updates", status_code=201)
async def create_status_maintenance_update(
    maintenance_id: UUID,
    body: WorkUpdateIn,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> PlannedMaintenance:
    """Tell something about planned work."""
    row = await works.add_update(tx, maintenance_id, _new_update(body), actor, now)
    return _work(row, await _url(tx, row.page_id, base_url))


@router.delete("/maintenance-series/{series_id}", status_code=204)
async def delete_maintenance_series(
    series_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Announce nothing more of a series, and call off what has not begun."""
    await works.end_series(tx, series_id, actor, now)


def _length(remind_s: int | None) -> timedelta | None:
    return None if remind_s is None else timedelta(seconds=remind_s)


# -- templates --------------------------------------------------------------------------


@router.get(PAGE + "/templates")
async def list_status_templates(
    page_id: UUID, tx: RequestTx, actor: CurrentActor
) -> list[StatusTemplate]:
    """Words that are ready, by name."""
    require(actor, Can.SEE)
    return [_template(one) for one in await wording.list_templates(tx, page_id)]


@router.post(PAGE + "/templates", status_code=201)
async def create_status_template(
    page_id: UUID, body: StatusTemplateIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> StatusTemplate:
    """Keep words for later."""
    values = body.model_dump()
    return _template(await wording.create_template(tx, page_id, values, actor, now))


@router.put("/status-templates/{template_id}")
async def put_status_template(
    template_id: UUID, body: StatusTemplateIn, tx: RequestTx, actor: CurrentActor
) -> StatusTemplate:
    """Change the words."""
    values = body.model_dump()
    return _template(await wording.change_template(tx, template_id, values, actor))


@router.delete("/status-templates/{template_id}", status_code=204)
async def delete_status_template(
    template_id: UUID, tx: RequestTx, actor: CurrentActor
) -> None:
    """Forget the words."""
    await wording.delete_template(tx, template_id, actor)


@router.post(PAGE + "/proposal")
async def propose_status_incident(
    page_id: UUID, body: ProposalIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> StatusProposal:
    """The words of a template filled in, and the components that an incident touches."""
    require(actor, Can.SEE)
    words = wording.Asked()
    if body.template_id:
        kept = await wording.get_template(tx, body.template_id)
        words = wording.Asked(kept.title, kept.body, kept.status)
    asked = wording.Asked(
        body.title or words.title,
        body.body or words.body,
        body.status or words.status,
        body.incident_id,
        body.components,
    )
    return StatusProposal.model_validate(
        await wording.proposal(tx, page_id, asked, now)
    )


async def _url(tx: RequestTx, page_id: UUID, base_url: str) -> str:
    page = await service.get_page(tx, page_id)
    return page_url(page.slug, page.domain, base_url)


def _fields(shape: type[Shape], row: object, *left_out: str) -> dict[str, object]:
    names = shape.model_fields.keys() - set(left_out)
    return {name: getattr(row, name) for name in names}


def _incident(row: Kept, url: str) -> StatusIncident:
    kept = _fields(StatusIncident, row, "url", "updates")
    updates = [_update(one) for one in row.updates]
    return StatusIncident.model_validate(
        {**kept, "url": f"{url}/incidents/{row.id}", "updates": updates}
    )


def _work(row: PlannedWork, url: str) -> PlannedMaintenance:
    kept = _fields(PlannedMaintenance, row, "url", "remind_s", "updates")
    return PlannedMaintenance.model_validate(
        {
            **kept,
            "url": f"{url}/maintenance/{row.id}",
            "remind_s": seconds(row.remind),
            "updates": [_update(one) for one in row.updates],
        }
    )


def _update(row: object) -> dict[str, object]:
    return _fields(StatusUpdate, row)


def _template(row: Template) -> StatusTemplate:
    return StatusTemplate.model_validate(_fields(StatusTemplate, row))

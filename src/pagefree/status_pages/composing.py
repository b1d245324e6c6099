"""From what is known to what is published: states, the view, its rendering."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.accounts import channel_configs
from pagefree.core.status_pages import (
    OVER,
    UNDER_WAY,
    OpenIncident,
    Override,
    Situation,
    State,
    component_state,
)
from pagefree.core.status_views import (
    PUBLIC,
    Affected,
    ComponentView,
    GroupView,
    IncidentView,
    Look,
    PageView,
    Texts,
    ToldTo,
    UpdateView,
    WorkView,
    visible,
)
from pagefree.core.subscriptions import Way
from pagefree.core.uptime import day_bars, local_days
from pagefree.infra.cel import Condition, Unclear, compiled, context_of
from pagefree.infra.db import Tx
from pagefree.status_pages import (
    access_queries,
    incident_queries,
    listing,
    queries,
    service,
    situation_queries,
    snapshot_queries,
    wording,
    work_queries,
)
from pagefree.status_pages.incident_queries import StatusIncident
from pagefree.status_pages.links import page_url
from pagefree.status_pages.queries import Component, Page
from pagefree.status_pages.rendering.files import Picture, render
from pagefree.status_pages.snapshot_queries import Kept
from pagefree.status_pages.snapshots import Access, KeptToken, Snapshot, packed
from pagefree.status_pages.update_queries import Update
from pagefree.status_pages.work_queries import PlannedWork

DAYS = 90
REMEMBERED = timedelta(days=365)  # so long the history reaches back
MOST = 200  # incidents, works
AT_LEAST_EVERY = timedelta(hours=1)  # today's bar grows
WHILE_WRONG = timedelta(minutes=1)  # and then it matters


async def refresh_due(
    tx: Tx, base_url: str, now: datetime, *, mails: bool = True
) -> bool:
    """Render the page that has been due for longest; whether there was one.

    Locks its row until the transaction ends.
    """
    page_id = await snapshot_queries.claim_due(tx, now)
    if page_id is None:
        return False
    page = await service.get_page(tx, page_id)
    await refresh(tx, page, base_url, now, mails=mails)
    return True


async def refresh(
    tx: Tx, page: Page, base_url: str, now: datetime, *, mails: bool = True
) -> Snapshot:
    """Work the states out, render the page and keep it; `mails`: we can send some."""
    incidents = await incident_queries.list_published(
        tx, page.id, now - REMEMBERED, MOST
    )
    works = await work_queries.list_works_since(tx, page.id, now - REMEMBERED, MOST)
    await _work_states_out(tx, page, incidents, works, now)
    view = await _view(tx, page, incidents, works, base_url, now)
    view = replace(view, ways=await _ways(tx, mails=mails))
    pictures = await _pictures(tx, page)
    # off the loop: what pages people must not wait for templates
    files = await asyncio.to_thread(render, visible(view, PUBLIC), pictures)
    snapshot = Snapshot(
        page_id=page.id,
        slug=page.slug,
        domain=page.domain,
        version=page.version + 1,
        rendered_at=now,
        access=await _access(tx, page),
        view=view,
        pictures=pictures,
        files=files,
    )
    content = await asyncio.to_thread(packed, snapshot)
    ends = await listing.next_changes(tx, page.id, now)
    well = all(one.state is State.OPERATIONAL for one in view.components)
    due_at = min([now + (AT_LEAST_EVERY if well else WHILE_WRONG), *ends])
    kept = Kept(page.id, snapshot.version)
    await snapshot_queries.store(tx, kept, content, due_at, now)
    return snapshot


# -- states ---------------------------------------------------------------------------


async def _work_states_out(
    tx: Tx,
    page: Page,
    incidents: Sequence[StatusIncident],
    works: Sequence[PlannedWork],
    now: datetime,
) -> None:
    """Record every state that has changed."""
    components = await queries.list_components(tx, page.id)
    situation = Situation(
        await _open_incidents(tx, components),
        [
            {one.component_id: one.state for one in incident.components}
            for incident in incidents
            if _is_open(incident)
        ],
        frozenset(
            component.id
            for work in works
            if work.status in UNDER_WAY
            for component in work.components
        ),
    )
    for one in components:
        state = _state(one, page, situation, now)
        if state is not one.state:
            changes: dict[str, object] = {"state": state, "updated_at": now}
            await queries.update_row(tx, queries.COMPONENT, one.id, changes)
            await queries.start_state(tx, one.id, state, now)


def _is_open(incident: StatusIncident) -> bool:
    """Whether everyone was told of it, and not yet that it is over.

    What only partners were told must not show in the state of a component.
    """
    for update in _published(incident.updates):
        if update.told_to is ToldTo.EVERYONE:
            return update.status not in OVER
    return False


def _state(
    component: Component, page: Page, situation: Situation, now: datetime
) -> State:
    override = None
    if component.override_state:
        override = Override(component.override_state, component.override_until)
    return component_state(
        wording.core_component(component, page, override), situation, now
    )


async def _open_incidents(
    tx: Tx, components: Sequence[Component]
) -> list[OpenIncident]:
    """Open incidents of the services behind components, and those with an alert that a condition wants."""
    service_ids = {one for component in components for one in component.behind}
    conditions = {
        one.id: compiled(one.condition) for one in components if one.condition.strip()
    }
    wanted: dict[UUID, set[UUID]] = {}
    if conditions:
        wanted = await _wanted(tx, conditions)
    found = await situation_queries.list_open(tx, service_ids, list(wanted))
    return [
        OpenIncident(
            one.service_id,
            one.priority,
            one.severity,
            frozenset(wanted.get(incident_id, ())),
        )
        for incident_id, one in found.items()
    ]


async def _wanted(
    tx: Tx, conditions: Mapping[UUID, Condition]
) -> dict[UUID, set[UUID]]:
    """Components whose condition holds for an open alert, by incident."""
    found: dict[UUID, set[UUID]] = {}
    for alert in await situation_queries.list_alerts(tx):
        for component_id, condition in conditions.items():
            if _holds(condition, alert.facts):
                found.setdefault(alert.incident_id, set()).add(component_id)
    return found


def _holds(condition: Condition, facts: Mapping[str, object]) -> bool:
    try:
        return condition.holds(context_of(facts, [condition]))
    except (Unclear, KeyError):  # it asks for what alerts do not say
        return False


# -- the view ---------------------------------------------------------------------------


async def _view(
    tx: Tx,
    page: Page,
    incidents: Sequence[StatusIncident],
    works: Sequence[PlannedWork],
    base_url: str,
    now: datetime,
) -> PageView:
    components = await queries.list_components(tx, page.id)
    names = {one.id: one.name for one in components}
    groups = await queries.list_groups(tx, page.id)
    return PageView(
        id=page.id,
        url=page_url(page.slug, page.domain, base_url),
        texts=_texts(page),
        time_zone=page.time_zone,
        look=Look(page.colour, page.theme, page.has_logo, page.has_favicon),
        support_url=page.support_url,
        changed_at=page.changed_at,
        rendered_at=now,
        groups=tuple(
            GroupView(
                group.id,
                group.name,
                group.description,
                group.position,
                group.collapsed,
                group.created_at,
                group.updated_at,
            )
            for group in groups
        ),
        components=await _components(tx, page, components, now),
        incidents=tuple(
            _incident(one, names) for one in incidents if _published(one.updates)
        ),
        works=tuple(_work(one, names) for one in works),
    )


def _texts(page: Page) -> tuple[Texts, ...]:
    found = []
    for language in page.languages:
        own = page.translations.get(language, {})
        found.append(
            Texts(
                language,
                own.get("name") or page.name,
                own.get("description") or page.description,
                own.get("footer") or page.footer,
            )
        )
    return tuple(found)


async def _components(
    tx: Tx, page: Page, components: Sequence[Component], now: datetime
) -> tuple[ComponentView, ...]:
    days = local_days(ZoneInfo(page.time_zone), DAYS, now)
    since = days[0][1].start
    recorded = await situation_queries.list_states(tx, page.id, since, now)
    return tuple(
        ComponentView(
            id=one.id,
            group_id=one.group_id,
            name=one.name,
            description=one.description,
            position=place,
            state=one.state,
            showcase=one.showcase,
            only_show_if_degraded=one.only_show_if_degraded,
            started_on=one.started_on,
            created_at=one.created_at,
            updated_at=one.updated_at,
            days=day_bars(recorded.get(one.id, ()), days) if page.uptime_shown else (),
        )
        for place, one in enumerate(components, 1)
    )


def _incident(incident: StatusIncident, names: Mapping[UUID, str]) -> IncidentView:
    return IncidentView(
        id=incident.id,
        name=incident.name,
        chosen_impact=incident.chosen_impact,
        postmortem_url=incident.postmortem_url,
        affected=tuple(
            Affected(one.component_id, one.name, one.state)
            for one in incident.components
        ),
        updates=tuple(_update(one, names) for one in _published(incident.updates)),
        started_at=incident.started_at,
        created_at=incident.created_at,
    )


def _work(work: PlannedWork, names: Mapping[UUID, str]) -> WorkView:
    return WorkView(
        id=work.id,
        name=work.name,
        body=work.body,
        status=work.status,
        affected=tuple(
            Affected(one.id, one.name, State.UNDER_MAINTENANCE)
            for one in work.components
        ),
        updates=tuple(_update(one, names) for one in _published(work.updates)),
        scheduled_for=work.scheduled_for,
        scheduled_until=work.scheduled_until,
        started_at=work.started_at,
        completed_at=work.completed_at,
        sequence=work.sequence,
        created_at=work.created_at,
        updated_at=work.updated_at,
    )


def _update(update: Update, names: Mapping[UUID, str]) -> UpdateView:
    return UpdateView(
        id=update.id,
        status=update.status,
        body=update.body,
        told_to=update.told_to,
        quiet=update.quiet,
        affected=tuple(
            Affected(one, names[one], state)
            for one, state in update.components.items()
            if one in names
        ),
        created_at=update.created_at,
        updated_at=update.updated_at,
        display_at=update.display_at,
    )


def _published(updates: Sequence[Update]) -> list[Update]:
    return [one for one in updates if one.published_at is not None]


async def _ways(tx: Tx, *, mails: bool) -> tuple[str, ...]:
    """How somebody who follows the page can be told."""
    texts = Way.SMS in await channel_configs.standing(tx)
    possible = {Way.EMAIL: mails, Way.SMS: texts}
    return tuple(way.value for way in Way if possible.get(way, True))


async def _pictures(tx: Tx, page: Page) -> dict[str, Picture]:
    found = {}
    for which in sorted(queries.PICTURES):
        if picture := await queries.get_picture(tx, page.id, which):
            found[which] = Picture(*picture)
    return found


async def _access(tx: Tx, page: Page) -> Access:
    tokens = await access_queries.list_tokens(tx, page.id)
    hashed = await queries.get_password_hash(tx, page.id)
    return Access(
        public=page.visibility == "public",
        tokens=tuple(KeptToken(t.token_hash.hex(), t.expires_at) for t in tokens),
        password=sha256(hashed.encode()).hexdigest() if hashed else None,
        networks=page.networks,
        signed_in=page.signed_in,
        partners=page.partners,
    )

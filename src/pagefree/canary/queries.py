"""Every statement of the canary: what it owns, whose turn it is, and where its event is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Table,
    delete,
    desc,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree import __version__
from pagefree.core import canary as core
from pagefree.core.canary import Run
from pagefree.infra.db import Tx
from pagefree.infra.ids import first_id_of, new_id
from pagefree.tables.accounts import contact_methods, process_beats, teams, users
from pagefree.tables.alerts import alerts, inbound_requests
from pagefree.tables.canary import canary, canary_runs
from pagefree.tables.escalation import (
    escalation_policies,
    escalation_steps,
    escalation_targets,
    escalations,
)
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import (
    action_links,
    notification_rules,
    notifications,
)
from pagefree.tables.services import integrations, routing_keys, services
from pagefree.tables.timeline import events

ONE = "canary"  # there is one row
# an event that is lost must not be escalated to people before the next flight cleans up
NEVER = timedelta(days=3650)
SENT = ("accepted", "delivered")
EMAIL = "canary@pagefree.invalid"  # RFC 2606: nobody can have it


@dataclass(frozen=True, slots=True)
class Key:
    """A routing key as it is stored."""

    prefix: str
    token_hash: bytes
    sealed: bytes


async def due_at(tx: Tx) -> datetime | None:
    """When the next flight is due; none: the canary has not been set up."""
    found: datetime | None = await tx.scalar(select(canary.c.due_at))
    return found


async def insert(tx: Tx, sealed: bytes, due: datetime) -> bool:
    """Whether the canary is new, and the caller has to set it up."""
    row = upsert(canary).values(name=ONE, sealed=sealed, due_at=due)
    return (await tx.execute(row.on_conflict_do_nothing())).rowcount == 1


async def get_sealed(tx: Tx) -> bytes:
    """The sealed routing key."""
    found: bytes = (await tx.execute(select(canary.c.sealed))).scalar_one()
    return found


async def claim(tx: Tx, due: datetime, then: datetime) -> bool:
    """Whether this flight is the caller's: the one due at `due`, the next being `then`."""
    moved = update(canary).where(canary.c.due_at == due).values(due_at=then)
    return (await tx.execute(moved)).rowcount == 1


async def are_mixed(tx: Tx, since: datetime) -> bool:
    """Whether a process that was heard of since then runs another release than this one."""
    c = process_beats.c
    other = select(c.name).where(c.beat_at > since, c.version != __version__)
    return await tx.scalar(other.limit(1)) is not None


async def set_up(tx: Tx, key: Key, now: datetime) -> None:
    """Put in place what is missing of all that it owns, and use this key from now on."""
    for table, values in _belongings():
        made = {"created_at": now} if "created_at" in table.c else {}
        await tx.execute(upsert(table).values(values | made).on_conflict_do_nothing())
    of_key = {"prefix": key.prefix, "token_hash": key.token_hash}
    row = upsert(routing_keys).values(
        id=core.KEY_ID, integration_id=core.INTEGRATION_ID, created_at=now, **of_key
    )
    await tx.execute(row.on_conflict_do_update(index_elements=["id"], set_=of_key))
    await tx.execute(update(canary).values(sealed=key.sealed))


def _belongings() -> list[tuple[Table, dict[str, object]]]:
    user, team = {"user_id": core.USER_ID}, {"team_id": core.TEAM_ID}
    named = {"name": core.NAME}
    account = {"email": EMAIL, "service_account": True}
    in_app = {"channel": "in_app", "label": "Sink", "address": {}}
    rule = {"urgency": "high", "delay": timedelta()}
    step = {"position": 0, "timeout": NEVER}
    target = {"position": 0, "kind": "user", "target_id": core.USER_ID}
    method = {"contact_method_id": core.METHOD_ID}
    policy = {"policy_id": core.POLICY_ID}
    paging = {"escalation_policy_id": core.POLICY_ID}
    of_service = {"service_id": core.SERVICE_ID, "kind": "generic"}
    return [
        (users, {"id": core.USER_ID, **named, **account}),
        (teams, {"id": core.TEAM_ID, **named}),
        (contact_methods, {"id": core.METHOD_ID, **user, **in_app}),
        (notification_rules, {"id": core.RULE_ID, **user, **rule, **method}),
        (escalation_policies, {"id": core.POLICY_ID, **team, **named}),
        (escalation_steps, {"id": core.STEP_ID, **policy, **step}),
        (
            escalation_targets,
            {"id": core.TARGET_ID, "step_id": core.STEP_ID, **target},
        ),
        (services, {"id": core.SERVICE_ID, **team, **named, **paging}),
        (integrations, {"id": core.INTEGRATION_ID, **named, **of_service}),
    ]


# -- where the event is ------------------------------------------------------------


async def incident_of(tx: Tx, dedup_key: str) -> UUID | None:
    """The incident that the event with this key has opened."""
    found: UUID | None = await tx.scalar(
        select(alerts.c.incident_id).where(
            alerts.c.integration_id == core.INTEGRATION_ID,
            alerts.c.dedup_key == dedup_key,
            alerts.c.incident_id.is_not(None),
        )
    )
    return found


async def has_been_sent(tx: Tx, incident_id: UUID) -> bool:
    """Whether the canary's person has been told of the incident."""
    query = select(notifications.c.id).where(
        notifications.c.incident_id == incident_id,
        notifications.c.user_id == core.USER_ID,
        notifications.c.status.in_(SENT),
    )
    return await tx.scalar(query.limit(1)) is not None


async def is_over(tx: Tx, incident_id: UUID) -> bool:
    """Whether the incident is resolved, and nothing of it is due any more."""
    query = (
        select(incidents.c.id)
        .outerjoin(escalations, escalations.c.incident_id == incidents.c.id)
        .where(
            incidents.c.id == incident_id,
            incidents.c.status == "resolved",
            escalations.c.due_at.is_(None),
        )
    )
    return await tx.scalar(query) is not None


async def list_left_open(tx: Tx) -> list[UUID]:
    """Incidents of flights that did not come back."""
    query = select(incidents.c.id).where(
        incidents.c.service_id == core.SERVICE_ID, incidents.c.status != "resolved"
    )
    return list(await tx.scalars(query))


# -- how flights ended -------------------------------------------------------------


async def insert_run(tx: Tx, run: Run) -> None:
    """Keep how a flight ended."""
    row = {"id": new_id(), "started_at": run.started_at, "why": run.why}
    seconds = run.took.total_seconds()
    await tx.execute(upsert(canary_runs).values(seconds=seconds, **row))


async def list_runs(tx: Tx, limit: int) -> list[Run]:
    """The latest flights, newest first."""
    query = select(canary_runs).order_by(desc(canary_runs.c.id)).limit(limit)
    return [
        Run(row.started_at, timedelta(seconds=row.seconds), row.why)
        for row in await tx.execute(query)
    ]


async def delete_before(tx: Tx, before: datetime) -> None:
    """Forget flights, and all that came of them, from before `before`."""
    border = first_id_of(before)
    old = (
        select(incidents.c.id)
        .where(incidents.c.service_id == core.SERVICE_ID, incidents.c.id < border)
        .scalar_subquery()
    )
    for table in (notifications, escalations, events, action_links):
        await tx.execute(delete(table).where(table.c.incident_id.in_(old)))
    ours = alerts.c.integration_id == core.INTEGRATION_ID
    still_open = alerts.c.status == "open"
    await tx.execute(delete(alerts).where(ours, alerts.c.id < border, not_(still_open)))
    await tx.execute(
        delete(inbound_requests).where(
            inbound_requests.c.integration_id == core.INTEGRATION_ID,
            inbound_requests.c.id < border,
        )
    )
    await tx.execute(delete(incidents).where(incidents.c.id.in_(old)))
    await tx.execute(delete(canary_runs).where(canary_runs.c.id < border))

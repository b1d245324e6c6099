"""A team with a service, a policy and people, and ways to set its incidents on fire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.core.access import Actor, Role
from pagefree.core.alerts import Severity
from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.core.routing import Urgency
from pagefree.incidents import service
from pagefree.incidents.service import Opening
from pagefree.infra.db import driver
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods, memberships, teams, users
from pagefree.tables.alerts import alerts
from pagefree.tables.escalation import (
    escalation_policies,
    escalation_steps,
    escalation_targets,
    escalations,
)
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import notifications
from pagefree.tables.services import integrations, services
from pagefree.tables.timeline import events
from pagefree.timeline.service import Cause, CauseKind

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it burns; `ana` and `bo` are responders of the team, `eve` is not."""

    team_id: UUID
    service_id: UUID
    integration_id: UUID
    policy: Policy
    ana: Actor
    bo: Actor
    eve: Actor

    @property
    def source(self) -> Cause:
        return Cause(CauseKind.INTEGRATION, self.integration_id, "Prometheus")


async def set_scene(tx: AsyncConnection) -> Scene:
    team_id = new_id()
    await tx.execute(insert(teams).values(id=team_id, name="Web", created_at=NOW))
    ana, bo, eve = [await person(tx, name) for name in ("Ana", "Bo", "Eve")]
    for user_id in (ana, bo):
        await tx.execute(
            insert(memberships).values(
                id=new_id(), team_id=team_id, user_id=user_id, role="responder"
            )
        )
    roles = {team_id: Role.RESPONDER}
    service_id, integration_id, policy = await add_service(tx, team_id, ana)
    return Scene(
        team_id,
        service_id,
        integration_id,
        policy,
        Actor(ana, "Ana", roles=roles),
        Actor(bo, "Bo", roles=roles),
        Actor(eve, "Eve"),
    )


async def person(tx: AsyncConnection, name: str) -> UUID:
    """Somebody who can be reached by e-mail."""
    user_id = new_id()
    email = f"{name.lower()}@example.org"
    await tx.execute(
        insert(users).values(id=user_id, email=email, name=name, created_at=NOW)
    )
    await reachable(tx, user_id, email)
    return user_id


async def reachable(tx: AsyncConnection, user_id: UUID, email: str) -> None:
    await tx.execute(
        insert(contact_methods).values(
            id=new_id(),
            user_id=user_id,
            channel="email",
            label="Work",
            address={"email": email},
            created_at=NOW,
        )
    )


async def add_service(
    tx: AsyncConnection, team_id: UUID, user_id: UUID
) -> tuple[UUID, UUID, Policy]:
    """A service of the team with an integration; its policy pages one person."""
    service_id, integration_id, policy_id, step_id = (new_id() for _ in range(4))
    step = Step(5 * MINUTE, (Target(TargetKind.USER, user_id),))
    await tx.execute(
        insert(escalation_policies).values(
            id=policy_id, team_id=team_id, name="Web first", repeats=0, created_at=NOW
        )
    )
    await tx.execute(
        insert(escalation_steps).values(
            id=step_id, policy_id=policy_id, position=0, timeout=step.timeout
        )
    )
    await tx.execute(
        insert(escalation_targets).values(
            id=new_id(), step_id=step_id, position=0, kind="user", target_id=user_id
        )
    )
    await tx.execute(
        insert(services).values(
            id=service_id,
            team_id=team_id,
            name="Checkout",
            escalation_policy_id=policy_id,
            created_at=NOW,
        )
    )
    await tx.execute(
        insert(integrations).values(
            id=integration_id,
            service_id=service_id,
            kind="generic",
            name="Prometheus",
            created_at=NOW,
        )
    )
    return service_id, integration_id, Policy(policy_id, "Web first", (step,))


def opening(scene: Scene, title: str = "Disk full", **changes: object) -> Opening:
    """An incident of the scene that is about to open with one alert."""
    values: dict[str, object] = {
        "incident_id": new_id(),
        "service_id": scene.service_id,
        "team_id": scene.team_id,
        "policy": scene.policy,
        "title": title,
        "severity": Severity.ERROR,
        "priority": "P2",
        "urgency": Urgency.HIGH,
        "group_key": None,
        "alert_count": 1,
        "cause": scene.source,
    }
    return Opening(**{**values, **changes})  # type: ignore[arg-type]


async def burn(
    tx: AsyncConnection, scene: Scene, *titles: str, **changes: object
) -> list[UUID]:
    """Open incidents, each with one open alert, as ingest does."""
    openings = [opening(scene, title, **changes) for title in titles or ("Disk full",)]
    await service.open_many(await driver(tx), openings, NOW)
    await add_alerts(tx, scene, [o.incident_id for o in openings])
    return [o.incident_id for o in openings]


async def burn_one(tx: AsyncConnection, scene: Scene, **changes: object) -> UUID:
    return (await burn(tx, scene, "Disk full", **changes))[0]


async def add_alerts(
    tx: AsyncConnection, scene: Scene, incident_ids: Sequence[UUID]
) -> None:
    """One open alert for each of these incidents."""
    rows = [
        {
            "id": (alert_id := new_id()),
            "integration_id": scene.integration_id,
            "service_id": scene.service_id,
            "incident_id": incident_id,
            "dedup_key": str(alert_id),
            "status": "open",
            "severity": "error",
            "title": "Disk full",
            "occurrences": 1,
            "opened_at": NOW,
            "last_at": NOW,
            "last_request_id": new_id(),
        }
        for incident_id in incident_ids
    ]
    await tx.execute(insert(alerts), rows)


async def row_of(tx: AsyncConnection, incident_id: UUID) -> dict[str, object]:
    """The columns of an incident."""
    query = select(incidents).where(incidents.c.id == incident_id)
    return dict((await tx.execute(query)).mappings().one())


async def history(tx: AsyncConnection, incident_id: UUID) -> list[str]:
    """What happened to the incident, in order and without the word before the dot."""
    query = select(events.c.kind).where(events.c.incident_id == incident_id)
    kinds = (await tx.execute(query.order_by(events.c.seq))).scalars()
    return [kind.removeprefix("incident.") for kind in kinds]


async def numbers(tx: AsyncConnection, incident_id: UUID) -> list[int]:
    """The sequence numbers of the incident's timeline, in the order of writing."""
    query = select(events.c.seq).where(events.c.incident_id == incident_id)
    return list((await tx.execute(query.order_by(events.c.id))).scalars())


async def escalating(tx: AsyncConnection, incident_id: UUID) -> tuple[str, object]:
    """The state of the incident's escalation, and when it is due."""
    query = select(escalations.c.state, escalations.c.due_at).where(
        escalations.c.incident_id == incident_id
    )
    state, due_at = (await tx.execute(query)).one()
    return state, due_at


async def open_alerts(tx: AsyncConnection, incident_id: UUID) -> int:
    """How many open alerts belong to the incident."""
    query = select(func.count()).where(
        alerts.c.incident_id == incident_id, alerts.c.status == "open"
    )
    return await tx.scalar(query) or 0


async def plan_page(tx: AsyncConnection, incident_id: UUID, user_id: UUID) -> UUID:
    """A notification that waits to be sent, as escalation plans it."""
    notification_id = new_id()
    await tx.execute(
        insert(notifications).values(
            id=notification_id,
            incident_id=incident_id,
            user_id=user_id,
            channel="email",
            kind="page",
            cause="step 1",
            priority=0,
            status="planned",
            created_at=NOW,
            send_at=NOW + MINUTE,
            due_at=NOW + MINUTE,
        )
    )
    return notification_id


async def fate(tx: AsyncConnection, notification_id: UUID) -> tuple[str, str | None]:
    """What became of a notification."""
    query = select(notifications.c.status, notifications.c.skip_reason).where(
        notifications.c.id == notification_id
    )
    status, reason = (await tx.execute(query)).one()
    return status, reason

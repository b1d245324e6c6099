"""A small company with real rows: people, a schedule, policies and incidents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.escalation import service
from pagefree.infra.db import driver
from pagefree.infra.ids import new_id
from pagefree.schedules import queries as schedule_queries
from pagefree.schedules.plans import Draft, NewLayer
from pagefree.tables.accounts import contact_methods, memberships, teams, users
from pagefree.tables.escalation import escalations
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import notifications
from pagefree.tables.timeline import events

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Company:
    """Rows that the tests of the sweep stand on."""

    tx: AsyncConnection
    team_id: UUID
    ana: UUID
    bo: UUID
    admin: UUID

    def on(self, tx: AsyncConnection) -> "Company":
        """The same company, seen through another connection."""
        return replace(self, tx=tx)

    async def incident(self, policy: Policy) -> UUID:
        """A new incident that escalates by `policy`, due now."""
        return (await self.incidents(policy, 1))[0]

    async def incidents(self, policy: Policy, count: int) -> list[UUID]:
        """As many new incidents that escalate by `policy`, due now."""
        ids = [new_id() for _ in range(count)]
        rows = [{"id": incident_id, **self._columns()} for incident_id in ids]
        await self.tx.execute(insert(incidents), rows)
        connection = await driver(self.tx)
        await service.start_many(connection, [(i, policy) for i in ids], NOW)
        return ids

    def _columns(self) -> dict[str, object]:
        return {
            "service_id": new_id(),
            "team_id": self.team_id,
            "title": "It burns",
            "status": "triggered",
            "severity": "critical",
            "urgency": "high",
            "alert_count": 1,
            "open_alert_count": 1,
            "last_seq": 0,
            "opened_at": NOW,
        }

    async def schedule(self, *user_ids: UUID) -> UUID:
        """A schedule of daily turns from 8:00 UTC on the day of NOW."""
        layer = NewLayer(NOW.replace(hour=8), user_ids)
        draft = Draft(f"Schedule {new_id()}", self.team_id, "UTC", (layer,))
        return await schedule_queries.insert_schedule(self.tx, draft, NOW)

    async def change(self, incident_id: UUID, **columns: object) -> None:
        """Set columns of the incident, as its own verbs would."""
        where = incidents.c.id == incident_id
        await self.tx.execute(update(incidents).where(where).values(**columns))

    async def deactivate(self, user_id: UUID) -> None:
        """The person leaves."""
        where = users.c.id == user_id
        await self.tx.execute(update(users).where(where).values(deactivated_at=NOW))

    async def paged(self, incident_id: UUID) -> list[tuple[UUID, str]]:
        """Who was paged for the incident and why, in order."""
        rows = await self.tx.execute(
            select(notifications.c.user_id, notifications.c.cause)
            .where(notifications.c.incident_id == incident_id)
            .order_by(notifications.c.id)
        )
        return [(row.user_id, row.cause) for row in rows]

    async def history(self, incident_id: UUID) -> list[tuple[int, str]]:
        """The numbers and kinds of what the timeline says of the incident."""
        rows = await self.tx.execute(
            select(events.c.seq, events.c.kind)
            .where(events.c.incident_id == incident_id)
            .order_by(events.c.seq)
        )
        return [(row.seq, row.kind) for row in rows]

    async def row(self, incident_id: UUID) -> RowMapping:
        """The stored escalation."""
        query = select(escalations).where(escalations.c.incident_id == incident_id)
        return (await self.tx.execute(query)).mappings().one()

    async def status(self, incident_id: UUID) -> str:
        """The stored status of the incident."""
        query = select(incidents.c.status).where(incidents.c.id == incident_id)
        return str(await self.tx.scalar(query))


def user(user_id: UUID) -> Target:
    """A target that is one person."""
    return Target(TargetKind.USER, user_id)


def policy(*steps: Sequence[Target], repeats: int = 0) -> Policy:
    """A policy that waits five minutes after each step."""
    made = tuple(Step(5 * MINUTE, tuple(targets)) for targets in steps)
    return Policy(new_id(), "Payments", made, repeats)


async def found_company(tx: AsyncConnection) -> Company:
    """Two responders in one team, and a platform admin, each with an e-mail address."""
    company = Company(tx, new_id(), new_id(), new_id(), new_id())
    people = {"Ana": company.ana, "Bo": company.bo, "Admin": company.admin}
    await tx.execute(
        insert(teams).values(id=company.team_id, name="Payments", created_at=NOW)
    )
    for name, user_id in people.items():
        await tx.execute(
            insert(users).values(
                id=user_id,
                email=f"{name.lower()}@example.com",
                name=name,
                platform_admin=name == "Admin",
                created_at=NOW,
            )
        )
        await tx.execute(
            insert(contact_methods).values(
                id=new_id(),
                user_id=user_id,
                channel="email",
                label="Work",
                address={"email": f"{name.lower()}@example.com"},
                created_at=NOW,
            )
        )
    for user_id in (company.ana, company.bo):
        await tx.execute(
            insert(memberships).values(
                id=new_id(), team_id=company.team_id, user_id=user_id, role="responder"
            )
        )
    return company

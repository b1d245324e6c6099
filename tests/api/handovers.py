"""People who take turns, and what they are told when shifts change hands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.tables.accounts import users
from pagefree.tables.handovers import shift_notices
from pagefree.tables.timeline import events
from tests.api.conftest import Api, Person
from tests.api.rota import JSON, iso, layer, made, paged, schedule

DAY = timedelta(days=1)
# Bo has the first day, Cy the second, and so on; see `layer`
FIRST = datetime.fromisoformat("2026-03-02T08:00Z")


@dataclass(slots=True)
class Turns:
    """Bo and Cy take turns day by day, Di responds in their team, Ed is of no team."""

    api: Api
    id: str
    lea: Person  # the team's admin
    bo: Person
    cy: Person
    di: Person
    ed: Person

    async def paged_on(self, day: int) -> list[str]:
        """The names of whom the pager would page at noon of the n-th day of the rota."""
        people = (self.lea, self.bo, self.cy, self.di, self.ed)
        names = {str(one.id): one.name for one in people}
        noon = FIRST + day * DAY + timedelta(hours=4)
        return [names[one] for one in await paged(self.api, self.id, noon)]

    async def told(self) -> list[tuple[str, str]]:
        """Who is to be told what, in the order in which it came up."""
        query = (
            select(users.c.name, shift_notices.c.text)
            .join(users, users.c.id == shift_notices.c.user_id)
            .order_by(shift_notices.c.id)
        )
        async with transaction(self.api.engine) as tx:
            return [(row.name, row.text) for row in await tx.execute(query)]

    async def happened(self) -> list[str]:
        """The kinds of what the timeline says of the schedule since it was made."""
        query = select(events.c.kind).order_by(events.c.id)
        async with transaction(self.api.engine) as tx:
            found = list(await tx.scalars(query))
        return [kind for kind in found if kind != "schedule.created"]


async def turns(api: Api) -> Turns:
    """A schedule from 2 March 2026, 8:00 UTC on, seen at 9:00."""
    team = await api.team()
    lea = await api.user("Lea", teams={team.id: Role.TEAM_ADMIN})
    bo = await api.user("Bo", teams={team.id: Role.RESPONDER})
    cy = await api.user("Cy", teams={team.id: Role.RESPONDER})
    di = await api.user("Di", teams={team.id: Role.RESPONDER})
    ed = await api.user("Ed")
    body = schedule(team.id, layer(bo, cy))
    found = await made(lea, body)
    return Turns(api, str(found["id"]), lea, bo, cy, di, ed)


def day(number: int) -> JSON:
    """The n-th turn of the rota; Bo has those that are even."""
    start = FIRST + number * DAY
    return {"start": iso(start), "end": iso(start + DAY)}

"""Schedules that tests of the API make, and what they ask of them."""

from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.policies import Target, TargetKind
from pagefree.escalation import audience
from pagefree.infra.db import transaction
from tests.api.conftest import Api, Person

JSON = dict[str, object]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def layer(*users: Person, **more: object) -> JSON:
    """Daily turns from 8:00 UTC on the day on which the clock of the tests stands."""
    turns = {
        "name": "Primary",
        "start_at": "2026-03-02T08:00:00Z",
        "unit": "day",
        "lengths": [1],
        "user_ids": [str(user.id) for user in users],
    }
    return {**turns, **more}


def schedule(team_id: UUID, *layers: JSON, **more: object) -> JSON:
    """A whole schedule in Berlin."""
    whole = {
        "name": "Web rota",
        "team_id": str(team_id),
        "time_zone": "Europe/Berlin",
        "layers": list(layers),
    }
    return {**whole, **more}


async def made(person: Person, body: JSON) -> JSON:
    """A new schedule."""
    answer = await person.client.post("/v1/schedules", json=body)
    assert answer.status_code == 201, answer.text
    found: JSON = answer.json()
    return found


async def paged(api: Api, schedule_id: object, at: datetime) -> list[str]:
    """The ids of whom the pager would page."""
    target = Target(TargetKind.SCHEDULE, UUID(str(schedule_id)))
    async with transaction(api.engine) as tx:
        found = await audience.load(tx, [target], at)
    return [str(user) for user in found.people(target, at)]


def iso(at: datetime) -> str:
    """As JSON has it."""
    return at.isoformat().replace("+00:00", "Z")

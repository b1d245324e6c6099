"""What the demo's last two months were like, so that the numbers have something to say.

Only what was counted is written: no incident, nothing that is due, nothing that pages.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.app.demo_insights_queries import Past, insert_past
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.insights import gathering
from pagefree.services import queries as service_queries
from pagefree.services import service as services

DAYS = 60  # a month, and the one that it is compared with
SEED = 7  # the same past in every demo
MINUTE = timedelta(minutes=1)
STEP = 5 * MINUTE  # as the demo's policies wait
HOURS_OF_WEEK = (
    2,
    9,
    10,
    11,
    13,
    14,
    14,
    15,
    16,
    17,
    20,
    23,
)  # the likelier, the oftener


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps happening to a service."""

    service: str
    title: str
    every_days: float
    events: int  # about so many each time
    minutes: int  # that it lasts, about
    answered: float  # how often somebody answers
    urgency: str = "high"
    hours: Sequence[int] = HOURS_OF_WEEK  # of UTC


TROUBLES = (
    Trouble("PostgreSQL", "Replica lag over 30 s", 1.2, 45, 12, 0.35, "low"),
    Trouble("Kubernetes", "Pod restarts too often", 1.6, 30, 25, 0.5, "low"),
    Trouble("Card gateway", "Bank answers slowly", 2.5, 18, 35, 0.9),
    Trouble("Checkout", "Error rate above 2 %", 3, 12, 40, 0.97),
    Trouble("Web shop", "Uptime check fails from Tokyo", 2.2, 8, 9, 0.7),
    Trouble("PostgreSQL", "Disk almost full", 9, 6, 75, 1),
    Trouble("Checkout", "Queue of receipts grows", 6, 25, 55, 0.9, "low"),
    Trouble("Web shop", "Search answers slowly", 5, 10, 30, 0.85, "low"),
    Trouble("Kubernetes", "Node does not answer", 12, 5, 50, 1),
    Trouble("PostgreSQL", "Nightly backup is late", 10, 3, 90, 0.8, hours=(1, 2, 3)),
)


async def load(tx: Tx, members: Mapping[UUID, Sequence[UUID]], now: datetime) -> None:
    """Write the past; `members` are the people of each team, who take weekly turns."""
    known = await services.list_services(tx, service_queries.Filter(), None, 100)
    chance = random.Random(SEED)  # noqa: S311 -- nothing is to be kept secret
    past = []
    for service, trouble in (
        (one, trouble)
        for trouble in TROUBLES
        for one in known
        if one.name == trouble.service
    ):
        people = members.get(service.team.id, ())
        if people:
            of = _Place(service.id, service.team.id, people)
            past += _happenings(of, trouble, chance, now)
    # those of the demo that really ended: whoever counts goes on after the newest
    await gathering.count_next(tx)
    over = [one for one in past if one.resolved_at < now]
    if over:
        await insert_past(tx, over)


@dataclass(frozen=True, slots=True)
class _Place:
    service_id: UUID
    team_id: UUID
    people: Sequence[UUID]


def _happenings(
    of: _Place, trouble: Trouble, chance: random.Random, now: datetime
) -> list[Past]:
    """Each time it came; in the last month a third of them are gone."""
    found = []
    back = chance.uniform(1, trouble.every_days + 1)
    while back < DAYS:
        day = (now - timedelta(days=back)).replace(minute=0, second=0, microsecond=0)
        minute = timedelta(seconds=chance.randrange(3600))
        opened = day.replace(hour=chance.choice(trouble.hours)) + minute
        better = back < DAYS / 2
        if not (better and chance.random() < 1 / 3):
            found.append(_past(of, trouble, opened, chance, slow=not better))
        back += chance.uniform(0.4, 1.6) * trouble.every_days
    return found


def _past(
    of: _Place,
    trouble: Trouble,
    opened: datetime,
    chance: random.Random,
    *,
    slow: bool,
) -> Past:
    lasts = trouble.minutes * chance.uniform(0.5, 2) * MINUTE
    answer = chance.expovariate(1 / (4.5 if slow else 3)) * MINUTE + 0.4 * MINUTE
    answered = chance.random() < trouble.answered
    ended = opened + (answer + lasts if answered else lasts)
    silent = answer if answered else lasts
    steps = 1 + (silent > STEP) + (silent > 3 * STEP)
    turn = opened.toordinal() // 7
    called = tuple(
        (of.people[(turn + step) % len(of.people)], opened + step * STEP)
        for step in range(min(steps, len(of.people)))
    )
    return Past(
        incident_id=new_id(),
        service_id=of.service_id,
        team_id=of.team_id,
        urgency=trouble.urgency,
        title=trouble.title,
        opened_at=opened,
        acknowledged_at=opened + answer if answered else None,
        resolved_at=ended,
        events=max(1, round(trouble.events * chance.uniform(0.4, 1.8))),
        called=called,
    )

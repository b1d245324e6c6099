"""Following the timeline: what has become stale since the last look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.app import queries
from pagefree.app.queries import Mark
from pagefree.infra.db import Tx

Key = tuple[str, ...]

LOOK_LIMIT = 2000  # more at once: tell everybody to look at everything
NAMED_LIMIT = 100  # more incidents than this are not named one by one
LATE = timedelta(seconds=15)  # no transaction of ours lives longer
MISSING_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Stale:
    """What to fetch anew. `after` and `seq` let a client see that it missed one."""

    keys: tuple[Key, ...]
    after: int  # the newest event told of before
    seq: int  # the newest event told of now


@dataclass(frozen=True, slots=True)
class Apart:
    """What has become stale in a hidden team."""

    team_id: UUID
    keys: tuple[Key, ...]
    incident_ids: frozenset[UUID]


@dataclass(slots=True)
class Follower:
    """Where in the timeline we are, and which ids may still appear behind us."""

    seq: int
    _missing: dict[int, datetime] = field(default_factory=dict)
    apart: tuple[Apart, ...] = ()  # of the last look: not for everybody

    async def look(self, tx: Tx, now: datetime) -> Stale | None:
        """What has become stale since the last look; none if nothing has."""
        after = self.seq
        self.apart = ()
        marks = await queries.marks(tx, after, list(self._missing), LOOK_LIMIT)
        if not marks:
            self._forget(now)
            return None
        if len(marks) == LOOK_LIMIT:
            self.seq = await queries.newest_event(tx)
            self._missing.clear()
            return Stale(EVERYTHING, after, self.seq)
        self._advance([mark.id for mark in marks], now)
        self.apart = tuple(_apart(marks))
        seen_by_all = [mark for mark in marks if mark.hidden_team is None]
        return Stale(stale_keys(seen_by_all), after, self.seq)

    def _advance(self, ids: Sequence[int], now: datetime) -> None:
        seen = set(ids)
        for gone in range(self.seq + 1, ids[-1]):
            if gone not in seen and len(self._missing) < MISSING_LIMIT:
                self._missing[gone] = now
        for found in ids:
            self._missing.pop(found, None)
        self.seq = max(self.seq, ids[-1])
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        """Ids of transactions that were rolled back never appear."""
        for missing, since in list(self._missing.items()):
            if now > since + LATE:
                del self._missing[missing]


# What the web app calls its queries; a key covers all that begin with it.
TOLD: dict[str, tuple[Key, ...]] = {
    # how services are doing, apart from what they are: that is asked for far more often
    "incident": (("incidents",), ("alerts",), ("service-states",)),
    "escalation": (("incidents",), ("notifications",), ("outbox",)),
    "notification": (("notifications",), ("outbox",)),
    "service": (("services",), ("service-states",)),
    "integration": (("integrations",), ("services",), ("service-states",)),
    "schedule": (("schedules",), ("on-call",)),
    "policy": (("policies",), ("services",)),
    "routing_rule": (("routing-rules",),),
    "heartbeat": (("heartbeats",),),
    "maintenance": (("maintenance",),),
    "status_page": (("status-pages",),),
    "status_incident": (("status-pages",),),
    "status_maintenance": (("status-pages",),),
    "partner": (("partners",),),
    "partner_request": (("partners",),),
    "workflow": (("workflows",), ("workflow-runs",)),
    "postmortem": (("postmortems",),),
    "action_item": (("postmortems",), ("action-items",)),
    "runbook": (("runbooks",),),
    "runbook_run": (("runbook-runs",),),
    "target_connection": (("target-connections",),),
}
ARRIVED = frozenset({"incident.triggered", "incident.joined"})  # something was sent
EVERYTHING: tuple[Key, ...] = (
    *dict.fromkeys(key for keys in TOLD.values() for key in keys),
    ("incident",),
)


def stale_keys(marks: Iterable[Mark]) -> tuple[Key, ...]:
    """The queries of the web app that these events concern."""
    keys: dict[Key, None] = {}
    incidents: dict[str, None] = {}
    for mark in marks:
        keys |= dict.fromkeys(TOLD.get(mark.kind.split(".", maxsplit=1)[0], ()))
        if mark.kind in ARRIVED:
            keys[("integrations",)] = None
        if mark.incident_id:
            incidents[str(mark.incident_id)] = None
    if len(incidents) > NAMED_LIMIT:
        return (*keys, ("incident",))
    return (*keys, *(("incident", incident) for incident in incidents))


def _apart(marks: Iterable[Mark]) -> Iterable[Apart]:
    of_teams: dict[UUID, list[Mark]] = {}
    for mark in marks:
        if mark.hidden_team is not None:
            of_teams.setdefault(mark.hidden_team, []).append(mark)
    for team_id, its in of_teams.items():
        incidents = frozenset(one.incident_id for one in its if one.incident_id)
        yield Apart(team_id, stale_keys(its), incidents)

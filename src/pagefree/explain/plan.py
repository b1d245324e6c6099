"""The rest of the escalation of one incident, if nobody does anything from now on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import UserRef
from pagefree.core.forecast import Subject
from pagefree.core.incidents import Life, Status
from pagefree.core.notifications import Status as Sending
from pagefree.core.progress import State
from pagefree.core.routing import Urgency
from pagefree.escalation import service as escalation
from pagefree.escalation.queries import EscalationState
from pagefree.explain import outlook
from pagefree.explain.outlook import Outlook
from pagefree.incidents import reading
from pagefree.incidents.queries import Incident
from pagefree.infra.db import Tx
from pagefree.notifications import rooms
from pagefree.notifications import service as notifications
from pagefree.notifications.queries import Sent

AHEAD = timedelta(days=31)  # as far as a snooze


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still to come."""

    incident: Incident
    escalation: EscalationState | None
    pending: tuple[Sent, ...]  # messages that are planned already, soonest first
    outlook: Outlook | None  # none: nothing is due
    # of those messages, also rooms, and who has acknowledged
    users: Mapping[UUID, UserRef]


async def rest(tx: Tx, incident_id: UUID, now: datetime) -> Rest:
    """The rest of an incident's escalation. Raises NotFound."""
    incident = await reading.get(tx, incident_id)
    state = (await escalation.progress(tx, [incident_id])).get(incident_id)
    sent = await notifications.of_incident(tx, incident_id)
    pending = sorted(
        (one for one in sent if one.status is Sending.PLANNED),
        key=lambda one: one.send_at,
    )
    seen = None
    if state is not None and state.progress.due_at is not None:
        subject = subject_of(incident, state)
        seen = await outlook.foresee(tx, subject, now + AHEAD, now)
    named = {one.user_id for one in pending}
    if state is not None:
        named.update(state.progress.acknowledged_by)
    users = await accounts.user_refs(tx, named)
    called = await rooms.names(tx, named - users.keys())
    users |= {room_id: UserRef(room_id, name) for room_id, name in called.items()}
    return Rest(incident, state, tuple(pending), seen, users)


def subject_of(incident: Incident, state: EscalationState) -> Subject:
    """The incident as it stands."""
    by = incident.acknowledged_by
    life = Life(
        Status(incident.status),
        incident.acknowledged_at,
        by.id if by else None,
        incident.resolved_at,
        snoozed_until=incident.snoozed_until,
    )
    return Subject(state.policy, Urgency(incident.urgency), state.progress, life)


def wanted(state: EscalationState) -> int:
    """How many more people the step paged last wants."""
    progress = state.progress
    if progress.state is not State.COLLECTING or progress.paged_step is None:
        return 0
    step = state.policy.steps[progress.paged_step]
    return step.acknowledgements - len(progress.acknowledged_by)

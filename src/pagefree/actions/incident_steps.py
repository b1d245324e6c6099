"""What the actions on incidents share."""

from uuid import UUID

from pagefree.actions.base import ActionError, Situation


def incident_of(at: Situation) -> UUID:
    """The incident that the run is about. Raises ActionError."""
    if at.incident_id is None:
        raise ActionError("the run is about no incident", permanent=True)
    return at.incident_id

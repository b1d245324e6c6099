"""Routes of what a person wants of pages besides their rules."""

from datetime import time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.infra.web import CurrentActor, RequestTx, Shape
from pagefree.notifications import preferences
from pagefree.notifications.preference_queries import Preferences

router = APIRouter(
    prefix="/v1/users/{user_id}/notification-preferences", tags=["notifications"]
)


class NotificationPreferences(Shape):
    """Quiet hours on the wall clock of the person's own zone, and what else they want.

    Urgent and critical pages are never held back unless `quiet_urgent` says so.
    """

    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    quiet_from: time | None
    quiet_to: time | None
    quiet_urgent: bool
    low_off_duty: bool  # pages of low urgency while not on call
    weekly_digest: bool = True  # a mail on Mondays, where there is something to tell


@router.get("")
async def get_notification_preferences(
    user_id: UUID, actor: CurrentActor, tx: RequestTx
) -> NotificationPreferences:
    """What a person wants."""
    found = await preferences.get(tx, actor, user_id)
    return NotificationPreferences.model_validate(found)


@router.put("")
async def put_notification_preferences(
    user_id: UUID, body: NotificationPreferences, actor: CurrentActor, tx: RequestTx
) -> NotificationPreferences:
    """Replace what a person wants."""
    await preferences.put(tx, actor, user_id, Preferences(**body.model_dump()))
    return body

"""Routes by which people prove that an address is theirs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from pagefree.accounts import proofs
from pagefree.infra.web import CurrentActor, Now, RequestTx, SecretVault, Shape
from pagefree.notifications import service

router = APIRouter(prefix="/v1/users/{user_id}", tags=["notifications"])


class CodeSent(Shape):
    """A code is on its way to the address that it proves."""

    notification_id: UUID
    expires_at: datetime


class CodeIn(Shape):
    """The code as it has arrived."""

    code: Annotated[str, Field(max_length=20)]


class CodeChecked(Shape):
    """Whether it was the right one; after five wrong ones another has to be asked for."""

    verified: bool


class LinkIn(Shape):
    """The chat to link."""

    channel: str


class LinkCodeOut(Shape):
    """Send this from the chat: it then is a contact method of the person."""

    code: str
    expires_at: datetime


@router.post(
    "/contact-methods/{method_id}/verification", status_code=status.HTTP_202_ACCEPTED
)
async def send_verification(
    user_id: UUID, method_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> CodeSent:
    """Send a code there that proves whose address it is."""
    made = await service.send_code(tx, actor, user_id, method_id, now)
    return CodeSent(notification_id=made, expires_at=now + proofs.CODE_LIFE)


@router.put("/contact-methods/{method_id}/verification")
async def put_verification(  # noqa: PLR0913, PLR0917 - each is injected
    user_id: UUID,
    method_id: UUID,
    body: CodeIn,
    actor: CurrentActor,
    tx: RequestTx,
    vault: SecretVault,
    now: Now,
) -> CodeChecked:
    """Give the code back."""
    method = user_id, method_id
    right = await proofs.confirm(tx, actor, method, body.code.strip(), vault, now)
    return CodeChecked(verified=right)


@router.post("/contact-links", status_code=status.HTTP_201_CREATED)
async def create_contact_link(
    user_id: UUID, body: LinkIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> LinkCodeOut:
    """A code to send from a chat, which says whose chat it is."""
    made = await proofs.ask_link(tx, actor, user_id, body.channel, now)
    return LinkCodeOut(code=made.code, expires_at=made.expires_at)

"""How a person is reached."""

from uuid import UUID

from fastapi import APIRouter

from pagefree.accounts import contacts
from pagefree.accounts.contact_queries import ContactMethod, NewContactMethod
from pagefree.accounts.shapes import (
    ContactMethodChanges,
    ContactMethodIn,
    ContactMethodOut,
    NewContactMethodOut,
)
from pagefree.infra.ids import new_id
from pagefree.infra.web import CurrentActor, Now, RequestTx, SecretVault

router = APIRouter(prefix="/users/{user_id}/contact-methods")


@router.get("", response_model=list[ContactMethodOut])
async def list_contact_methods(
    user_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[ContactMethod]:
    """The ways to reach a person: for themselves and for who administers them."""
    return await contacts.list_of(tx, actor, user_id, now)


@router.post("", status_code=201)
async def create_contact_method(
    user_id: UUID,
    body: ContactMethodIn,
    vault: SecretVault,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> NewContactMethodOut:
    """Another way to reach a person; rules say when it is used."""
    asked = NewContactMethod(new_id(), user_id, body.channel, body.label, body.address)
    method, secret = await contacts.add(tx, actor, asked, vault, now)
    shown = ContactMethodOut.model_validate(method)
    return NewContactMethodOut(**shown.model_dump(), secret=secret)


@router.patch("/{method_id}", response_model=ContactMethodOut)
async def update_contact_method(
    user_id: UUID,
    method_id: UUID,
    body: ContactMethodChanges,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> ContactMethod:
    """Change its label or address, or switch it off or on."""
    changes = body.model_dump(exclude_none=True)
    return await contacts.change(tx, actor, (user_id, method_id), changes, now)


@router.delete("/{method_id}", status_code=204)
async def delete_contact_method(
    user_id: UUID, method_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Forget it, and the rules that use it."""
    await contacts.remove(tx, actor, user_id, method_id)

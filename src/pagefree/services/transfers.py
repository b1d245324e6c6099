"""Giving a service to another team: asked by its team, taken by an admin of the other."""

from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.services import queries as service_queries
from pagefree.services import service
from pagefree.services import transfer_queries as queries
from pagefree.services.queries import Ref, Service
from pagefree.services.transfer_queries import Transfer
from pagefree.timeline import service as timeline

MOST_LISTED = 100


async def ask(
    tx: Tx, service_id: UUID, team_id: UUID, note: str, actor: Actor, now: datetime
) -> Transfer | None:
    """Offer a service to another team, instead of one that it was offered to before.

    None: whoever asks may decide for both, so it has moved.
    """
    found = await service.get_service(tx, service_id)
    require(actor, Can.EDIT_TEAM, found.team.id)
    taker = await accounts.require_team(tx, team_id)
    if team_id == found.team.id:
        raise Invalid("the service is this team's already")
    await queries.settle(tx, service_id, "withdrawn", actor.user_id, now)
    if allowed(actor, Can.EDIT_TEAM, team_id):
        await _move(tx, found, team_id, actor, now)
        return None
    asked = Transfer(
        new_id(),
        Ref(found.id, found.name),
        found.team,
        Ref(taker.id, taker.name),
        note,
        Ref(actor.user_id, actor.name),
        now,
    )
    if not await queries.insert(tx, asked):
        raise Conflict("somebody else has just offered it")
    await _record(tx, "service.transfer_asked", found, asked.to_team, actor, now)
    return asked


async def find(tx: Tx, service_id: UUID) -> Transfer | None:
    """The offer of a service that nobody has answered yet. Raises NotFound: no service."""
    await service.get_service(tx, service_id)
    return next(iter(await queries.list_asked(tx, service_id, None, 1)), None)


async def get(tx: Tx, service_id: UUID) -> Transfer:
    """The same. Raises NotFound."""
    asked = await find(tx, service_id)
    if asked is None:
        raise NotFound("the service is not offered to another team")
    return asked


async def list_to_take(tx: Tx, actor: Actor) -> list[Transfer]:
    """The offers that `actor` may take, oldest first."""
    require(actor, Can.SEE)
    if actor.platform_admin:
        return await queries.list_asked(tx, None, None, MOST_LISTED)
    mine = [one for one in actor.roles if allowed(actor, Can.EDIT_TEAM, one)]
    return await queries.list_asked(tx, None, mine, MOST_LISTED)


async def accept(tx: Tx, service_id: UUID, actor: Actor, now: datetime) -> Service:
    """Take the service. Raises NotFound unless it is offered, Conflict if it has moved."""
    asked = await get(tx, service_id)
    require(actor, Can.EDIT_TEAM, asked.to_team.id)
    if not await queries.settle(tx, service_id, "accepted", actor.user_id, now):
        raise Conflict("somebody else has answered")
    found = await service.get_service(tx, service_id)
    if found.team.id != asked.from_team.id:
        raise Conflict("the service has moved to another team since")
    return await _move(tx, found, asked.to_team.id, actor, now)


async def end(tx: Tx, service_id: UUID, actor: Actor, now: datetime) -> None:
    """Decline the offer, or take it back: either team may. Raises NotFound."""
    asked = await get(tx, service_id)
    takes_back = allowed(actor, Can.EDIT_TEAM, asked.from_team.id)
    if not takes_back:
        require(actor, Can.EDIT_TEAM, asked.to_team.id)
    state = "withdrawn" if takes_back else "declined"
    if not await queries.settle(tx, service_id, state, actor.user_id, now):
        raise Conflict("somebody else has answered")
    found = await service.get_service(tx, service_id)
    await _record(tx, f"service.transfer_{state}", found, asked.to_team, actor, now)


async def _move(
    tx: Tx, found: Service, team_id: UUID, actor: Actor, now: datetime
) -> Service:
    """Its incidents stay with the team whose it was when they opened."""
    await service_queries.update_service(tx, found.id, {"team_id": team_id})
    moved = await service.get_service(tx, found.id)
    await _record(tx, "service.transferred", found, moved.team, actor, now)
    await notify(tx, Channel.CONFIG)
    return moved


async def _record(
    tx: Tx, kind: str, found: Service, to_team: Ref, actor: Actor, now: datetime
) -> None:
    data = {
        "service_id": str(found.id),
        "name": found.name,
        "from_team": {"id": str(found.team.id), "name": found.team.name},
        "to_team": {"id": str(to_team.id), "name": to_team.name},
    }
    entry = timeline.Entry(kind, timeline.by(actor), team_id=found.team.id, data=data)
    await timeline.record(tx, [entry], now)

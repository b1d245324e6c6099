"""Who acts: known to the request, told to the database, so that every change has a name on it."""

import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from starlette.types import Scope

from pagefree.core.access import Actor
from pagefree.infra.db import Tx

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SAY = text("SELECT set_config('pagefree.actor', :who, true)")


@dataclass(frozen=True, slots=True)
class Who:
    """Who did something, from where, and with what in hand; as audit keeps it."""

    actor_kind: str = "system"  # user | service_account | system
    actor_id: UUID | None = None
    actor_name: str = "PageFree"
    credential_kind: str | None = None
    credential_id: UUID | None = None
    address: str = ""
    request_id: str = ""
    route: str = ""  # "PUT /v1/teams/{team_id}"


@dataclass(slots=True)
class Asking:
    """One request; who asks becomes known later."""

    scope: Scope
    request_id: str
    actor: Actor | None = None

    def who(self) -> Who:
        """What there is to say by now."""
        client = self.scope.get("client")
        actor = self.actor
        credential = actor.credential if actor else None
        return Who(
            actor_kind=actor.kind if actor else "system",
            actor_id=actor.user_id if actor else None,
            actor_name=actor.name if actor else "",
            credential_kind=credential.kind if credential else None,
            credential_id=credential.id if credential else None,
            address=client[0] if client else "",
            request_id=self.request_id,
            route=f"{self.scope['method']} {template(self.scope)}",
        )


ASKING: ContextVar[Asking | None] = ContextVar("asking", default=None)


def who() -> Who:
    """Who acts here: whoever asks by the request at hand, or PageFree itself in a job."""
    asking = ASKING.get()
    return asking.who() if asking else Who()


async def say_who(tx: Tx, actor: Actor, now: datetime) -> None:
    """Tell the database who acts in this transaction, unless the request only reads."""
    asking = ASKING.get()
    if asking is None:
        return
    asking.actor = actor
    if asking.scope["method"] not in SAFE_METHODS:
        await tx.execute(SAY, {"who": _json(asking.who(), now)})


def _json(who: Who, now: datetime) -> str:
    said = {
        "at": now.isoformat(),
        "actor_kind": who.actor_kind,
        "actor_id": str(who.actor_id),
        "actor_name": who.actor_name,
        "address": who.address,
        "request_id": who.request_id,
        "route": who.route,
    }
    if who.credential_kind:
        said["credential_kind"] = who.credential_kind
        said["credential_id"] = str(who.credential_id)
    return json.dumps(said)


def template(scope: Scope) -> str:
    """The path with names for what varies: paths hold ids and secrets."""
    if "endpoint" not in scope:
        return "other"
    names = {str(value): name for name, value in scope["path_params"].items()}
    parts = str(scope["path"]).split("/")
    return "/".join(f"{{{names[part]}}}" if part in names else part for part in parts)

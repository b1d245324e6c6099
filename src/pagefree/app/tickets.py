"""Tickets of action items, made by what workflows make tickets with."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from pagefree.accounts import service as accounts
from pagefree.actions import all_actions
from pagefree.actions.base import Action, ActionError, Call, Form, Situation
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import Conflict, Invalid, NotFound, Unavailable
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.postmortems import items, tracker_queries
from pagefree.postmortems.item_queries import ActionItem
from pagefree.postmortems.tracker_queries import Tracker
from pagefree.timeline.service import by
from pagefree.workflows import secrets

# which fields of the form are the ticket's own; all others are set up once for a team
TEXTS: Mapping[str, tuple[str, str]] = {
    "jira_create": ("summary", "description"),
    "linear_create": ("issue_title", "description"),
}
USUAL = {"jira_create": {"issue_type": "Task"}}
# the database hangs up on a transaction that stands still for ten seconds
TRACKER_S = 8.0
LEFT_OUT = {"priority"}  # of an incident, not of what is to be done


@dataclass(frozen=True, slots=True)
class Means:
    """What a ticket is made with."""

    http: GuardedClient
    vault: Vault
    base_url: str


def schema_of(kind: str) -> dict[str, Any]:
    """The form that a team fills in once."""
    schema = all_actions()[kind].Config.model_json_schema()
    hidden = {*TEXTS[kind], *LEFT_OUT}
    shown = {k: v for k, v in schema["properties"].items() if k not in hidden}
    for name, usual in USUAL.get(kind, {}).items():
        shown[name] = {**shown[name], "default": usual}
    required = [name for name in schema.get("required", []) if name not in hidden]
    return {**schema, "properties": shown, "required": required}


async def get_tracker(tx: Tx, team_id: UUID, actor: Actor) -> Tracker | None:
    """Where the team's tickets are made, if anywhere."""
    require(actor, Can.SEE, team_id)
    return await tracker_queries.get_tracker(tx, team_id)


async def put_tracker(
    tx: Tx, team_id: UUID, tracker: Tracker, actor: Actor, now: datetime
) -> None:
    """Set it up. Raises Invalid."""
    await accounts.require_team(tx, team_id)
    require(actor, Can.EDIT_TEAM, team_id)
    _form(tracker, "A ticket", "What it says")
    await tracker_queries.put_tracker(tx, team_id, tracker, actor.user_id, now)


async def delete_tracker(tx: Tx, team_id: UUID, actor: Actor) -> None:
    """Make no more tickets there."""
    require(actor, Can.EDIT_TEAM, team_id)
    if await tracker_queries.get_tracker(tx, team_id) is None:
        raise NotFound("the team makes its tickets nowhere")
    await tracker_queries.delete_tracker(tx, team_id)


async def make(
    tx: Tx,
    means: Means,
    wanted: tuple[UUID, UUID],
    actor: Actor,
    now: datetime,
) -> None:
    """Make a ticket of the item (postmortem, item) and link it, once.

    The item is locked meanwhile, nothing else is. Raises Conflict, Unavailable.
    """
    postmortem_id, item_id = wanted
    await tracker_queries.lock_item(tx, item_id)
    found, item = await items.get_item(tx, postmortem_id, item_id, actor)
    require(actor, Can.WRITE_POSTMORTEMS, found.team_id)
    if item.ticket_url is not None:
        raise Conflict("it has a ticket already")
    tracker = await tracker_queries.get_tracker(tx, found.team_id)
    if tracker is None:
        raise Conflict("an admin of the team has to say first where tickets are made")
    form = _form(tracker, item.text, _text(item, means.base_url))
    at = await _situation(tx, means, item, form, actor, now)
    made = await _made(means.http, all_actions()[tracker.kind], form, at)
    url = str(made.get("url", ""))
    if not url.startswith(("https://", "http://")):
        raise Unavailable("the ticket was made, but its address is missing")
    linked = {"ticket_url": url, "ticket_key": str(made.get("key", "")) or None}
    await items.change(tx, postmortem_id, item_id, linked, actor, now)


def _text(item: ActionItem, base_url: str) -> str:
    url = f"{base_url}/postmortems/{item.postmortem_id}"
    due = f"Due: {item.due_on:%Y-%m-%d}\n\n" if item.due_on else ""
    owner = f"Owner: {item.owner_name}\n\n" if item.owner_name else ""
    return f"{owner}{due}Postmortem “{item.postmortem_title}”: {url}"


def _form(tracker: Tracker, title: str, text: str) -> Form:
    if tracker.kind not in TEXTS:
        raise Invalid(f"no tickets are made by {tracker.kind!r}")
    own = dict(zip(TEXTS[tracker.kind], (title, text), strict=True))
    usual = USUAL.get(tracker.kind, {})
    try:
        return all_actions()[tracker.kind].Config.model_validate(
            {**usual, **tracker.config, **own}
        )
    except ValidationError as e:
        places = (".".join(map(str, one["loc"])) for one in e.errors())
        raise Invalid(f"not as the form says: {', '.join(places)}") from e


async def _situation(
    tx: Tx, means: Means, item: ActionItem, form: Form, actor: Actor, now: datetime
) -> Situation:
    token: str = getattr(form, "token", "")
    opened = await secrets.opened(tx, [token], means.vault)
    return Situation(
        key=item.id,
        attempt=1,
        run_id=item.id,
        workflow="postmortem",
        secrets=secrets.usable(opened, item.team_id, [token]),
        now=now,
        cause=by(actor),
        team_id=item.team_id,
        base_url=means.base_url,
        # what the tracker answers is for admins only
        author=actor if allowed(actor, Can.EDIT_TEAM, item.team_id) else None,
    )


async def _made(
    http: GuardedClient, action: Action, form: Form, at: Situation
) -> Mapping[str, object]:
    """The ticket, made now or by an attempt whose answer was lost."""
    if action.call is None or action.read is None or action.found is None:
        raise Unavailable("tickets cannot be made there")
    try:
        async with asyncio.timeout(TRACKER_S):
            looked = action.look(form, at)
            there = looked and action.found(form, at, await _ask(http, looked))
            if there:
                return there
            return action.read(form, await _ask(http, action.call(form, at)))
    except ActionError as e:
        why = str(e) if at.author else "an admin of the team is told why"
        raise Conflict(f"the ticket was not made: {why}") from e
    except (TimeoutError, Unreachable) as e:
        raise Unavailable("the tracker does not answer; try again in a moment") from e


async def _ask(http: GuardedClient, call: Call) -> Reply:
    return await http.request(call.method, call.url, call.body, call.headers)

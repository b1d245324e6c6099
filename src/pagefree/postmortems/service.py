"""Postmortems: begin one, find it, take it through review, publish, open it again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pagefree.core import postmortems as core
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import Invalid, NotFound
from pagefree.core.postmortem_timelines import Item, built, merged
from pagefree.core.postmortems import (
    IncidentFacts,
    PostmortemMove,
    PostmortemState,
    Standing,
)
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.postmortems import (
    contents,
    incident_queries,
    item_queries,
    queries,
    version_queries,
)
from pagefree.postmortems.contents import (
    PostmortemContent,
    PostmortemImpact,
    PostmortemLine,
)
from pagefree.postmortems.incident_queries import Facts
from pagefree.postmortems.queries import Postmortem, Wanted
from pagefree.postmortems.recording import About, tell_incidents

MOST_INCIDENTS = 20


# -- looking ----------------------------------------------------------------------------


async def list_postmortems(
    tx: Tx, wanted: Wanted, before: UUID | None, limit: int, actor: Actor
) -> list[Postmortem]:
    """Those begun last come first."""
    require(actor, Can.SEE, wanted.team_id)
    return await queries.list_postmortems(tx, wanted, before, limit)


async def get(tx: Tx, postmortem_id: UUID, actor: Actor) -> Postmortem:
    """One that the actor may see. Raises NotFound, Forbidden."""
    found = await queries.get_postmortem(tx, postmortem_id)
    if found is None:
        raise NotFound("there is no such postmortem")
    require(actor, Can.SEE, found.team_id)
    return found


async def locked(tx: Tx, postmortem_id: UUID, actor: Actor) -> Postmortem:
    """One that the actor may write, and nobody else changes until the end."""
    await queries.lock_postmortem(tx, postmortem_id)
    found = await get(tx, postmortem_id, actor)
    require(actor, Can.WRITE_POSTMORTEMS, found.team_id)
    return found


def standing(found: Postmortem, actor: Actor) -> Standing:
    """What the actor is to it."""
    return Standing(
        allowed(actor, Can.WRITE_POSTMORTEMS, found.team_id),
        allowed(actor, Can.DECIDE_POSTMORTEMS, found.team_id),
        found.submitted_by_id == actor.user_id,
    )


def moves(found: Postmortem, actor: Actor) -> list[PostmortemMove]:
    """What the actor may do with it now."""
    who, state = standing(found, actor), PostmortemState(found.state)
    return [
        move
        for move, (before, _) in core.MOVES.items()
        if before is state and core.may(move, who)
    ]


def about(found: Postmortem) -> About:
    """The postmortem, as events name it."""
    return About(found.id, found.title, found.team_id)


# -- beginning --------------------------------------------------------------------------


async def create(
    tx: Tx, incident_ids: Sequence[UUID], body: str, actor: Actor, now: datetime
) -> UUID:
    """Begin a draft about these incidents; the team of the oldest owns it.

    Raises Invalid, NotFound, Forbidden.
    """
    facts = await facts_of(tx, incident_ids)
    team_id = facts[0].team_id
    require(actor, Can.WRITE_POSTMORTEMS, team_id)
    content = await _prefilled(tx, facts, body)
    postmortem_id = new_id()
    kept = contents.canonical(content)
    await queries.insert_postmortem(
        tx,
        {
            "id": postmortem_id,
            "team_id": team_id,
            "state": PostmortemState.DRAFT.value,
            "version": 1,
            **kept,
            "started_at": content.impact.started_at,
            "created_by_id": actor.user_id,
            "created_at": now,
            "updated_by_id": actor.user_id,
            "updated_at": now,
        },
    )
    await queries.link_incidents(tx, postmortem_id, {one.id for one in facts})
    await version_queries.insert_version(
        tx,
        {
            "postmortem_id": postmortem_id,
            "number": 1,
            "content": kept,
            "author_id": actor.user_id,
            "began_at": now,
            "saved_at": now,
            "kept": True,
            "note": "begun",
        },
    )
    told = About(postmortem_id, content.title, team_id)
    await tell_incidents(tx, "postmortem.created", told, actor, now)
    return postmortem_id


async def facts_of(tx: Tx, incident_ids: Collection[UUID]) -> list[Facts]:
    """The facts of all of them, oldest first. Raises Invalid, NotFound."""
    asked = list(dict.fromkeys(incident_ids))
    if not 1 <= len(asked) <= MOST_INCIDENTS:
        raise Invalid(f"a postmortem is about 1 to {MOST_INCIDENTS} incidents")
    facts = await incident_queries.list_facts(tx, asked)
    if len(facts) < len(asked):
        raise NotFound("there is no such incident")
    return facts


async def _prefilled(tx: Tx, facts: Sequence[Facts], body: str) -> PostmortemContent:
    incident_ids = [one.id for one in facts]
    impact = await impact_of(tx, facts)
    return PostmortemContent(
        title=_title(facts),
        summary=_summary(facts, impact),
        body=body,
        impact=impact,
        timeline=[
            PostmortemLine.model_validate(item)
            for item in built(await incident_queries.list_events(tx, incident_ids))
        ],
    )


async def impact_of(tx: Tx, facts: Sequence[Facts]) -> PostmortemImpact:
    """What these incidents amount to."""
    found = core.impact(
        [
            IncidentFacts(
                one.opened_at,
                one.acknowledged_at,
                one.resolved_at,
                one.alerts,
                one.occurrences,
            )
            for one in facts
        ]
    )
    people = await incident_queries.list_people(tx, [one.id for one in facts])
    return PostmortemImpact(**asdict(found), people=people)


def _title(facts: Sequence[Facts]) -> str:
    first, *others = facts
    more = f" and {len(others)} more" if others else ""
    return f"{first.title[: 300 - len(more)]}{more}"


def _summary(facts: Sequence[Facts], impact: PostmortemImpact) -> str:
    services = " and ".join(dict.fromkeys(one.service for one in facts))
    began = f"{impact.started_at:%d %B %Y at %H:%M} UTC"
    if impact.resolved_at is None:
        return f"{services} had trouble from {began}; it is not over."
    minutes = max(
        round((impact.resolved_at - impact.started_at).total_seconds() / 60), 1
    )
    return f"{services} had trouble for {minutes} min, from {began}."


# -- review and publication -------------------------------------------------------------


async def move(
    tx: Tx, postmortem_id: UUID, wanted: PostmortemMove, actor: Actor, now: datetime
) -> None:
    """Take it through its life. Raises Conflict, Forbidden."""
    found = await locked(tx, postmortem_id, actor)
    after = core.moved(PostmortemState(found.state), wanted, standing(found, actor))
    await queries.update_postmortem(
        tx, postmortem_id, {"state": after.value, **_changed(wanted, actor, now)}
    )
    newest = await version_queries.newest(tx, postmortem_id)
    note = {"kept": True, "note": wanted.value}
    await version_queries.update_version(tx, newest.id, note)
    await tell_incidents(tx, f"postmortem.{wanted.value}", about(found), actor, now)


def _changed(
    wanted: PostmortemMove, actor: Actor, now: datetime
) -> Mapping[str, object]:
    if wanted is PostmortemMove.SUBMIT:
        return {"submitted_by_id": actor.user_id, "submitted_at": now}
    if wanted is PostmortemMove.PUBLISH:
        unlocked = {"lock_holder_id": None, "lock_until": None}
        return {"published_by_id": actor.user_id, "published_at": now, **unlocked}
    return {}


async def remove(tx: Tx, postmortem_id: UUID, actor: Actor, now: datetime) -> None:
    """Take it out of the list; nobody is reminded of its action items any more."""
    found = await locked(tx, postmortem_id, actor)
    require(actor, Can.DECIDE_POSTMORTEMS, found.team_id)
    await queries.update_postmortem(tx, postmortem_id, {"deleted_at": now})
    await item_queries.remind_nobody_of(tx, postmortem_id)
    await tell_incidents(tx, "postmortem.removed", about(found), actor, now)


def with_news(content: PostmortemContent, news: Sequence[Item]) -> PostmortemContent:
    """`content` with what has happened since its timeline was made."""
    told = merged(map(contents.to_core, content.timeline), news)
    story = [PostmortemLine.model_validate(item) for item in told]
    return content.model_copy(update={"timeline": story})

"""What the engine will do if nobody does anything: everything loaded once, run over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core import forecast
from pagefree.core.forecast import Look, Page, Subject, Ways
from pagefree.core.notifications import Method
from pagefree.core.policies import Policy, Target
from pagefree.core.progress import Reachable, Turns
from pagefree.escalation import audience, linting, policy_queries, turn_queries
from pagefree.escalation.audience import WATCHED_FOR_GAPS
from pagefree.escalation.linting import Told
from pagefree.explain import queries
from pagefree.infra.db import Connection, Tx, driver
from pagefree.notifications import queries as notification_queries

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Looks at an escalation to come, the messages they lead to, and what is worth knowing."""

    looks: tuple[Look, ...]
    pages: tuple[Page, ...]
    findings: tuple[Told, ...]
    users: Mapping[UUID, str]  # names, also of rooms
    labels: Mapping[UUID, str]  # of contact methods
    # of a look, by its index, and a person: the targets of the step that mean them then
    because: Mapping[tuple[int, UUID], tuple[Target, ...]]
    targets: Mapping[Target, str]  # names of those that exist
    rooms: frozenset[UUID] = frozenset()  # which of all those told are rooms


async def foresee(tx: Tx, subject: Subject, until: datetime, now: datetime) -> Outlook:
    """Everything until `until` about an incident that stands as `subject` says at `now`.

    A constant number of statements, however many steps and people there are.
    """
    connection = await driver(tx)
    targets = audience.targets_of([subject.policy])
    meant = await audience.load(tx, targets, now, max(until - now, WATCHED_FOR_GAPS))
    turns = await turns_of(connection, subject.policy)
    running = replace(subject, turns=turns, rooms=frozenset(meant.rooms))
    reached: dict[datetime, Reachable] = {}

    def reachable(at: datetime) -> Reachable:
        return reached.setdefault(at, meant.reachable(targets, at))

    looks = tuple(forecast.looks(running, reachable, until, now))
    admins = await accounts.platform_admins(tx)
    people = {user for target in targets for user in meant.members(target)}
    people.update(user for look in looks for user in forecast.paged(look, admins))
    people -= meant.rooms.keys()
    reach = await notification_queries.list_reach(connection, people)
    ways = {user_id: Ways(one.methods, one.rules) for user_id, one in reach.items()}
    ways |= {i: Ways([Method(i, room.channel)], []) for i, room in meant.rooms.items()}
    users = {i: u.name for i, u in (await accounts.user_refs(tx, people)).items()}
    names = await policy_queries.list_names(tx, targets)
    return Outlook(
        looks=looks,
        pages=tuple(forecast.pages(looks, ways, admins, subject.urgency)),
        findings=tuple(
            await linting.told(tx, subject.policy, meant, reach, names, now)
        ),
        users=users | {i: room.name for i, room in meant.rooms.items()},
        labels=await queries.labels(connection, people),
        because=_because(subject.policy, looks, reached),
        targets=names,
        rooms=running.rooms,
    )


def _because(
    policy: Policy, looks: Sequence[Look], reached: Mapping[datetime, Reachable]
) -> dict[tuple[int, UUID], tuple[Target, ...]]:
    """Which targets mean each person whom a step pages."""
    return {
        (place, told): tuple(
            target
            for target in policy.steps[look.advance.step].targets
            if told in reached[look.at][target] or told == target.id
        )
        for place, look in enumerate(looks)
        if look.advance.step is not None
        for told in (*look.advance.users, *look.advance.rooms)
    }


async def turns_of(connection: Connection, policy: Policy) -> Turns:
    """Whose turn it is in the round robin steps of a policy, as it is now."""
    if policy.id is None or not any(step.round_robin for step in policy.steps):
        return {}
    return (await turn_queries.list_turns(connection, [policy.id]))[policy.id]

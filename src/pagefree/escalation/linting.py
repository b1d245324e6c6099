"""What is wrong with a policy: what core finds, told in words for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.channels import all_channels
from pagefree.core.findings import Finding, FindingKind, Known, findings, people_of
from pagefree.core.notifications import Rule
from pagefree.core.policies import Policy, Target, TargetKind
from pagefree.escalation import audience, policy_queries
from pagefree.escalation.audience import WATCHED_FOR_GAPS, Audience
from pagefree.infra import curtain
from pagefree.infra.db import Tx, driver
from pagefree.notifications import queries as notification_queries
from pagefree.notifications.queries import Reach

HOUR_S, MINUTE_S = 3600, 60


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with the names that belong to it."""

    finding: Finding
    detail: str  # a sentence
    target_name: str | None


@dataclass(frozen=True, slots=True)
class Names:
    """What people and targets are called."""

    users: Mapping[UUID, str]
    targets: Mapping[Target, str]
    channels: Mapping[UUID, str]  # of contact methods


async def lint(tx: Tx, policy: Policy, now: datetime) -> list[Told]:
    """Everything that is wrong with the policy."""
    targets = audience.targets_of([policy])
    meant = await audience.load(tx, targets, now, WATCHED_FOR_GAPS)
    people = {user for target in targets for user in meant.members(target)}
    reach = await notification_queries.list_reach(await driver(tx), people)
    names = await policy_queries.list_names(tx, targets)
    return await told(tx, policy, meant, reach, names, now)


async def told(
    tx: Tx,
    policy: Policy,
    meant: Audience,
    reach: Mapping[UUID, Reach],
    target_names: Mapping[Target, str],
    now: datetime,
) -> list[Told]:
    """The same for a policy about which all is known."""
    found = findings(policy, known(policy, meant, reach, target_names, now), now)
    named = {finding.user_id for finding in found if finding.user_id}
    users = await accounts.user_refs(tx, named)
    names = Names(
        {user.id: user.name for user in users.values()},
        target_names,
        {m.id: m.channel for one in reach.values() for m in one.methods},
    )
    return [
        Told(
            finding,
            _sentence(finding, policy, names),
            target_names.get(finding.target) if finding.target else None,
        )
        for finding in found
    ]


def known(
    policy: Policy,
    meant: Audience,
    reach: Mapping[UUID, Reach],
    target_names: Mapping[Target, str],
    now: datetime,
) -> Known:
    """What core needs to know of everybody whom the policy can mean."""
    targets = audience.targets_of([policy])
    named = [people_of(step) for step in policy.steps]
    alone = {people[0] for people in named if len(people) == 1}
    wakes = {name for name, channel in all_channels().items() if channel.wakes}
    return Known(
        existing=frozenset(target for target in targets if target in target_names),
        members={target: meant.members(target) for target in targets},
        reachable=frozenset(
            user_id
            for user_id, one in reach.items()
            if any(m.enabled and m.channel in wakes for m in one.methods)
        ),
        rules={user_id: _live_rules(one) for user_id, one in reach.items()},
        gaps={
            target.id: meant.gaps(target.id, now)
            for target in alone
            if target.kind is TargetKind.SCHEDULE
        },
        rooms=frozenset(meant.rooms),
        unseen=frozenset(targets - set(target_names) if curtain.nameless("") else ()),
    )


def _live_rules(reach: Reach) -> tuple[Rule, ...]:
    live = {method.id for method in reach.methods if method.enabled}
    return tuple(rule for rule in reach.rules if rule.method_id in live)


SENTENCES = {
    FindingKind.MISSING_TARGET: "{step} pages something that no longer exists.",
    FindingKind.INACTIVE_USER: "{step} pages {who}, who is deactivated: nobody is told.",
    FindingKind.EMPTY_STEP: "{step} pages nobody: it is always skipped.",
    FindingKind.UNREACHABLE_PERSON: (
        "{step} pages {who}, who has no contact method that works."
    ),
    FindingKind.SCHEDULE_GAP: (
        "{step} pages only {target}, and at times nobody is on call there."
    ),
    FindingKind.NEVER_APPLIES: (
        "{step} never begins: its conditions exclude each other."
    ),
    FindingKind.UNCOVERED: (
        "At times no step is for incidents of {urgency} urgency: the platform admins are"
        " told at once."
    ),
    FindingKind.SAME_PEOPLE: "{step} pages the same people as the step before it.",
    FindingKind.LONG_RUN: (
        "Nobody else is told before all repeats are over, after {delay}."
    ),
    FindingKind.TOO_MANY_WANTED: (
        "{step} wants more people to acknowledge than it pages."
    ),
    FindingKind.UNUSABLE_ROOM: (
        "{step} posts to {target}, where nothing can be posted now."
    ),
    FindingKind.ONLY_ROOMS: (
        "No step pages a person: what is posted to a room wakes nobody, and in the end"
        " the platform admins are told."
    ),
    FindingKind.LATE_RULE: (
        "{step} waits {waits}, but {who} is told by {channel} only after {delay}."
    ),
}


def _sentence(finding: Finding, policy: Policy, names: Names) -> str:
    """What is wrong, where, and what comes of it. Steps count from 1, as people count."""
    number, method_id = finding.step, finding.method_id
    channel = names.channels.get(method_id, "") if method_id else ""
    return SENTENCES[finding.kind].format(
        step="" if number is None else f"Step {number + 1}",
        waits="" if number is None else _length(policy.steps[number].timeout),
        who=names.users.get(finding.user_id, "somebody") if finding.user_id else "",
        target=names.targets.get(finding.target, "") if finding.target else "",
        urgency=finding.urgency.value if finding.urgency else "",
        delay=_length(finding.delay),
        channel=channel.replace("_", " "),
    )


def _length(delay: timedelta | None) -> str:
    """As people say it, in the largest unit that is not too coarse."""
    seconds = int(delay.total_seconds()) if delay else 0
    if seconds >= HOUR_S and seconds % HOUR_S == 0:
        return f"{seconds // HOUR_S} h"
    if seconds >= MINUTE_S:
        return f"{seconds // MINUTE_S} min"
    return f"{seconds} s"


def worst_first(told_of: Sequence[Told]) -> list[Told]:
    """Problems before warnings; else in the order of the steps."""
    return sorted(told_of, key=lambda one: one.finding.weight.value)

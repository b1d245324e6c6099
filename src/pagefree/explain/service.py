"""Before it happens: for an event or a service and an instant, who is paged and why."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.alerts import LOUDEST, Severity
from pagefree.core.errors import Invalid, NotFound
from pagefree.core.escalation import NO_POLICY, Policy, start
from pagefree.core.forecast import Subject
from pagefree.core.routing import Urgency
from pagefree.escalation import service as escalation
from pagefree.escalation.policy_queries import Draft
from pagefree.explain import outlook, queries, requests, routing
from pagefree.explain.outlook import HOUR, Outlook
from pagefree.explain.queries import IntegrationFacts, ServiceFacts
from pagefree.explain.requests import Posted
from pagefree.explain.routing import Fate, Routed
from pagefree.infra.db import Tx

FURTHEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a request of an integration, an incident of a service, or a policy."""

    integration_id: UUID | None = None
    posted: Posted = field(default_factory=Posted)
    service_id: UUID | None = None
    severity: Severity = LOUDEST
    policy_id: UUID | None = None
    draft: Draft | None = None  # a policy that is not saved
    urgency: Urgency = Urgency.HIGH  # where only a policy is asked about


@dataclass(frozen=True, slots=True)
class Story:
    """What becomes of one event, and who is paged for it."""

    routed: Routed | None  # none: only a policy was asked about
    policy: Policy
    outlook: Outlook | None  # none: nobody is paged


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole answer."""

    at: datetime
    until: datetime
    integration: IntegrationFacts | None
    error: str | None  # why the request could not be read
    stories: tuple[Story, ...]


async def explain(
    tx: Tx, question: Question, at: datetime, now: datetime
) -> Explanation:
    """The story of the hour after `at`. Raises NotFound and Invalid; changes nothing."""
    if abs(at - now) > FURTHEST:
        raise Invalid("ask about a time at most two years away")
    given = (question.integration_id, question.service_id, question.policy_id)
    asked = sum(one is not None for one in (*given, question.draft))
    if asked != 1:
        raise Invalid("ask about one integration, service or policy")
    if question.integration_id is not None:
        return await _of_request(tx, question.integration_id, question.posted, at)
    if question.service_id is not None:
        service = await _service(tx, question.service_id)
        routed = routing.of_service(service, question.severity)
        if service.policy_id is not None:
            policy = await escalation.policy(tx, service.policy_id)
            routed = replace(routed, policy=policy)
        return _told(at, await _story(tx, routed, {}, at))
    policy = await _policy_asked(tx, question)
    seen = await outlook.foresee(
        tx, Subject(policy, question.urgency, start(at)), at + HOUR, at
    )
    return _told(at, Story(None, policy, seen))


def _told(at: datetime, *stories: Story) -> Explanation:
    return Explanation(at, at + HOUR, None, None, stories)


async def _policy_asked(tx: Tx, question: Question) -> Policy:
    if question.draft is not None:
        return question.draft.policy
    if question.policy_id is None:
        return NO_POLICY
    return await escalation.policy(tx, question.policy_id)


async def _of_request(
    tx: Tx, integration_id: UUID, posted: Posted, at: datetime
) -> Explanation:
    integration = await queries.get_integration(tx, integration_id)
    if integration is None:
        raise NotFound("there is no such integration")
    service = await _service(tx, integration.service_id)
    understood = requests.read(integration, posted, at)
    seen: dict[tuple[UUID, Urgency], Outlook] = {}
    events = understood.events
    stories = [
        await _story(tx, routed, seen, at)
        for routed in await routing.route(tx, integration, service, events, at)
    ]
    return Explanation(at, at + HOUR, integration, understood.error, tuple(stories))


async def _story(
    tx: Tx, routed: Routed, seen: dict[tuple[UUID, Urgency], Outlook], at: datetime
) -> Story:
    """Equal events of one request lead to equal pages: they are worked out once."""
    if routed.fate is not Fate.OPENS:
        return Story(routed, routed.policy, None)
    key = routed.service.id, routed.urgency
    if key not in seen:
        subject = Subject(routed.policy, routed.urgency, start(at))
        seen[key] = await outlook.foresee(tx, subject, at + HOUR, at)
    return Story(routed, routed.policy, seen[key])


async def _service(tx: Tx, service_id: UUID) -> ServiceFacts:
    service = await queries.get_service(tx, service_id)
    if service is None:
        raise NotFound("there is no such service")
    return service

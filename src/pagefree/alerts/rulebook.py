"""All that decides what becomes of an event: services, rules and planned work, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from pagefree.alerts.requests import Source
from pagefree.core import canary
from pagefree.core.alerts import AlertEvent
from pagefree.core.conditions import LABELS
from pagefree.core.escalation import NO_POLICY, Policy
from pagefree.core.grouping import BY_SOURCE, Grouping
from pagefree.core.intervals import Interval
from pagefree.core.maintenance import Window, current_or_next, explains
from pagefree.core.routing import suppressed
from pagefree.core.rules import Decision, Planned, apply, fall_back
from pagefree.escalation import service as escalation
from pagefree.infra.db import Tx
from pagefree.infra.templates import filled_in
from pagefree.maintenance import service as maintenance
from pagefree.routing import service as routing
from pagefree.routing.evaluation import Facts, Failures, RuleList
from pagefree.routing.queries import StoredRule
from pagefree.services import alert_settings
from pagefree.services.alert_settings import Home


@dataclass(frozen=True, slots=True)
class Destination:
    """A service, as far as its alerts need it."""

    service_id: UUID
    team_id: UUID
    policy: Policy
    service: str = ""  # names
    team: str = ""
    grouping: Grouping = BY_SOURCE
    auto_resolve: timedelta | None = None
    upstream: tuple[UUID, ...] = ()  # what it depends on, the nearest first


@dataclass(frozen=True, slots=True)
class Rulebook:
    """See the module. The one without anything leaves events where they come from."""

    destinations: Mapping[UUID, Destination] = field(default_factory=dict)
    rules: Mapping[UUID | None, RuleList] = field(default_factory=dict)  # by team
    catch_all_id: UUID | None = None
    teams: Mapping[str, UUID] = field(default_factory=dict)  # service by name of team
    work: Sequence[tuple[Window, Interval]] = ()  # now or next
    kept: Sequence[StoredRule] = ()  # what `rules` were made from

    def decide(self, source: Source, event: AlertEvent) -> Decision | None:
        """What the rules say about an event; none: nothing, as about the canary's."""
        if source.integration_id == canary.INTEGRATION_ID:
            return None
        unrouted = source.service_id == self.catch_all_id
        if not self.rules and not unrouted:
            return None
        home = self.home(source)
        decision = self._asked(None, None, source, event, home)
        if unrouted:
            decision = fall_back(
                decision or Decision(event, source.service_id), self.teams
            )
        there = home
        if decision is not None:
            there = self.destinations.get(decision.service_id, home)
        return self._asked(there.team_id, decision, source, event, there)

    def _asked(
        self,
        team_id: UUID | None,
        decision: Decision | None,
        source: Source,
        event: AlertEvent,
        at: Destination,
    ) -> Decision | None:
        """`decision` after the rules of one list, which see the event as it is by then."""
        rules = self.rules.get(team_id)
        if rules is None:
            return decision
        event = decision.event if decision else event
        matching = rules.matching(facts_of(source, event, at))
        first = next(matching, None)
        if first is None:
            return decision
        return apply(
            decision or Decision(event, source.service_id),
            chain([first], matching),
            lambda template, event: filled_in(template, facts_of(source, event, at)),
        )

    def home(self, source: Source) -> Destination:
        """The service of an integration."""
        return self.destinations.get(source.service_id) or Destination(
            source.service_id, source.team_id, source.policy
        )

    def destination(self, source: Source, decision: Decision | None) -> Destination:
        """Where an alert belongs; with its integration's service if the other is gone."""
        home = self.home(source)
        if decision is None:
            return home
        return self.destinations.get(decision.service_id, home)

    def planned(
        self, at: Destination, labels: Mapping[str, object], now: datetime
    ) -> Planned | None:
        """The planned work that explains an alert of this service at `now`, if any does.

        The canary's are never explained: work for all is planned without thinking of it.
        """
        if at.service_id == canary.SERVICE_ID:
            return None
        for window, spell in self.work:
            if spell.start <= now < spell.end and explains(
                window, at.service_id, at.team_id, labels
            ):
                return Planned(window.id, window.name, spell.end)
        return None


NO_RULES = Rulebook()


def facts_of(source: Source, event: AlertEvent, at: Destination) -> Facts:
    """What conditions and templates may speak of."""
    return {
        "kind": source.kind,
        "integration": source.name,
        "service": at.service,
        "team": at.team,
        "action": event.action.value,
        "severity": event.severity.value,
        "title": event.title,
        "body": event.body,
        "dedup_key": event.dedup_key,
        "group_key": event.group_key or "",
        "source_url": event.source_url or "",
        LABELS: event.labels,
    }


async def load(tx: Tx, failures: Failures, before: Rulebook, now: datetime) -> Rulebook:
    """The rulebook as of `now`; rules that have not changed since `before` stay compiled."""
    homes = [home for home in await alert_settings.homes(tx) if _receives(home)]
    policies = await escalation.policies(tx)
    upstream = await alert_settings.upstream_of_all(tx)
    kept = await routing.enabled_rules(tx)
    same = list(before.kept) == kept
    return Rulebook(
        destinations={
            home.service_id: _destination(home, policies, upstream) for home in homes
        },
        rules=before.rules if same else routing.lists(kept, failures),
        catch_all_id=next((h.service_id for h in homes if h.settings.catch_all), None),
        teams={home.team_name.lower(): home.service_id for home in reversed(homes)},
        work=[
            (window, spell)
            for window in await maintenance.unfinished(tx, now)
            if (spell := current_or_next(window, now))
        ],
        kept=kept,
    )


def _receives(home: Home) -> bool:
    return not suppressed(home.lifecycle)


def _destination(
    home: Home,
    policies: Mapping[UUID, Policy],
    upstream: Mapping[UUID, tuple[UUID, ...]],
) -> Destination:
    policy = policies.get(home.policy_id) if home.policy_id else None
    return Destination(
        home.service_id,
        home.team_id,
        policy or NO_POLICY,
        home.name,
        home.team_name,
        home.settings.grouping,
        home.settings.auto_resolve,
        upstream.get(home.service_id, ()),
    )

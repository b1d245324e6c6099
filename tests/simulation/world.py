"""A world with people, alerts and phones, whose clock jumps to whatever is due next.

Alerts come in through the code of ingest, messages leave through the channels; only the
clock is ours. Everything happens in one transaction that is rolled back.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.accounts import channel_configs, contact_queries, contacts
from pagefree.accounts import service as accounts
from pagefree.accounts.contact_queries import NewContactMethod
from pagefree.accounts.contacts import secret_purpose
from pagefree.accounts.queries import NewUser
from pagefree.alerts import due, rulebook
from pagefree.alerts.batch import take_in
from pagefree.alerts.requests import Request, Source
from pagefree.alerts.rulebook import NO_RULES, Rulebook
from pagefree.channels import all_channels
from pagefree.channels.base import SmtpServer, Transports
from pagefree.core.access import Actor, Role
from pagefree.core.alerts import Action, AlertEvent, Severity
from pagefree.core.alerts import Outcome as EventOutcome
from pagefree.core.escalation import NO_POLICY, Policy, Step, Target, TargetKind
from pagefree.core.notifications import Rule
from pagefree.core.routing import Urgency
from pagefree.escalation import service as escalation
from pagefree.escalation.policy_queries import Draft
from pagefree.infra.crypto import Vault
from pagefree.infra.db import driver
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from pagefree.notifications import delivery, receipts, rule_queries, withdrawing
from pagefree.notifications import service as notifications
from pagefree.notifications.delivery import Assignment, Gateway
from pagefree.notifications.delivery_queries import Outcome
from pagefree.notifications.queries import Sent
from pagefree.routing.evaluation import Failures
from pagefree.tables.accounts import contact_methods, users
from pagefree.tables.alerts import alerts
from pagefree.tables.escalation import escalations
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import notifications as notification_rows
from pagefree.tables.notifications import outbox_messages
from pagefree.tables.services import services
from pagefree.tables.timeline import events
from pagefree.timeline.service import Cause, CauseKind

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_ROUNDS = 200  # a world that never comes to rest is a bug
FREE = dict.fromkeys(all_channels(), 50)
KEY = "a key for tests that is long enough"


@dataclass(slots=True)
class World:
    """See the module. Names stand for people; `paged` answers in whole minutes."""

    tx: AsyncConnection
    http: GuardedClient
    team_id: UUID
    service_id: UUID
    now: datetime = START
    demo: bool = True  # messages go to the outbox
    smtp: SmtpServer | None = None
    reply_domain: str | None = None  # where mails can be answered
    working: bool = True  # whether there is a worker
    people: dict[str, UUID] = field(default_factory=dict)
    vault: Vault = field(default_factory=lambda: Vault(KEY))
    failures: Failures = field(default_factory=Failures)
    group_key: str | None = None  # of what is sent

    # people

    async def person(self, name: str, *, admin: bool = False) -> UUID:
        """Somebody with an e-mail address, used at once."""
        email = f"{name}@example.org"
        new = NewUser(email=email, name=name, platform_admin=admin)
        user = await accounts.create_user(self.tx, new, self.now)
        self.people[name] = user.id
        return user.id

    async def join(self, name: str, role: Role = Role.RESPONDER) -> None:
        await accounts.set_membership(self.tx, self.team_id, self.people[name], role)

    async def method(
        self, name: str, channel: str, secret: str | None = None, **address: str
    ) -> UUID:
        """One more contact method, named by no rule."""
        method_id = new_id()
        sealed = (
            self.vault.seal(secret.encode(), secret_purpose(method_id))
            if secret
            else None
        )
        method = NewContactMethod(
            method_id,
            self.people[name],
            channel,
            channel,
            address,
            sealed,
            identity=contacts.identity_of(channel, address),
        )
        await contact_queries.insert_contact_methods(self.tx, [method], self.now)
        return method_id

    async def set_up(self, **channels: dict[str, object]) -> None:
        """The operator has given these credentials of channels."""
        await channel_configs.keep_operator_configs(
            self.tx, channels, self.vault, self.now
        )

    async def methods_of(self, name: str, channel: str = "email") -> UUID:
        c = contact_methods.c
        query = select(c.id).where(c.user_id == self.people[name], c.channel == channel)
        found: UUID = (await self.tx.execute(query)).scalar_one()
        return found

    async def rules(self, name: str, *rules: tuple[Urgency, timedelta, UUID]) -> None:
        """These rules instead of the ones the person has."""
        wanted = [Rule(*rule) for rule in rules]
        await rule_queries.replace_rules(self.tx, self.people[name], wanted)

    async def set_method(self, method_id: UUID, **columns: object) -> None:
        await contact_queries.update_contact_method(self.tx, method_id, columns)

    async def disabled_reason(self, method_id: UUID) -> str | None:
        c = contact_methods.c
        query = select(c.disabled_reason).where(c.id == method_id)
        reason: str | None = (await self.tx.execute(query)).scalar_one()
        return reason

    def actor(self, name: str, role: Role = Role.RESPONDER) -> Actor:
        return Actor(self.people[name], name, roles={self.team_id: role})

    # alerts

    def policy(
        self, *steps: tuple[str | Target | None, timedelta], repeats: int = 0
    ) -> Policy:
        """Steps of one target each; none: a step that reaches nobody."""
        made = tuple(Step(timeout, _targets(self, who)) for who, timeout in steps)
        return Policy(new_id(), "policy", made, repeats)

    async def set_policy(self, incident_id: UUID, text: str) -> None:
        """Put something else where the copy of the policy is."""
        await self.tx.execute(
            update(escalations)
            .where(escalations.c.incident_id == incident_id)
            .values(policy=json.loads(text))
        )

    def source(self, policy: Policy, service_id: UUID | None = None) -> Source:
        integration = new_id()
        return Source(
            integration,
            integration.bytes,
            "generic",
            "tests",
            service_id or self.service_id,
            self.team_id,
            policy,
            Cause(CauseKind.INTEGRATION, integration, "tests"),
        )

    async def send(
        self,
        source: Source,
        *keys: str,
        action: Action = Action.TRIGGER,
        severity: Severity = Severity.CRITICAL,
        title: str = "Disk full",
        **labels: str,
    ) -> list[EventOutcome]:
        """One request with one event a key; nothing is done about it yet."""
        fired = [
            AlertEvent(
                action=action,
                dedup_key=key,
                title=title,
                severity=severity,
                labels=labels,
                group_key=self.group_key,
            )
            for key in keys
        ]
        request = Request(new_id(), source, b"{}", "application/json", "test", fired)
        rules = await self._rulebook(source)
        taken = await take_in(await driver(self.tx), [request], self.now, rules)
        return [*taken[0].outcomes]

    async def _rulebook(self, source: Source) -> Rulebook:
        """All rules and services; those without a policy have the one of `source`."""
        rules = await rulebook.load(self.tx, self.failures, NO_RULES, self.now)
        policies = {
            key: replace(to, policy=source.policy) if to.policy is NO_POLICY else to
            for key, to in rules.destinations.items()
        }
        return replace(rules, destinations=policies)

    async def set_own_policy(self, *steps: tuple[str, timedelta]) -> Policy:
        """Keep a policy of these steps, and let the service escalate by it."""
        actor = Actor(self.people[steps[0][0]], "admin", platform_admin=True)
        policy = Policy(None, "policy", self.policy(*steps).steps)
        draft = Draft(self.team_id, policy)
        policy_id = await escalation.create(self.tx, draft, actor, self.now)
        await self.tx.execute(
            update(services)
            .where(services.c.id == self.service_id)
            .values(escalation_policy_id=policy_id)
        )
        return await escalation.policy(self.tx, policy_id)

    async def trigger(
        self,
        policy: Policy,
        *,
        severity: Severity = Severity.CRITICAL,
        title: str = "Disk full",
    ) -> UUID:
        """An alert comes in; its incident."""
        key = str(new_id())
        await self.send(self.source(policy), key, severity=severity, title=title)
        newest = select(incidents.c.id).order_by(incidents.c.id.desc()).limit(1)
        incident_id: UUID = (await self.tx.execute(newest)).scalar_one()
        await self.work()
        return incident_id

    # time

    async def advance(self, by: timedelta) -> None:
        """Let time pass, stopping wherever something is due."""
        target = self.now + by
        for _ in range(MOST_ROUNDS):
            due_at = await self.next_due() if self.working else None
            if due_at is None or due_at > target:
                break
            self.now = max(self.now, due_at)
            await self.work()
        else:
            pytest.fail("the world does not come to rest")
        self.now = target

    async def work(self) -> None:
        """What a worker does until nothing is due."""
        if not self.working:
            return
        for _ in range(MOST_ROUNDS):
            looked = await due.look_again(self.tx, self.now)
            escalated = await escalation.escalate_due(self.tx, self.now, 100)
            sent = await self.send_due()
            missed = await receipts.look_for_missing(self.tx, self.now)
            updated = await self.update_messages()
            if not any((looked, escalated, sent, missed, updated)):
                return
        pytest.fail("the worker does not come to rest")

    async def escalate(self) -> None:
        """Only plan messages, as if sending had stopped in between."""
        await escalation.escalate_due(self.tx, self.now, 100)

    async def claim(self) -> list[Assignment]:
        batch = await delivery.claim(self.tx, FREE, self.now)
        await self.settle(batch.skipped)
        return batch.assignments

    async def attempt(self, assignments: Sequence[Assignment]) -> list[Outcome]:
        gateway = self.gateway()
        outcomes = await asyncio.gather(
            *(delivery.attempt(gateway, a) for a in assignments)
        )
        return [outcome for each in outcomes for outcome in each]

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        if outcomes:
            await delivery.settle(self.tx, outcomes, self.now)

    async def send_due(self) -> int:
        batch = await delivery.claim(self.tx, FREE, self.now)
        outcomes = [*batch.skipped, *await self.attempt(batch.assignments)]
        await self.settle(outcomes)
        return len(outcomes)

    async def update_messages(self) -> int:
        updates = await withdrawing.take(self.tx, self.now)
        results = await withdrawing.update_all(self.gateway(), updates)
        await withdrawing.settle(self.tx, results)
        return len(results)

    def gateway(self) -> Gateway:
        return Gateway(
            Transports(self.http, self.smtp),
            self.vault,
            "https://pagefree.example.org",
            lambda: self.now,
            self.demo,
            reply_domain=self.reply_domain,
        )

    async def next_due(self) -> datetime | None:
        """When something is to be done next."""
        dues = [
            await self.tx.scalar(select(func.min(table.c.due_at)))
            for table in (escalations, notification_rows, alerts)
        ]
        for column in ("receipt_due_at", "withdraw_due_at"):
            first = func.min(notification_rows.c[column])
            dues.append(await self.tx.scalar(select(first)))
        return min((due for due in dues if due), default=None)

    # what came of it

    async def paged(self) -> list[tuple[str, int]]:
        """Who got a message outside the web app, and how many minutes after the start."""
        c = outbox_messages.c
        rows = await self.tx.execute(select(c.user_id, c.at).order_by(c.at, c.id))
        names = {user_id: name for name, user_id in self.people.items()}
        return [(names[row.user_id], (row.at - START) // MINUTE) for row in rows]

    async def statuses(self, channel: str = "email") -> list[str]:
        """What became of every notification of a channel, `skipped:reason` in short."""
        c = notification_rows.c
        query = (
            select(c.status, c.skip_reason).where(c.channel == channel).order_by(c.id)
        )
        rows = await self.tx.execute(query)
        return [":".join(filter(None, row)) for row in rows]

    async def timeline(self, incident_id: UUID) -> list[str]:
        query = (
            select(events.c.kind)
            .where(events.c.incident_id == incident_id)
            .order_by(events.c.seq)
        )
        return list((await self.tx.execute(query)).scalars())

    async def sent(self, incident_id: UUID) -> list[Sent]:
        return await notifications.of_incident(self.tx, incident_id)

    async def deactivate(self, name: str) -> None:
        await self.tx.execute(
            update(users)
            .where(users.c.id == self.people[name])
            .values(deactivated_at=self.now)
        )


def _targets(world: World, who: str | Target | None) -> tuple[Target, ...]:
    if who is None:
        return ()
    if isinstance(who, Target):
        return (who,)
    return (Target(TargetKind.USER, world.people[who]),)

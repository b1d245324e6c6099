"""Every routing key in memory, so that nothing is asked of the database per request."""

import time
from collections.abc import Iterable, Mapping
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.alerts import rulebook as rulebooks
from pagefree.alerts.requests import USUAL_INTAKE, Source
from pagefree.alerts.rulebook import NO_RULES
from pagefree.core.escalation import NO_POLICY, Policy
from pagefree.core.routing import suppressed
from pagefree.escalation import service as escalation
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Vault, token_hash
from pagefree.infra.db import Channel, transaction
from pagefree.infra.listen import Listener
from pagefree.routing import service as routing
from pagefree.routing.evaluation import Failures
from pagefree.services import routing_keys
from pagefree.services import service as services
from pagefree.services.intake import Intake, list_intake
from pagefree.services.queries import Route
from pagefree.timeline.service import Cause, CauseKind

POLL_S = 5.0
LOOK_UPS = 20  # a second, for keys that are not in memory yet

log = structlog.get_logger()


class Snapshot:
    """Sources by the hash of their routing keys, and the rulebook for their events.

    `generation` counts what was loaded.
    """

    def __init__(
        self, engine: AsyncEngine, clock: Clock, vault: Vault | None = None
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._vault = vault
        self._sources: dict[bytes, Source] = {}
        self._look_ups: list[float] = []
        self._failures = Failures()
        self.rulebook = NO_RULES
        self.generation = 0

    @property
    def sources(self) -> Iterable[Source]:
        """Everybody whose key is valid, as far as memory knows."""
        return self._sources.values()

    def find(self, key: str) -> Source | None:
        """Where `key` leads, as far as memory knows."""
        return self._sources.get(token_hash(key)) if key.isascii() else None

    async def look_up(self, key: str) -> Source | None:
        """Ask the database for a key that was perhaps made just now.

        Guesses stay cheap: a key needs the right checksum, and there are at most
        LOOK_UPS a second. Raises what is_down() knows while the database is away.
        """
        if not routing_keys.well_formed(key):
            return None
        if not self.generation:
            await self.load()
        elif not self._may_look_up():
            return None
        hashed = token_hash(key)
        async with transaction(self._engine) as tx:
            routes = await services.routes(tx, self._clock(), [hashed])
            if hashed not in routes:
                return None
            policies = await escalation.policies(tx)
            ids = [route.integration_id for route in routes.values()]
            intakes = await list_intake(tx, self._vault, self._clock(), ids)
        source = _source(routes[hashed], policies, intakes)
        self._sources[hashed] = source
        return source

    def _may_look_up(self) -> bool:
        at = time.monotonic()
        self._look_ups = [then for then in self._look_ups if at - then < 1]
        if len(self._look_ups) >= LOOK_UPS:
            return False
        self._look_ups.append(at)
        return True

    async def of_integration(self, integration_id: UUID) -> Source | None:
        """The source of an integration that has a valid key."""
        await self.load()
        sources = self._sources.values()
        return next((s for s in sources if s.integration_id == integration_id), None)

    async def load(self) -> None:
        """Read all keys, services, policies and rules."""
        now = self._clock()
        async with transaction(self._engine) as tx:
            routes = await services.routes(tx, now)
            policies = await escalation.policies(tx)
            intakes = await list_intake(tx, self._vault, now)
            rulebook = await rulebooks.load(tx, self._failures, self.rulebook, now)
            await routing.add_failures(tx, self._failures.take())
        before = self._sources, self.rulebook
        self.rulebook = rulebook
        loaded = {
            key: _source(route, policies, intakes) for key, route in routes.items()
        }
        # an unchanged source stays the same object, and so does its policy
        self._sources = {
            key: old if (old := before[0].get(key)) == source else source
            for key, source in loaded.items()
        }
        if (self._sources, rulebook) != before or not self.generation:
            self.generation += 1

    async def follow(self, listener: Listener) -> None:
        """Keep up with changes until cancelled; what is in memory stays while the database is away."""
        while True:
            try:
                await self.load()
            except Exception:
                log.exception("ingest.snapshot_failed")  # the next load may work
            await listener.wait(Channel.CONFIG, POLL_S)


def _source(
    route: Route, policies: Mapping[UUID, Policy], intakes: Mapping[UUID, Intake]
) -> Source:
    policy = policies.get(route.policy_id) if route.policy_id else None
    return Source(
        integration_id=route.integration_id,
        order=route.integration_id.bytes,
        kind=route.kind,
        name=route.name,
        service_id=route.service_id,
        team_id=route.team_id,
        policy=policy or NO_POLICY,
        cause=Cause(CauseKind.INTEGRATION, route.integration_id, route.name),
        suppressed=suppressed(route.lifecycle),
        intake=intakes.get(route.integration_id, USUAL_INTAKE),
    )

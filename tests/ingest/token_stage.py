"""Integrations that ask for tokens, and the issuer of these, as tests stage them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx2

from pagefree.alerts.ingest import Ingest
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Channel, transaction
from pagefree.infra.listen import Listener
from pagefree.integrations import all_kinds
from pagefree.services import intake
from tests.fakes.identity_provider import (
    KEYS,
    IdentityProvider,
    Internet,
    identity_provider,
)
from tests.ingest.scene import ADMIN, Scene, behind

DIRECTORY = "72f988bf-86f1-41af-91ab-2d7cd011db47"
OTHER = "11111111-2222-3333-4444-555555555555"
APPLICATION = "c8f2b0a4-0b1e-4c55-9a53-6f2d5b1c7e10"
CALLER = "461e8683-5575-4561-ac7f-899cc907d62a"
ENTRA = f"https://login.microsoftonline.com/{DIRECTORY}/v2.0"
CONFIGURATION = f"/{DIRECTORY}/v2.0/.well-known/openid-configuration"
ACCOUNT = "push@my-project.iam.gserviceaccount.com"
GOOGLE = "https://accounts.google.com"
AZURE, PUBSUB = "azure_monitor", "google_cloud_monitoring"
SETTINGS: Mapping[str, Mapping[str, object]] = {
    AZURE: {"directory_id": DIRECTORY, "audience": APPLICATION},
    PUBSUB: {"service_account": ACCOUNT, "audience": "pagefree"},
}
Claims = dict[str, object]


@dataclass(slots=True)
class Stage:
    """An integration that asks for tokens, and who issues them."""

    scene: Scene
    provider: IdentityProvider
    client: httpx2.AsyncClient
    late: timedelta = field(default_factory=timedelta)  # of PageFree's clock

    def now(self) -> datetime:
        """PageFree's clock."""
        return system_clock() + self.late

    def claims(self, kind: str, **more: object) -> Claims:
        """What a right token says."""
        at = int(self.now().timestamp())
        times: Claims = {"iat": at, "exp": at + 3600}
        if kind == PUBSUB:
            told: Claims = {
                "iss": GOOGLE,
                "aud": "pagefree",
                "email": ACCOUNT,
                "email_verified": True,
            }
        else:
            told = {
                "iss": ENTRA,
                "aud": APPLICATION,
                "tid": DIRECTORY,
                "azp": CALLER,
                "nbf": at,
            }
        claims = {**times, **told, **more}
        return {name: value for name, value in claims.items() if value is not None}

    async def send(self, kind: str, token: str | None, n: int = 0) -> httpx2.Response:
        """Post the sample of a kind with a token, or without one."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        body = all_kinds()[kind].test.body + b" " * n  # not the same body again
        address = f"/in/{kind}/{self.scene.sources[kind].key}"
        return await self.client.post(address, content=body, headers=headers)

    async def send_right(self, kind: str, n: int = 0, kid: str = "k1") -> int:
        """Post it with a right token."""
        token = self.provider.token(self.claims(kind), kid)
        return (await self.send(kind, token, n)).status_code

    async def known(self) -> None:
        """Wait until the keys of everybody are here."""
        await eventually(lambda: self.provider.asked[KEYS] >= len(SETTINGS))

    async def reasons(self) -> list[object]:
        """Why requests were rejected."""
        query = (
            "SELECT error FROM inbound_requests WHERE outcome = 'rejected' ORDER BY id"
        )
        return [reason for (reason,) in await self.scene.rows(query)]


async def eventually(done: Callable[[], bool]) -> None:
    """Look until it is so."""
    async with asyncio.timeout(60):
        while not done():  # noqa: ASYNC110 -- another program's state has no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def staged(
    scene: Scene, provider: IdentityProvider, internet: Internet
) -> AsyncIterator[Stage]:
    """Ingest that reaches the provider, with a clock that can be moved on."""
    stage = Stage(scene, provider, httpx2.AsyncClient())
    listener = Listener(scene.url, [Channel.CONFIG])
    ingest = Ingest(scene.url, stage.now, http=internet)
    transport = httpx2.ASGITransport(ingest.in_front_of(behind))
    stage.client = httpx2.AsyncClient(transport=transport, base_url="http://pf.test")
    async with listener.running(), ingest.running(listener), stage.client:
        yield stage


@asynccontextmanager
async def prepared(scene: Scene) -> AsyncIterator[tuple[IdentityProvider, Internet]]:
    """A provider, and integrations that believe its tokens."""
    for kind, settings in SETTINGS.items():
        await set_up(scene, kind, settings)
    async with identity_provider() as (provider, internet):
        yield provider, internet


async def set_up(scene: Scene, kind: str, settings: Mapping[str, object]) -> None:
    """Enter the settings of an integration."""
    async with transaction(scene.engine) as tx:
        integration_id = scene.sources[kind].id
        await intake.change_settings(
            tx, integration_id, settings, ADMIN, system_clock()
        )


async def until(status: Callable[[], Awaitable[int]], wanted: int) -> None:
    """Send until it is answered like this; 503 says to come again."""
    async with asyncio.timeout(60):
        while (found := await status()) != wanted:
            assert found == 503

"""An installation with one identity provider, and browsers that sign in there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2

from pagefree.accounts.oidc.discovery import Discovery
from pagefree.channels.base import Transports
from pagefree.infra.http import GuardedClient
from tests.api.conftest import Api, Person
from tests.fakes.openid_provider import (
    CLIENT_ID,
    SECRET,
    Claims,
    OpenIdProvider,
    openid_provider,
)

ANA: Claims = {
    "sub": "00u1",
    "email": "Ana@example.org",
    "email_verified": True,
    "name": "Ana Lima",
    "zoneinfo": "America/Sao_Paulo",
    "groups": ["everyone", "sre"],
}
SEE_OTHER = 303


@dataclass(slots=True)
class Scene:
    """An installation with one provider, set up by an admin."""

    api: Api
    admin: Person
    idp: OpenIdProvider
    provider_id: str

    async def change(self, **changes: object) -> dict[str, object]:
        """What the admin changes about the provider."""
        answer = await self.admin.client.patch(
            f"/v1/identity-providers/{self.provider_id}", json=changes
        )
        assert answer.status_code == 200, answer.text
        changed: dict[str, object] = answer.json()
        return changed

    async def start(self, browser: httpx2.AsyncClient, next_: str = "/on-call") -> str:
        """Where the browser is sent, and, there, where it is sent back to."""
        path = f"/v1/sign-in/providers/{self.provider_id}/start"
        answer = await browser.post(path, json={"next": next_})
        assert answer.status_code == 200, answer.text
        async with httpx2.AsyncClient() as outside:
            away = await outside.get(answer.json()["continue_at"])
        return str(away.headers["location"])

    async def sign_in(self, browser: httpx2.AsyncClient) -> httpx2.Response:
        """There and back."""
        return await browser.get(await self.start(browser))


@asynccontextmanager
async def scene_of(api: Api, admin: Person) -> AsyncIterator[Scene]:
    """With the provider running."""
    http = GuardedClient(["127.0.0.0/8"])
    api.app.state.transports = Transports(http, None)
    api.app.state.discovery = discovery = Discovery(http.get)
    async with openid_provider(api.clock, dict(ANA)) as idp:
        made = await admin.client.post(
            "/v1/identity-providers", json={"name": "Acme", "issuer": idp.url}
        )
        scene = Scene(api, admin, idp, made.json()["id"])
        await admin.client.put(
            f"/v1/identity-providers/{scene.provider_id}/secret",
            json={"secret": SECRET},
        )
        await scene.change(client_id=CLIENT_ID, enabled=True)
        yield scene
        await discovery.aclose()
        await http.aclose()


def problem_of(answer: httpx2.Response) -> str:
    """Why somebody was sent back to the sign-in page."""
    assert answer.status_code == SEE_OTHER, answer.text
    assert "pagefree=" not in str(answer.headers.get_list("set-cookie"))
    where = urlsplit(answer.headers["location"])
    assert where.path == "/sign-in"
    return parse_qs(where.query)["problem"][0]


async def who_is(browser: httpx2.AsyncClient) -> dict[str, object]:
    """Who is signed in there."""
    answer = await browser.get("/v1/me")
    assert answer.status_code == 200, answer.text
    me: dict[str, object] = answer.json()
    return me

"""An issuer of identity tokens: publishes its configuration and keys, and signs."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from pagefree.infra.http import GuardedClient
from pagefree.infra.http_connection import Reply

KEYS = "/keys"
Claims = Mapping[str, object]


def new_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key to sign tokens with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(slots=True)
class IdentityProvider:
    """Stands for every issuer; `down` and `stalled` are what happens to such servers."""

    keys: dict[str, rsa.RSAPrivateKey]
    configuration: dict[str, object] = field(default_factory=dict)
    down: bool = False
    stalled: bool = False
    asked: Counter[str] = field(default_factory=Counter)  # by path
    url: str = ""
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def token(self, claims: Claims, kid: str = "k1", **header: object) -> str:
        """A token that is signed as it should be."""
        key = self.keys[kid]
        return jwt.encode(dict(claims), key, "RS256", {"kid": kid, **header})

    def jwks(self) -> dict[str, Any]:
        """What it publishes of its keys."""
        return {
            "keys": [
                {
                    **RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
                    "kid": kid,
                    "use": "sig",
                }
                for kid, key in self.keys.items()
            ]
        }

    async def answer(self, request: web.Request) -> web.Response:
        """Its configuration below any address, its keys, or that it is away."""
        self.asked[request.path] += 1
        if self.stalled:
            await self.closing.wait()
        if self.down:
            return web.Response(status=503)
        if request.path == KEYS:
            return web.json_response(self.jwks())
        issuer, found, _ = request.path.partition("/.well-known/")
        if not found:
            return web.Response(status=404)
        host = request.headers["X-Host"]
        told = {
            "issuer": f"https://{host}{issuer}",
            "jwks_uri": f"https://{host}{KEYS}",
        }
        return web.json_response({**told, **self.configuration})


@dataclass(slots=True)
class Internet:
    """The guarded client, for which every name leads to one provider."""

    provider: IdentityProvider
    client: GuardedClient

    async def get(self, url: str, headers: Mapping[str, str]) -> Reply:
        """What is at `url`."""
        parts = urlsplit(url)
        headers = {**headers, "X-Host": parts.netloc}
        return await self.client.get(self.provider.url + parts.path, headers)


@asynccontextmanager
async def identity_provider() -> AsyncIterator[tuple[IdentityProvider, Internet]]:
    """A provider with one key on a free port, and the way there."""
    provider = IdentityProvider({"k1": new_key()})
    app = web.Application()
    app.router.add_get("/{path:.*}", provider.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    provider.url = f"http://127.0.0.1:{port}"
    client = GuardedClient(["127.0.0.0/8"])
    try:
        yield provider, Internet(provider, client)
    finally:
        provider.closing.set()
        await client.aclose()
        await runner.cleanup()

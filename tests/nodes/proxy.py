"""A load balancer as simple as they come: in turn to who is ready, and nothing is tried twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.programs import eventually, free_port

LOOK_S = 0.2
PASSED_ON = ("content-type", "authorization", "cookie", "origin")
TIMEOUT_S = 30
START_S = 30


@dataclass(slots=True)
class Proxy:
    """Asks every node whether it is ready, five times a second."""

    nodes: Sequence[str]
    client: httpx2.AsyncClient
    address: str = ""
    ready: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    _turn: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        answer = await self._answer(Request(scope, receive))
        self.answers[answer.status_code] += 1
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        ready = [node for node in self.nodes if node in self.ready]
        if not ready:
            return Response("nobody is ready", 502)
        self._turn += 1
        node = ready[self._turn % len(ready)]
        headers = {n: v for n, v in request.headers.items() if n in PASSED_ON}
        url = f"{node}{request.url.path}"
        body = await request.body()
        try:
            answer = await self.client.request(
                request.method, url, content=body, headers=headers
            )
        except httpx2.HTTPError as e:
            return Response(repr(e), 502)
        self.served[node] += 1
        return Response(answer.content, answer.status_code)

    async def look(self) -> None:
        """Keep knowing who is ready."""
        while True:
            for node in self.nodes:
                try:
                    good = (await self.client.get(f"{node}/readyz")).is_success
                except httpx2.HTTPError:
                    good = False
                (self.ready.add if good else self.ready.discard)(node)
            await asyncio.sleep(LOOK_S)


@asynccontextmanager
async def balancing(nodes: Sequence[str]) -> AsyncIterator[Proxy]:
    """A proxy in front of `nodes`, which serves as soon as one of them is ready."""
    port = free_port()
    async with httpx2.AsyncClient(timeout=TIMEOUT_S) as client:
        proxy = Proxy(nodes, client, f"http://127.0.0.1:{port}")
        config = uvicorn.Config(
            proxy, port=port, lifespan="off", log_config=None, access_log=False
        )
        server = uvicorn.Server(config)
        tasks = [asyncio.create_task(proxy.look()), asyncio.create_task(server.serve())]

        async def serves() -> bool:
            return server.started and bool(proxy.ready)

        try:
            await eventually(serves, START_S)
            yield proxy
        finally:
            server.should_exit = True
            tasks[0].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

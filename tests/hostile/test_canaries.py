"""Secrets that cannot be mistaken, put through the whole program: they come out nowhere.

The server logs all it can, errors are provoked, and then everything that it said, exports and
recorded is searched (I-14).
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.clock import system_clock
from pagefree.infra.db import driver, transaction
from tests.api.test_access_matrix import Stage
from tests.conftest import EMPTY_ALL
from tests.hostile.conftest import SECRET_KEY, Server
from tests.hostile.test_schema import SIGNED_IN

SMTP, TWILIO, BOT = (f"canary-{name}-5b1d" for name in ("smtp", "twilio", "bot"))
PASSWORD, WRONG = "canary-password-77aa", "canary-wrong-password-91"
WORKFLOW, CLIENT = "canary-workflow-secret-0c", "canary-client-secret-3e"
BODY = "canary-in-a-refused-body-42"
PHONE = "+4915550001234"
READ = (
    "/metrics",
    "/v1/audit",
    "/v1/audit/export",
    "/v1/channels",
    "/v1/identity-providers",
    "/v1/users",
    "/v1/me/sessions",
    "/v1/me/api-keys",
    "/v1/outbox",
    "/v1/notifications",
    "/v1/providers",
    "/v1/findings",
    "/v1/incidents",
    "/v1/event-subscriptions",
    "/v1/workflow-secrets",
    "/v1/status-pages",
    "/v1/partners",
    "/v1/rooms",
    "/api/openapi.json",
)


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {
        "PAGEFREE_LOG_LEVEL": "debug",
        "PAGEFREE_SMTP_HOST": "127.0.0.1",
        "PAGEFREE_SMTP_PORT": "1",
        "PAGEFREE_SMTP_USER": "pager",
        "PAGEFREE_SMTP_PASSWORD": SMTP,
        "PAGEFREE_CHANNEL_TELEGRAM": json.dumps(
            {"bot_token": f"123:{BOT}", "webhook_secret": TWILIO + "x" * 20}
        ),
    }


@dataclass(slots=True)
class Heard:
    """All that came out, and what may not be in it."""

    secrets: set[str] = field(default_factory=set)
    said: list[tuple[str, str]] = field(default_factory=list)  # where, what

    def note(self, answer: httpx2.Response) -> None:
        where = f"{answer.request.method} {answer.request.url.path}"
        headers = {n: v for n, v in answer.headers.items() if n != "set-cookie"}
        self.said.append((where, f"{headers}{answer.text}"))

    def found(self) -> set[tuple[str, str]]:
        return {
            (where, secret)
            for where, text in self.said
            for secret in self.secrets
            if secret in text
        }


@pytest.fixture
async def admin(
    server: Server, stage: Stage, api_engine: AsyncEngine
) -> AsyncIterator[httpx2.AsyncClient]:
    async with transaction(api_engine) as tx:
        raw = await driver(tx)
        await raw.execute(EMPTY_ALL)
        await raw.execute(stage.rows)
        await raw.execute(SIGNED_IN, system_clock())
    async with httpx2.AsyncClient(
        base_url=server.address,
        headers={"Origin": server.address},
        cookies={"pagefree": stage.tokens["platform admin"]},
        timeout=60,
    ) as client:
        yield client


async def shown_once(admin: httpx2.AsyncClient, ids: dict[str, str]) -> set[str]:
    """Secrets that the server makes and shows once."""
    integration = f"/v1/integrations/{ids['integration_id']}"
    made: tuple[tuple[str, dict[str, object]], ...] = (
        ("/v1/me/api-keys", {"name": "canary", "scopes": ["read"]}),
        (f"{integration}/keys", {}),
        (f"{integration}/signing/secrets", {}),
        (f"/v1/identity-providers/{ids['provider_id']}/scim-tokens", {"name": "x"}),
        (f"/v1/status-pages/{ids['page_id']}/tokens", {"name": "canary"}),
        ("/v1/me/totp", {}),
    )
    found: set[str] = set()
    for path, body in made:
        answer = await admin.post(path, json=body)
        if answer.status_code < 300:
            found |= {
                value
                for name, value in answer.json().items()
                if name in {"token", "key", "secret", "routing_key"}
                and isinstance(value, str)
            }
    return found


async def given(admin: httpx2.AsyncClient, ids: dict[str, str], heard: Heard) -> None:
    """Secrets that people bring, in requests that do and do not fit."""
    provider = f"/v1/identity-providers/{ids['provider_id']}"
    contact = {"channel": "sms", "label": "Phone", "address": {"number": PHONE}}
    for method, path, body in (
        ("PUT", f"{provider}/secret", {"secret": CLIENT}),
        ("POST", "/v1/session", {"email": "bo@example.org", "password": WRONG}),
        ("POST", "/v1/session", {"email": [WRONG], "password": PASSWORD, "x": BODY}),
        ("PUT", "/v1/me/password", {"current": WRONG, "new": PASSWORD}),
        (
            "PUT",
            f"/v1/workflow-secrets/{ids['team_id']}/canary",
            {"value": WORKFLOW},
        ),
        ("PUT", "/v1/channels/telegram/config", {"values": {"bot_token": BODY}}),
        ("PUT", "/v1/channels/nothing/config", {"values": {"x": BODY}}),
        ("POST", f"/v1/users/{ids['user_id']}/contact-methods", contact),
        ("POST", "/v1/channels/telegram/test", {}),
        ("POST", f"{provider}/check", {}),
    ):
        answer = await admin.request(method, path, json=body)
        heard.note(answer)
    for headers in (
        {"Authorization": f"Bearer pf_{BODY}"},
        {"Cookie": f"pagefree={BODY}"},
        {"Authorization": f"Basic {BODY}"},
    ):
        heard.note(await admin.get("/v1/me", headers=headers))
    heard.note(await admin.post(f"/in/generic/pfi_{BODY}", json={"title": "x"}))
    heard.note(await admin.get(f"/calendars/{BODY}.ics"))


async def break_the_database(url: str) -> None:
    """Every connection of the server, in the middle of whatever it does."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_no_secret_comes_out_anywhere(
    server: Server,
    stage: Stage,
    admin: httpx2.AsyncClient,
    module_database: str,
) -> None:
    heard = Heard({SMTP, TWILIO, BOT, SECRET_KEY, PASSWORD, WRONG, WORKFLOW, CLIENT})
    heard.secrets |= {BODY} | set(stage.tokens.values())
    once = await shown_once(admin, stage.ids)
    heard.secrets |= once

    await given(admin, stage.ids, heard)
    for path in READ:
        heard.note(await admin.get(path))
    await break_the_database(module_database)
    for path in ("/v1/me", "/v1/incidents", "/readyz"):
        heard.note(await admin.get(path))
    await server.program.wait_for("listen.lost")  # it looks after its listener by turns
    heard.said.append(("the log", server.program.printed))

    assert len(once) >= 4
    # it did log, at the level that tells most
    printed = server.program.printed
    assert printed.count('"level": "debug"') > 20
    assert heard.found() == set()
    # a number is whole only where its owner and admins manage it
    assert PHONE not in server.program.printed

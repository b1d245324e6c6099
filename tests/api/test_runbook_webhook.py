"""The signed webhook: both ways of signing, what it may carry, how it ends."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes.http_server import Answer, Asked
from tests.fakes.runner import Runner

SEED = bytes(range(32))
KEY = "whsk_" + base64.b64encode(SEED).decode()


@dataclass(slots=True)
class PublicKeyRunner:
    """Knows the public key alone."""

    verified: list[Asked] = field(default_factory=list)

    def handle(self, asked: Asked) -> Answer:
        version, _, text = asked.headers["webhook-signature"].partition(",")
        assert version == "v1a"
        id_, stamp = asked.headers["webhook-id"], asked.headers["webhook-timestamp"]
        public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
        message = f"{id_}.{stamp}.".encode() + asked.body
        try:
            public.verify(base64.b64decode(text), message)
        except InvalidSignature:
            return Answer(401)
        self.verified.append(asked)
        return Answer(200, {})


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


async def test_a_runner_needs_no_more_than_the_public_key(
    automation: Automation,
) -> None:
    fake = PublicKeyRunner()
    await automation.connect("webhook", fake.handle, key=KEY)
    content = {
        "path": "/jobs/restart",
        "method": "PUT",
        "headers": {"X-Region": "eu"},
        "result": "answer",
    }
    run_id = await automation.start(await automation.approved(content=content))

    await automation.work()

    sent = fake.verified[-1]
    assert (sent.method, sent.path, sent.headers["x-region"]) == (
        "PUT",
        "/jobs/restart",
        "eu",
    )
    assert sent.headers["idempotency-key"] == run_id
    assert (await automation.run(run_id))["state"] == "succeeded"


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"Webhook-Signature": "v1,mine"}},
        {"headers": {"Authorization": "Bearer mine"}},
        {"headers": {"Host": "elsewhere.example.org"}},
        {"headers": {"X-A": "b\r\nX-C: d"}},
        {"headers": {"X A": "b"}},
        {"path": "//elsewhere.example.org"},
        {"path": "/a/../b"},
        {"path": "/{{incident.title}}"},
        {"body": "no JSON"},
        {"body": '"{{#if"'},
        {"method": "GET"},
    ],
    ids=str,
)
async def test_what_a_webhook_may_not_say(
    automation: Automation, wrong: dict[str, object]
) -> None:
    await automation.connect("webhook", Runner(automation.api.clock()).handle)
    body = {
        "team_id": str(automation.team_id),
        "content": automation.content(content=wrong),
    }

    refused = await automation.ana.client.post("/v1/runbooks", json=body)

    assert refused.status_code == 422


@pytest.mark.parametrize("key", ["", "secret", "whsec_AAAA", "whsk_AAAA", "whsec_!"])
async def test_a_key_is_long_enough(automation: Automation, key: str) -> None:
    body = {
        "kind": "webhook",
        "name": "Weak",
        "team_id": str(automation.team_id),
        "values": {"api_url": "https://example.org", "key": key},
    }

    refused = await automation.bo.client.post("/v1/target-connections", json=body)

    assert refused.status_code == 422
    assert not key or key not in refused.json()["detail"]


async def test_cancelling_says_that_a_runner_cannot_be_told(
    automation: Automation,
) -> None:
    fake = Runner(automation.api.clock())
    await automation.connect("webhook", fake.handle)
    run_id = await automation.start(await automation.approved())
    await automation.work()

    await automation.cy.client.put(f"/v1/runbook-runs/{run_id}/cancellation")
    await automation.work()
    token = fake.orders[0]["callback"]["token"]
    late = await automation.call_back(run_id, token, state="succeeded")

    run = await automation.run(run_id)
    assert run["state"] == "cancelled"
    assert "could not be told" in run["outcome"]
    assert late.status_code == 409

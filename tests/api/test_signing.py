"""How an integration's requests are verified: set up over HTTP, met by a sender."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest

from pagefree.alerts.ingest import Ingest
from pagefree.core.access import Role
from tests.api.conftest import BASE_URL, Api, Person
from tests.api.test_ingest_log import nobody
from tests.api.test_services import JSON, integration

BODY = json.dumps({"title": "Disk full"}).encode()
Sign = Callable[[str, str], tuple[bytes, dict[str, str]]]
SCHEME = {
    "header": "X-Signature",
    "message": "{timestamp}.{body}",
    "prefix": "v1=",
    "timestamp_header": "X-Time",
}


@pytest.fixture
async def lead(api: Api) -> Person:
    """The admin of a team."""
    team = await api.team("Web")
    return await api.user("Ana", teams={team.id: Role.TEAM_ADMIN})


def signing(source: JSON) -> str:
    """Where it is said how an integration's requests are verified."""
    return f"/v1/integrations/{source['id']}/signing"


async def secret(person: Person, source: JSON, given: str | None = None) -> JSON:
    """A new secret of an integration."""
    answer = await person.client.post(
        f"{signing(source)}/secrets", json={"secret": given}
    )
    assert answer.status_code == 201, answer.text
    made: JSON = answer.json()
    return made


async def post(ingest: Ingest, source: JSON, key: object, at: float) -> int:
    """Send a body that is signed with `key`, at `at`; how it is answered."""
    await ingest.snapshot.load()
    stamp = str(int(at))
    digest = hmac.digest(str(key).encode(), stamp.encode() + b"." + BODY, "sha256")
    headers = {"X-Signature": f"v1={digest.hex()}", "X-Time": stamp}
    return await send(ingest, source, headers)


async def send(
    ingest: Ingest, source: JSON, headers: dict[str, str], body: bytes = BODY
) -> int:
    """Send `body` with `headers`; how it is answered."""
    transport = httpx2.ASGITransport(ingest.in_front_of(nobody))
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        path = f"/in/{source['kind']}/{source['routing_key']}"
        return (await client.post(path, content=body, headers=headers)).status_code


async def test_a_scheme_of_ones_own_is_described_used_and_rotated(
    ingest: Ingest, api: Api, lead: Person
) -> None:
    source = await integration(lead)
    assert (await lead.client.get(signing(source))).json() == {
        "scheme": None,
        "by_secret": True,
        "verified_with": "secret",
        "signed_as": None,
        "own_scheme": None,
        "required": False,
        "repeat_window_s": 900,
        "secrets": [],
    }

    old = await secret(lead, source)
    shown = (
        await lead.client.patch(signing(source), json={"own_scheme": SCHEME})
    ).json()

    assert shown["required"] is True
    assert shown["own_scheme"]["header"] == "X-Signature"
    assert [s["prefix"] for s in shown["secrets"]] == [old["secret"][:4]]  # type: ignore[index]
    assert str(old["secret"]) not in json.dumps(shown)

    at = api.clock().timestamp()
    assert await post(ingest, source, old["secret"], at) == 202
    assert await post(ingest, source, "another", at) == 401
    assert await post(ingest, source, old["secret"], at - 301) == 401

    new = await secret(lead, source)
    for each in (old, new):
        assert await post(ingest, source, each["secret"], at) == 202
    api.clock.advance(timedelta(days=1, seconds=1))
    at = api.clock().timestamp()
    assert await post(ingest, source, old["secret"], at) == 401
    assert await post(ingest, source, new["secret"], at) == 202


async def test_signatures_become_required_with_the_first_secret_of_ones_own_scheme(
    lead: Person,
) -> None:
    source = await integration(lead)

    before = await lead.client.patch(signing(source), json={"own_scheme": SCHEME})
    await secret(lead, source)

    assert before.json()["required"] is False
    assert (await lead.client.get(signing(source))).json()["required"] is True


async def test_one_right_signature_in_a_list_is_enough(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead)
    made = await secret(lead, source)
    own = {"header": "X-Signature", "prefix": "v1=", "separator": ","}
    await lead.client.patch(signing(source), json={"own_scheme": own})
    await ingest.snapshot.load()
    right = f"v1={digest_of(made['secret'], BODY).hex()}"
    wrong = f"v1={digest_of('another', BODY).hex()}"

    answers = [
        await send(ingest, source, {"X-Signature": ",".join(each)})
        for each in ((wrong, right), (wrong, f" {right} "), (wrong, wrong))
    ]

    assert answers == [202, 202, 401]


def digest_of(key: object, message: bytes) -> bytes:
    """A keyed hash."""
    return hmac.digest(str(key).encode(), message, "sha256")


def as_slack(key: str, stamp: str) -> tuple[bytes, dict[str, str]]:
    """A body and headers, signed as Slack does."""
    digest = digest_of(key, b"v0:" + stamp.encode() + b":" + BODY).hex()
    return BODY, {
        "X-Slack-Signature": f"v0={digest}",
        "X-Slack-Request-Timestamp": stamp,
    }


def as_pagerduty(key: str, _: str) -> tuple[bytes, dict[str, str]]:
    """The same as PagerDuty: with the old secret, and with the new one."""
    both = [f"v1={digest_of(one, BODY).hex()}" for one in ("old", key)]
    return BODY, {"X-PagerDuty-Signature": ",".join(both)}


def as_mailgun(key: str, stamp: str) -> tuple[bytes, dict[str, str]]:
    """The same as Mailgun: in the body."""
    digest = digest_of(key, f"{stamp}token".encode()).hex()
    parts = {"timestamp": stamp, "token": "token", "signature": digest}
    return json.dumps({"title": "Bounced", "signature": parts}).encode(), {}


def as_standard_webhooks(key: str, stamp: str) -> tuple[bytes, dict[str, str]]:
    """The same as Standard Webhooks say."""
    raw = base64.b64decode(key.removeprefix("whsec_"))
    digest = hmac.digest(raw, f"msg_1.{stamp}.".encode() + BODY, "sha256")
    return BODY, {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": stamp,
        "Webhook-Signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@pytest.mark.parametrize(
    ("sender", "sign"),
    [
        ("slack", as_slack),
        ("pagerduty", as_pagerduty),
        ("mailgun", as_mailgun),
        ("standard_webhooks", as_standard_webhooks),
    ],
)
async def test_an_integration_of_any_kind_can_verify_as_a_known_sender_signs(
    ingest: Ingest, api: Api, lead: Person, sender: str, sign: Sign
) -> None:
    source = await integration(lead)
    shown = (
        await lead.client.patch(signing(source), json={"signed_as": sender})
    ).json()
    assert (shown["signed_as"], shown["own_scheme"]) == (sender, None)
    made = str((await secret(lead, source))["secret"])
    await ingest.snapshot.load()
    stamp = str(int(api.clock().timestamp()))

    async def signed_with(key: str) -> int:
        body, headers = sign(key, stamp)
        return await send(ingest, source, headers, body)

    assert await signed_with(made) == 202
    assert await signed_with("whsec_YWJjZA==") == 401
    assert await send(ingest, source, {}) == 401


@pytest.mark.parametrize(
    ("sender", "sign"),
    [
        ("slack", as_slack),
        ("mailgun", as_mailgun),
        ("standard_webhooks", as_standard_webhooks),
    ],
)
async def test_the_time_of_a_signature_may_be_five_minutes_away_and_no_more(
    ingest: Ingest, api: Api, lead: Person, sender: str, sign: Sign
) -> None:
    source = await integration(lead)
    await lead.client.patch(signing(source), json={"signed_as": sender})
    made = str((await secret(lead, source))["secret"])
    await ingest.snapshot.load()
    now = int(api.clock().timestamp())

    answers = {}
    for away in (-301, -299, 299, 301):
        body, headers = sign(made, str(now + away))
        answers[away] = await send(ingest, source, headers, body)

    assert answers == {-301: 401, -299: 202, 299: 202, 301: 401}


async def test_what_a_body_of_mailgun_says_cannot_be_changed_while_its_token_is_good(
    ingest: Ingest, api: Api, lead: Person
) -> None:
    source = await integration(lead)
    await lead.client.patch(signing(source), json={"signed_as": "mailgun"})
    made = str((await secret(lead, source))["secret"])
    await ingest.snapshot.load()
    body, _ = as_mailgun(made, str(int(api.clock().timestamp())))

    await send(ingest, source, {}, body)
    await send(ingest, source, {}, body.replace(b"Bounced", b"Forged"))

    path = f"/v1/integrations/{source['id']}/requests"
    log = (await lead.client.get(path)).json()["items"]
    assert [request["outcome"] for request in log] == ["repeated", "processed"]


async def test_a_known_sender_and_a_scheme_of_ones_own_take_turns(lead: Person) -> None:
    source = await integration(lead)
    path = signing(source)

    both = {"own_scheme": SCHEME, "signed_as": "slack"}
    assert (await lead.client.patch(path, json=both)).status_code in {400, 422}
    nobody_known = {"signed_as": "nobody"}
    assert (await lead.client.patch(path, json=nobody_known)).status_code == 422
    await lead.client.patch(path, json={"own_scheme": SCHEME})
    chosen = (await lead.client.patch(path, json={"signed_as": "slack"})).json()
    assert (chosen["scheme"], chosen["own_scheme"]) == ("Slack", None)
    neither = (await lead.client.patch(path, json={"signed_as": None})).json()
    assert (neither["scheme"], neither["signed_as"]) == (None, None)


async def test_the_log_says_how_each_request_was_verified(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead, "github")
    await secret(lead, source, "a-secret-of-theirs")
    await ingest.snapshot.load()
    digest = hmac.digest(b"a-secret-of-theirs", BODY, "sha256").hex()

    good = await send(ingest, source, {"X-Hub-Signature-256": f"sha256={digest}"})
    bad = await send(ingest, source, {"X-Hub-Signature-256": f"sha256={'0' * 64}"})
    none = await send(ingest, source, {})

    assert (good, bad, none) == (202, 401, 401)
    path = f"/v1/integrations/{source['id']}/requests"
    log = (await lead.client.get(path)).json()["items"]
    assert [(r["signature"], r["outcome"], r["error"]) for r in log[:2]] == [
        ("rejected", "rejected", "there is no signature"),
        ("rejected", "rejected", "the signature does not match the body"),
    ]
    assert log[2]["signature"] == "verified"
    only = (await lead.client.get(f"{path}?outcome=rejected")).json()["items"]
    assert [r["id"] for r in only] == [r["id"] for r in log[:2]]


async def test_forged_requests_do_not_fill_the_log(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead, "github")
    await secret(lead, source)
    await ingest.snapshot.load()

    for _ in range(70):
        assert await send(ingest, source, {}) == 401

    path = f"/v1/integrations/{source['id']}/requests?limit=100"
    assert len((await lead.client.get(path)).json()["items"]) in range(30, 61)


async def test_a_third_secret_has_to_wait_and_the_last_one_stays(
    lead: Person,
) -> None:
    source = await integration(lead, "gitlab")
    first = await secret(lead, source)
    assert str(first["secret"]).startswith("whsec_")
    second = await secret(lead, source)
    third = await lead.client.post(f"{signing(source)}/secrets", json={})
    assert third.status_code == 409

    async def end(one: JSON) -> int:
        path = f"{signing(source)}/secrets/{one['id']}"
        return (await lead.client.delete(path)).status_code

    assert await end(first) == 204
    assert await end(first) == 404
    assert await end(second) == 409
    await lead.client.patch(signing(source), json={"required": False})
    assert await end(second) == 204


@pytest.mark.parametrize(
    "wrong",
    [
        {"header": "", "message": "{body}"},
        {"header": "a b"},
        {"header": "x\r\ny"},
        {"header": "x", "message": "{timestamp}"},
        {"header": "x", "message": "{timestamp}.{body}"},
        {"header": "x", "timestamp_header": "y"},
        {"header": "x", "message": "{id}{body}"},
        {"header": "x", "algorithm": "md5"},
        {"header": "x", "separator": "a"},
    ],
)
async def test_a_scheme_that_proves_nothing_is_refused(
    lead: Person, wrong: dict[str, str]
) -> None:
    source = await integration(lead)

    answer = await lead.client.patch(signing(source), json={"own_scheme": wrong})

    assert answer.status_code in {400, 422}


async def test_a_signature_is_required_only_where_it_can_be_verified(
    lead: Person,
) -> None:
    generic, github = await integration(lead), None
    answer = await lead.client.patch(signing(generic), json={"required": True})
    assert answer.status_code in {400, 422}
    await lead.client.delete(f"/v1/services/{generic['service']['id']}")  # type: ignore[index]

    github = await integration(lead, "github")
    answer = await lead.client.patch(signing(github), json={"required": True})
    assert answer.status_code == 409


async def test_a_request_is_taken_in_again_from_the_log(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead)
    assert await send(ingest, source, {}) == 202
    path = f"/v1/integrations/{source['id']}/requests"
    (first,) = (await lead.client.get(path)).json()["items"]

    again = await lead.client.post(f"/v1/requests/{first['id']}/replay")

    assert (again.status_code, again.json()["event_outcomes"]) == (202, ["duplicate"])
    newest = (await lead.client.get(path)).json()["items"][0]
    assert newest["id"] == again.json()["request_id"]
    assert newest["user_agent"] == "PageFree replay"


async def test_what_was_read_beside_the_body_is_read_again(
    ingest: Ingest, lead: Person
) -> None:
    source = await integration(lead, "goalert")
    transport = httpx2.ASGITransport(ingest.in_front_of(nobody))
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        query = {"token": str(source["routing_key"]), "summary": "Disk", "dedup": "d"}
        answer = await client.post("/api/v2/generic/incoming", params=query)
    assert answer.status_code == 204
    path = f"/v1/integrations/{source['id']}/requests"
    (first,) = (await lead.client.get(path)).json()["items"]

    again = await lead.client.post(f"/v1/requests/{first['id']}/replay")

    assert again.json()["event_outcomes"] == ["duplicate"]

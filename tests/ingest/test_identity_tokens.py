"""Senders that prove with a token who they are: Azure's action groups, and Google's Pub/Sub."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pagefree.alerts.verifying import UNREADABLE
from pagefree.core.errors import Invalid
from pagefree.integrations import all_kinds
from tests.fakes.identity_provider import KEYS, IdentityProvider, new_key
from tests.ingest.scene import Scene
from tests.ingest.token_stage import (
    ACCOUNT,
    APPLICATION,
    AZURE,
    CALLER,
    CONFIGURATION,
    DIRECTORY,
    ENTRA,
    GOOGLE,
    OTHER,
    PUBSUB,
    SETTINGS,
    Claims,
    Stage,
    eventually,
    prepared,
    set_up,
    staged,
    until,
)


@pytest.fixture
async def stage(scene: Scene) -> AsyncIterator[Stage]:
    """Integrations that ask for tokens; their issuer's keys are known."""
    async with (
        prepared(scene) as (provider, internet),
        staged(scene, provider, internet) as stage,
    ):
        await stage.known()
        yield stage


@pytest.mark.parametrize("kind", list(SETTINGS))
async def test_a_right_token_lets_its_sender_in(stage: Stage, kind: str) -> None:
    async def status() -> int:
        return await stage.send_right(kind)

    await until(status, 202)

    seen = "SELECT outcome, signature, context::text FROM inbound_requests"
    assert await stage.scene.rows(seen) == [("processed", "verified", None)]
    assert await stage.scene.value("SELECT count(*) FROM alerts") == 1


async def test_tokens_of_version_1_and_both_names_of_an_application_are_good(
    stage: Stage,
) -> None:
    first_version = {
        "iss": f"https://sts.windows.net/{DIRECTORY}/",
        "aud": f"api://{APPLICATION}",
        "azp": None,
        "appid": CALLER,
    }
    token = stage.provider.token(stage.claims(AZURE, **first_version))

    async def status() -> int:
        return (await stage.send(AZURE, token)).status_code

    await until(status, 202)


WRONG: list[tuple[str, Claims, str]] = [
    (AZURE, {"iss": "https://evil.example/"}, "the token is of another issuer"),
    (AZURE, {"iss": ENTRA.replace(DIRECTORY, OTHER)}, "the token is of another issuer"),
    (AZURE, {"iss": GOOGLE}, "the token is of another issuer"),
    (AZURE, {"iss": None}, "the token does not say `iss`"),
    (AZURE, {"aud": "another"}, "the token is for another audience"),
    (AZURE, {"aud": None}, "the token does not say `aud`"),
    (AZURE, {"tid": OTHER}, "the token is of another directory"),
    (AZURE, {"tid": None}, "the token is of another directory"),
    (AZURE, {"azp": OTHER}, "the token was made for another caller"),
    (AZURE, {"azp": None}, "the token was made for another caller"),
    (AZURE, {"exp": None}, "the token does not say `exp`"),
    (AZURE, {"exp": "tomorrow"}, "the times of the token are not numbers"),
    (AZURE, {"exp": float("nan")}, "the times of the token are not numbers"),
    (PUBSUB, {"iss": ENTRA}, "the token is of another issuer"),
    (PUBSUB, {"aud": "https://another.example"}, "the token is for another audience"),
    (PUBSUB, {"email": "x@evil.example"}, "the token is of another account"),
    (PUBSUB, {"email": None}, "the token is of another account"),
    (
        PUBSUB,
        {"email_verified": False},
        "Google has not verified the address of the account",
    ),
    (
        PUBSUB,
        {"email_verified": "true"},
        "Google has not verified the address of the account",
    ),
]


async def test_a_token_that_says_anything_else_is_refused(stage: Stage) -> None:
    await until(lambda: stage.send_right(AZURE), 202)
    await until(lambda: stage.send_right(PUBSUB), 202)

    for kind, more, _ in WRONG:
        token = stage.provider.token(stage.claims(kind, **more))
        answer = await stage.send(kind, token)
        assert answer.status_code == 401, more

    assert await stage.reasons() == [reason for _, _, reason in WRONG]
    assert await stage.scene.value("SELECT count(*) FROM alerts") == 2


async def test_a_token_is_good_from_its_beginning_to_its_end_give_or_take_300_s(
    stage: Stage,
) -> None:
    await until(lambda: stage.send_right(AZURE), 202)
    at = int(stage.now().timestamp())
    found = []
    for times in (
        {"exp": at - 290},
        {"exp": at - 310},
        {"nbf": at + 290},
        {"nbf": at + 310},
    ):
        token = stage.provider.token(stage.claims(AZURE, **times))
        found.append((await stage.send(AZURE, token)).status_code)

    assert found == [202, 401, 202, 401]
    assert await stage.reasons() == [
        "the token has expired",
        "the token is not valid yet",
    ]


async def test_a_forged_token_is_refused_whatever_it_is_signed_with(
    stage: Stage,
) -> None:
    await until(lambda: stage.send_right(AZURE), 202)
    claims, provider = stage.claims(AZURE), stage.provider
    good = provider.token(claims)
    head, body, signature = good.split(".")
    forged = {
        "none": jwt.encode(claims, "", "none", {"kid": "k1"}),
        "HS256 with the public key": hs256(provider, claims),
        "another key": jwt.encode(claims, new_key(), "RS256", {"kid": "k1"}),
        "RS512": jwt.encode(claims, provider.keys["k1"], "RS512", {"kid": "k1"}),
        "no signature": f"{head}.{body}.",
        "half a signature": f"{head}.{body}.{signature[:-8]}",
        "other claims": f"{head}.{part({**claims, 'tid': OTHER})}.{signature}",
        "no number of a key": jwt.encode(claims, provider.keys["k1"], "RS256"),
        "not a token": "x.y",
        "nothing": "",
        "long": "a" * 20_000,
        "deep": part("[" * 9000) + ".e30.AA",
        "latin": "é.é.é",
        "crit": provider.token(claims, crit=["x"]),
    }

    for name, token in forged.items():
        raw = [(b"authorization", f"Bearer {token}".encode("latin-1"))]
        address = f"/in/{AZURE}/{stage.scene.sources[AZURE].key}"
        body_sent = all_kinds()[AZURE].test.body
        answer = await stage.client.post(address, content=body_sent, headers=raw)
        assert answer.status_code == 401, name
    assert (await stage.send(AZURE, None)).status_code == 401

    assert provider.asked[KEYS] == len(SETTINGS)
    assert await stage.scene.value("SELECT count(*) FROM alerts") == 1
    stored = "SELECT body, error, context::text FROM inbound_requests"
    assert not any(good in str(row) for row in await stage.scene.rows(stored))


def hs256(provider: IdentityProvider, claims: Claims) -> str:
    """A token whose secret is what everybody knows: the public key."""
    pem = (
        provider.keys["k1"]
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    signed = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(claims)}"
    return f"{signed}.{encoded(hmac.digest(pem, signed.encode(), 'sha256'))}"


def part(tree: object) -> str:
    text = tree if isinstance(tree, str) else json.dumps(tree)
    return encoded(text.encode())


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_a_key_that_is_too_short_verifies_nothing(stage: Stage) -> None:
    stage.provider.keys["short"] = new_key(1024)
    stage.late = timedelta(minutes=5)

    assert await stage.send_right(AZURE, kid="short") == 401

    assert await stage.reasons() == ["the token cannot be verified"]


async def test_a_new_key_is_fetched_once_and_unknown_ones_at_most_once_a_minute(
    stage: Stage,
) -> None:
    await until(lambda: stage.send_right(AZURE), 202)
    provider = stage.provider
    provider.keys = {"k2": new_key()}
    stage.late = timedelta(minutes=5)
    before = provider.asked[KEYS]

    assert await stage.send_right(AZURE, 1, "k2") == 202
    assert await stage.send_right(AZURE, 2, "k2") == 202
    assert provider.asked[KEYS] == before + 1

    forger = {"kid": "made up"}
    token = jwt.encode(stage.claims(AZURE), new_key(), "RS256", forger)
    for n in range(5):
        assert (await stage.send(AZURE, token, n)).status_code == 401
    assert provider.asked[KEYS] == before + 1
    stage.late += timedelta(minutes=2)
    for n in range(5):
        assert (await stage.send(AZURE, token, n)).status_code == 401
    assert provider.asked[KEYS] == before + 2
    assert set(await stage.reasons()) == {
        "the token is not signed with a key of its issuer"
    }


async def test_known_keys_are_enough_for_a_day_while_their_issuer_is_away(
    stage: Stage,
) -> None:
    await until(lambda: stage.send_right(AZURE), 202)
    stage.provider.down = True

    stage.late = timedelta(hours=23)
    assert await stage.send_right(AZURE, 1) == 202
    unknown = jwt.encode(stage.claims(AZURE), new_key(), "RS256", {"kid": "k9"})
    assert (await stage.send(AZURE, unknown)).status_code == 503
    stage.late = timedelta(hours=25)
    assert await stage.send_right(AZURE, 2) == 503

    stage.provider.down = False
    stage.late = timedelta(hours=26)
    assert await stage.send_right(AZURE, 3) == 202


@pytest.mark.parametrize("trouble", ["down", "stalled", "another issuer"])
async def test_while_no_keys_are_known_senders_are_asked_to_come_again(
    scene: Scene, trouble: str
) -> None:
    async with prepared(scene) as (provider, internet):
        provider.down = trouble == "down"
        provider.stalled = trouble == "stalled"
        if trouble == "another issuer":
            provider.configuration["issuer"] = "https://evil.example"
        async with staged(scene, provider, internet) as stage:
            await eventually(lambda: provider.asked[CONFIGURATION] > 0)
            at = asyncio.get_running_loop().time()

            answer = await stage.send(AZURE, provider.token(stage.claims(AZURE)))

            assert asyncio.get_running_loop().time() - at < 5  # not the client's 20 s
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert await scene.value("SELECT count(*) FROM inbound_requests") == 0

            provider.down = provider.stalled = False
            provider.configuration.clear()
            provider.closing.set()
            stage.late = timedelta(minutes=2)
            await until(lambda: stage.send_right(AZURE), 202)


async def test_the_caller_needs_the_role_if_one_is_set(stage: Stage) -> None:
    settings = {**SETTINGS[AZURE], "role": "ActionGroupsSecureWebhook"}
    await set_up(stage.scene, AZURE, settings)

    async def refused() -> int:
        return await stage.send_right(AZURE)

    # the settings take effect a moment later
    async with asyncio.timeout(60):
        while await refused() != 401:
            pass
    roles = ["Other", "ActionGroupsSecureWebhook"]
    token = stage.provider.token(stage.claims(AZURE, roles=roles))
    assert (await stage.send(AZURE, token)).status_code == 202


async def test_without_settings_the_key_in_the_address_is_the_proof(
    scene: Scene,
) -> None:
    for kind in SETTINGS:
        assert (await scene.post(kind, all_kinds()[kind].test.body)).status_code == 202

    checks = "SELECT DISTINCT outcome, signature FROM inbound_requests"
    assert await scene.rows(checks) == [("processed", "unsigned")]


@pytest.mark.parametrize("kind", list(SETTINGS))
async def test_settings_that_are_not_understood_let_nothing_in(
    scene: Scene, kind: str
) -> None:
    source = scene.sources[kind]
    await scene.connection.execute(
        """UPDATE integrations SET settings = '{"audience": "x"}' WHERE id = $1""",
        source.id,
    )

    async def sent() -> int:
        return (await scene.post(kind, all_kinds()[kind].test.body)).status_code

    async with asyncio.timeout(60):
        while await sent() != 401:  # the snapshot takes a moment
            pass
    assert await sent() == 401
    last = "SELECT outcome, error FROM inbound_requests ORDER BY id DESC LIMIT 1"
    assert await scene.rows(last) == [("rejected", UNREADABLE.reason)]


async def test_a_scheme_that_is_not_understood_closes_only_its_own_integration(
    scene: Scene,
) -> None:
    await scene.connection.execute(
        """UPDATE integrations SET signing = '{"scheme": "gone", "required": true}'
        WHERE id = $1""",
        scene.sources["generic"].id,
    )
    await scene.ingest.snapshot.load()

    assert (await scene.generic({"title": "x"})).status_code == 401
    assert (await scene.post(AZURE, all_kinds()[AZURE].test.body)).status_code == 202


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (AZURE, {"directory_id": DIRECTORY}),
        (AZURE, {"audience": "api://x"}),
        (AZURE, {"directory_id": "contoso.com", "audience": "api://x"}),
        (AZURE, {"directory_id": DIRECTORY, "audience": "x", "caller": ""}),
        (PUBSUB, {"service_account": ACCOUNT}),
        (PUBSUB, {"audience": "x"}),
        (PUBSUB, {"service_account": "me", "audience": "x"}),
    ],
    ids=str,
)
async def test_half_a_description_of_a_token_is_refused(
    scene: Scene, kind: str, settings: Mapping[str, object]
) -> None:
    with pytest.raises(Invalid):
        await set_up(scene, kind, settings)

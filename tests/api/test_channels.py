"""Setting channels up, proving addresses, and what providers may call, over HTTP."""

from datetime import timedelta

import pytest

from pagefree.accounts import channel_configs
from pagefree.core.errors import Invalid
from pagefree.infra.db import driver, transaction
from pagefree.notifications import provider_queries, readiness_queries
from pagefree.notifications.providers import BROKEN
from pagefree.notifications.readiness_queries import NewFinding
from tests.api.conftest import Api, Person
from tests.api.test_notifications import outbox, work

CONFIG = "/v1/channels/telegram/config"
CALLBACKS = "/v1/channels/telegram/callbacks"
VALUES = {"bot_token": "123:secret", "webhook_secret": "x" * 20}
SIGNED = {"X-Telegram-Bot-Api-Secret-Token": "x" * 20}


async def telegram(person: Person) -> dict[str, object]:
    answer = await person.client.get("/v1/channels")
    found: dict[str, object] = next(
        item for item in answer.json() if item["kind"] == "telegram"
    )
    return found


async def operator(api: Api, **channels: dict[str, object]) -> None:
    async with transaction(api.engine) as tx:
        vault = api.app.state.vault
        await channel_configs.keep_operator_configs(tx, channels, vault, api.clock())


async def test_a_channel_is_set_up_by_an_admin_who_never_sees_its_secrets_again(
    admin: Person,
) -> None:
    assert (await telegram(admin))["set_up"] is False

    put = await admin.client.put(CONFIG, json={"values": VALUES})
    found = await telegram(admin)

    assert put.status_code == 204
    assert found["set_up"] is True
    assert "123:secret" not in str(found)
    assert isinstance(setup := found["setup"], dict)
    assert setup["source"] == "admin"
    assert setup["values"] == {"api_url": "https://api.telegram.org/"}
    assert str(found["how_to"]).startswith("# ")
    assert found["link_line"] == "/start {code}"


async def test_a_secret_that_is_left_out_stays_as_it_was(
    api: Api, admin: Person
) -> None:
    await admin.client.put(CONFIG, json={"values": VALUES})

    url = {"api_url": "https://telegram.example.org/"}
    assert (await admin.client.put(CONFIG, json={"values": url})).status_code == 204

    async with transaction(api.engine) as tx:
        config = await channel_configs.opened(tx, "telegram", api.app.state.vault)
    assert config.bot_token.get_secret_value() == "123:secret"
    assert str(config.api_url) == "https://telegram.example.org/"


async def test_credentials_that_cannot_be_are_refused_without_being_repeated(
    admin: Person,
) -> None:
    answer = await admin.client.put(
        CONFIG, json={"values": {"bot_token": "123:secret", "webhook_secret": "short"}}
    )

    assert answer.status_code == 422
    assert "webhook_secret" in answer.json()["detail"]
    assert "123:secret" not in answer.text
    assert "'short'" not in answer.text


async def test_people_see_what_is_set_up_but_not_how(api: Api, admin: Person) -> None:
    ana = await api.user()
    await admin.client.put(CONFIG, json={"values": VALUES})

    found = await telegram(ana)

    assert (found["set_up"], found["setup"]) == (True, None)
    assert (await ana.client.put(CONFIG, json={"values": VALUES})).status_code == 403
    assert (await ana.client.delete(CONFIG)).status_code == 403


@pytest.mark.parametrize("removed", [True, False], ids=["removed", "changed"])
async def test_what_was_wrong_with_other_credentials_is_forgotten(
    api: Api, admin: Person, *, removed: bool
) -> None:
    await admin.client.put(CONFIG, json={"values": VALUES})
    async with transaction(api.engine) as tx:
        connection, now = await driver(tx), api.clock()
        of = {("telegram", ""): (3, "Telegram answered 401")}
        await provider_queries.add_failures(connection, of, now)
        new = NewFinding(BROKEN, "telegram/", "Telegram refuses us", channel="telegram")
        await readiness_queries.insert_finding(connection, new, now)

    async def seen() -> tuple[int, int]:
        providers = await admin.client.get("/v1/providers")
        findings = await admin.client.get("/v1/findings")
        return len(providers.json()), len(findings.json())

    assert await seen() == (1, 1)
    if removed:
        await admin.client.delete(CONFIG)
    else:
        await admin.client.put(CONFIG, json={"values": {"bot_token": "1:right"}})

    assert await seen() == (0, 0)


async def test_what_the_operator_has_set_up_only_the_operator_changes(
    api: Api, admin: Person
) -> None:
    await admin.client.put(CONFIG, json={"values": VALUES})
    await operator(api, telegram={**VALUES, "bot_token": "456:other"})

    found = await telegram(admin)

    assert isinstance(found["setup"], dict)
    assert found["setup"]["source"] == "operator"
    for answer in (
        await admin.client.put(CONFIG, json={"values": VALUES}),
        await admin.client.delete(CONFIG),
    ):
        assert answer.status_code == 409
    await operator(api)
    assert isinstance(setup := (await telegram(admin))["setup"], dict)
    assert setup["source"] == "admin"


@pytest.mark.fault("T-42", "settings are wrong")
async def test_wrong_settings_of_a_channel_are_refused_at_the_start(api: Api) -> None:
    wrong: list[dict[str, dict[str, object]]] = [
        {"pigeon": {}},
        {"telegram": {"bot_token": "123:secret"}},
    ]
    for channels in wrong:
        with pytest.raises(Invalid) as e:
            await operator(api, **channels)
        assert "123:secret" not in str(e.value)


async def test_what_is_not_set_up_cannot_be_added(admin: Person) -> None:
    await admin.client.delete(CONFIG)
    body = {"channel": "telegram", "label": "Chat", "address": {"chat_id": 42}}

    answer = await admin.client.post(f"/v1/users/{admin.id}/contact-methods", json=body)

    assert answer.status_code in {409, 422}


async def test_an_address_is_proven_by_the_code_that_arrives_there(api: Api) -> None:
    ana = await api.user()
    api.app.state.demo = True
    base = f"/v1/users/{ana.id}/contact-methods"
    body = {
        "channel": "email",
        "label": "Home",
        "address": {"email": "ana@home.example"},
    }
    made = (await ana.client.post(base, json=body)).json()
    url = f"{base}/{made['id']}/verification"

    assert made["unverified_since"] is not None
    assert (await ana.client.put(url, json={"code": "1"})).status_code == 409
    assert (await ana.client.post(f"{base}/{made['id']}/test")).status_code == 409
    assert (await ana.client.post(url)).status_code == 202
    await work(api)
    code = str((await outbox(ana))[0]["title"]).split()[0]
    wrong = await ana.client.put(url, json={"code": "000000"})
    right = await ana.client.put(url, json={"code": f" {code} "})

    assert (wrong.json(), right.json()) == ({"verified": False}, {"verified": True})
    [shown] = [
        one for one in (await ana.client.get(base)).json() if one["id"] == made["id"]
    ]
    assert shown["unverified_since"] is None
    assert shown["proven_at"] is not None
    assert (await ana.client.post(url)).status_code == 409


async def test_codes_are_not_sent_without_end(api: Api) -> None:
    ana = await api.user()
    url = f"/v1/users/{ana.id}/contact-links"

    codes = [
        (await ana.client.post(url, json={"channel": "telegram"})).status_code
        for _ in range(11)
    ]

    assert codes == [201] * 10 + [429]
    api.clock.advance(timedelta(hours=1))
    assert (await ana.client.post(url, json={"channel": "telegram"})).status_code == 201


async def test_providers_call_an_address_that_checks_who_calls(
    api: Api, admin: Person
) -> None:
    provider = await api.browser(headers={})
    assert (await provider.post(f"{CALLBACKS}/x", json={})).status_code == 404
    await admin.client.put(CONFIG, json={"values": VALUES})

    forged = await provider.post(f"{CALLBACKS}/x", json={"update_id": 1})
    signed = await provider.post(
        f"{CALLBACKS}/x", json={"update_id": 1}, headers=SIGNED
    )

    assert forged.status_code == 403
    assert signed.status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\x00\xff", b"[]", b'{"message": 3}', b"{" * 10_000],
    ids=range(6),
)
async def test_nothing_that_is_called_is_answered_with_a_failure_of_ours(
    api: Api, admin: Person, body: bytes
) -> None:
    await admin.client.put(CONFIG, json={"values": VALUES})
    provider = await api.browser(headers={})

    answer = await provider.post(f"{CALLBACKS}/x", content=body, headers=SIGNED)

    assert answer.status_code < 500


async def test_a_callback_is_short(api: Api, admin: Person) -> None:
    await admin.client.put(CONFIG, json={"values": VALUES})
    provider = await api.browser(headers={})

    answer = await provider.post(f"{CALLBACKS}/x", content=b" " * 65_537)

    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["pigeon", "webhook", "in_app"])
async def test_channels_that_hear_nothing_have_no_callbacks(
    api: Api, kind: str
) -> None:
    provider = await api.browser(headers={})

    answer = await provider.post(f"/v1/channels/{kind}/callbacks/x", json={})

    assert answer.status_code == 404

"""The key of web push: made once, changed without losing a browser, never shown."""

from uuid import uuid4

import pytest

from pagefree.accounts import channel_configs, contact_queries, push_keys
from pagefree.accounts.contact_queries import NewContactMethod
from pagefree.channels.web_push import keys
from pagefree.channels.web_push.channel import Config
from pagefree.core.errors import Conflict, NotFound
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from tests.api.conftest import Api

VAULT = Vault("a key for tests, long enough to be one")
OUTSIDE = ("PageFree <pager@example.org>", "http://10.0.0.7:8000")


async def make_first(api: Api, *contacts: str) -> None:
    async with transaction(api.engine) as tx:
        await push_keys.make_first(tx, VAULT, contacts or OUTSIDE, api.clock())


async def config(api: Api) -> Config:
    async with transaction(api.engine) as tx:
        opened: Config = await channel_configs.opened(tx, push_keys.KIND, VAULT)
        return opened


async def subscribed(api: Api, key: str) -> None:
    """A browser of somebody has subscribed with this public key."""
    person = await api.user(f"Person {uuid4()}")
    address = {"endpoint": "https://web.push.apple.com/x", "key": key}
    method = NewContactMethod(uuid4(), person.id, push_keys.KIND, "Phone", address)
    async with transaction(api.engine) as tx:
        await contact_queries.insert_contact_methods(tx, [method], api.clock())


async def rotate(api: Api) -> push_keys.Rotated:
    async with transaction(api.engine) as tx:
        return await push_keys.rotate(tx, VAULT, api.clock())


async def test_browsers_are_told_the_public_key_and_nobody_the_private_one(
    api: Api,
) -> None:
    await make_first(api)
    ana = await api.user("Ana", platform_admin=True)

    told = (await ana.client.get("/v1/web-push")).json()
    listed = await ana.client.get("/v1/channels")

    private = (await config(api)).private_key.get_secret_value()
    assert told == {"public_key": keys.public_key(private)}
    assert private not in listed.text


async def test_where_nothing_is_pushed_there_is_no_key(api: Api) -> None:
    ana = await api.user("Ana")

    told = (await ana.client.get("/v1/web-push")).json()

    assert told == {"public_key": None}


async def test_starting_again_keeps_the_key(api: Api) -> None:
    await make_first(api)
    first = await config(api)

    await make_first(api)

    assert await config(api) == first


@pytest.mark.parametrize(
    ("contacts", "subject"),
    [
        (("PageFree <pager@example.org>", "https://x.org"), "mailto:pager@example.org"),
        (
            ("PageFree <pagefree@localhost>", "https://pages.example.org"),
            "https://pages.example.org",
        ),
        (("pagefree@host.local", "http://10.0.0.7:8000"), "mailto:ana@example.org"),
    ],
    ids=["the sender of mail", "its own address", "an admin"],
)
async def test_push_services_are_given_a_contact_that_exists_outside(
    api: Api, contacts: tuple[str, ...], subject: str
) -> None:
    await api.user("Ana", platform_admin=True)

    await make_first(api, *contacts)

    assert (await config(api)).subject == subject


async def test_a_changed_key_leaves_the_earlier_one_to_the_browsers_that_know_it(
    api: Api,
) -> None:
    await make_first(api)
    first = keys.public_key((await config(api)).private_key.get_secret_value())
    await subscribed(api, first)

    rotated = await rotate(api)

    after = await config(api)
    assert (rotated.waiting, rotated.public_key != first) == (1, True)
    assert after.private_for(first) is not None
    assert after.private_for(rotated.public_key) is not None


async def test_a_key_that_no_browser_uses_any_more_is_forgotten(api: Api) -> None:
    await make_first(api)
    first = keys.public_key((await config(api)).private_key.get_secret_value())

    second = await rotate(api)
    await subscribed(api, second.public_key)
    await rotate(api)

    after = await config(api)
    assert after.private_for(first) is None
    assert after.private_for(second.public_key) is not None


async def test_a_key_that_the_settings_give_is_changed_there(api: Api) -> None:
    await make_first(api)
    given = {"subject": "mailto:a@example.org", "private_key": keys.new_private_key()}
    async with transaction(api.engine) as tx:
        await channel_configs.keep_operator_configs(
            tx, {push_keys.KIND: given}, VAULT, api.clock()
        )

    with pytest.raises(Conflict, match="operator"):
        await rotate(api)


async def test_there_is_nothing_to_change_before_the_first_start(api: Api) -> None:
    with pytest.raises(NotFound):
        await rotate(api)

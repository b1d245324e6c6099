"""Providers that have failed are asked whether they work again, before a page tries it."""

from datetime import timedelta

import pytest

from pagefree.infra.db import driver
from pagefree.notifications import probing, provider_queries, providers, readiness
from pagefree.notifications.provider_queries import ProviderHealth
from tests.fake_servers import WebServer
from tests.simulation.test_reaching import (
    SECOND,
    Outside,
    config,
    http,
    outside,
    page_ana,
)
from tests.simulation.world import HOUR, MINUTE, World

__all__ = ["outside"]
ACTIVE = http(200, b'{"status": "active"}')


async def probe(world: World, kind: str = "sms") -> int:
    """What the job does; how many were asked."""
    connection = await driver(world.tx)
    now = world.now
    doubted = await provider_queries.take_doubted(
        connection, [kind], now + probing.LEASE, now
    )
    for one in doubted:
        works = await probing.ask(world.gateway(), one)
        await providers.probed(world.tx, one, now, works=works)
    return len(doubted)


async def health(world: World) -> ProviderHealth | None:
    found = await provider_queries.list_health(await driver(world.tx), world.now - HOUR)
    return next((one for one in found if one.provider == "twilio"), None)


async def break_down(world: World, twilio: WebServer) -> None:
    """Three messages in a row that Twilio could not take."""
    twilio.answer = http(500, b"{}")
    for _ in range(3):
        await page_ana(world)
        await world.advance(10 * SECOND)


async def test_a_provider_heals_by_itself_once_it_works_again(
    world: World, outside: Outside
) -> None:
    await world.set_up(sms=config(outside.twilio, outside.sns))
    await break_down(world, outside.twilio)
    assert await probe(world) == 0  # it rests

    world.now += 2 * MINUTE
    assert await probe(world) == 1
    still = await health(world)
    assert still is not None
    assert still.rests_until is not None
    assert still.rests_until > world.now
    assert await probe(world) == 0

    outside.twilio.answer = ACTIVE
    world.now += 6 * MINUTE
    assert await probe(world) == 1
    healed = await health(world)
    assert healed is not None
    assert (healed.failures, healed.rests_until) == (0, None)


async def test_credentials_that_are_good_again_end_the_finding(
    world: World, outside: Outside
) -> None:
    outside.twilio_answers(401, b'{"code": 20003}')
    await page_ana(world)
    assert len(await readiness.findings(world.tx)) == 1

    await probe(world)
    assert len(await readiness.findings(world.tx)) == 1
    outside.twilio.answer = ACTIVE
    world.now += 6 * MINUTE
    await probe(world)

    assert await readiness.findings(world.tx) == []


async def test_what_only_a_message_can_tell_stays_found(
    world: World, outside: Outside
) -> None:
    outside.twilio_answers(400, b'{"code": 21606}')
    await page_ana(world)
    outside.twilio.answer = ACTIVE

    await probe(world)

    assert len(await readiness.findings(world.tx)) == 1


async def test_a_suspended_account_is_not_well(world: World, outside: Outside) -> None:
    outside.twilio_answers(403, b'{"code": 20005}')
    await page_ana(world)
    outside.twilio.answer = http(200, b'{"status": "suspended"}')

    await probe(world)

    assert len(await readiness.findings(world.tx)) == 1


SLACK = {"bot_token": "xoxb-1", "signing_secret": "s" * 20}
TELEGRAM = {"bot_token": "1:token", "webhook_secret": "s" * 20}


@pytest.mark.parametrize(
    ("kind", "account", "refuses", "works"),
    [
        (
            "slack",
            SLACK,
            http(200, b'{"ok": false, "error": "invalid_auth"}'),
            http(200, b'{"ok": true}'),
        ),
        ("telegram", TELEGRAM, http(401, b"{}"), http(200, b'{"ok": true}')),
    ],
    ids=["slack", "telegram"],
)
async def test_a_bot_is_well_once_its_token_is_known_again(
    world: World,
    outside: Outside,
    kind: str,
    account: dict[str, object],
    refuses: bytes,
    works: bytes,
) -> None:
    url = f"http://127.0.0.1:{outside.twilio.port}"
    await world.set_up(**{kind: {**account, "api_url": url}})
    connection = await driver(world.tx)
    of = {(kind, ""): (1, "it refuses us")}
    await provider_queries.add_failures(connection, of, world.now)

    async def is_broken() -> bool:
        world.now += 6 * MINUTE
        assert await probe(world, kind) == 1
        found = await provider_queries.list_health(connection, world.now - HOUR)
        return [one.broken_reason for one in found] == ["it refuses us"]

    outside.twilio.answer = refuses
    assert await is_broken()
    outside.twilio.answer = works
    assert not await is_broken()


async def test_a_right_that_slack_has_not_given_stays_missing_while_the_token_is_good(
    world: World, outside: Outside
) -> None:
    url = f"http://127.0.0.1:{outside.twilio.port}"
    await world.set_up(slack={**SLACK, "api_url": url})
    outside.twilio.answer = http(200, b'{"ok": true}')
    connection = await driver(world.tx)
    of = {("slack", ""): (1, "Slack says missing_scope")}
    await provider_queries.add_failures(connection, of, world.now)

    assert await probe(world, "slack") == 1

    found = await provider_queries.list_health(connection, world.now - HOUR)
    assert [one.broken_reason for one in found] == ["Slack says missing_scope"]


@pytest.mark.parametrize("answers", [True, False], ids=["there", "away"])
async def test_a_mail_server_is_greeted(
    world: World, outside: Outside, *, answers: bool
) -> None:
    connection = await driver(world.tx)
    await provider_queries.add_failures(
        connection, {("email", ""): (3, None)}, world.now
    )
    if not answers:
        smtp = world.smtp
        assert smtp is not None
        world.smtp = type(smtp)("127.0.0.1", 1, "none", None, None, smtp.sender)
    world.now += timedelta(seconds=1)

    assert await probe(world, "email") == 1

    found = await provider_queries.list_health(connection, world.now - HOUR)
    assert [one.failures for one in found if one.channel == "email"] == (
        [] if answers else [4]
    )
    assert outside.mail.mails == []

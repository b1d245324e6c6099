import asyncio
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select

from pagefree.app import idempotency, queries
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import idempotency_keys
from tests.app.conftest import Api

Answer = httpx2.Response


def a_team() -> dict[str, str]:
    return {"name": f"Team {new_id()}"}


async def create(
    client: httpx2.AsyncClient, team: dict[str, str], key: str = "one"
) -> Answer:
    return await client.post("/v1/teams", json=team, headers={"Idempotency-Key": key})


async def names(client: httpx2.AsyncClient) -> list[str]:
    teams = (await client.get("/v1/teams")).json()
    return [team["name"] for team in teams]


async def claim(api: Api, client: httpx2.AsyncClient, team: dict[str, str]) -> None:
    """Send the request, then put its key back to where a crash would have left it."""
    await create(client, team)
    async with transaction(api.engine) as tx:
        me = (await client.get("/v1/me")).json()["id"]
        known = await queries.get_key(tx, me, "one")
        assert known is not None
        await queries.update_key(tx, known.id, None, None)


async def test_the_same_request_again_gets_the_same_answer_and_does_nothing(
    api: Api,
) -> None:
    client, team = await api.admin(), a_team()

    first, again = await create(client, team), await create(client, team)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert (await names(client)).count(team["name"]) == 1


async def test_quotes_around_the_key_make_no_difference(api: Api) -> None:
    client, team = await api.admin(), a_team()

    await create(client, team, '"quoted"')

    assert (await create(client, team, "quoted")).status_code == 201


async def test_the_key_with_another_body_is_refused(api: Api) -> None:
    client = await api.admin()
    await create(client, a_team())

    answer = await create(client, a_team())

    assert (answer.status_code, answer.json()["code"]) == (
        422,
        "idempotency_key_reused",
    )


async def test_two_people_may_use_the_same_key(api: Api) -> None:
    ana, bo = await api.admin("Ana"), await api.admin("Bo")

    answers = [await create(ana, a_team()), await create(bo, a_team())]

    assert [answer.status_code for answer in answers] == [201, 201]


async def test_requests_at_the_same_time_take_effect_once(api: Api) -> None:
    client, team = await api.admin(), a_team()

    answers = await asyncio.gather(*(create(client, team) for _ in range(5)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert (await names(client)).count(team["name"]) == 1


async def test_while_the_first_one_runs_the_answer_is_409(api: Api) -> None:
    client, team = await api.admin(), a_team()
    await claim(api, client, team)

    answer = await create(client, team)

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_a_key_whose_request_died_before_it_did_anything_can_be_used_again(
    api: Api,
) -> None:
    client, team = await api.admin(), a_team()
    await claim(api, client, team)
    api.clock.now += timedelta(minutes=2)

    answer = await create(client, team)

    # it really ran again: the team of the first time is in the way
    assert answer.status_code == 409
    assert "name" in answer.json()["detail"]


async def test_a_request_that_took_effect_never_runs_again_though_its_answer_is_lost(
    api: Api,
) -> None:
    client, team = await api.admin(), a_team()
    await claim(api, client, team)
    async with transaction(api.engine) as tx:
        me = (await client.get("/v1/me")).json()["id"]
        known = await queries.get_key(tx, me, "one")
        assert known is not None
        await queries.update_key(tx, known.id, idempotency.DONE, None)
    api.clock.now += timedelta(minutes=2)

    answer = await create(client, team)

    assert (answer.status_code, answer.json()["detail"]) == (409, idempotency.LOST)


async def test_a_request_that_failed_may_be_mended_and_sent_again(api: Api) -> None:
    client = await api.admin()
    failed = await client.post(
        "/v1/teams", json={"nam": "x"}, headers={"Idempotency-Key": "one"}
    )

    mended = await create(client, a_team())

    assert (failed.status_code, mended.status_code) == (422, 201)


async def test_what_is_stored_shows_no_secret(api: Api) -> None:
    client = await api.admin()
    asked = {"name": "ci", "scopes": ["read"]}

    made = await client.post(
        "/v1/me/api-keys", json=asked, headers={"Idempotency-Key": "key"}
    )

    token = made.json()["token"]
    async with transaction(api.engine) as tx:
        stored = await tx.scalars(select(idempotency_keys.c.response))
    assert all(token.encode() not in (response or b"") for response in stored)


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_of_no_sensible_length_is_refused(api: Api, key: str) -> None:
    client = await api.admin()

    answer = await create(client, a_team(), key)

    assert answer.status_code == 400


async def test_without_a_sign_in_the_answer_is_still_401(api: Api) -> None:
    client = await api.client()

    answer = await create(client, a_team())

    assert answer.status_code == 401

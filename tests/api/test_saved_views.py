"""Filters of the incident list that people keep under a name."""

import pytest

from tests.api.conftest import Api

PATH = "/v1/saved-views"
VIEW = {"name": "My night", "query": "?status=open&mine=true"}


async def test_a_view_is_kept_until_it_is_deleted(api: Api) -> None:
    ana = await api.user("Ana")

    made = await ana.client.post(PATH, json=VIEW)
    await ana.client.post(PATH, json={**VIEW, "name": "All"})

    assert made.status_code == 201
    assert {key: made.json()[key] for key in VIEW} == VIEW
    assert [view["name"] for view in (await ana.client.get(PATH)).json()] == [
        "All",
        "My night",
    ]
    for _ in range(2):
        gone = await ana.client.delete(f"{PATH}/{made.json()['id']}")
        assert gone.status_code == 204
    assert [view["name"] for view in (await ana.client.get(PATH)).json()] == ["All"]


async def test_a_name_is_used_once_by_each_person(api: Api) -> None:
    ana, bo = await api.user("Ana"), await api.user("Bo")
    await ana.client.post(PATH, json=VIEW)

    again = await ana.client.post(PATH, json=VIEW)
    other = await bo.client.post(PATH, json=VIEW)

    assert (again.status_code, other.status_code) == (409, 201)


async def test_nobody_sees_or_deletes_the_views_of_others(api: Api) -> None:
    ana, bo = await api.user("Ana"), await api.user("Bo")
    made = (await ana.client.post(PATH, json=VIEW)).json()

    await bo.client.delete(f"{PATH}/{made['id']}")

    assert (await bo.client.get(PATH)).json() == []
    assert len((await ana.client.get(PATH)).json()) == 1


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"name": "x" * 101}, {"query": "q" * 2001}, {"more": 1}]
)
async def test_a_view_has_a_name_and_a_query(
    api: Api, change: dict[str, object]
) -> None:
    ana = await api.user("Ana")

    assert (await ana.client.post(PATH, json={**VIEW, **change})).status_code == 422

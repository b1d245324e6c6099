"""Explanations of whole requests: what headers and addresses say, not only the body."""

import json
from importlib.resources import files

import pytest

from pagefree.integrations import all_kinds, sample_request
from tests.api.conftest import Api
from tests.api.explained import FIRE, Shop, shop_of


@pytest.fixture
async def shop(api: Api) -> Shop:
    return await shop_of(api)


async def integration_of(shop: Shop, kind: str) -> str:
    made = await shop.ana.client.post(
        f"/v1/services/{shop.service_id}/integrations",
        json={"kind": kind, "name": kind},
    )
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def sample_of(kind: str, name: str) -> dict[str, object]:
    """A request among the samples of a kind, as somebody asks about it."""
    folder = files(f"pagefree.integrations.{kind}")
    sample = folder.joinpath("samples", name)
    told = sample_request(folder, sample)
    path = told.path or all_kinds()[kind].path
    return {
        "body": sample.read_text("utf-8"),
        "headers": told.headers,
        "query": told.query,
        "method": told.method,
        "path": path + told.rest,
    }


@pytest.mark.parametrize(
    ("kind", "sample", "fate"),
    [
        ("github", "deployment.json", "change"),
        ("gitlab", "push.json", "change"),
        ("sentry", "fire.json", "opens"),
        ("cloudevents", "binary.json", "opens"),
        ("pagerduty_v2", "change.json", "change"),
        ("opsgenie", "resolve.json", "unmatched"),
        ("opsgenie", "delete.txt", "unmatched"),
    ],
)
async def test_a_request_is_more_than_its_body(
    shop: Shop, kind: str, sample: str, fate: str
) -> None:
    """These say in headers, or in the address, what the body does not."""
    integration_id = await integration_of(shop, kind)

    answer = await shop.explain(
        integration_id=integration_id, **sample_of(kind, sample)
    )

    assert answer["error"] is None
    assert {story["routing"]["fate"] for story in answer["stories"]} == {fate}


async def test_a_request_may_name_the_key_in_its_address(shop: Shop) -> None:
    body = json.dumps(FIRE)

    story = await shop.story(
        integration_id=shop.integration_id, body=body, path="/in/generic/pf_a-key"
    )

    assert story["routing"]["fate"] == "opens"


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"path": "/in/github/key"}, "has no address"),
        ({"path": "in/generic"}, "path"),
        ({"method": "DELETE"}, "is asked with POST"),
        ({"method": "TRACE"}, "method"),
        ({"headers": {"x": "a\r\nb"}}, "headers"),
        ({"headers": {"": "a"}}, "headers"),
        ({"headers": {f"x-{n}": "a" for n in range(101)}}, "headers"),
        ({"headers": {"x": "a" * 8193}}, "headers"),
        ({"query": {f"x-{n}": "a" for n in range(101)}}, "query"),
    ],
    ids=[
        *("another kind", "no path", "no such method", "odd method", "two lines"),
        *("no name", "many headers", "long header", "long query"),
    ],
)
async def test_a_request_that_cannot_be_is_refused(
    shop: Shop, request_: dict[str, object], reason: str
) -> None:
    question = {"integration_id": shop.integration_id, "body": "{}", **request_}

    answer = await shop.ana.client.post("/v1/explain", json=question)

    assert answer.status_code == 422, answer.text
    assert reason in answer.text

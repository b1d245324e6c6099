"""Copies in a bucket: moto's server stands for it, and is asked what it holds."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

import httpx2
import pytest
from moto.server import ThreadedMotoServer

from pagefree.infra.aws_signing import Account, signed
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.status_pages import push_queries
from pagefree.status_pages.pushing import Bucket, Pusher
from tests.status_pages.conftest import Scene


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    await asyncio.to_thread(server.start)
    _, port = server.get_host_and_port()
    made = Bucket(
        f"http://127.0.0.1:{port}", "pages", "copy/", "us-east-1", "id", "key"
    )
    async with httpx2.AsyncClient(base_url=made.endpoint) as client:
        assert (await client.put("/pages")).is_success
    yield made
    await asyncio.to_thread(server.stop)


async def test_a_public_page_lies_in_the_bucket_as_plain_files(
    scene: Scene, bucket: Bucket
) -> None:
    http = GuardedClient(["127.0.0.0/8"])
    pusher = Pusher(http, bucket, scene.clock)
    await pusher.push_due(scene.engine)
    url = bucket.url("shop/index.html")
    account = Account(bucket.region, bucket.key_id, bucket.secret, "s3")
    empty = {"X-Amz-Content-Sha256": sha256(b"").hexdigest()}
    proven = signed(account, url, empty, b"", scene.now, method="GET")
    async with httpx2.AsyncClient() as client:
        page = await client.get(url, headers=proven)
    async with transaction(scene.engine) as tx:
        push = await push_queries.get(tx, scene.page_id)
    await http.aclose()

    assert page.content == (await scene.get()).content
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert push is not None
    assert push.current
    assert push.error is None


async def test_what_went_wrong_is_known_and_tried_again(scene: Scene) -> None:
    nowhere = Bucket("http://127.0.0.1:1", "pages", "", "us-east-1", "id", "key")
    http = GuardedClient(["127.0.0.0/8"])
    await Pusher(http, nowhere, scene.clock).push_due(scene.engine)
    async with transaction(scene.engine) as tx:
        push = await push_queries.get(tx, scene.page_id)
        due = await push_queries.list_due(tx, scene.now)
    await http.aclose()

    assert push is not None
    assert push.error
    assert not push.current
    assert due == []

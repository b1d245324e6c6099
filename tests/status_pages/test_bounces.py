"""Mail that comes back, and when nothing more is sent."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from pagefree.alerts.smtp import Mailbox as Box
from pagefree.infra.db import transaction
from pagefree.status_pages import followers, subscriber_links
from pagefree.status_pages.bounces import Bounces
from tests.status_pages.conftest import VAULT, Scene
from tests.status_pages.following import Following, count, followed

SOON = timedelta(seconds=5)
DSN = b"""From: MAILER-DAEMON@example.org
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It failed.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; bo@example.org
Action: failed
Status: %s

--b--
"""


@pytest.fixture
async def shop(scene: Scene) -> AsyncIterator[Following]:
    async with followed(scene, "in.test") as found:
        yield found


class Nobody:
    """Who knows no address."""

    def knows(self, box: Box) -> bool:
        """None."""
        del box
        return False

    async def take(self, box: Box, raw: bytes, sender: str) -> None:
        """Never called."""
        raise AssertionError(box, raw, sender)


async def test_an_address_where_nobody_is_gets_nothing_more(shop: Following) -> None:
    await shop.follow()
    async with transaction(shop.scene.engine) as tx:
        one = (await tx.execute(text("SELECT id FROM subscribers"))).scalar_one()
    address = subscriber_links.bounce_address(VAULT, one, "in.test")
    box = Box("status", address.partition("+")[2].partition("@")[0])
    bounces = Bounces(shop.scene.engine, VAULT, shop.scene.clock, Nobody())
    await bounces.take(box, DSN % b"4.2.2", "")
    full = await count(shop, where="bounces > 0")
    await bounces.take(box, DSN % b"5.1.1", "")
    await shop.tell("It is down.")
    await shop.work(SOON)

    assert bounces.knows(box)
    assert not bounces.knows(Box("status", "forged"))
    assert full == 0
    assert len(shop.to()) == 1
    assert await count(shop, where="stopped_at IS NOT NULL") == 1


async def test_an_address_that_fails_three_times_gets_nothing_until_resumed(
    shop: Following,
) -> None:
    await shop.follow()
    scene = shop.scene
    async with transaction(scene.engine) as tx:
        one = (await tx.execute(text("SELECT id FROM subscribers"))).scalar_one()
    address = subscriber_links.bounce_address(VAULT, one, "in.test")
    box = Box("status", address.partition("+")[2].partition("@")[0])
    bounces = Bounces(scene.engine, VAULT, scene.clock, Nobody())
    for _ in range(3):
        await bounces.take(box, DSN % b"5.2.2", "")
    await shop.tell("It is down.")
    await shop.work(SOON)
    told = len(shop.to())
    async with transaction(scene.engine) as tx:
        await followers.resume(tx, scene.page_id, one, scene.actor)
    await shop.tell("It is up.")
    await shop.work(SOON)

    assert told == 1
    assert "It is up." in shop.to()[-1].text

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from pagefree.core.status_views import ToldTo
from pagefree.infra.db import transaction
from pagefree.notifications import link_queries
from pagefree.status_pages import (
    followers,
    mailing,
    message_queries,
    service,
    works,
)
from pagefree.status_pages.works import NewWork
from tests.status_pages.conftest import VAULT, Scene
from tests.status_pages.following import Following, count, followed, links

SOON = timedelta(seconds=5)


@pytest.fixture
async def shop(scene: Scene) -> AsyncIterator[Following]:
    async with followed(scene, "in.test") as found:
        yield found


# -- asking and confirming ------------------------------------------------------------


async def test_nothing_is_sent_to_who_has_not_pressed_the_button(
    shop: Following,
) -> None:
    await shop.ask()
    await shop.work()
    link = shop.link(shop.to()[0], "confirm")
    looked = [await shop.client.get(link), await shop.client.head(link)]
    await shop.tell("It is down.")
    await shop.work(SOON)

    assert [answer.status_code for answer in looked] == [200, 200]
    assert len(shop.to()) == 1
    assert await count(shop, where="confirmed_at IS NOT NULL") == 0


async def test_who_confirms_is_told_what_the_page_tells(shop: Following) -> None:
    await shop.follow()
    await shop.tell("Cards are refused.", "Checkout")
    await shop.work(SOON)

    mail = shop.to()[-1]
    assert mail.subject == "[Shop status] Investigating: Checkout fails"
    assert "Cards are refused." in mail.text
    assert "Affects: Checkout" in mail.text
    assert "internal-" not in mail.text


async def test_a_link_confirms_once_and_for_two_days(shop: Following) -> None:
    await shop.ask()
    await shop.work()
    link = shop.link(shop.to()[0], "confirm")
    first = await shop.client.post(link)
    second = await shop.client.post(link)
    await shop.ask("ida@example.org")
    await shop.work()
    shop.scene.now += timedelta(hours=49)
    late = await shop.client.post(shop.link(shop.to("ida@example.org")[0], "confirm"))

    assert (first.status_code, second.status_code, late.status_code) == (200, 404, 404)


async def test_whoever_asks_cannot_tell_who_follows(shop: Following) -> None:
    await shop.follow()

    known, unknown = await shop.ask(), await shop.ask("nobody@example.org")
    await shop.work(timedelta(hours=1))

    assert known.text == unknown.text
    assert known.status_code == unknown.status_code == 200
    assert len(shop.to()) == 1  # nor is anybody bothered again


async def test_nobody_is_flooded_with_questions(shop: Following) -> None:
    answers = [(await shop.ask()).status_code for _ in range(6)]
    await shop.work()

    assert answers == [200] * 5 + [429]
    assert len(shop.to()) == 1


async def test_the_token_is_kept_as_a_hash(shop: Following) -> None:
    await shop.ask()
    await shop.work()
    token = shop.link(shop.to()[0], "confirm").rpartition("/")[2]

    async with transaction(shop.scene.engine) as tx:
        row = (
            await tx.execute(text("SELECT subscribers::text FROM subscribers"))
        ).one()
        rows = (
            await tx.execute(text("SELECT status_messages::text FROM status_messages"))
        ).one()
    assert token not in row[0] + rows[0]


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("email", "no address"),
        ("email", "bo@example.org\r\nBcc: all@example.org"),
        ("slack", "https://hooks.slack.com.evil.example/x"),
        ("webhook", "javascript:alert(1)"),
        ("sms", "+4915112345678"),  # not set up
        ("fax", "1"),
    ],
    ids=["no at", "header", "not slack", "script", "no sms", "unknown way"],
)
async def test_an_address_that_cannot_be_told_is_refused(
    shop: Following, way: str, address: str
) -> None:
    answer = await shop.ask(address, way=way)

    assert answer.status_code == 422
    assert await count(shop) == 0


# -- changing and ending -----------------------------------------------------------------


async def test_one_press_in_a_mail_program_ends_it(shop: Following) -> None:
    await shop.follow()
    await shop.tell("It is down.")
    await shop.work(SOON)
    end = shop.link(shop.to()[-1], "unsubscribe")
    looked = await shop.client.get(end)
    before = await count(shop)
    pressed = await shop.client.post(end, data={"List-Unsubscribe": "One-Click"})
    again = await shop.client.post(end, data={"List-Unsubscribe": "One-Click"})

    assert looked.status_code == 200
    assert before == 1
    assert pressed.status_code == again.status_code == 200
    assert not pressed.cookies
    assert await count(shop) == 0
    looked = await shop.client.get(end)
    assert looked.status_code == 200
    assert "<button" not in looked.text


async def test_only_chosen_components_and_kinds_are_told_of(shop: Following) -> None:
    await shop.follow(component=str(shop.scene.components["Search"]))
    await shop.tell("Checkout only.", "Checkout")
    await shop.work(SOON)
    heard_of_checkout = len(shop.to()) - 1
    await shop.tell("Search too.", "Search")
    await shop.work(SOON)
    change = shop.link(shop.to()[-1], "subscription")
    await shop.client.post(change, data={"maintenances": "1"})
    await shop.tell("Nobody hears this.", "Search")
    await shop.work(SOON)

    assert heard_of_checkout == 0
    assert [("Search too." in m.text) for m in shop.to()] == [False, True]
    assert "checked> Incidents" not in (await shop.client.get(change)).text


async def test_a_link_of_somebody_else_opens_nothing(shop: Following) -> None:
    await shop.follow()
    await shop.tell("It is down.")
    await shop.work(SOON)
    link = shop.link(shop.to()[-1], "subscription")
    forged = link[:-1] + ("a" if link[-1] != "a" else "b")

    assert (await shop.client.get(forged)).status_code == 404
    assert (await shop.client.post(forged)).status_code == 404


# -- what is told -------------------------------------------------------------------------


async def test_what_is_quiet_or_for_partners_is_mailed_to_nobody(
    shop: Following,
) -> None:
    await shop.follow()
    await shop.tell("Quietly.", quiet=True)
    await shop.tell("For partners.", told_to=ToldTo.PARTNERS)
    await shop.work(SOON)

    assert len(shop.to()) == 1
    assert await count(shop, "status_mailings") == 0


async def test_planned_work_is_announced_reminded_of_and_followed(
    shop: Following,
) -> None:
    await shop.follow()
    scene, hour = shop.scene, timedelta(hours=1)
    start = scene.now + 3 * hour
    new = NewWork("New disks", "Short.", start, start + hour, remind=hour)
    async with transaction(scene.engine) as tx:
        await works.plan(tx, scene.page_id, new, scene.actor, scene.now)
    for by in (SOON, 2 * hour, hour, hour):
        await shop.work(by)

    told = [m.subject.partition("] ")[2] for m in shop.to()[1:]]
    assert told == [
        "Scheduled: New disks",
        "Reminder: New disks",
        "In progress: New disks",
        "Completed: New disks",
    ]


async def test_who_was_told_of_a_time_is_told_of_another_one(shop: Following) -> None:
    await shop.follow()
    scene, hour = shop.scene, timedelta(hours=1)
    start = scene.now + 3 * hour
    new = NewWork("New disks", "Short.", start, start + hour, remind=hour)
    async with transaction(scene.engine) as tx:
        work = await works.plan(tx, scene.page_id, new, scene.actor, scene.now)

    async def change(**changes: object) -> None:
        async with transaction(scene.engine) as tx:
            await works.change(tx, work.id, changes, scene.actor, scene.now)

    await shop.work(2 * hour)  # they are reminded
    await change(
        scheduled_for=start + 5 * hour, scheduled_until=start + 6 * hour, name="Disks"
    )
    await shop.work(SOON)
    await change(body="As short as ever.")
    await shop.work(5 * hour)

    told = [m.subject.partition("] ")[2] for m in shop.to()[1:]]
    assert told == [
        "Scheduled: New disks",
        "Reminder: New disks",
        "Rescheduled: Disks",
        "Reminder: Disks",
    ]


async def test_nobody_is_told_before_the_page_shows_it(shop: Following) -> None:
    await shop.follow()
    shop.scene.now += SOON
    await shop.tell("It is down.")

    before = await mailing.queue_due(shop.scene.engine, shop.scene.now)
    await shop.work(SOON)

    assert before == 0
    assert len(shop.to()) == 2


async def test_what_was_being_sent_when_a_process_died_is_sent_again_and_flagged(
    shop: Following,
) -> None:
    await shop.follow()
    await shop.tell("It is down.")
    await shop.scene.work(SOON)
    now = shop.scene.now
    await mailing.queue_due(shop.scene.engine, now)
    async with transaction(shop.scene.engine) as tx:
        lost = await message_queries.claim(tx, 10, now + mailing.LEASE, now)
    await shop.work(SOON)
    early = len(shop.to())
    await shop.work(mailing.LEASE)

    assert len(lost) == 1
    assert early == 1
    assert len(shop.to()) == 2
    assert await count(shop, "status_messages", "possible_duplicate") == 1


async def test_in_a_demo_messages_are_in_the_outbox_and_nowhere_else(
    shop: Following,
) -> None:
    await shop.follow()
    shop.gateway = replace(shop.gateway, demo=True)
    await shop.tell("It is down.")
    await shop.work(SOON)

    async with transaction(shop.scene.engine) as tx:
        (shown,) = await link_queries.list_outbox(tx, None, 10)
    assert len(shop.to()) == 1
    assert (shown.channel, shown.recipient) == ("email", "bo@example.org")
    assert shown.title == "[Shop status] Investigating: Checkout fails"
    assert "It is down." in shown.text
    assert "/s/shop/unsubscribe/" in (shown.html or "")


# -- private pages, import and export ----------------------------------------------------------


async def test_only_who_sees_a_private_page_can_follow_it(shop: Following) -> None:
    scene = shop.scene
    async with transaction(scene.engine) as tx:
        await service.change_page(
            tx, scene.page_id, {"visibility": "private"}, scene.actor, scene.now
        )
    await shop.work(SOON)

    looked = await shop.client.get("/s/shop/subscribe")
    asked = await shop.ask()

    assert looked.status_code == asked.status_code == 404
    assert await count(shop) == 0


async def test_an_export_is_no_formula_and_can_be_imported_again(
    shop: Following,
) -> None:
    scene = shop.scene
    lines = "address,components\nida@example.org,Search\n=cmd@example.org,\nnot one,\n"
    async with transaction(scene.engine) as tx:
        done = await followers.import_followers(
            tx, scene.page_id, lines, VAULT, scene.actor, scene.now
        )
        exported = await followers.export(tx, scene.page_id, scene.actor)
        for one in await followers.list_followers(
            tx, scene.page_id, "", None, 10, scene.actor
        ):
            await followers.remove(tx, scene.page_id, one.id, scene.actor, scene.now)
        again = await followers.import_followers(
            tx, scene.page_id, exported, VAULT, scene.actor, scene.now
        )

    assert (done.added, [one.line for one in done.passed_over]) == (2, [4])
    assert "'=cmd@example.org" in exported
    assert again.added == 2


async def test_the_form_needs_no_script_and_links_to_the_feeds(shop: Following) -> None:
    form = await shop.client.get("/s/shop/subscribe")

    assert form.status_code == 200
    assert "<script" not in form.text
    assert "history.atom" in form.text
    assert 'value="email" checked' in form.text
    assert 'href="./subscribe"' in (await shop.client.get("/s/shop/")).text


async def test_every_mail_says_how_to_change_and_end_it(
    shop: Following,
) -> None:
    await shop.follow()
    await shop.tell("It is down.")
    await shop.work(SOON)

    done = [path.split("/")[3] for path in links(shop.to()[-1])]
    assert done == ["incidents", "subscription", "unsubscribe"]
    async with transaction(shop.scene.engine) as tx:
        counts = await followers.count(tx, shop.scene.page_id, shop.scene.actor)
    assert (counts.confirmed, counts.waiting) == (1, 0)

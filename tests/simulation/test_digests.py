"""Weekly digests: who gets one, when, and who is left in peace."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from pagefree.channels.base import SmtpServer
from pagefree.core.access import Role
from pagefree.core.errors import NotFound
from pagefree.infra.crypto import Vault
from pagefree.notifications import digests, letter_box, preference_queries
from pagefree.notifications import service as notifications
from pagefree.notifications.preference_queries import Preferences
from pagefree.tables.accounts import contact_methods, users
from pagefree.tables.channels import digests as digest_rows
from pagefree.tables.channels import notification_preferences
from tests.fakes.smtp import MailServer, mail_server
from tests.simulation.world import HOUR, MINUTE, World

MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)  # a week after the world begins
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
async def mail(world: World) -> AsyncIterator[MailServer]:
    """Mails leave through this server; everybody was reached lately."""
    async with mail_server() as server:
        world.demo = False
        sender = "PageFree <pager@example.org>"
        world.smtp = SmtpServer("127.0.0.1", server.port, "none", None, None, sender)
        await world.join("ana")
        await prove(world)
        yield server


async def prove(world: World) -> None:
    await world.tx.execute(update(contact_methods).values(proven_at=world.now))


async def work(world: World) -> None:
    """What the job does, in the world's own transaction."""
    gateway = world.gateway()
    await digests.plan(world.tx, world.now)
    while posts := await digests.take(world.tx, gateway, world.now):
        for post in posts:
            sent = await letter_box.send(gateway, post.mail) is None
            await digests.settle(world.tx, gateway, post, world.now, sent=sent)


async def until_monday(world: World) -> None:
    """From a first look at it to the moment at which it is due."""
    await work(world)
    world.now = MONDAY
    await work(world)


async def due_at(world: World, name: str) -> datetime:
    query = select(digest_rows.c.due_at).where(
        digest_rows.c.user_id == world.people[name]
    )
    found: datetime = (await world.tx.execute(query)).scalar_one()
    return found


async def test_whoever_was_paged_reads_of_it_on_monday_at_nine(
    world: World, mail: MailServer
) -> None:
    await world.trigger(world.policy(("ana", 24 * HOUR)))
    mail.mails.clear()
    world.now = MONDAY - MINUTE
    await work(world)
    assert mail.mails == []

    world.now = MONDAY
    await work(world)
    await work(world)

    [sent] = mail.mails
    assert sent["To"] == "ana@example.org"
    assert sent["Subject"] == "Your week on call: 1 incident"
    text = sent.get_body(("plain",))
    assert text is not None
    assert "1 on working days" in text.get_content()
    assert await due_at(world, "ana") == MONDAY + WEEK


async def test_it_is_in_the_language_of_whoever_reads_it(
    world: World, mail: MailServer
) -> None:
    ana, french = world.people["ana"], Preferences(language="fr")
    await preference_queries.put_preferences(world.tx, ana, french)
    await world.trigger(world.policy(("ana", 24 * HOUR)))
    mail.mails.clear()
    await until_monday(world)

    [sent] = mail.mails
    text, html = sent.get_body(("plain",)), sent.get_body(("html",))
    assert text is not None
    assert html is not None
    assert sent["Subject"] == "Votre semaine d'astreinte : 1 incident"
    assert "1 les jours ouvrés" in text.get_content()
    assert '<html lang="fr">' in html.get_content()
    assert "Ne plus me l&#39;envoyer" in html.get_content()


async def test_a_quiet_week_is_passed_over_in_silence(
    world: World, mail: MailServer
) -> None:
    await until_monday(world)

    assert mail.mails == []
    assert await due_at(world, "ana") == MONDAY + WEEK


async def test_who_responds_for_nobody_gets_none(
    world: World, mail: MailServer
) -> None:
    await world.join("bo", Role.OBSERVER)
    await world.trigger(world.policy(("bo", 24 * HOUR)))
    mail.mails.clear()

    await until_monday(world)

    assert mail.mails == []


async def test_who_responds_no_longer_gets_none_any_more(
    world: World, mail: MailServer
) -> None:
    await work(world)
    await world.trigger(world.policy(("ana", 24 * HOUR)))
    await world.join("ana", Role.OBSERVER)
    mail.mails.clear()

    await until_monday(world)

    assert mail.mails == []


async def test_a_team_admin_reads_who_cannot_be_reached(
    world: World, mail: MailServer
) -> None:
    await world.join("cy", Role.TEAM_ADMIN)
    await world.set_method(await world.methods_of("ana"), proven_at=None)
    await world.set_method(await world.methods_of("ana"), label="<b>home</b>")

    await until_monday(world)

    texts = {str(one["To"]): one.as_string() for one in mail.mails}
    assert "ana is not known to be reachable." in texts["cy@example.org"]
    assert "&lt;b&gt;home" in texts["ana@example.org"]
    assert "<b>home" not in texts["ana@example.org"].partition("text/html")[2]


async def test_it_follows_the_clocks_of_its_reader(
    world: World, mail: MailServer
) -> None:
    await work(world)
    assert await due_at(world, "ana") == MONDAY

    await world.tx.execute(update(users).values(time_zone="Asia/Tokyo"))
    await work(world)

    assert await due_at(world, "ana") == MONDAY - 9 * HOUR
    assert mail.mails == []


async def test_one_press_ends_it_and_nothing_else_does(
    world: World, mail: MailServer
) -> None:
    await world.set_method(await world.methods_of("ana"), proven_at=None)
    await until_monday(world)
    [sent] = mail.mails
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = str(sent["List-Unsubscribe"]).strip("<>").rpartition("/")[2]

    foreign = digests.ENDS.token(Vault("another key" * 4), world.people["ana"])
    for wrong in ("", "x", token[:-1], foreign):
        with pytest.raises(NotFound):
            await digests.refuse(world.tx, world.vault, wrong)
    await digests.refuse(world.tx, world.vault, token)
    await digests.refuse(world.tx, world.vault, token)
    world.now = MONDAY + WEEK
    await work(world)

    assert len(mail.mails) == 1
    wanted = select(notification_preferences.c.weekly_digest)
    assert (await world.tx.execute(wanted)).scalars().all() == [False]


async def test_a_mail_server_that_is_away_is_asked_again_for_a_while(
    world: World, mail: MailServer
) -> None:
    await world.set_method(await world.methods_of("ana"), proven_at=None)
    mail.data = "451 later"

    await until_monday(world)
    assert await due_at(world, "ana") == MONDAY + 20 * MINUTE
    for _ in range(6):
        world.now += 20 * MINUTE
        await work(world)
    assert await due_at(world, "ana") == MONDAY + WEEK

    mail.data = "250 OK"
    world.now = MONDAY + WEEK
    await work(world)
    assert len(mail.mails) == 1


async def test_what_is_a_day_late_is_not_sent_any_more(
    world: World, mail: MailServer
) -> None:
    await work(world)
    await world.trigger(world.policy(("ana", 24 * HOUR)))
    mail.mails.clear()

    world.now = MONDAY + DAY + MINUTE
    await work(world)

    assert mail.mails == []
    assert await due_at(world, "ana") == MONDAY + WEEK


async def test_demo_mode_keeps_it_in_the_outbox(world: World, mail: MailServer) -> None:
    world.demo = True
    await world.set_method(await world.methods_of("ana"), proven_at=None)

    await until_monday(world)

    assert mail.mails == []
    [shown] = await notifications.outbox(world.tx, None, 10)
    assert (shown.recipient, shown.channel) == ("ana@example.org", "email")
    assert "/act/digest/" in shown.text

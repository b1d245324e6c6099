"""Answers by mail where mail arrives: the real server, beside the addresses of integrations."""

import smtplib
from collections.abc import AsyncIterator

import pytest

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import NewUser
from pagefree.alerts.mail_answers import MailAnswers
from pagefree.alerts.smtp import MailIn, receiving
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.notifications import mail_replies
from tests.ingest.scene import VAULT_KEY, Scene
from tests.ingest.test_smtp import DOMAIN, PostOffice

VAULT = Vault(VAULT_KEY)


@pytest.fixture
async def post(scene: Scene) -> AsyncIterator[PostOffice]:
    answers = MailAnswers(scene.engine, VAULT, system_clock)
    where = MailIn("127.0.0.1", 0, DOMAIN)
    async with receiving(scene.ingest, where, answers) as port:
        yield PostOffice(scene, port)


async def test_an_answer_opens_no_alert(post: PostOffice) -> None:
    to = mail_replies.address_for(VAULT, new_id(), DOMAIN)

    await post.send("Re: Disk full", "ack", to=to)
    await post.send("Re: Disk full", "ack", to=to.upper())

    assert await post.stored() == []
    assert await post.alerts() == []


async def test_ack_acknowledges_for_the_person_whom_the_mail_was_for(
    post: PostOffice,
) -> None:
    scene, notification_id = post.scene, new_id()
    await scene.generic({"title": "Disk full", "dedup_key": "disk"})
    incident_id = await scene.value("SELECT id FROM incidents")
    async with transaction(scene.engine) as tx:
        new = NewUser("bo@example.org", "Bo", None, platform_admin=True)
        bo = await accounts.create_user(tx, new, system_clock())
    await scene.connection.execute(
        "INSERT INTO notifications (id, incident_id, user_id, channel, kind, cause,"
        " priority, status, created_at, send_at)"
        " VALUES ($1, $2, $3, 'email', 'page', 'step 1', 0, 'accepted', $4, $4)",
        notification_id,
        incident_id,
        bo.id,
        system_clock(),
    )
    to = mail_replies.address_for(VAULT, notification_id, DOMAIN)

    await post.send("Re: Disk full", "ack\n\n> #1 Disk full\n> res\n", to=to)

    rows = await scene.rows("SELECT status, acknowledged_by_id FROM incidents")
    assert rows == [("acknowledged", bo.id)]
    [(outcome,)] = await scene.rows("SELECT outcome FROM replies")
    assert str(outcome).endswith("acknowledged")


async def test_integrations_get_their_mail_as_before(post: PostOffice) -> None:
    await post.send()

    assert await post.alerts() == [("disk full", "open", 1)]


async def test_an_address_that_we_have_not_made_is_refused_before_the_mail(
    post: PostOffice,
) -> None:
    forged = mail_replies.address_for(Vault("another key" * 4), new_id(), DOMAIN)

    for to in (forged, f"reply@{DOMAIN}", f"reply+{'a' * 52}@{DOMAIN}"):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            await post.send(to=to)


async def test_an_answer_that_cannot_be_kept_is_asked_to_come_again(
    post: PostOffice,
) -> None:
    to = mail_replies.address_for(VAULT, new_id(), DOMAIN)
    execute = post.scene.connection.execute
    await execute("ALTER TABLE notifications RENAME TO away")
    try:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await post.send("Re: Disk full", "ack", to=to)
    finally:
        await execute("ALTER TABLE away RENAME TO notifications")

    assert refused.value.smtp_code == 451

"""Answers by mail where mail arrives: the real server, beside the addresses of integrations."""

import smtplib
from collections.abc import AsyncIterator

import pytest

from pagefree.alerts.mail_answers import MailAnswers
from pagefree.alerts.smtp import MailIn, receiving
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
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

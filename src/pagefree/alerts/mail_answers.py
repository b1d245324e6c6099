"""What people answer to our mails, done: it comes in where alerts come in by mail."""

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.alerts.smtp import Mailbox
from pagefree.incidents import answers
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.failpoints import failpoint
from pagefree.notifications import mail_replies

log = structlog.get_logger()


class MailAnswers:
    """Takes the mails to the addresses that our own mails can be answered at."""

    def __init__(self, engine: AsyncEngine, vault: Vault, clock: Clock) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock

    def knows(self, box: Mailbox) -> bool:
        """Whether one of our mails can be answered there."""
        return (
            box.key == mail_replies.MAILBOX
            and mail_replies.TAGS.read_one(self._vault, box.tag) is not None
        )

    async def take(self, box: Mailbox, raw: bytes, sender: str) -> None:
        """Do what the mail says; `sender`: of its envelope, empty where it is a report."""
        notification_id = mail_replies.TAGS.read_one(self._vault, box.tag)
        if notification_id is None:
            return
        now = self._clock()
        async with transaction(self._engine) as tx:
            event = await mail_replies.understood(tx, notification_id, raw, sender, now)
            if event is None:
                log.info("mail_answer.ignored", notification=str(notification_id))
                return
            try:
                await answers.take(tx, mail_replies.CHANNEL, event, now)
            except LookupError:  # it is known to be delivered, or has never left
                log.info("mail_answer.late", notification=str(notification_id))
            failpoint("answers.before_commit")
        failpoint("answers.after_commit")

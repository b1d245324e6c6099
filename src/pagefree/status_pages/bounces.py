"""Mail to followers of pages that comes back: it arrives where alerts arrive by mail."""

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.alerts.smtp import Answers, Mailbox
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.failpoints import failpoint
from pagefree.notifications.mail_replies import bounced
from pagefree.status_pages import mailing
from pagefree.status_pages.subscriber_links import BOUNCES, MAILBOX

log = structlog.get_logger()


class Bounces:
    """Takes reports of mail servers on our mails to subscribers; all else is `others`'."""

    def __init__(
        self, engine: AsyncEngine, vault: Vault, clock: Clock, others: Answers
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock
        self._others = others

    def knows(self, box: Mailbox) -> bool:
        """Whether a mail of ours names this address."""
        if box.key == MAILBOX:
            return BOUNCES.read_one(self._vault, box.tag) is not None
        return self._others.knows(box)

    async def take(self, box: Mailbox, raw: bytes, sender: str) -> None:
        """Count what a mail server gives up; delays, thanks and absence notes are ignored."""
        if box.key != MAILBOX:
            await self._others.take(box, raw, sender)
            return
        subscriber_id = BOUNCES.read_one(self._vault, box.tag)
        report = bounced(raw)
        # one that only says "later" is not counted: the server goes on trying
        if subscriber_id is None or report is None or not report.code.startswith("5"):
            return
        async with transaction(self._engine) as tx:
            now = self._clock()
            await mailing.bounced(tx, subscriber_id, now, dead=report.dead)
            failpoint("bounces.before_commit")
        log.info("status_message.bounced", code=report.code)

"""Mails that page nobody: sent, or kept where a demo shows what would have been sent."""

from datetime import datetime
from uuid import UUID

from pagefree.channels import letters
from pagefree.channels.letters import Mail
from pagefree.infra.db import Tx
from pagefree.notifications.handing_over import Gateway
from pagefree.notifications.link_queries import NewOutboxMessage, insert_outbox


async def send(gateway: Gateway, mail: Mail) -> str | None:
    """Send a mail; none if it has left, else what went wrong. From a demo nothing leaves."""
    if gateway.demo:
        return None
    return await letters.post(gateway.transports.smtp, mail, gateway.clock())


async def keep_shown(
    tx: Tx, gateway: Gateway, mail: Mail, now: datetime, *, to: UUID | None = None
) -> None:
    """Show in the outbox of a demo what it has not sent; `to`: a user."""
    if gateway.demo:
        shown = (mail.recipient, mail.title, mail.text, mail.html)
        await insert_outbox(tx, [NewOutboxMessage("email", *shown, user_id=to)], now)

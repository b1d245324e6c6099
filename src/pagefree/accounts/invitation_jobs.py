"""Sending invitations: leased from their own rows, so that a crash loses none."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import invitation_queries as queries
from pagefree.accounts.invitation_queries import Invitation
from pagefree.accounts.invitations import LIFE, token_of
from pagefree.channels import letters
from pagefree.channels.base import SmtpServer
from pagefree.channels.letters import Letter
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.queue import Context, Job

EVERY_S = 5.0
AT_ONCE = 10
LEASE = timedelta(minutes=5)  # longer than so many mails to a slow server take
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


class Sender:
    """Sends invitations that are due; no row is locked while mails leave."""

    def __init__(
        self, server: SmtpServer | None, vault: Vault, base_url: str, clock: Clock
    ) -> None:
        self._server = server
        self._vault = vault
        self._base_url = base_url
        self._clock = clock

    async def send_due(self, engine: AsyncEngine) -> None:
        """Send until none is due."""
        found: list[Invitation] | None = None
        while found is None or len(found) == AT_ONCE:
            now = self._clock()
            async with transaction(engine) as tx:
                found = await queries.claim_due(tx, now + LEASE, AT_ONCE, now)
            for one in found:
                await self._send(engine, one)

    async def _send(self, engine: AsyncEngine, one: Invitation) -> None:
        url = url_of(self._base_url, token_of(self._vault, one.id, one.round))
        error = await letters.post(
            self._server, letters.write(_letter(one, url)), self._clock()
        )
        failpoint("invitations.after_mail")
        values = _outcome(one, error, self._clock())
        async with transaction(engine) as tx:
            await queries.update_invitation(tx, one.id, values)


def url_of(base_url: str, token: str) -> str:
    """The link; behind the #, it is neither sent to servers on the way nor in their logs."""
    return f"{base_url.rstrip('/')}/invitation#{token}"


def jobs(sender: Sender) -> tuple[Job, ...]:
    """The work of a worker for invitations."""

    async def send(ctx: Context) -> None:
        """Send the invitations that are due."""
        await sender.send_due(ctx.engine)

    return (Job("invitations.send", EVERY_S, send),)


def _outcome(one: Invitation, error: str | None, now: datetime) -> dict[str, object]:
    if error is None:
        return {"due_at": None, "error": None, "sent_at": now}
    again = now + WAITS[one.tries] if one.tries < len(WAITS) else None
    return {"due_at": again, "error": error, "tries": one.tries + 1}


def _letter(one: Invitation, url: str) -> Letter:
    by = one.invited_by.name if one.invited_by else "An admin"
    return Letter(
        id=f"invitation-{one.id}-{one.round}",
        recipient=one.email,
        name="",
        title=f"Join {one.team.name} on PageFree",
        text=(
            f"{by} invites you to {one.team.name}. PageFree tells the right people when"
            " something breaks; as a member you can be one of them."
        ),
        button="Accept the invitation",
        small=(
            f"It works once, within {LIFE.days} days."
            " If you did not expect it, do nothing."
        ),
        url=url,
    )

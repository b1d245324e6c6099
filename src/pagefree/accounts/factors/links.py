"""Links by mail for people who are paged: off by default, never for platform admins."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts.credential_queries import PasswordHolder
from pagefree.accounts.factors import link_queries as queries
from pagefree.accounts.factors.link_queries import Link, Rules
from pagefree.accounts.oidc import queries as providers
from pagefree.channels import letters
from pagefree.channels.base import SmtpServer
from pagefree.channels.letters import Letter
from pagefree.core.errors import Conflict
from pagefree.core.sign_in import LINK_LIFE, send_again_at
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Vault, token_hash
from pagefree.infra.db import Tx, transaction
from pagefree.infra.failpoints import failpoint

AT_ONCE = 10
LEASE = timedelta(minutes=5)  # longer than so many mails to a slow server take
NOBODY = "nobody who may sign in by a link has this address"
NOT_OFFERED = "this installation sends no links to sign in with"
MINUTES = int(LINK_LIFE.total_seconds() // 60)


async def require_offered(tx: Tx) -> Rules:
    """The rules. Raises Conflict where links are not offered."""
    rules = await queries.get_rules(tx)
    if not rules.magic_links:
        raise Conflict(NOT_OFFERED)
    return rules


async def ask(tx: Tx, email: str, browser: str, address: str, now: datetime) -> None:
    """Somebody wants to sign in in the browser that holds `browser`.

    The same work whoever asks: whose address it is, is only looked up when a mail is
    about to be sent. Raises Conflict.
    """
    await require_offered(tx)
    await queries.insert_link(tx, email, token_hash(browser), address, now)


async def holder_of(
    tx: Tx, token: str, browser: str | None, now: datetime
) -> PasswordHolder | None:
    """Whose link this is, which thereby is used up; none: it does not count here."""
    if browser is None or not (await queries.get_rules(tx)).magic_links:
        return None
    link = await queries.use_link(tx, token_hash(token), token_hash(browser), now)
    if link is None or await providers.only_providers(tx):
        return None
    # they may have become a platform admin since, or somebody else's address this one
    found = await queries.get_addressee(tx, link.email)
    if found is None or found.user_id != link.user_id:
        return None
    return PasswordHolder(found.user_id, found.password_hash)


class Sender:
    """Makes and sends links that are due; no row is locked while mails leave."""

    def __init__(
        self, server: SmtpServer | None, vault: Vault, base_url: str, clock: Clock
    ) -> None:
        self._server = server
        self._vault = vault
        self._base_url = base_url
        self._clock = clock

    async def send_due(self, engine: AsyncEngine) -> None:
        """Send until none is due."""
        found: list[Link] | None = None
        while found is None or len(found) == AT_ONCE:
            now = self._clock()
            async with transaction(engine) as tx:
                found = await queries.claim_due(tx, now + LEASE, AT_ONCE, now)
            for link in found:
                await self._send(engine, link)

    async def _send(self, engine: AsyncEngine, link: Link) -> None:
        async with transaction(engine) as tx:
            letter = await self._written(tx, link, self._clock())
        if letter is None:
            return
        error = await letters.post(self._server, letters.write(letter), self._clock())
        failpoint("links.after_mail")
        now = self._clock()
        values: dict[str, object] = {"due_at": None, "error": error, "sent_at": now}
        if error is not None:
            tries = link.tries + 1
            again = send_again_at(tries, link.created_at, now)
            values = {"due_at": again, "error": error, "tries": tries}
        async with transaction(engine) as tx:
            await queries.update_link(tx, link.id, values)

    async def _written(self, tx: Tx, link: Link, now: datetime) -> Letter | None:
        """The link as a mail; none: it would serve nobody."""
        to = await queries.get_addressee(tx, link.email)
        if to is None or await providers.only_providers(tx):
            await queries.update_link(tx, link.id, {"due_at": None, "error": NOBODY})
            return None
        token = self._vault.link_token(f"sign-in link {link.id}")
        values = {
            "user_id": to.user_id,
            "token_hash": token_hash(token),
            "expires_at": now + LINK_LIFE,
        }
        await queries.update_link(tx, link.id, values)
        return _letter(link.id, (to.email, to.name), self._url(token))

    def _url(self, token: str) -> str:
        # behind the #: it is neither sent to servers on the way nor kept in their logs
        return f"{self._base_url.rstrip('/')}/sign-in/link#{token}"


def _letter(link_id: UUID, to: tuple[str, str], url: str) -> Letter:
    recipient, name = to
    return Letter(
        id=f"sign-in-{link_id}",
        recipient=recipient,
        name=name,
        title="Sign in to PageFree",
        text="Somebody, hopefully you, asked to sign in with this address.",
        button="Sign in",
        small=(
            f"It works once, within {MINUTES} minutes, in the browser in which it was"
            " asked for. If it was not you, do nothing."
        ),
        url=url,
    )

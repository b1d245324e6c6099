"""What to do in the small world so that it comes by a failpoint, by the failpoint's name."""

import asyncio
import smtplib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from email.message import EmailMessage
from functools import partial
from uuid import UUID

from pagefree.accounts import invitations
from pagefree.accounts.invitations import Asked
from pagefree.core.access import Role, Scope
from pagefree.infra.db import transaction
from pagefree.notifications import mail_replies
from pagefree.schedules import time_off
from pagefree.status_pages import subscriber_links, telling
from pagefree.status_pages.telling import NewIncident, NewUpdate
from tests.chaos.small_world import CALENDAR, HELD, MAIL_DOMAIN, SmallWorld
from tests.programs import eventually

TAKEN_WITHIN_S = 180  # it dies many times meanwhile
AGAIN_S = 0.05
FULL = b"""From: MAILER-DAEMON@example.org
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; follower@example.org
Action: failed
Status: 5.2.2

--b--
"""

Deed = Callable[[SmallWorld, str], Coroutine[None, None, None]]


async def until_taken(send: Callable[[], Awaitable[bool]]) -> None:
    """Repeat it as senders do: until somebody has taken it."""

    async def sent() -> bool:
        if await send():
            return True
        await asyncio.sleep(AGAIN_S)
        return False

    await eventually(sent, TAKEN_WITHIN_S)


async def fire(world: SmallWorld, name: str) -> None:
    """Somebody is paged."""
    await until_taken(lambda: world.fire(name))


async def fire_held(world: SmallWorld, name: str) -> None:
    """Somebody is paged in a second, if it does not end before."""
    await until_taken(lambda: world.fire(f"{HELD}-{name}"))


async def fire_and_press(world: SmallWorld, name: str) -> None:
    """Ana acknowledges what she was paged for."""
    await fire(world, name)

    async def posted() -> bool:
        shown = [post.body for post in world.outside.telegram.posts]
        return any(f"It is {name}".encode() in body for body in shown)

    await eventually(posted, TAKEN_WITHIN_S)
    incident_id = await world.incident_of(name)
    await until_taken(lambda: world.press(name, incident_id))


async def fire_and_answer(world: SmallWorld, name: str) -> None:
    """Ana answers the mail that she was paged by."""
    await fire(world, name)

    async def mailed() -> UUID | None:
        found = await world.sql(
            "SELECT n.id FROM notifications AS n JOIN alerts AS a"
            " ON a.incident_id = n.incident_id WHERE a.dedup_key = :name"
            " AND n.channel = 'email' AND n.status = 'accepted' AND n.user_id = :ana",
            name=name,
            ana=world.ana.user_id,
        )
        return UUID(str(found[0][0])) if found else None

    notification_id = await eventually(mailed, TAKEN_WITHIN_S)
    to = mail_replies.address_for(world.vault, notification_id, MAIL_DOMAIN)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ana@example.org", to, "Re: It"
    mail["Message-ID"] = f"<{name}@example.org>"
    mail.set_content("ack\n")
    await until_taken(lambda: post_mail(world, to, mail.as_bytes()))


async def send_back(world: SmallWorld, _: str) -> None:
    """A mail server gives up a mail to who follows the status page."""
    [[subscriber_id]] = await world.sql("SELECT id FROM subscribers")
    assert isinstance(subscriber_id, UUID)
    to = subscriber_links.bounce_address(world.vault, subscriber_id, MAIL_DOMAIN)
    await until_taken(lambda: post_mail(world, to, FULL))


async def post_mail(world: SmallWorld, to: str, raw: bytes) -> bool:
    """Whether the mail was taken; mail servers come again otherwise."""

    def post() -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", world.mail_port, timeout=20) as server:
                server.sendmail("someone@example.org", [to], raw)
        except OSError:  # all that smtplib raises is one
            return False
        return True

    return await asyncio.to_thread(post)


async def call_api(world: SmallWorld, name: str) -> None:
    """A program declares an incident; it may repeat itself, as its key says."""
    key = await world.automation.api.key_token(world.automation.pia, *Scope)
    [[service_id]] = await world.sql("SELECT id FROM services WHERE name = 'Shop'")
    body = {"service_id": str(service_id), "title": name}
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": name}
    await until_taken(lambda: world.post("/v1/incidents", body, headers))
    made = await world.sql("SELECT id FROM incidents WHERE title = :name", name=name)
    assert len(made) == 1


async def ping(world: SmallWorld, _: str) -> None:
    """A job says that it works, and then that it has failed."""
    for how in ("", "/fail"):
        await until_taken(partial(world.post, f"/ping/{world.ping_id}{how}", {}))


async def run(world: SmallWorld, _: str) -> None:
    """Cy starts a runbook."""
    await world.automation.start(world.runbook_id)


async def tell(world: SmallWorld, name: str) -> None:
    """The status page tells of something."""
    async with transaction(world.engine) as tx:
        update = NewUpdate("investigating", "It is down.")
        incident = NewIncident(name, update)
        assert world.page_id is not None
        now = world.mortal.now()
        await telling.open_incident(tx, world.page_id, incident, world.pia, now)


async def write_digests(world: SmallWorld, _: str) -> None:
    """It is Monday."""
    await world.sql("UPDATE digests SET due_at = :now", now=world.mortal.now())


async def plan_report(world: SmallWorld, _: str) -> None:
    """Figures are to be sent to Ana."""
    now, ana = world.mortal.now(), world.ana.user_id
    await world.sql(
        "WITH made AS (INSERT INTO mailed_reports (id, name, rhythm, day, hour,"
        " time_zone, created_at, updated_at, due_at)"
        " VALUES (uuidv7(), 'Figures', 'weekly', 1, 8, 'UTC', :now, :now, :now)"
        " RETURNING id) INSERT INTO report_readers (id, report_id, user_id)"
        " SELECT uuidv7(), id, :ana FROM made",
        now=now,
        ana=ana,
    )


async def doubt(world: SmallWorld, _: str) -> None:
    """The mail server is thought not to work."""
    await world.sql(
        "INSERT INTO provider_states (channel, provider, failures, since)"
        " VALUES ('email', '', 3, :now)",
        now=world.mortal.now(),
    )


async def be_away(world: SmallWorld, _: str) -> None:
    """Ana says where it is written when she is away."""
    url = f"{world.outside.machines.base}{CALENDAR}"
    async with transaction(world.engine) as tx:
        now = world.mortal.now()
        await time_off.add(tx, world.vault, url, world.ana, now)


async def nothing(_: SmallWorld, __: str) -> None:
    """It happens by itself."""


async def ask_for_link(world: SmallWorld, _: str) -> None:
    """Ana wants to sign in by mail."""
    await world.sql(
        "INSERT INTO sign_in_links (id, email, browser_hash, created_at, due_at)"
        " VALUES (uuidv7(), 'ana@example.org', 'x', :now, :now)",
        now=world.mortal.now(),
    )


async def ask_for_partner_link(world: SmallWorld, _: str) -> None:
    """A partner wants to sign in."""
    await world.sql(
        "INSERT INTO partner_links (id, kind, email, partner_id, created_at, due_at)"
        " VALUES (uuidv7(), 'sign_in', 'partner@example.org', :partner, :now, :now)",
        partner=world.partner_id,
        now=world.mortal.now(),
    )


async def describe(world: SmallWorld, name: str) -> None:
    """Somebody changes what is audited."""
    await world.sql("UPDATE services SET description = :name", name=name)


async def invite(world: SmallWorld, name: str) -> None:
    """Ana wants somebody in her team."""
    email = f"{name.replace('.', '-')}@example.org"
    asked = Asked(email, world.automation.team_id, Role.RESPONDER)
    async with transaction(world.engine) as tx:
        now = world.mortal.now()
        await invitations.invite(tx, world.ana, asked, world.vault, now)


DEEDS: Mapping[str, Deed] = {
    "alerts": fire_held,
    "answers": fire_and_answer,
    "api": call_api,
    "audit": describe,
    "bounces": send_back,
    "callbacks": fire_and_press,
    "chats": fire,
    "digests": write_digests,
    "escalation": fire,
    "heartbeats": ping,
    "ingest": fire,
    "invitations": invite,
    "lanes": nothing,
    "links": ask_for_link,
    "listener": fire,
    "partners": ask_for_partner_link,
    "pings": ping,
    "probes": doubt,
    "reports": plan_report,
    "runbooks": run,
    "sender": fire,
    "status": tell,
    "timeoff": be_away,
    "updates": fire_and_press,
    "webhooks": fire,
    "workflows": fire,
}
# what looks for its work now and then does so when it starts, too
AT_START = frozenset(
    {"digests", "invitations", "lanes", "links", "probes", "reports", "timeoff"}
)

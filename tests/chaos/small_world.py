"""A little of everything that PageFree does, and the outside that it does it to."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import channel_configs, contact_queries, contacts
from pagefree.accounts.contact_queries import NewContactMethod
from pagefree.app.web import Deps, create_app
from pagefree.audit import streaming
from pagefree.audit.streaming import To
from pagefree.channels.base import Transports
from pagefree.core.access import Actor, Role
from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.escalation import policy_queries
from pagefree.escalation import service as escalation
from pagefree.heartbeats import service as heartbeats
from pagefree.heartbeats.expectations import Schedule
from pagefree.heartbeats.service import NewHeartbeat
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx, transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from pagefree.notifications import rooms
from pagefree.notifications.room_queries import NewRoom
from pagefree.partners import service as partners
from pagefree.partners.queries import NewPartner
from pagefree.routing import service as routing
from pagefree.routing.actions import RuleActions
from pagefree.services import service as services
from pagefree.services.service import NewService
from pagefree.status_pages import components
from pagefree.status_pages import service as pages
from pagefree.workflows import service as workflows
from pagefree.workflows import subscribing
from pagefree.workflows.content import WorkflowContent
from pagefree.workflows.subscribing import NewSubscription
from tests.api.automation import Automation, automation_of
from tests.api.conftest import CHEAP, opened
from tests.chaos.mortal import Mortal, mortal
from tests.crash.installation import SECRET_KEY
from tests.e2e.mailbox import Mailbox, mailbox
from tests.fake_servers import Answer, Post, WebServer, serving
from tests.fakes.runner import Runner
from tests.fakes.slack_rooms import Workspace
from tests.fakes.telegram import SECRET as TELEGRAM_SECRET
from tests.fakes.telegram import Telegram
from tests.programs import free_port
from tests.workflows.graphs import action, chain, trigger

MONTH = timedelta(days=30)  # nothing else becomes due while the test runs
CHAT = 77
HELD = "host-held"
MAIL_DOMAIN = "in.example.org"
CALENDAR = "/ana.ics"
UNTAKEN = {429, 503}  # come again
TAKEN = 409  # with this key, but the answer was lost
LOOPBACK = "127.0.0.0/8"
AWAY = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Example//Calendar//EN\r
BEGIN:VEVENT\r
UID:away@example.org\r
DTSTART:20200101T000000Z\r
DTEND:20200102T000000Z\r
END:VEVENT\r
END:VCALENDAR\r
"""


class Machines(WebServer):
    """Takes whatever is posted, and knows when Ana is away."""

    def take(self, post: Post) -> Answer:
        """A calendar, or just yes."""
        if post.path == CALENDAR:
            return Answer(200, AWAY, {"Content-Type": "text/calendar"})
        return WebServer.take(self, post)


@dataclass(slots=True)
class Outside:
    """Everybody whom PageFree speaks to."""

    mails: Mailbox
    telegram: Telegram
    slack: Workspace
    machines: WebServer
    runner: Runner


@dataclass(slots=True)
class SmallWorld:
    """One installation, its people, and what they have set up."""

    mortal: Mortal
    automation: Automation
    outside: Outside
    address: str
    engine: AsyncEngine
    vault: Vault
    mail_port: int = 0  # where answers to mails come in
    routing_key: str = ""
    ping_id: UUID | None = None
    page_id: UUID | None = None
    partner_id: UUID | None = None
    runbook_id: str = ""

    @property
    def ana(self) -> Actor:
        found = self.automation.ana
        roles = {self.automation.team_id: Role.TEAM_ADMIN}
        return Actor(found.id, found.name, roles=roles)

    @property
    def pia(self) -> Actor:
        found = self.automation.pia
        return Actor(found.id, found.name, platform_admin=True)

    async def post(
        self, path: str, body: object, headers: dict[str, str] | None = None
    ) -> bool:
        """Whether that was taken; no answer is none."""
        try:
            async with httpx2.AsyncClient(base_url=self.address, timeout=20) as client:
                answer = await client.post(path, json=body, headers=headers)
        except httpx2.TransportError:
            return False
        assert answer.is_success or answer.status_code in UNTAKEN | {TAKEN}, answer.text
        return answer.status_code not in UNTAKEN

    async def fire(self, key: str) -> bool:
        """A monitoring tool says that something is wrong."""
        payload = {"summary": f"It is {key}", "source": key, "severity": "critical"}
        body = {
            "routing_key": self.routing_key,
            "event_action": "trigger",
            "dedup_key": key,
            "payload": payload,
        }
        return await self.post("/v2/enqueue", body)

    async def press(self, press_id: str, incident_id: UUID) -> bool:
        """Ana presses the button that acknowledges, in Telegram."""
        press = {
            "id": press_id,
            "from": {"id": CHAT},
            "data": f"a:{incident_id.hex}",
        }
        return await self.post(
            "/v1/channels/telegram/callbacks/",
            {"update_id": 1, "callback_query": press},
            {"x-telegram-bot-api-secret-token": TELEGRAM_SECRET},
        )

    async def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """What somebody with access to the database could do, or look up."""
        async with transaction(self.engine) as tx:
            found = await tx.execute(text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []

    async def incident_of(self, key: str) -> UUID:
        [[found]] = await self.sql(
            "SELECT incident_id FROM alerts WHERE dedup_key = :key"
            " ORDER BY id DESC LIMIT 1",
            key=key,
        )
        assert isinstance(found, UUID)
        return found

    async def call_back(self) -> None:
        """The runner says of everything that it was asked to do that it is done."""
        for order in self.outside.runner.orders:
            token = order["callback"]["token"]
            await self.automation.call_back(order["run_id"], token, state="succeeded")


@asynccontextmanager
async def small_world(
    database_url: str, engine: AsyncEngine, folder: Path
) -> AsyncIterator[SmallWorld]:
    """It lives, and nothing has happened yet."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        outside = Outside(
            await enter(mailbox()),
            await enter(serving(Telegram())),
            await enter(serving(Workspace())),
            await enter(serving(Machines())),
            Runner(system_clock() - timedelta(days=1)),
        )
        port, mail_port = free_port(), free_port()
        variables = _variables(database_url, (port, mail_port), outside, folder)
        process = await enter(mortal(variables, folder))
        vault = Vault(SECRET_KEY)
        app = create_app(
            Deps(
                engine=engine,
                clock=process.now,
                vault=vault,
                base_url="http://127.0.0.1:8000",
                passwords=CHEAP,
                transports=Transports(GuardedClient([LOOPBACK]), None),
            )
        )
        api = await enter(opened(app, engine))
        app.state.clock = process.now
        api.clock = process.now  # type: ignore[assignment] # it may be any clock
        automation = await enter(automation_of(api))
        address = f"http://127.0.0.1:{port}"
        world = SmallWorld(
            process, automation, outside, address, engine, vault, mail_port
        )
        async with transaction(engine) as tx:
            await _set_up(tx, world, _channels(outside))
        await automation.connect("webhook", outside.runner.handle)
        world.runbook_id = await automation.approved(most_per_hour=1000)
        yield world


def _channels(outside: Outside) -> dict[str, dict[str, object]]:
    slack: dict[str, object] = {
        "bot_token": "xoxb-1",
        "signing_secret": "s" * 20,
        "api_url": f"{outside.slack.base}/api",
    }
    return {"slack": slack, "telegram": outside.telegram.account}


def _variables(
    database_url: str, ports: tuple[int, int], outside: Outside, folder: Path
) -> dict[str, str]:
    channels = {
        f"PAGEFREE_CHANNEL_{kind.upper()}": json.dumps(config)
        for kind, config in _channels(outside).items()
    }
    return {
        "PAGEFREE_DATABASE_URL": database_url,
        "PAGEFREE_SECRET_KEY": SECRET_KEY,
        "PAGEFREE_PORT": str(ports[0]),
        "PAGEFREE_MAIL_IN_PORT": str(ports[1]),
        "PAGEFREE_MAIL_IN_DOMAIN": MAIL_DOMAIN,
        "PAGEFREE_DATA_DIR": str(folder / "data"),
        "PAGEFREE_SMTP_HOST": "127.0.0.1",
        "PAGEFREE_SMTP_PORT": str(outside.mails.port),
        "PAGEFREE_SMTP_TLS": "none",
        "PAGEFREE_OUTBOUND_ALLOW": LOOPBACK,
        "PAGEFREE_STATUS_S3_ENDPOINT": outside.machines.base,
        "PAGEFREE_STATUS_S3_BUCKET": "pages",
        "PAGEFREE_STATUS_S3_KEY_ID": "id",
        "PAGEFREE_STATUS_S3_SECRET": "key",
        **channels,
    }


async def _set_up(
    tx: Tx, world: SmallWorld, channels: dict[str, dict[str, object]]
) -> None:
    await channel_configs.keep_operator_configs(
        tx, channels, world.vault, world.mortal.now()
    )
    service_id = await _service(tx, world)
    await _machines(tx, world)
    await _status_page(tx, world)
    now = world.mortal.now()
    new = NewHeartbeat(service_id, "Backup", Schedule(MONTH, None), MONTH)
    made, _ = await heartbeats.create_heartbeat(tx, new, world.pia, now)
    world.ping_id = made.ping_id
    partner = NewPartner("partner@example.org", "Paul")
    world.partner_id = (await partners.add_partner(tx, partner, world.pia, now)).id
    await tx.execute(text("INSERT INTO sign_in_rules VALUES (1, true)"))


async def _service(tx: Tx, world: SmallWorld) -> UUID:
    now, team_id = world.mortal.now(), world.automation.team_id
    telegram = {"chat_id": CHAT}
    method = NewContactMethod(
        new_id(),
        world.ana.user_id,
        "telegram",
        "Telegram",
        telegram,
        None,
        identity=contacts.identity_of("telegram", telegram),
    )
    await contact_queries.insert_contact_methods(tx, [method], now)
    await contact_queries.insert_immediate_rules(tx, world.ana.user_id, [method.id])
    place = {"channel_id": "C1", "incident_chats": True}
    asked = NewRoom(new_id(), team_id, "slack", "Ops", place)
    room, _ = await rooms.add(tx, world.ana, asked, world.vault, now)
    await tx.execute(text("UPDATE contact_methods SET unverified_since = NULL"))
    targets = (
        Target(TargetKind.USER, world.ana.user_id),
        Target(TargetKind.ROOM, room.id),
    )
    draft = policy_queries.Draft(team_id, Policy(None, "Ana", (Step(MONTH, targets),)))
    policy_id = await escalation.create(tx, draft, world.ana, now)
    service = NewService("Shop", team_id, "", policy_id)
    service_id = (await services.create_service(tx, service, world.ana, now)).id
    _, key = await services.create_integration(
        tx, service_id, "pagerduty_v2", "Load", world.ana, now
    )
    world.routing_key = key.routing_key
    held = RuleActions.model_validate({"hold_s": 1})
    rule = routing.Draft(HELD, f'dedup_key.startsWith("{HELD}")', None, held)
    await routing.create_rule(tx, None, rule, world.pia, now)
    return service_id


async def _machines(tx: Tx, world: SmallWorld) -> None:
    now, url = world.mortal.now(), world.outside.machines.url
    new = NewSubscription(None, "Machine", url, "standard", ["incident."])
    await subscribing.create(tx, world.pia, new, world.vault, now)
    to = To("webhook", url)
    await streaming.start(tx, to, world.vault, now, from_now=False)
    content = chain(
        trigger("begin", "incident_opened"),
        action("ask", "http_request", url=url, json_body={"a": 1}),
        action("note", "add_note", text="Asked."),
    )
    made = await workflows.create(
        tx,
        world.pia,
        workflows.Draft(None, "Flow"),
        WorkflowContent.model_validate(content),
        "",
        now,
    )
    await workflows.change(tx, world.pia, made.id, {"enabled": True}, now)


async def _status_page(tx: Tx, world: SmallWorld) -> None:
    now = world.mortal.now()
    values: dict[str, object] = {"name": "Shop", "slug": "shop"}
    page = await pages.create_page(tx, None, values, world.pia, now)
    line: dict[str, object] = {"name": "Checkout"}
    await components.create_component(tx, page.id, line, world.pia, now)
    world.page_id = page.id
    await tx.execute(
        text(
            "INSERT INTO subscribers (id, page_id, channel, address, language,"
            " confirmed_at, created_at) VALUES"
            " (uuidv7(), :page_id, 'email', 'follower@example.org', 'en', :now, :now)"
        ),
        {"page_id": page.id, "now": now},
    )

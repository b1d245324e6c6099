"""Runbooks of the demo: one that can be run, one that waits for a second pair of eyes."""

import base64
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from pagefree.app import demo_runner
from pagefree.core.access import Actor, Role
from pagefree.core.runbook_runs import Calendar
from pagefree.core.runbooks import RunClass
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.runbooks import connections, library
from pagefree.runbooks.connections import Draft
from pagefree.runbooks.contents import RunbookContent
from pagefree.runbooks.library import Yes

NETWORKS = ("127.0.0.1/32", "::1/128")  # the demo itself, and nothing else inside
RESTART = """\
Takes one worker out of the load balancer, waits until its requests have ended, restarts it and
puts it back. Customers notice nothing.

**When:** one host answers with errors or is slow, and the others are fine.

**It has worked when** the last line says that the worker answers its health check. If it does
not, page the Platform team: the host itself is broken.
"""
FAIL_OVER = """\
Makes the replica of the payments database the primary one. Payments stop for about a minute.

**The old primary is lost:** it has to be built anew. Only when it is gone for good.
"""
HOST = {
    "type": "string",
    "title": "Host",
    "description": "The one that the alert names",
    "pattern": "^[a-z0-9][a-z0-9.-]{1,60}$",
}
WAIT = {
    "type": "integer",
    "title": "Wait at most (seconds)",
    "description": "For requests that are under way",
    "minimum": 0,
    "maximum": 120,
    "default": 30,
}
REPLICA = {"type": "string", "title": "Replica", "enum": ["replica-a", "replica-b"]}


def address(host: str, port: int) -> str:
    """Where the demo's runner listens, for the demo itself."""
    everywhere = {"0.0.0.0", "::", "localhost"}  # noqa: S104 -- compared, not bound
    name = "127.0.0.1" if host in everywhere else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}{demo_runner.PATH}"


async def load(
    tx: Tx,
    team_id: UUID,
    people: Mapping[str, UUID],
    runner: tuple[str, Vault],
    now: datetime,
) -> None:
    """Add the connection and two runbooks of the team; Bo writes, Ana approves."""
    ana = Actor(people["Ana Souza"], "Ana Souza", platform_admin=True)
    bo_id = people["Bo Lindqvist"]
    bo = Actor(bo_id, "Bo Lindqvist", roles={team_id: Role.RESPONDER})
    connection_id = await _connect(tx, team_id, runner, ana, now)
    restart = await library.create(
        tx, team_id, _restart(connection_id), "As we do it by hand today.", bo, now
    )
    await library.submit(tx, restart.id, 1, bo, now)
    version = await library.get_version(tx, restart.id, 1)
    yes = Yes(version.content_hash, "Tried on staging.", now)
    await library.approve(tx, restart.id, 1, yes, ana, now)
    fail_over = await library.create(
        tx, team_id, _fail_over(connection_id), "", bo, now
    )
    await library.submit(tx, fail_over.id, 1, bo, now)


async def _connect(
    tx: Tx, team_id: UUID, runner: tuple[str, Vault], actor: Actor, now: datetime
) -> UUID:
    """Kept without its test: what it leads to does not listen yet."""
    url, vault = runner
    key = base64.b64encode(sha256(b"demo runner\n" + url.encode()).digest()).decode()
    values = {"api_url": url, "key": f"whsec_{key}"}
    draft = Draft("Runner of the demo", values, (), NETWORKS)
    ready = connections.form_of("webhook", draft, None, vault)
    return (await connections.create(tx, team_id, ready, vault, actor, now)).id


def _restart(connection_id: UUID) -> RunbookContent:
    return RunbookContent(
        name="Restart a checkout worker",
        description=RESTART,
        run_class=RunClass.REMEDIATION,
        target="webhook",
        content={"path": "/restart-worker"},
        connection_ids=[connection_id],
        parameters={"properties": {"host": HOST, "wait_s": WAIT}, "required": ["host"]},
        bindings={"host": "alert.labels.source"},
        timeout_s=120,
        calendar=Calendar.NOT_IN_MAINTENANCE,
        most_per_hour=20,
    )


def _fail_over(connection_id: UUID) -> RunbookContent:
    return RunbookContent(
        name="Fail over the payments database",
        description=FAIL_OVER,
        run_class=RunClass.DESTRUCTIVE,
        target="webhook",
        content={"path": "/fail-over", "body": '{"to": "{{parameters.replica}}"}'},
        connection_ids=[connection_id],
        parameters={"properties": {"replica": REPLICA}, "required": ["replica"]},
        most_per_hour=1,
    )

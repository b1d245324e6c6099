"""`pagefree up`: everything in one process on a database of its own."""

import asyncio
import json
import socket
from contextlib import closing
from functools import partial

import httpx2
from rich.panel import Panel

from pagefree.accounts import service as accounts
from pagefree.app import demo, demo_runbooks
from pagefree.app.site import Installation, Site
from pagefree.app.worker import run_worker, worker_deps
from pagefree.cli.doctor import demo_people_left
from pagefree.cli.installation import (
    embedded_folder,
    migrate_database,
    one_transaction,
    own_database,
    prepare_data_dir,
    secret_keys,
)
from pagefree.cli.serving import listening_socket, run_until_told, serve
from pagefree.cli.terminal import err, facts, out, step
from pagefree.infra import log
from pagefree.infra.clock import system_clock
from pagefree.infra.postgres import erase
from pagefree.infra.settings import Settings

SAMPLE_TIMEOUT_S = 10
SAMPLE = {
    "event_action": "trigger",
    "dedup_key": "checkout-5xx",
    "payload": {
        "summary": "Checkout answers 5xx to one customer in ten",
        "source": "edge-3.eu-west",
        "severity": "critical",
        "component": "checkout",
        "custom_details": {"error rate": "11.8 %", "since": "the last deployment"},
    },
    "links": [{"href": "https://example.org/runbooks/checkout", "text": "Runbook"}],
}


Admin = tuple[str, str]  # address and password, made just now


def up(settings: Settings, *, fresh: bool) -> None:
    """Start everything, say how to get in, and run until told to stop."""
    log.configure(settings.log_level, settings.log_format)
    prepare_data_dir(settings)
    with closing(listening_socket(settings.host, settings.port)) as sock:
        if fresh and not settings.database_url:
            with step("Forgetting all data"):
                erase(embedded_folder(settings))
        keys = secret_keys(settings, make=True)
        with own_database(settings) as url:
            migrate_database(settings.database_direct_url or url)
            _serve(Installation(settings, url, keys), sock)
    out.print("[dim]Stopped; all data is kept.[/dim]")


def _serve(installation: Installation, sock: socket.socket) -> None:
    if installation.settings.demo:
        with step("Loading the demo"):
            asyncio.run(load_demo(installation))
    elif emails := asyncio.run(_open_doors(installation)):
        err.print(demo_people_left(emails), style="red", markup=False)
    admin = asyncio.run(_first_admin(installation))
    run_until_told(partial(_run, installation, sock, admin))


async def load_demo(installation: Installation) -> bool:
    """Add the demo, unless it is there; returns whether it was added."""
    async with one_transaction(installation.database_url) as tx:
        settings = installation.settings
        runner_url = demo_runbooks.address(settings.host, settings.port)
        return await demo.load(
            tx, installation.secret_keys[0], runner_url, system_clock()
        )


async def _open_doors(installation: Installation) -> list[str]:
    async with one_transaction(installation.database_url) as tx:
        return await demo.open_doors(tx)


async def _first_admin(installation: Installation) -> Admin | None:
    async with one_transaction(installation.database_url) as tx:
        return await accounts.first_admin(tx, system_clock())


async def _run(
    installation: Installation,
    sock: socket.socket,
    admin: Admin | None,
    stop: asyncio.Event,
) -> None:
    """The web server and a worker side by side; the end of one is the end of both."""

    async def started() -> None:
        await _greet(installation, admin)

    async with (
        worker_deps(
            installation.settings, installation.database_url, installation.secret_keys
        ) as deps,
        asyncio.TaskGroup() as both,
    ):
        for work in (
            run_worker(deps, stop),
            serve(Site(installation), sock, stop, started),
        ):
            both.create_task(work).add_done_callback(lambda _: stop.set())


async def _greet(installation: Installation, admin: Admin | None) -> None:
    """Say where it is and how to get in; in the demo also make something happen."""
    settings = installation.settings
    out.print()
    out.print(
        Panel.fit(
            f"[bold]PageFree is at[/bold] [link={settings.base_url}]{settings.base_url}[/link]",
            border_style="green",
        )
    )
    if admin:
        email, password = admin
        out.print("The first platform admin; this password is shown only now:\n")
        facts([("E-mail", email), ("Password", password)])
    if settings.demo:
        await _greet_demo(installation)
    out.print("\n[dim]Ctrl-C stops it; all data is kept.[/dim]")


async def _greet_demo(installation: Installation) -> None:
    address = installation.settings.base_url
    key = demo.curl_key(installation.secret_keys[0])
    emails = {name: demo.email_of(name) for name in demo.PEOPLE}
    width = max(map(len, emails.values()))
    facts(
        [
            (
                "Platform admin" if name == demo.ADMIN else name,
                f"{email:<{width}}   {demo.PASSWORD}",
            )
            for name, email in emails.items()
        ]
    )
    await _fire_sample(address, key)
    out.print("\nFire another alert:\n")
    out.print(curl_line(address, key), markup=False)


def curl_line(address: str, key: str) -> str:
    """A command that pages somebody."""
    event = {
        "routing_key": key,
        "event_action": "trigger",
        "payload": {
            "summary": "Payments are slow",
            "source": "my terminal",
            "severity": "critical",
        },
    }
    return (
        f"curl -X POST {address}/v2/enqueue -H 'Content-Type: application/json'"
        f" -d '{json.dumps(event)}'"
    )


async def _fire_sample(address: str, key: str) -> None:
    try:
        async with httpx2.AsyncClient(timeout=SAMPLE_TIMEOUT_S) as client:
            answer = await client.post(
                f"{address}/v2/enqueue", json={"routing_key": key, **SAMPLE}
            )
            answer.raise_for_status()
    except httpx2.HTTPError as e:
        err.print(f"The sample alert was not taken: {e}", style="red", markup=False)
        return
    out.print("\nA sample alert was fired just now: somebody is being paged.")

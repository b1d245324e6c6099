"""The commands; each reads the settings and hands over."""

import asyncio
import os
import platform
import sys
from pathlib import Path
from typing import Annotated

import typer

import pagefree
from pagefree.app.site import Installation
from pagefree.cli import audit, secrets, split, status, vapid
from pagefree.cli import backup as backups
from pagefree.cli import explain as explaining
from pagefree.cli.doctor import doctor as examine
from pagefree.cli.installation import database, migrate_database, secret_keys
from pagefree.cli.send import Event, send
from pagefree.cli.terminal import Refused, out, refusing
from pagefree.cli.up import load_demo
from pagefree.cli.up import up as run_up
from pagefree.core.alerts import LOUDEST, Action, Severity
from pagefree.infra.settings import ADDRESS, API_KEY, ROUTING_KEY, read_settings

app = typer.Typer(
    name="pagefree",
    help="On-call and incidents: from an alert to the person who can fix it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,  # they hold secrets
)

app.add_typer(audit.app, name="audit")
app.add_typer(vapid.app, name="vapid")
app.add_typer(secrets.app, name="secrets")
app.add_typer(status.app, name="status")

Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]
DataDir = Annotated[
    Path | None, typer.Option(help="Where the embedded database is kept.")
]


def _version(asked: bool) -> None:  # noqa: FBT001 -- typer calls it like this
    if asked:
        out.print(f"PageFree {pagefree.__version__}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Say which version."
        ),
    ] = False,
) -> None:
    """Everything is set by PAGEFREE_… variables or pagefree.toml; options here win."""
    del version


def _given(**options: object) -> dict[str, object]:
    return {name: value for name, value in options.items() if value is not None}


@app.command()
@refusing
def up(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="With a small demo, sending nothing.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget all data first.")
    ] = False,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
) -> None:
    """Start everything: database, web and worker. The way to begin."""
    options = _given(host=host, port=port, data_dir=data_dir, demo=demo or None)
    run_up(read_settings(options), fresh=fresh)


@app.command()
@refusing
def web(
    *,
    workers: Annotated[int, typer.Option(min=1, help="How many processes.")] = 1,
    host: Host = None,
    port: Port = None,
) -> None:
    """Serve the API, the web app and ingest; needs a shared PostgreSQL."""
    split.web(read_settings(_given(host=host, port=port)), workers)


@app.command()
@refusing
def worker() -> None:
    """Escalate and send; needs a shared PostgreSQL."""
    split.worker(read_settings())


@app.command()
def watch(
    *,
    config: Annotated[
        Path, typer.Option(help="What it watches, and whom it tells.")
    ] = Path("watch.toml"),
    check: Annotated[
        bool, typer.Option("--check", help="Send a test page in every way, and end.")
    ] = False,
) -> None:
    """On another box: page by itself when PageFree falls silent. Needs no database."""
    given = ["--config", str(config), *(["--check"] if check else [])]
    # in place of this process: what it has loaded is ten times what a watch needs
    program = [sys.executable, "-m", "pagefree.watch", *given]
    os.execv(sys.executable, program)  # noqa: S606 -- ourselves, and no shell is wanted


@app.command()
@refusing
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the newest schema."""
    settings = read_settings(_given(data_dir=data_dir))
    with database(settings) as url:
        migrate_database(settings.database_direct_url or url)


File = Annotated[Path, typer.Argument(help="The file of the backup.")]


@app.command()
@refusing
def backup(file: File, data_dir: DataDir = None) -> None:
    """Write all data to one file while everything goes on; the secret key is kept apart."""
    backups.backup(read_settings(_given(data_dir=data_dir)), file)


@app.command()
@refusing
def restore(file: File, data_dir: DataDir = None) -> None:
    """Bring a backup into an empty database, and check what must be true."""
    backups.restore(read_settings(_given(data_dir=data_dir)), file)


@app.command()
@refusing
def doctor(
    *,
    invariants: Annotated[
        bool, typer.Option("--invariants", help="Also check what must always be true.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Check and explain the configuration; ends with 1 if something is wrong."""
    options = _given(data_dir=data_dir)
    examine(read_settings(options), options, check_invariants=invariants)


@app.command()
@refusing
def demo(data_dir: DataDir = None) -> None:
    """Add the demo's teams, people and services to a demo: everybody knows its passwords."""
    settings = read_settings(_given(data_dir=data_dir))
    if not settings.demo:
        raise Refused(
            "PAGEFREE_DEMO is not true: in an installation that really pages, everybody"
            " could sign in with the demo's password."
        )
    with database(settings) as url:
        migrate_database(url)
        keys = secret_keys(settings, make=True)
        added = asyncio.run(load_demo(Installation(settings, url, keys)))
    out.print("Added." if added else "It is there already.")


@app.command("send")
@refusing
def send_event(  # noqa: PLR0913 -- one parameter an option
    summary: Annotated[str, typer.Argument(help="What happened.")] = "A test event",
    *,
    key: Annotated[
        str, typer.Option(envvar=ROUTING_KEY, help="Routing key of an integration.")
    ],
    url: Annotated[
        str | None, typer.Option(envvar=ADDRESS, help="Where PageFree is.")
    ] = None,
    action: Annotated[Action, typer.Option(help="What it asks for.")] = Action.TRIGGER,
    severity: Annotated[Severity, typer.Option(help="How bad it is.")] = LOUDEST,
    dedup_key: Annotated[
        str | None, typer.Option(help="Same key, same open alert.")
    ] = None,
    give_up_after: Annotated[
        float, typer.Option(min=0, help="Seconds to keep trying.")
    ] = 60,
) -> None:
    """Send one event like a monitoring tool; 0 taken, 1 refused, 3 not reachable."""
    event = Event(
        address=url or read_settings().base_url,
        key=key,
        action=action.value,
        summary=summary,
        severity=severity.value,
        dedup_key=dedup_key,
        source=platform.node(),
    )
    send(event, give_up_after_s=give_up_after)


@app.command("explain")
@refusing
def explain_paging(  # noqa: PLR0913 -- one parameter an option
    service: Annotated[
        str | None, typer.Argument(help="Name or id of a service.")
    ] = None,
    *,
    api_key: Annotated[str, typer.Option(envvar=API_KEY, help="An API key.")],
    url: Annotated[
        str | None, typer.Option(envvar=ADDRESS, help="Where PageFree is.")
    ] = None,
    integration: Annotated[
        str | None, typer.Option(help="Id of an integration, instead of a service.")
    ] = None,
    event: Annotated[
        typer.FileText | None,
        typer.Option(help="What its tool would post; - reads standard input."),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(help='A header of that request, "Name: value"; may be repeated.'),
    ] = None,
    method: Annotated[
        str | None, typer.Option(help="Its method, where it is not POST.")
    ] = None,
    path: Annotated[
        str,
        typer.Option(help="Where it goes, e.g. /v2/alerts/disk/close, with its query."),
    ] = "",
    at: Annotated[
        str | None, typer.Option(help="When, e.g. 2026-03-01T03:00:00Z; else now.")
    ] = None,
) -> None:
    """Say who would be paged in the next hour, by which method and why."""
    asked = explaining.Asked(
        address=url or read_settings().base_url,
        api_key=api_key,
        service=service,
        integration_id=integration,
        body=event.read() if event else "",
        headers=explaining.headers_of(header or ()),
        method=method,
        path=path,
        at=at,
    )
    explaining.explain(asked)


if __name__ == "__main__":
    app()

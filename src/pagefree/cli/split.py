"""`pagefree web` and `pagefree worker`: the same program in parts, as many as wanted."""

import asyncio
import os
from contextlib import closing

from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from pagefree.app import queries
from pagefree.app.health import NEWEST
from pagefree.app.site import Installation, Site
from pagefree.app.worker import run_worker, worker_deps
from pagefree.cli.installation import (
    NoDatabase,
    embedded_folder,
    one_transaction,
    secret_keys,
    shared_database,
)
from pagefree.cli.serving import (
    config,
    draining,
    listening_socket,
    run_until_told,
    serve,
    spare_what_lives,
)
from pagefree.cli.terminal import Refused, err, out
from pagefree.infra import log
from pagefree.infra.postgres import running_url
from pagefree.infra.setting_values import PREFIX
from pagefree.infra.settings import Settings, read_settings
from pagefree.status_pages import snapshots
from pagefree.status_pages.memory import STATUS_FOLDER


def web(settings: Settings, workers: int) -> None:
    """Serve until told to stop, in `workers` processes."""
    log.configure(settings.log_level, settings.log_format)
    installation = _installation_with_pages(settings)
    with closing(listening_socket(settings.host, settings.port)) as sock:
        if workers > 1:
            # each process reads the settings for itself
            os.environ[f"{PREFIX}HOST"] = settings.host
            os.environ[f"{PREFIX}PORT"] = str(settings.port)
            name = f"{__name__}:{site_of_environment.__name__}"
            several = config(name, patience_s=settings.request_seconds, workers=workers)
            out.print(f"PageFree is at {settings.base_url}")
            Multiprocess(several, sockets=[sock]).run()
            return

        async def started() -> None:
            out.print(f"PageFree is at {settings.base_url}")

        run_until_told(
            lambda stop: serve(
                Site(installation),
                sock,
                stop,
                started,
                drain_s=settings.drain_seconds,
            )
        )


def worker(settings: Settings) -> None:
    """Escalate and send until told to stop."""
    log.configure(settings.log_level, settings.log_format)
    installation = _shared_installation(settings)

    async def work(stop: asyncio.Event) -> None:
        async with worker_deps(
            settings, installation.database_url, installation.secret_keys
        ) as deps:
            out.print("Working: escalating and sending what is due.")
            await run_worker(deps, stop)

    run_until_told(work)


def site_of_environment() -> ASGIApp:
    """What one of several web processes serves; their parent has checked everything."""
    settings = read_settings()
    log.configure(settings.log_level, settings.log_format)
    url = settings.database_url or running_url(embedded_folder(settings)) or ""
    site = Site(Installation(settings, url, secret_keys(settings, make=False)))
    spare_what_lives()
    return draining(site, settings.drain_seconds)


def _installation_with_pages(settings: Settings) -> Installation:
    """The installation, without its database where status pages can be served all the same.

    Raises Refused.
    """
    try:
        return _shared_installation(settings)
    except NoDatabase as e:
        url = settings.database_url
        if not url or not snapshots.any_kept(settings.data_dir / STATUS_FOLDER):
            raise
        err.print(*e.sentences, style="red", markup=False)
        err.print("Until then status pages are served as they were last.")
        return Installation(settings, url, secret_keys(settings, make=False))


def _shared_installation(settings: Settings) -> Installation:
    """An installation whose database runs without us. Raises Refused."""
    url = shared_database(settings)
    if url is None:
        raise Refused(
            "PAGEFREE_DATABASE_URL is not set: web and worker processes share one"
            " PostgreSQL; `pagefree up` brings its own."
        )
    asyncio.run(_require_migrated(url))
    return Installation(settings, url, secret_keys(settings, make=False))


async def _require_migrated(url: str) -> None:
    async with one_transaction(url) as tx:
        revision = await queries.revision(tx)
    if revision is None or revision < NEWEST:
        raise Refused(
            f"The database has schema {revision or 'none'}, this release needs {NEWEST}:"
            " run `pagefree migrate` first."
        )

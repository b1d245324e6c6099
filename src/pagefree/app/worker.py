"""The worker: escalation, sending and housekeeping, in any number of processes."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import credentials
from pagefree.accounts import invitation_jobs as invitations
from pagefree.accounts.factors import jobs as sign_in
from pagefree.accounts.factors.links import Sender as LinkSender
from pagefree.alerts import jobs as alerts
from pagefree.app import limit_queries, queries
from pagefree.app.ways_out import (
    bucket_of,
    keep_credentials,
    last_resort_of,
    transports_of,
)
from pagefree.audit import jobs as audit
from pagefree.canary import jobs as canary
from pagefree.canary.last_resort import LastResort, standing_by
from pagefree.canary.service import Means as CanaryMeans
from pagefree.canary.service import means_of
from pagefree.escalation import jobs as escalation
from pagefree.heartbeats import jobs as heartbeats
from pagefree.incidents import jobs as incidents
from pagefree.infra.clock import Clock, system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Channel, create_engine, is_down, transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.listen import Listener
from pagefree.infra.queue import Context, Job, run_jobs
from pagefree.infra.settings import Settings
from pagefree.infra.told_figures import figures_told
from pagefree.insights import gathering as insights
from pagefree.insights import mailing
from pagefree.notifications import jobs as notifications
from pagefree.notifications.delivery import Gateway
from pagefree.notifications.sender import Sender
from pagefree.partners import jobs as partners
from pagefree.postmortems import jobs as postmortems
from pagefree.retention import jobs as retention
from pagefree.runbooks import jobs as runbooks
from pagefree.runbooks.preparing import Means
from pagefree.schedules import jobs as schedules
from pagefree.status_pages import jobs as status_pages
from pagefree.status_pages.pushing import Bucket, Pusher
from pagefree.timeline import auditing, listening
from pagefree.workflows import hearing, subscribing
from pagefree.workflows import jobs as workflows
from pagefree.workflows.preparing import Surroundings

BEAT_S = 5
HOUR_S = 3600
KEEP_ANSWERS = timedelta(hours=24)  # of idempotent requests
KEEP_VIOLATIONS = timedelta(days=90)  # of limits
KEEP_BEATS = timedelta(days=1)  # of processes that died without a word
POOL_SIZE = 6
HEARD = (
    Channel.DUE,
    Channel.MESSAGES,
    Channel.HEARTBEATS,
    Channel.EVENTS,
    Channel.STEPS,
    Channel.RUNS,
    Channel.STATUS_DUE,
    Channel.STATUS,
    Channel.SUBSCRIBERS,
    Channel.PARTNERS,
    Channel.LINKS,
)
# who reads the timeline, each exactly once; tables/timeline.py keeps how far they are
EVENT_LISTENERS: tuple[listening.Listener, ...] = (
    status_pages.LISTENER,
    status_pages.OPTED_OUT,
    partners.LISTENER,
    hearing.LISTENER,
    auditing.LISTENER,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WorkerDeps:
    """What a worker needs; made from the settings by `worker_deps`, by hand in tests."""

    engine: AsyncEngine
    database_url: str
    gateway: Gateway
    status_messages_per_s: float = 50.0
    status_bucket: Bucket | None = None  # where public pages are copied to
    partner_log_kept: timedelta = timedelta(days=90)
    canary: CanaryMeans | None = None  # none: it is switched off
    last_resort: LastResort | None = None  # none: it is switched off
    direct_url: str | None = None  # where notices are heard; else as all the rest


@asynccontextmanager
async def worker_deps(
    settings: Settings,
    database_url: str,
    secret_keys: Sequence[str],
    clock: Clock = system_clock,
) -> AsyncIterator[WorkerDeps]:
    """What a worker needs, closed afterwards."""
    http = GuardedClient(map(str, settings.outbound_allow))
    vault = Vault(*secret_keys)
    gateway = Gateway(
        transports=transports_of(settings, http),
        vault=vault,
        base_url=settings.base_url,
        clock=clock,
        demo=settings.demo,
        reply_domain=settings.mail_in_domain if settings.mail_in_port else None,
    )
    engine = create_engine(database_url, pool_size=POOL_SIZE)
    try:
        await keep_credentials(engine, settings, vault, clock())
        yield WorkerDeps(
            engine,
            database_url,
            gateway,
            settings.status_messages_per_second,
            bucket_of(settings),
            partner_log_kept=timedelta(days=settings.partner_log_days),
            canary=_canary(settings, http, vault),
            last_resort=last_resort_of(settings, gateway.transports, vault),
            direct_url=settings.database_direct_url,
        )
    finally:
        await gateway.transports.aclose()
        await engine.dispose()


async def run_worker(deps: WorkerDeps, stop: asyncio.Event) -> None:
    """Work until `stop` is set; what is being sent then is finished first."""
    listener = Listener(deps.direct_url or deps.database_url, HEARD)
    due = listener.subscribe(Channel.MESSAGES)
    sender = Sender(deps.engine, deps.gateway, due)
    ctx = Context(deps.engine, deps.gateway.clock, log)
    async with (
        standing_by(deps.last_resort, deps.database_url, ctx.clock),
        listener.running(),
    ):
        jobs = asyncio.create_task(run_jobs(_jobs(deps), ctx, listener))
        asked = asyncio.create_task(_ring(stop, due))
        try:
            log.info("worker.started", pid=os.getpid())
            await sender.run(stop)
        finally:
            asked.cancel()
            jobs.cancel()
            await asyncio.gather(asked, jobs, return_exceptions=True)
    await _leave(deps)
    log.info("worker.stopped", pid=os.getpid())


def _jobs(deps: WorkerDeps) -> tuple[Job, ...]:
    gateway = deps.gateway
    http, vault = gateway.transports.http, gateway.vault
    means = Means(deps.engine, http, vault, gateway.base_url, gateway.clock)
    return (
        *alerts.JOBS,
        *heartbeats.JOBS,
        *escalation.JOBS,
        *incidents.JOBS,
        *notifications.jobs(gateway),
        *schedules.jobs(http, vault),
        *postmortems.JOBS,
        *insights.JOBS,
        *mailing.jobs(gateway),
        *runbooks.jobs(means),
        *status_pages.jobs(gateway.base_url, mails=_mails(gateway)),
        *status_pages.following_jobs(gateway, deps.status_messages_per_s),
        *status_pages.pushing_jobs(_pusher(deps)),
        *partners.jobs(gateway, deps.partner_log_kept),
        *sign_in.jobs(_links(gateway)),
        *invitations.jobs(_invitations(gateway)),
        *workflows.jobs(Surroundings(gateway.transports, vault, gateway.base_url)),
        *audit.jobs(http, vault),
        *retention.JOBS,
        *canary.jobs(deps.canary),
        *map(listening.job, EVENT_LISTENERS),
        listening.job(subscribing.listener(gateway.base_url)),
        Job("worker.beat", every_s=BEAT_S, work=_beat),
        Job("worker.clean_up", every_s=HOUR_S, work=_clean_up),
    )


def _canary(
    settings: Settings, http: GuardedClient, vault: Vault
) -> CanaryMeans | None:
    if not settings.canary:
        return None
    watchdog = settings.watchdog_url
    return means_of(
        http,
        vault,
        str(settings.canary_url or settings.base_url),
        str(watchdog) if watchdog else None,
    )


def _pusher(deps: WorkerDeps) -> Pusher | None:
    gateway, bucket = deps.gateway, deps.status_bucket
    if bucket is None:
        return None
    return Pusher(gateway.transports.http, bucket, gateway.clock)


def _links(gateway: Gateway) -> LinkSender:
    smtp, vault = gateway.transports.smtp, gateway.vault
    return LinkSender(smtp, vault, gateway.base_url, gateway.clock)


def _invitations(gateway: Gateway) -> invitations.Sender:
    smtp, vault = gateway.transports.smtp, gateway.vault
    return invitations.Sender(smtp, vault, gateway.base_url, gateway.clock)


def _mails(gateway: Gateway) -> bool:
    return gateway.demo or gateway.transports.smtp is not None


async def _ring(stop: asyncio.Event, due: asyncio.Event) -> None:
    """Wake the sender to be told to stop."""
    await stop.wait()
    due.set()


def _name() -> str:
    return f"worker:{socket.gethostname()}:{os.getpid()}"


async def _beat(ctx: Context) -> None:
    """Say that this process is alive, for whoever watches the pager itself."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await queries.beat(tx, _name(), "worker", figures_told(now), now)


async def _leave(deps: WorkerDeps) -> None:
    try:
        async with asyncio.timeout(BEAT_S), transaction(deps.engine) as tx:
            await queries.delete_beat(tx, _name())
    except Exception as e:
        if not is_down(e):
            raise
        log.warning("worker.left_silently")  # its beat is found to be old


async def _clean_up(ctx: Context) -> None:
    """Forget what has expired."""
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await credentials.forget_expired_sessions(tx, now)
        await queries.delete_keys_before(tx, now - KEEP_ANSWERS)
        await queries.delete_beats_before(tx, now - KEEP_BEATS)
        await limit_queries.delete_violations_before(tx, now - KEEP_VIOLATIONS)

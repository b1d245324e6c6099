"""Background work of the audit; nothing of paging waits for it."""

from datetime import timedelta

from pagefree.audit import sealing, streaming
from pagefree.audit import setting_queries as settings
from pagefree.audit.sealing import AT_ONCE, CUT_AT_ONCE
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context, Job

HOUR_S = 3600


def jobs(http: GuardedClient, vault: Vault) -> tuple[Job, ...]:
    """Sealing every second, streaming, and forgetting what is old enough."""

    async def seal(ctx: Context) -> None:
        done = AT_ONCE
        while done == AT_ONCE:
            async with transaction(ctx.engine) as tx:
                done = await sealing.seal_waiting(tx, vault, ctx.clock())

    async def cut(ctx: Context) -> None:
        done = CUT_AT_ONCE
        while done == CUT_AT_ONCE:
            async with transaction(ctx.engine) as tx:
                days = (await settings.get_settings(tx)).retention_days
                if days is None:
                    return
                keep = timedelta(days=days)
                done = await sealing.cut_old(tx, vault, keep, ctx.clock())

    async def stream(ctx: Context) -> None:
        while await streaming.send_next(ctx, http, vault):
            pass

    return (
        Job("audit.seal", every_s=1, work=seal),
        Job("audit.stream", every_s=1, work=stream),
        Job("audit.cut", every_s=HOUR_S, work=cut),
    )

"""The ways out of the installation, as the settings give them."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import channel_configs
from pagefree.canary.black_box import BlackBox
from pagefree.canary.last_resort import LastResort
from pagefree.channels.base import SmtpServer, Transports
from pagefree.core.errors import Invalid
from pagefree.core.last_resort import Limits
from pagefree.infra.crypto import Vault
from pagefree.infra.db import is_down, transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.settings import Settings, WrongSettings
from pagefree.status_pages.pushing import Bucket

log = structlog.get_logger()


def transports_of(settings: Settings, http: GuardedClient) -> Transports:
    """HTTP, and the mail server if there is one."""
    return Transports(http=http, smtp=_smtp(settings))


async def keep_credentials(
    engine: AsyncEngine, settings: Settings, vault: Vault, now: datetime
) -> None:
    """Keep the credentials of channels that the settings give. Raises WrongSettings.

    Without a database nothing is kept now: the next process that starts does it.
    """
    try:
        async with transaction(engine) as tx:
            await channel_configs.keep_operator_configs(
                tx, settings.channel, vault, now, demo=settings.demo
            )
    except Invalid as e:
        raise WrongSettings([f"PAGEFREE_CHANNEL_…: {e}"]) from e
    except Exception as e:
        if not is_down(e):
            raise
        log.warning("channels.not_kept")


def last_resort_of(
    settings: Settings, transports: Transports, vault: Vault
) -> LastResort | None:
    """What people are told with when there is no database; none where nothing is sent."""
    if settings.demo or not settings.last_resort:
        return None
    return LastResort(
        BlackBox(settings.data_dir, vault),
        transports,
        vault,
        settings.base_url,
        Limits(
            timedelta(seconds=settings.last_resort_after_seconds),
            timedelta(seconds=settings.last_resort_every_seconds),
        ),
        timedelta(seconds=settings.last_resort_refresh_seconds),
    )


def bucket_of(settings: Settings) -> Bucket | None:
    """Where public status pages are copied to; none if nowhere."""
    if not settings.status_s3_bucket or not settings.status_s3_endpoint:
        return None
    secret = settings.status_s3_secret
    return Bucket(
        settings.status_s3_endpoint,
        settings.status_s3_bucket,
        settings.status_s3_prefix,
        settings.status_s3_region,
        settings.status_s3_key_id,
        secret.get_secret_value() if secret else "",
    )


def _smtp(settings: Settings) -> SmtpServer | None:
    if not settings.smtp_host:
        return None
    password = settings.smtp_password
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
        sender=settings.mail_from,
    )

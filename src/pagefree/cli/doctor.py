"""`pagefree doctor`: is everything as it must be for paging to work, and if not, what to do."""

import asyncio
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit
from uuid import UUID

import aiosmtplib
import typer

from pagefree.accounts.contacts import secret_purpose
from pagefree.app import demo, queries
from pagefree.app.health import NEWEST
from pagefree.channels import broken_folders
from pagefree.cli.installation import (
    KEY_FILE,
    OLDEST_POSTGRES,
    database,
    embedded_folder,
    one_transaction,
    secret_keys,
    shared_database,
)
from pagefree.cli.terminal import Refused, out
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Tx
from pagefree.infra.limits import redis_answers
from pagefree.infra.postgres import PostgresError
from pagefree.infra.setting_values import PREFIX
from pagefree.infra.settings import (
    LOCAL_NAMES,
    Settings,
    shown,
    source_of,
)
from pagefree.invariants import service as invariants

SMTP_S = 5
ANY_HOST = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared, not bound
GIBIBYTE = 1024**3
FULL_BYTES = GIBIBYTE
TIGHT_BYTES = 5 * GIBIBYTE
MOST_SKEW = timedelta(seconds=2)
SILENT = timedelta(seconds=30)
LATE = timedelta(seconds=30)


class Verdict(Enum):
    """How a check ended."""

    OK = "[green]ok[/green]    "
    NOTE = "[yellow]note[/yellow]  "
    WRONG = "[red]wrong[/red] "


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; what is not fine says what to do."""

    verdict: Verdict
    text: str


def ok(text: str) -> Finding:
    """All is well."""
    return Finding(Verdict.OK, text)


def note(text: str) -> Finding:
    """It works, but somebody should know."""
    return Finding(Verdict.NOTE, text)


def wrong(text: str) -> Finding:
    """This has to be put right."""
    return Finding(Verdict.WRONG, text)


def doctor(
    settings: Settings, given: dict[str, object], *, check_invariants: bool
) -> None:
    """Print the settings and every finding; ends with 1 if anything is wrong."""
    _print_settings(settings, given)
    findings = [_address(settings), *_proxies(settings), *_disk(settings)]
    findings.append(_channels(broken_folders()))
    findings += [asyncio.run(_mail(settings)), asyncio.run(_redis(settings))]
    findings.append(asyncio.run(_mail_in(settings)))
    findings += _of_database(settings, check_invariants=check_invariants)
    out.print("[bold]Checks[/bold]")
    for finding in findings:
        out.print(f"  {finding.verdict.value}", end="")
        out.print(finding.text, markup=False)
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        raise typer.Exit(1)


def _print_settings(settings: Settings, given: dict[str, object]) -> None:
    out.print("[bold]Settings[/bold]")
    for name, field in Settings.model_fields.items():
        value = shown(name, getattr(settings, name))
        out.print(f"  {PREFIX}{name.upper()} = {value}", markup=False, end="")
        out.print(f"  [dim]({source_of(name, given)}) {field.description}[/dim]")
    out.print()


def _address(settings: Settings) -> Finding:
    host = urlsplit(settings.base_url).hostname or ""
    if settings.base_url.startswith("https:"):
        return ok(f"People and tools reach PageFree at {settings.base_url}.")
    if host in LOCAL_NAMES or host == "::1":
        return note(
            f"People and tools reach PageFree at {settings.base_url}: only on this machine."
            " Set PAGEFREE_PUBLIC_URL to its https address for anybody else."
        )
    return wrong(
        f"PageFree is reached at {settings.base_url}, where passwords travel unprotected:"
        " put a proxy with https in front and set PAGEFREE_PUBLIC_URL to its address."
    )


def _proxies(settings: Settings) -> Iterator[Finding]:
    if settings.trusted_proxies:
        networks = ", ".join(settings.trusted_proxies)
        header = settings.proxy_header
        yield ok(f"Proxies in {networks} are believed about addresses ({header}).")
    elif settings.base_url.startswith("https:"):
        yield note(
            "PAGEFREE_TRUSTED_PROXIES is not set, so everybody behind the proxy with https"
            " has its address, and shares the limits of one address: set it to the proxy's."
        )


def _channels(broken: Mapping[str, str]) -> Finding:
    """A folder of one's own that is not as the others must be is left out."""
    if broken:
        reasons = ", ".join(f"{name} ({why})" for name, why in broken.items())
        return wrong(f"Channels are left out, nobody is told by them: {reasons}.")
    return ok("Every channel can be used.")


def _disk(settings: Settings) -> Iterator[Finding]:
    if settings.database_url or not settings.data_dir.exists():
        return
    free = shutil.disk_usage(settings.data_dir).free
    text = f"{free / GIBIBYTE:.1f} GiB are free in {settings.data_dir.absolute()}"
    if free < FULL_BYTES:
        yield wrong(f"{text}: make room before PostgreSQL stops.")
    elif free < TIGHT_BYTES:
        yield note(f"{text}: that will not last for long.")
    else:
        yield ok(f"{text}.")


async def _mail_in(settings: Settings) -> Finding:
    if settings.mail_in_port is None:
        return note(
            "No mail is taken in: set PAGEFREE_MAIL_IN_PORT and PAGEFREE_MAIL_IN_DOMAIN"
            " to receive alerts by e-mail."
        )
    host = settings.mail_in_host or settings.host
    client = aiosmtplib.SMTP(
        hostname="127.0.0.1" if host in ANY_HOST else host,
        port=settings.mail_in_port,
        use_tls=False,
        start_tls=False,
        timeout=SMTP_S,
    )
    where = f"{host}:{settings.mail_in_port}"
    try:
        await client.connect()
        await client.quit()
    except (aiosmtplib.SMTPException, OSError):
        return note(
            f"Mail for @{settings.mail_in_domain} is to be taken in on {where},"
            " where nothing answers: is `pagefree up` or `pagefree web` running?"
        )
    finally:
        client.close()
    return ok(
        f"Mail for @{settings.mail_in_domain} is taken in on {where}:"
        " its MX record, or your mail server, must lead there."
    )


async def _mail(settings: Settings) -> Finding:
    if settings.demo:
        return note("Demo: messages go to the outbox, nothing is sent.")
    if not settings.smtp_host:
        return note("E-mail is off: set PAGEFREE_SMTP_HOST to page people by e-mail.")
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    client = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        timeout=SMTP_S,
        use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls",
    )
    try:
        async with client:
            if settings.smtp_user and settings.smtp_password:
                password = settings.smtp_password.get_secret_value()
                await client.login(settings.smtp_user, password)
    except (aiosmtplib.SMTPException, OSError) as e:
        return wrong(
            f"The mail server {where} does not work ({e}): check PAGEFREE_SMTP_HOST,"
            " _PORT, _TLS, _USER and _PASSWORD."
        )
    return ok(f"The mail server {where} takes our mail.")


async def _redis(settings: Settings) -> Finding:
    if not settings.redis_url:
        return ok("Each process counts for itself what limits are about.")
    if await redis_answers(settings.redis_url):
        return ok("Redis answers: processes share what limits are about.")
    where = shown("redis_url", settings.redis_url)
    return wrong(
        f"Redis does not answer at {where}, so each process counts for itself: start it,"
        " or check PAGEFREE_REDIS_URL."
    )


def _of_database(settings: Settings, *, check_invariants: bool) -> list[Finding]:
    try:
        with _existing_database(settings) as url:
            if url is None:
                return [note("There is no database yet: `pagefree up` makes one.")]
            found = asyncio.run(_look(settings, url))
            if check_invariants:
                found += asyncio.run(_promises(url))
            return found
    except Refused as e:
        return [wrong(sentence) for sentence in e.sentences]
    except PostgresError as e:
        return [wrong(str(e))]


@contextmanager
def _existing_database(settings: Settings) -> Iterator[str | None]:
    """The database, started if need be, but never made."""
    if shared_database(settings) is None and not embedded_folder(settings).exists():
        yield None
        return
    with database(settings) as url:
        yield url


async def _look(settings: Settings, url: str) -> list[Finding]:
    async with one_transaction(url) as tx:
        number, at = await queries.server_facts(tx)
        revision = await queries.revision(tx)
        now = system_clock()
        findings = [_version(number), _skew(at, now), _schema(revision)]
        findings += _left_over(await queries.left_over(tx))
        if revision is not None:
            findings += [
                await _key(settings, tx),
                await _workers(tx, now),
                await _delays(tx, now),
            ]
            if not settings.demo:
                findings.append(await _doors(tx))
    return findings


def _version(number: int) -> Finding:
    major = number // 10_000
    if major < OLDEST_POSTGRES:
        return wrong(
            f"PostgreSQL {major} is too old: {OLDEST_POSTGRES} or newer is needed."
        )
    return ok(f"PostgreSQL {major} answers.")


def _skew(at: datetime, now: datetime) -> Finding:
    skew = abs(at - now)
    if skew > MOST_SKEW:
        return wrong(
            f"The clocks of PageFree and PostgreSQL differ by {skew.total_seconds():.0f} s:"
            " let both keep time by NTP."
        )
    return ok("The clocks of PageFree and PostgreSQL agree.")


def _schema(revision: str | None) -> Finding:
    if revision is None or revision < NEWEST:
        return wrong(
            f"The schema is {revision or 'missing'}, this release needs {NEWEST}:"
            " run `pagefree migrate`."
        )
    return ok(f"The schema is the newest ({revision}).")


def _left_over(border: UUID | None) -> Iterator[Finding]:
    if border is not None:
        day = datetime.fromtimestamp((border.int >> 80) / 1000, UTC)
        yield wrong(
            f"A migration was cut off: from {day:%Y-%m-%d} on (UTC) no event could be stored."
            " Run `pagefree migrate` again before, or ALTER TABLE inbound_requests"
            " DROP CONSTRAINT ck_inbound_requests_before."
        )


async def _key(settings: Settings, tx: Tx) -> Finding:
    try:
        vault = Vault(*secret_keys(settings, make=False))
    except Refused as e:
        return wrong(e.sentences[0])
    sealed = await queries.sealed_secrets(tx)
    for method_id, secret in sealed:
        try:
            vault.open(secret, secret_purpose(method_id))
        except Unsealable:
            return wrong(
                "The secret key is not the one that stored secrets were sealed with:"
                f" bring back PAGEFREE_SECRET_KEY, or {KEY_FILE} in the data directory."
            )
    return ok(f"The secret key opens what is sealed ({len(sealed)} looked at).")


async def _workers(tx: Tx, now: datetime) -> Finding:
    at = (await queries.beats(tx)).get("worker")
    if at is None:
        return wrong("No worker runs, so nobody is paged: start `pagefree worker`.")
    if now - at > SILENT:
        return wrong(
            f"No worker has been heard of for {(now - at).total_seconds():.0f} s, so nobody"
            " is paged: start `pagefree worker`."
        )
    return ok(f"A worker was heard {(now - at).total_seconds():.0f} s ago.")


async def _doors(tx: Tx) -> Finding:
    if emails := await demo.open_doors(tx):
        return note(demo_people_left(emails))  # which may run as one all the same
    return ok("Nobody can sign in with the password of the demo.")


def demo_people_left(emails: Sequence[str]) -> str:
    """What to do about people of the demo in an installation that is none."""
    return (
        f"{', '.join(emails)} can still sign in with the demo's password, which everybody"
        " knows: where this is no demo, deactivate them or give them other passwords."
    )


async def _delays(tx: Tx, now: datetime) -> Finding:
    late = await queries.overdue(tx, now)
    behind = [f"{what} {by.seconds} s" for what, by in late.items() if by > LATE]
    if behind:
        return wrong(
            f"Work is overdue ({', '.join(behind)}): start more workers, or see their log."
        )
    return ok("Nothing is overdue.")


async def _promises(url: str) -> list[Finding]:
    """Whether everything holds that must hold at every moment."""
    async with one_transaction(url) as tx:
        violations = await invariants.list_violations(tx, system_clock())
    broken = {violation.promise for violation in violations}
    return [
        *(wrong(f"{v.promise} is broken by {v.id}: {v.says}") for v in violations),
        *(
            ok(f"{name} holds: {promise}.")
            for name, promise in invariants.PROMISES.items()
            if name not in broken
        ),
    ]

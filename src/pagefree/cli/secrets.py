"""`pagefree secrets …`: changing the key that stored secrets are sealed with."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated

import typer

from pagefree.app.sealed import Count, seal_all_anew, sign_audit_anew
from pagefree.cli.installation import KEY_FILE, database, secret_keys
from pagefree.cli.terminal import Refused, out, refusing
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine
from pagefree.infra.settings import Settings, read_settings

app = typer.Typer(help="The key of stored secrets.", no_args_is_help=True)

DataDir = Annotated[
    Path | None, typer.Option(help="Where the embedded database is kept.")
]
FOREIGN = (
    "{count} secrets ({where}) open with none of the keys: add the one that is missing to"
    " PAGEFREE_OTHER_SECRET_KEYS. Nothing else is wrong with them, and nothing was changed"
    " in them."
)
NOT_OURS = (
    "The audit was not signed with any of the keys: `pagefree audit verify` says more."
)


@app.command()
@refusing
def new_key(data_dir: DataDir = None) -> None:
    """Put a new key before the old one in the data directory; PageFree uses it when restarted."""
    settings = _settings(data_dir)
    _write(settings, token_urlsafe(48), *_key_file(settings))
    out.print(
        "There is a new key. Restart PageFree, then run `pagefree secrets rotate`."
    )


@app.command()
@refusing
def rotate(data_dir: DataDir = None) -> None:
    """Seal every stored secret under the first key; may be cut off and run again."""
    settings = _settings(data_dir)
    keys = secret_keys(settings, make=False)
    with database(settings) as url:
        counts = asyncio.run(_rotate(url, Vault(*keys)))
    total = _total(counts)
    for name, count in counts.items():
        if count.changed:
            out.print(f"{name}: {count.changed}")
    if total.foreign:
        where = ", ".join(name for name, count in counts.items() if count.foreign)
        raise Refused(FOREIGN.format(count=total.foreign, where=where))
    out.print(f"{total.changed} of {total.looked_at} secrets are sealed anew.")
    out.print("The other keys open nothing that is stored any more.")


@app.command()
@refusing
def retire(data_dir: DataDir = None) -> None:
    """Forget the old keys of the data directory, if nothing is sealed with them any more."""
    settings = _settings(data_dir)
    newest, *others = _key_file(settings)
    if not others:
        raise Refused("There is only one key.")
    with database(settings) as url:
        total = _total(asyncio.run(_look(url, Vault(newest, *others))))
    if total.changed or total.foreign:
        raise Refused(
            f"{total.changed + total.foreign} secrets are not sealed with the new key:"
            " run `pagefree secrets rotate` first."
        )
    _write(settings, newest)
    out.print("The old keys are forgotten. Restart PageFree.")


def _settings(data_dir: Path | None) -> Settings:
    return read_settings({"data_dir": data_dir} if data_dir else {})


def _key_file(settings: Settings) -> tuple[str, ...]:
    if settings.secret_key:
        raise Refused(
            "PAGEFREE_SECRET_KEY is set, so the key is yours to change there: the old one"
            " goes to PAGEFREE_OTHER_SECRET_KEYS."
        )
    return secret_keys(settings, make=False)


def _write(settings: Settings, *keys: str) -> None:
    """Replace the file in one step: half a key would lock everything away."""
    path = settings.data_dir / KEY_FILE
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with open(
        beside, "x", opener=lambda name, flags: os.open(name, flags, mode=0o600)
    ) as file:
        file.writelines(f"{key}\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


async def _rotate(url: str, vault: Vault) -> Mapping[str, Count]:
    engine = create_engine(url, pool_size=1)
    try:
        counts = await seal_all_anew(engine, vault)
        if not await sign_audit_anew(engine, vault):
            raise Refused(NOT_OURS)
        return counts
    finally:
        await engine.dispose()


async def _look(url: str, vault: Vault) -> Mapping[str, Count]:
    engine = create_engine(url, pool_size=1)
    try:
        return await seal_all_anew(engine, vault, dry=True)
    finally:
        await engine.dispose()


def _total(counts: Mapping[str, Count]) -> Count:
    return sum(counts.values(), start=Count())

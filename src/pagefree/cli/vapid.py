"""`pagefree vapid …`: the key by which push services know this installation."""

import asyncio

import typer

from pagefree.accounts import push_keys
from pagefree.cli.installation import database, one_transaction, secret_keys
from pagefree.cli.terminal import Refused, out, refusing
from pagefree.core.errors import PageFreeError
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.settings import read_settings

app = typer.Typer(help="The key of web push.", no_args_is_help=True)


@app.command()
@refusing
def rotate() -> None:
    """Use a new key; browsers change over by themselves when the app is next opened."""
    settings = read_settings()
    vault = Vault(*secret_keys(settings, make=False))
    with database(settings) as url:
        rotated = asyncio.run(_rotate(url, vault))
    out.print(f"Browsers now subscribe with {rotated.public_key}", markup=False)
    out.print(f"{rotated.waiting} still use the earlier key, which goes on working.")


async def _rotate(url: str, vault: Vault) -> push_keys.Rotated:
    try:
        async with one_transaction(url) as tx:
            return await push_keys.rotate(tx, vault, system_clock())
    except PageFreeError as e:
        raise Refused(str(e)) from e

"""`pagefree audit …`: is the audit what it was when it was sealed?"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from pagefree.audit import sealing
from pagefree.audit.sealing import Verdict
from pagefree.cli.installation import database, secret_keys
from pagefree.cli.terminal import err, out, refusing
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine
from pagefree.infra.settings import read_settings

ALTERED = 1  # exit code
app = typer.Typer(help="The audit: who changed what.", no_args_is_help=True)

DataDir = Annotated[
    Path | None, typer.Option(help="Where the embedded database is kept.")
]


@app.callback()
def main() -> None:
    """The audit: who changed what."""


@app.command()
@refusing
def verify(data_dir: DataDir = None) -> None:
    """Walk along the chain of entries; ends with 1 if one was altered, added or removed."""
    settings = read_settings({"data_dir": data_dir} if data_dir else {})
    vault = Vault(*secret_keys(settings, make=False))
    with database(settings) as url:
        verdict = asyncio.run(_verify(url, vault))
    for finding in verdict.findings:
        err.print(finding, style="red", markup=False)
    if verdict.findings:
        raise typer.Exit(ALTERED)
    head, anchor = verdict.chain.head, verdict.chain.anchor
    out.print(f"OK: {verdict.count} entries, up to {head.seq} ({head.hash.hex()[:16]})")
    if anchor.seq:
        out.print(
            f"Entries up to {anchor.seq} were cut off: they had been kept enough."
        )
    if verdict.waiting:
        out.print(f"{verdict.waiting} more wait to be sealed.")


async def _verify(url: str, vault: Vault) -> Verdict:
    engine = create_engine(url, pool_size=1)
    try:
        return await sealing.verify(engine, vault)
    finally:
        await engine.dispose()

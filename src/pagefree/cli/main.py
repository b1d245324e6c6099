"""The commands; each reads the settings and hands over."""

from pathlib import Path
from typing import Annotated

import typer

import pagefree
from pagefree.cli.terminal import out, refusing
from pagefree.cli.up import up as run_up
from pagefree.infra.settings import read_settings

app = typer.Typer(
    name="pagefree",
    help="On-call and incidents: from an alert to the person who can fix it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,  # they hold secrets
)

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


if __name__ == "__main__":
    app()

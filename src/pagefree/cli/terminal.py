"""Talking to a person at a terminal: progress, tables, and refusals of one sentence each."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import NoReturn, ParamSpec

import typer
from rich.console import Console
from rich.table import Table

from pagefree.infra.postgres import PostgresError
from pagefree.infra.settings import WrongSettings

P = ParamSpec("P")

REFUSED = 2  # exit code: something outside PageFree has to be put right first
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Refused(Exception):
    """PageFree cannot do this here and now; the sentences say what to put right."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences: Sequence[str] = sentences


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """A command that ends with one clear sentence for each thing that is wrong."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (Refused, WrongSettings) as e:
            _end(e.sentences)
        except PostgresError as e:
            _end([str(e)])

    return wrapped


def _end(sentences: Sequence[str]) -> NoReturn:
    for sentence in sentences:
        err.print(sentence, style="red", markup=False)
    raise typer.Exit(REFUSED)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, then how long it took."""
    out.print(f"[dim]{title} …[/dim] ", end="")
    sys.stdout.flush()
    began = time.monotonic()
    try:
        yield
    except BaseException:
        out.print("[red]failed[/red]")
        raise
    out.print(f"[dim]{time.monotonic() - began:.1f} s[/dim]")


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """Names and values under each other."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, value)
    out.print(table)

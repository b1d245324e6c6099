"""Everything that can be said about the code without running it; all parts at once."""

import os
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from scripts import web_build
from scripts.steps import PYTHON, ROOT, VENV, WEB, Failed, run

BIN = VENV / "bin"
NPM = ("npm", "run", "--silent")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to check."""

    title: str
    command: tuple[str | Path, ...]
    cwd: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)


def main() -> None:
    """Check all parts; one line each, and what is wrong with those that fail."""
    failed = False
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for done in as_completed([pool.submit(_check, part) for part in _parts()]):
            title, seconds, wrong = done.result()
            print(
                f"{'FAILED' if wrong else 'ok':6} {title} {seconds:.1f} s", flush=True
            )
            if wrong:
                print(wrong, flush=True)
                failed = True
    sys.exit(failed)


def _parts() -> list[Part]:
    """The longest first, so that the short ones fill the gaps."""
    node = web_build.packages()
    return [
        Part("types", (BIN / "mypy",)),
        Part("web types", (*NPM, "typecheck"), WEB, node),
        Part("API document and client", (PYTHON, "-m", "scripts.openapi", "--check")),
        Part("migrations", (PYTHON, "-m", "scripts.migration_drift")),
        Part("web lint", (*NPM, "lint", "--", "--colors=off"), WEB, node),
        Part("access matrix", (PYTHON, "-m", "scripts.access_matrix", "--check")),
        Part("imports", (BIN / "lint-imports", "--no-cache")),
        Part("lint", (BIN / "ruff", "check", "--quiet")),
        Part("format", (BIN / "ruff", "format", "--check", "--quiet")),
    ]


def _check(part: Part) -> tuple[str, float, str]:
    began = time.monotonic()
    wrong = ""
    try:
        run(part.command, cwd=part.cwd, env=part.env)
    except Failed as e:
        wrong = str(e) or "no output"
    return part.title, time.monotonic() - began, wrong


if __name__ == "__main__":
    main()

"""What every chore needs: where things are, a progress line per step, a stamp when done."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
WEB = ROOT / "web"
PYTHON = VENV / "bin" / "python"
SHOWN_LINES = 30  # of each end of what a failed command said


class Failed(Exception):
    """A command ended with an error; the text is the end of what it said."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, and how long it took; end the program if it fails."""
    print(f"{title} … ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except Failed as e:
        print("failed")
        sys.exit(str(e))
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a command quietly and return what it said. Raises Failed."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as e:
        raise Failed(f"{command[0]}: {e.strerror}") from e
    if done.returncode:
        raise Failed(_shortened(done.stdout))
    return done.stdout


def _shortened(text: str) -> str:
    lines = text.strip().splitlines()
    if len(lines) > 2 * SHOWN_LINES:
        lines[SHOWN_LINES:-SHOWN_LINES] = ["…"]
    return "\n".join(lines)


def digest(files: Iterable[Path], *more: str) -> str:
    """A fingerprint of the names and contents of `files`, and of `more`."""
    total = hashlib.sha256("\0".join(more).encode())
    for file in sorted(files):
        total.update(f"{file.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_done(stamp: Path, fingerprint: str) -> bool:
    """Was this step finished with exactly these inputs?"""
    return stamp.exists() and stamp.read_text() == fingerprint


def mark_done(stamp: Path, fingerprint: str) -> None:
    """Remember that this step is finished with these inputs."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint)

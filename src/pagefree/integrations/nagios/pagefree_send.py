#!/usr/bin/env python3
"""Send a notification of Nagios or Icinga to PageFree; nothing is lost while it is away.

A notification is first written to a queue on disk, then everything that waits there is
sent, oldest first. Run it with `--flush` every minute, so that what could not be sent
follows. Needs Python 3.8 and nothing else.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
import time
import uuid
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

QUEUE = "/var/spool/pagefree"
TIMEOUT_S = 10
ACCEPTED = 202
UNDELIVERED, REFUSED = ".json", ".refused"
# PageFree will never take these; everything else it may take later
HOPELESS = frozenset({400, 413, 415, 422})
LONGEST = 8000  # characters of one value: the output of a check may be huge


def main(arguments: list[str] | None = None) -> int:
    """0: PageFree has all of it. 1: it waits on disk. 2: it could not even be stored."""
    asked = _arguments(arguments)
    queue = Path(asked.queue)
    try:
        queue.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not asked.flush:
            store(queue, _event(asked))
    except OSError as e:
        return _say(f"cannot write to {queue}: {e}", 2)
    try:
        key = Path(asked.key_file).read_text("ascii") if asked.key_file else asked.key
    except (OSError, ValueError) as e:
        return _say(f"cannot read {asked.key_file}: {e}", 1)
    if not asked.url.startswith(("http://", "https://")):
        return _say("--url has to begin with http:// or https://", 1)
    return flush(queue, asked.url, key.strip())


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    about = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(description=about, allow_abbrev=False)
    env = os.environ
    add = parser.add_argument
    add("--url", default=env.get("PAGEFREE_URL", ""), help="or PAGEFREE_URL")
    add("--key", default=env.get("PAGEFREE_KEY", ""), help="or PAGEFREE_KEY")
    add("--key-file", default="", help="a file with the key in it")
    add("--queue", default=env.get("PAGEFREE_QUEUE", QUEUE), help=f"usually {QUEUE}")
    add("--flush", action="store_true", help="only send what waits")
    add("--type", default="", help="PROBLEM, RECOVERY, ACKNOWLEDGEMENT …")
    add("--host", default="")
    add("--service", default="", help="empty if it is about the host itself")
    add("--state", default="", help="CRITICAL, WARNING, UNKNOWN, OK, DOWN, UP …")
    add("--output", default="", help="what the check said")
    add("--since", default="", help="Unix time of the last change of state")
    add("--field", action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args(arguments)


def _event(asked: argparse.Namespace) -> dict[str, object]:
    names = ("type", "host", "service", "state", "output", "since")
    event: dict[str, object] = {name: getattr(asked, name)[:LONGEST] for name in names}
    event["id"] = str(uuid.uuid4())
    event["fields"] = dict(field.partition("=")[::2] for field in asked.field)
    return event


def store(queue: Path, event: dict[str, object]) -> None:
    """Write `event` to disk, so that a loss of power does not lose it."""
    name = f"{time.time_ns():020}-{event['id']}"
    unfinished = queue / f"{name}.part"
    with unfinished.open("wb") as file:
        # what is no UTF-8 in a check's output reaches us as lone surrogates
        file.write(json.dumps(event).encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(queue / (name + UNDELIVERED))
    folder = os.open(queue, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def flush(queue: Path, url: str, key: str) -> int:
    """Send what waits, oldest first, unless another process is doing it."""
    problem = ""
    while waiting(queue) and not problem:
        with (queue / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0  # the other one looks again when it is done, and finds ours
            problem = _deliver_all(waiting(queue), url, key)
    return _say(f"{problem}; it waits on disk", 1) if problem else 0


def waiting(queue: Path) -> list[Path]:
    """What has not been sent yet, oldest first."""
    return sorted(queue.glob("*" + UNDELIVERED))


def _deliver_all(paths: list[Path], url: str, key: str) -> str:
    """Send one after the other; stops at the first that has to wait, so none overtakes."""
    problems = (_deliver(path, url, key) for path in paths)
    return next((problem for problem in problems if problem), "")


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would turn our POST into a GET, and the alert into nothing."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


def _deliver(path: Path, url: str, key: str) -> str:
    """Send one; "" if it is done with, else what is wrong."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    try:
        request = Request(url, path.read_bytes(), headers)  # noqa: S310 -- http only
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_S) as answer:
            status = answer.status
    except HTTPError as e:
        status = e.code
        e.close()
    except (HTTPException, OSError, ValueError) as e:
        return f"PageFree cannot be reached: {e}"
    if status == ACCEPTED:
        path.unlink()
        return ""
    if status in HOPELESS:
        path.rename(path.with_suffix(REFUSED))
        _say(f"PageFree refused {path.stem} with {status}; it is kept as {REFUSED}", 0)
        return ""
    return f"PageFree answered {status}"


def _say(text: str, status: int) -> int:
    sys.stderr.write(f"pagefree_send: {text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())

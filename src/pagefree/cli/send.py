"""`pagefree send`: post one event the way a monitoring tool would, until it is taken."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
import typer

from pagefree.cli.terminal import err, out

NOT_TAKEN = 1  # refused: sending it again would not help
GAVE_UP = 3  # not reachable, or busy for too long
TRY_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
TIMEOUT_S = 10.0
LENGTH_OF_PAGERDUTY_KEYS = 32


@dataclass(frozen=True, slots=True)
class Event:
    """What to say, to whom."""

    address: str
    key: str
    action: str
    summary: str
    severity: str
    dedup_key: str | None
    source: str

    @property
    def url(self) -> str:
        """The endpoint for this kind of routing key."""
        path = "/v2/enqueue" if self._pagerduty else "/in/generic"
        return self.address.rstrip("/") + path

    @property
    def headers(self) -> Mapping[str, str]:
        """The key, where the body does not carry it."""
        return {} if self._pagerduty else {"Authorization": f"Bearer {self.key}"}

    @property
    def body(self) -> Mapping[str, object]:
        """The event in the words of the endpoint."""
        same = {"dedup_key": self.dedup_key} if self.dedup_key else {}
        if self._pagerduty:
            payload = {
                "summary": self.summary,
                "severity": self.severity,
                "source": self.source,
            }
            return {
                "routing_key": self.key,
                "event_action": self.action,
                "payload": payload,
                **same,
            }
        return {
            "action": self.action,
            "title": self.summary,
            "severity": self.severity,
            "source": self.source,
            **same,
        }

    @property
    def _pagerduty(self) -> bool:
        return len(self.key) == LENGTH_OF_PAGERDUTY_KEYS


def send(event: Event, *, give_up_after_s: float) -> None:
    """Send until it is on disk there, refused, or the time is over; says which."""
    deadline = time.monotonic() + give_up_after_s
    wait_s = FIRST_WAIT_S
    with httpx2.Client(timeout=TIMEOUT_S) as client:
        while True:
            why, retry_after_s = _try(client, event)
            pause_s = min(max(wait_s, retry_after_s), LONGEST_WAIT_S)
            if time.monotonic() + pause_s > deadline:
                err.print(f"Given up: {why}.", style="red", markup=False)
                raise typer.Exit(GAVE_UP)
            out.print(f"{why}; trying again in {pause_s:.0f} s …", markup=False)
            time.sleep(pause_s)
            wait_s *= 2


def _try(client: httpx2.Client, event: Event) -> tuple[str, float]:
    """Why it was not taken this time, and how long to wait; ends the program otherwise."""
    try:
        answer = client.post(event.url, json=event.body, headers=event.headers)
    except httpx2.TransportError as e:
        return f"{event.address} cannot be reached ({str(e) or type(e).__name__})", 0
    if answer.is_success:
        out.print(f"Taken: {answer.text}", style="green", markup=False)
        raise typer.Exit
    if answer.status_code not in TRY_AGAIN:
        said = f"HTTP {answer.status_code} {answer.text[:500]}"
        err.print(f"Refused: {said}", style="red", markup=False)
        raise typer.Exit(NOT_TAKEN)
    retry_after = answer.headers.get("retry-after", "")
    wait_s = float(retry_after) if retry_after.isdigit() else 0
    return f"PageFree is busy (HTTP {answer.status_code})", wait_s

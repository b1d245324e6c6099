"""The certificates that other servers have shown to this process, and its own."""

import ssl
from asyncio import BaseTransport
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from pagefree.infra.clock import Clock, system_clock

MOST_KEPT = 500
# one that was not met again may have been renewed since
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Certificate:
    """When it ends; times are in seconds since 1970."""

    ends_s: float
    lifetime_s: float
    seen_s: float


class Certificates:
    """The latest of each host."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
        self._by_host: dict[str, Certificate] = {}
        self._files: dict[str, Path] = {}

    def note(self, host: str, transport: BaseTransport | None) -> None:
        """Remember the one that was shown on this connection, if any was."""
        shown = transport.get_extra_info("peercert") if transport else None
        if not shown:
            return
        begins_s = ssl.cert_time_to_seconds(shown["notBefore"])
        self._keep(host, begins_s, ssl.cert_time_to_seconds(shown["notAfter"]))

    def look_after(self, host: str, file: Path) -> None:
        """Know from now on the first one in this PEM file, which may be replaced."""
        self._files[host] = file

    def known(self, now: datetime) -> dict[str, Certificate]:
        """Those that were met lately, and our own."""
        for host, file in self._files.items():
            with suppress(OSError, ValueError):
                self._read(host, file)
        oldest_s = (now - KEPT).timestamp()
        return {h: c for h, c in self._by_host.items() if c.seen_s >= oldest_s}

    def _read(self, host: str, file: Path) -> None:
        found = x509.load_pem_x509_certificate(file.read_bytes())
        ends_s = found.not_valid_after_utc.timestamp()
        self._keep(host, found.not_valid_before_utc.timestamp(), ends_s)

    def _keep(self, host: str, begins_s: float, ends_s: float) -> None:
        self._by_host.pop(host, None)
        if len(self._by_host) >= MOST_KEPT:
            del self._by_host[next(iter(self._by_host))]  # met the longest ago
        seen_s = self._clock().timestamp()
        self._by_host[host] = Certificate(ends_s, ends_s - begins_s, seen_s)


MET = Certificates()  # of this process, as its figures are

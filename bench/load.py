"""Load generators: wrk as fast as it goes, and posts at a fixed pace."""

import sys
from dataclasses import dataclass

import msgspec

from bench.processes import ROOT, output_of

CONNECTIONS = 64
PATHS = {  # of what wrk posts, by protocol
    "pagerduty_v2": "/v2/enqueue",
    "pagerduty_v1": "/generic/2010-04-15/create_event.json",
    "opsgenie": "/v2/alerts",
}


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw. Up to CONNECTIONS more requests were on their way when it stopped."""

    answers: int
    refused: int  # answered, but not 2xx
    broken: int  # not answered in two seconds
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


async def wrk(  # noqa: PLR0913 - what there is to choose of a load
    port: int,
    seconds: float,
    routing_key: str,
    *,
    keys: int = 0,
    prefix: str = "k",
    protocol: str = "pagerduty_v2",
    connections: int = CONNECTIONS,
) -> Load:
    """Post 1 KiB bodies in a closed loop; `keys` 0: each a fresh one."""
    text = await output_of(
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{max(1, round(seconds))}s",
        "-s",
        str(ROOT / "bench" / "post.lua"),
        f"http://127.0.0.1:{port}{PATHS[protocol]}",
        environment={
            "ROUTING_KEY": routing_key,
            "KEYS": str(keys),
            "PREFIX": prefix,
            "PROTOCOL": protocol,
        },
    )
    line = next(line for line in text.splitlines() if line.startswith("RESULT "))
    answers, refused, broken, duration_us, p50_us, p99_us = map(int, line.split()[1:])
    return Load(answers, refused, broken, duration_us / 1e6, p50_us / 1e3, p99_us / 1e3)


@dataclass(frozen=True, slots=True)
class Paced:
    """What posts at a fixed pace saw; latency counts from when each was due."""

    answers: int
    errors: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    own_late_p99_ms: float  # the generator's own delay, part of the latencies above


async def pace(
    port: int,
    rate: float,
    seconds: float,
    routing_key: str,
    *,
    prefix: str = "p",
    same: bool = False,
) -> Paced:
    """Post 1 KiB bodies at `rate` a second, whatever the answers take.

    Each is a condition of its own, unless they are the `same`.
    """
    text = await output_of(
        sys.executable,
        "-m",
        "bench.pace",
        *("--port", str(port), "--key", routing_key, "--prefix", prefix),
        *("--rate", str(rate), "--seconds", str(seconds)),
        *(("--same",) if same else ()),
    )
    return msgspec.json.decode(text.splitlines()[-1], type=Paced)

"""Load generators: wrk as fast as it goes, and posts at a fixed pace."""

import sys
from dataclasses import dataclass

import msgspec

from bench.processes import ROOT, output_of

CONNECTIONS = 64


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


async def wrk(
    port: int, seconds: float, routing_key: str, *, keys: int = 0, prefix: str = "k"
) -> Load:
    """Post 1 KiB bodies in a closed loop of 64 connections; `keys` 0: each a fresh one."""
    text = await output_of(
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{max(1, round(seconds))}s",
        "-s",
        str(ROOT / "bench" / "post.lua"),
        f"http://127.0.0.1:{port}/v2/enqueue",
        environment={"ROUTING_KEY": routing_key, "KEYS": str(keys), "PREFIX": prefix},
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
    port: int, rate: float, seconds: float, routing_key: str, *, prefix: str = "p"
) -> Paced:
    """Post distinct 1 KiB bodies at `rate` a second, whatever the answers take."""
    text = await output_of(
        sys.executable,
        "-m",
        "bench.pace",
        *("--port", str(port), "--key", routing_key, "--prefix", prefix),
        *("--rate", str(rate), "--seconds", str(seconds)),
    )
    return msgspec.json.decode(text.splitlines()[-1], type=Paced)

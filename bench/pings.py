"""Pings heartbeats at a fixed pace, twice each, as a program of its own.

Reads their ids from a file, one a line; every `--silent`-th is pinged only once. Prints one
line of JSON: how many pings were answered "OK", how many not, and the latencies.
"""

import argparse
import asyncio
import time
from pathlib import Path

import msgspec
import uvloop

from bench import pace
from bench.percentiles import percentile

CONNECTIONS = 256  # as many senders wait at once


class Connection(pace.Connection):
    """One keep-alive connection; answers end with their text."""

    end = b"OK"


def requests(ids: list[str], port: int, silent: int) -> list[bytes]:
    """Everybody once, then all but the silent ones."""
    again = [one for n, one in enumerate(ids) if n % silent]
    head = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    return [f"GET /ping/{one}{head}".encode() for one in (*ids, *again)]


async def main(args: argparse.Namespace, ids: list[str]) -> None:
    """Ping, and print what happened."""
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        _, connection = await loop.create_connection(Connection, "127.0.0.1", args.port)
        free.put_nowait(connection)
    latencies: list[float] = []
    bad = 0

    async def one(request: bytes, due: float) -> None:
        nonlocal bad
        connection = await free.get()
        answer = await connection.post(request)
        latencies.append(time.perf_counter() - due)
        bad += not answer.startswith(b"HTTP/1.1 200")
        free.put_nowait(connection)

    wanted = requests(ids, args.port, args.silent)
    began = time.perf_counter() + 0.05
    async with asyncio.TaskGroup() as group:
        for n, request in enumerate(wanted):
            # the second round leaves out some, but not their time
            turn = n if n < len(ids) else len(ids) + _turn(n - len(ids), args.silent)
            due = began + turn / args.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(request, due))
    report = {
        "answers": len(latencies) - bad,
        "errors": bad,
        "p50_ms": percentile(latencies, 50),
        "p99_ms": percentile(latencies, 99),
    }
    print(msgspec.json.encode(report).decode())


def _turn(n: int, silent: int) -> int:
    """The turn of the n-th that is pinged in a round without the silent ones."""
    return n + n // (silent - 1) + 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ids", required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--silent", type=int, required=True)
    given = parser.parse_args()
    uvloop.run(main(given, Path(given.ids).read_text(encoding="ascii").split()))

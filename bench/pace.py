"""Posts at a fixed pace, as a program of its own: latency counts from when a post was due.

Prints one line of JSON: how many were answered 202, how many not, the latencies, and how
late the generator itself was (a figure of the generator, not of the server).
"""

import argparse
import asyncio
import time
from typing import cast

import msgspec
import uvloop

from bench.percentiles import percentile
from pagefree.infra.clock import system_clock

CONNECTIONS = 32
BODY = (
    '{{"routing_key":"{key}","event_action":"trigger","dedup_key":"{prefix}{n}",'
    '"client":"bench","payload":{{"summary":"Disk is full on node {prefix}{n} @{due:.6f}",'
    '"source":"bench","severity":"critical","custom_details":{{"text":"{filler}"}}}}}}'
)
FILLER = "x" * 760


class Connection(asyncio.Protocol):
    """One keep-alive connection; one request at a time."""

    end = b"}"  # of an answer

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop has its own class

    def data_received(self, data: bytes) -> None:
        """Answers are small and end with their body."""
        self._read += data
        if self._read.endswith(self.end) and self._answer and not self._answer.done():
            self._answer.set_result(self._read)
            self._read = b""

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits gets an empty answer."""
        del exc
        if self._answer and not self._answer.done():
            self._answer.set_result(b"")

    async def post(self, request: bytes) -> bytes:
        """The whole answer to `request`."""
        self._answer = asyncio.get_running_loop().create_future()
        if self.transport is None:
            return b""
        self.transport.write(request)
        return await self._answer


def request_of(args: argparse.Namespace, n: int, due: float) -> bytes:
    """The bytes of one request; its title says when it was due."""
    condition = "" if args.same else n
    body = BODY.format(
        key=args.key, prefix=args.prefix, n=condition, due=due, filler=FILLER
    ).encode()
    head = (
        f"POST /v2/enqueue HTTP/1.1\r\nHost: 127.0.0.1:{args.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def main(args: argparse.Namespace) -> None:
    """Post, and print what happened."""
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        _, connection = await loop.create_connection(Connection, "127.0.0.1", args.port)
        free.put_nowait(connection)
    latencies: list[float] = []
    late: list[float] = []
    bad = 0

    async def one(n: int, due: float) -> None:
        nonlocal bad
        connection = await free.get()
        answer = await connection.post(request_of(args, n, due + since_1970))
        latencies.append(time.perf_counter() - due)
        bad += not answer.startswith(b"HTTP/1.1 202")
        free.put_nowait(connection)

    since_1970 = system_clock().timestamp() - time.perf_counter()
    began = time.perf_counter() + 0.05
    async with asyncio.TaskGroup() as group:
        for n in range(round(args.rate * args.seconds)):
            due = began + n / args.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            late.append(time.perf_counter() - due)
            group.create_task(one(n, due))
    report = {
        "answers": len(latencies) - bad,
        "errors": bad,
        "p50_ms": percentile(latencies, 50),
        "p99_ms": percentile(latencies, 99),
        "max_ms": percentile(latencies, 100),
        "own_late_p99_ms": percentile(late, 99),
    }
    print(msgspec.json.encode(report).decode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--prefix", default="p")
    parser.add_argument("--same", action="store_true", help="of one condition")
    uvloop.run(main(parser.parse_args()))

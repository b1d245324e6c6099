"""Many who read a status page at once, as fast as they are answered."""

from bench.load import Load
from bench.processes import ROOT, output_of

CONNECTIONS = 64


async def read(port: int, seconds: float, paths: tuple[str, ...]) -> Load:
    """GET these in turn, in a closed loop."""
    text = await output_of(
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{max(1, round(seconds))}s",
        "-s",
        str(ROOT / "bench" / "get.lua"),
        f"http://127.0.0.1:{port}",
        environment={"PAGES": " ".join(paths)},
    )
    line = next(line for line in text.splitlines() if line.startswith("RESULT "))
    answers, refused, broken, duration_us, p50_us, p99_us = map(int, line.split()[1:])
    return Load(answers, refused, broken, duration_us / 1e6, p50_us / 1e3, p99_us / 1e3)

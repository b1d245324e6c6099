"""Break everything that can be broken here, and tell what became of it: `make chaos`.

Runs every test that carries the mark `fault`, those that `make test` leaves out for their
length, too, one after the other and bounded in time. Whatever they have started and not
ended is ended. Prints a table, and writes it to build/chaos.json and build/chaos.md.
"""

import ctypes
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import psutil

from scripts.steps import PYTHON, ROOT

BUILD = ROOT / "build"
REPORT = BUILD / "chaos.xml"
TABLE = BUILD / "chaos.json"
PAGE = BUILD / "chaos.md"
MOST_S = 3540  # with what follows, less than an hour
TIDY_S = 30
NOTHING_FOUND = 5  # what pytest answers then
TITLES = ("fault", "what", "how", "result", "seconds")
SUBREAPER = 36  # prctl(2): whoever loses their parent becomes our child


@dataclass(frozen=True, slots=True)
class Row:
    """One fault, and how one test went."""

    fault: str
    what: str
    how: str
    result: str
    seconds: float


def main(chosen: Sequence[str]) -> None:
    """Run the tests that carry the mark, or with pytest's arguments some of them."""
    BUILD.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    command = [
        *(str(PYTHON), "-m", "pytest", "--quiet", "-p", "tests.chaos.marks"),
        *("-m", "fault", f"--junit-xml={REPORT}", *(chosen or ["tests"])),
    ]
    load, began = os.getloadavg()[0], time.monotonic()
    code, left = run(command)
    rows = sorted(read(REPORT), key=lambda row: (row.fault, row.how))
    told = {
        "machine": machine(),
        "load": {"before": round(load, 1), "after": round(os.getloadavg()[0], 1)},
        "seconds": round(time.monotonic() - began),
        "left_running": left,
        "rows": [asdict(row) for row in rows],
    }
    TABLE.write_text(json.dumps(told, indent=2) + "\n")
    table = "\n".join(lines(rows))
    about = ", ".join(f"{k} {v}" for k, v in machine().items())
    PAGE.write_text(f"{about}; {told['seconds']} s\n\n{table}\n")
    print(f"\n{table}\n\n{about}")
    print(f"{len(rows)} rows in {told['seconds']} s, kept in {TABLE} and {PAGE}")
    if left:
        sys.exit(f"Was left running, and is ended: {', '.join(left)}")
    sys.exit(0 if code == NOTHING_FOUND and chosen else code)


def run(command: Sequence[str]) -> tuple[int, list[str]]:
    """How it ended, at the latest when its time is over, and what it had left running."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1)
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        code = process.wait(MOST_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as e:
        print(f"Not over: {type(e).__name__}", flush=True)
        process.send_signal(signal.SIGINT)  # it still writes what it knows
        with suppress(subprocess.TimeoutExpired):
            process.wait(TIDY_S)
        code = 1
    return code, list(_ended())


def _ended() -> Iterator[str]:
    """What was left running, which is over now."""
    left = psutil.Process().children(recursive=True)
    for one in left:
        with suppress(psutil.NoSuchProcess):
            if one.status() != psutil.STATUS_ZOMBIE:
                yield " ".join(one.cmdline()[:4]) or one.name()
            one.kill()
    psutil.wait_procs(left, TIDY_S)


def read(report: Path) -> list[Row]:
    """A row for each mark of each test of a report; none, if none was written."""
    if not report.exists():
        return []
    rows = []
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 -- our own
        told = [(p.get("name"), p.get("value")) for p in case.iter("property")]
        for name, value in told:
            if name == "fault" and value:
                fault, _, what = value.partition(" ")
                how = (case.get("name") or "").removeprefix("test_").replace("_", " ")
                seconds = round(float(case.get("time") or 0), 1)
                rows.append(Row(fault, what, how, _result(case), seconds))
    return rows


def _result(case: ET.Element) -> str:
    found = {child.tag for child in case}
    if found & {"failure", "error"}:
        return "FAILED"
    return "skipped" if "skipped" in found else "passed"


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """The table, as it stands in the documentation."""
    cells: list[tuple[str, ...]] = [
        TITLES,
        *((r.fault, r.what, r.how, r.result, f"{r.seconds}") for r in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, tuple("-" * width for width in widths))
    for line in cells:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield f"| {' | '.join(padded)} |"


def machine() -> Mapping[str, object]:
    """What it ran on."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    main(sys.argv[1:])

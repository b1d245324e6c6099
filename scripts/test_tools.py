"""The programs that the tests drive and that come from Debian: Chromium and servers."""

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.steps import CACHE, ROOT, Failed, run, step

ALERTMANAGER = "prometheus-alertmanager"
# where the package is laid out without installing it
UNPACKED = CACHE / "alertmanager-of-testing"
# stable's is older than its receiver for incident.io (0.29)
SUITE = "testing"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Debian has compiled in where the templates are. The same length without the root makes
# it the folder of that name under the one the program is started in: there they are.
COMPILED_IN = b"/usr/share/prometheus/alertmanager"
UNDER_CWD = b"usr/share/prometheus//alertmanager"
REDIS = CACHE / "redis"
# the program, whose file is in the package of tools, and the libraries it needs
REDIS_PACKAGES = ("redis-server", "redis-tools", "libjemalloc2", "liblzf1")
PROMETHEUS = CACHE / "prometheus"
PROMTOOL = "promtool"  # reads rules, and is in the package of the server
REDIS_SERVERS = ("valkey-server", "redis-server")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def install() -> None:
    """Bring what is missing, or end the program with the command that would."""
    if chromium() is None:
        _install("chromium", "The tests drive a real Chromium")
    if alertmanager() is None:
        _unpack("Alertmanager", UNPACKED, (ALERTMANAGER,), _apt_of_testing)
        _tell_where_templates_are()
    if redis_server() is None:
        _unpack("Redis", REDIS, REDIS_PACKAGES, _apt)
    if promtool() is None:
        _unpack("promtool", PROMETHEUS, ("prometheus",), _apt)
        (PROMETHEUS / "usr" / "bin" / "prometheus").unlink()  # large, and not needed
    install_load_generator()


def chromium() -> Path | None:
    """The browser of this machine."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return Path(found) if found else None


def alertmanager() -> Path | None:
    """Prometheus Alertmanager: unpacked by us, or of this machine.

    Start it in the folder that holds its `usr`.
    """
    unpacked = UNPACKED / "usr" / "bin" / ALERTMANAGER
    if unpacked.exists():
        return unpacked
    found = shutil.which(ALERTMANAGER) or shutil.which("alertmanager")
    return Path(found) if found else None


def promtool() -> Path | None:
    """What reads and tests rules of Prometheus: of this machine, or unpacked by us."""
    found = shutil.which(PROMTOOL)
    unpacked = PROMETHEUS / "usr" / "bin" / PROMTOOL
    if found:
        return Path(found)
    return unpacked if unpacked.exists() else None


def redis_server() -> Path | None:
    """Valkey or Redis: of this machine, or unpacked by us.

    Start the latter with the folders of `redis_libraries` as LD_LIBRARY_PATH.
    """
    found = next(filter(None, map(shutil.which, REDIS_SERVERS)), None)
    unpacked = REDIS / "usr" / "bin" / "redis-server"
    if found:
        return Path(found)
    return unpacked if unpacked.exists() else None


def redis_libraries() -> str:
    """Where the libraries are that came with the unpacked Redis."""
    return os.pathsep.join(map(str, REDIS.glob("usr/lib/*")))


def install_load_generator() -> None:
    """Bring wrk, or end the program with the command that would."""
    if shutil.which("wrk") is None:
        _install("wrk", "The benchmarks send their load with wrk")


def apt_install(*packages: str) -> None:
    """Install Debian packages, as root. Raises Failed."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], env=quiet)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    run(command, env=quiet)


def _install(package: str, why: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"{why} and it is missing: run `sudo apt-get install {package}` and try again."
        )
    with step(f"Installing {package}"):
        apt_install(package)


def _unpack(
    name: str, folder: Path, packages: Sequence[str], apt: Callable[[Path], list[str]]
) -> None:
    """Lay packages out in a folder: installing them would start a service."""
    if not shutil.which("apt-get"):
        sys.exit(
            f"The tests use a real {name} and there is none: put its program on PATH"
            " and try again."
        )
    with step(f"Unpacking {name}"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            run([*apt(folder), "download", *packages], cwd=folder)
        except Failed as e:
            raise Failed(
                f"{e}\nThe tests use a real {name}: put a program of"
                f" {packages[0]} on PATH and try again."
            ) from e
        for package in folder.glob("*.deb"):
            run(["dpkg", "-x", package, folder], cwd=ROOT)
            package.unlink()


def _apt(_: Path) -> list[str]:
    """apt-get as this machine has it."""
    if os.geteuid() != 0:
        return ["apt-get"]
    run(["apt-get", "update"])
    # it downloads as a user of its own, who may not enter every folder
    return ["apt-get", "-o", "APT::Sandbox::User=root"]


def _apt_of_testing(folder: Path) -> list[str]:
    """apt-get that knows only Debian's testing, from where this machine gets its packages.

    What it downloads is checked against Debian's keys; the machine's own lists stay.
    """
    asked = ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"]
    site = next(iter(run(asked).split()), "")
    sources, lists = folder / "sources.list", folder / "lists"
    (lists / "partial").mkdir(parents=True)
    sources.write_text(f"deb [signed-by={KEYRING}] {site} {SUITE} main\n")
    options = {
        "APT::Sandbox::User": "root",  # else it downloads as one who may not write here
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": lists,
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Acquire::Languages": "none",
    }
    apt = ["apt-get", *(f"-o{name}={value}" for name, value in options.items())]
    run([*apt, "update"])
    return apt


def _tell_where_templates_are() -> None:
    program = UNPACKED / "usr" / "bin" / ALERTMANAGER
    program.write_bytes(program.read_bytes().replace(COMPILED_IN, UNDER_CWD))

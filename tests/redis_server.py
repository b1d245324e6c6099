"""A real Redis or Valkey that a test may stop and start again."""

import os
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from scripts import test_tools
from tests.programs import free_port

START_S = 20
HOST = "127.0.0.1"


@dataclass(slots=True)
class Redis:
    """The server on a port of its own; it keeps nothing."""

    program: Path
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = {
            "--port": str(self.port),
            "--bind": HOST,
            "--save": "",
            "--dir": str(self.folder),
        }
        libraries = {"LD_LIBRARY_PATH": test_tools.redis_libraries()}
        with (self.folder / "redis.txt").open("ab") as out:
            self.process = subprocess.Popen(
                [self.program, *(part for pair in options.items() for part in pair)],
                env=os.environ | libraries,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_S
        while not self._answers():
            said = (self.folder / "redis.txt").read_text()
            assert self.process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.02)

    def stop(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), 1) as sock:
                sock.sendall(b"PING\r\n")
                return sock.recv(5) == b"+PONG"
        except OSError:
            return False

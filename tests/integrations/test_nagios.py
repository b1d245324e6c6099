"""The script for Nagios and Icinga: run as they run it, against a real server."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pagefree.integrations import nagios
from pagefree.integrations.base import Inbound
from pagefree.integrations.nagios.parse import parse

FOLDER = Path(str(nagios.__file__)).parent
SCRIPT = FOLDER / "pagefree_send.py"


class Receiver(ThreadingHTTPServer):
    """Takes requests, and answers them with `status`."""

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, Handler)
        self.status = 202
        self.bodies: list[bytes] = []  # of what was answered with 202
        self.keys: set[str | None] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/in/nagios"

    @property
    def states(self) -> list[str]:
        return [json.loads(body)["state"] for body in self.bodies]


class Handler(BaseHTTPRequestHandler):
    """Notes what comes."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = 400 if b"refuse me" in body else self.server.status
        if status == 202:
            self.server.keys.add(self.headers["Authorization"])
            self.server.bodies.append(body)
        self._answer(status)

    def do_GET(self) -> None:
        self._answer(202)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 301:
            self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def listening(port: int = 0) -> Iterator[Receiver]:
    with Receiver(("127.0.0.1", port)) as receiver:
        thread = Thread(target=receiver.serve_forever, args=(0.01,))
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def send(queue: Path, url: str, *more: str | bytes) -> int:
    """Run the script; returns how it ended."""
    told = ["--queue", str(queue), "--url", url, "--key", "the-key", *more]
    done = subprocess.run([sys.executable, str(SCRIPT), *told], check=False, timeout=60)
    return done.returncode


def notification(state: str, output: str = "said") -> list[str]:
    return ["--type=PROBLEM", "--host=db", f"--state={state}", f"--output={output}"]


def on_disk(queue: Path) -> list[str]:
    return sorted(path.suffix for path in queue.iterdir() if path.name != "lock")


def test_what_is_sent_while_nobody_listens_arrives_later_in_order(
    tmp_path: Path,
) -> None:
    with listening() as gone:
        url, port = gone.url, gone.server_port
    states = ["WARNING", "CRITICAL", "OK"]

    assert [send(tmp_path, url, *notification(state)) for state in states] == [1, 1, 1]
    assert on_disk(tmp_path) == [".json"] * 3
    with listening(port) as back:
        assert send(tmp_path, url, "--flush") == 0

    assert back.states == states
    assert on_disk(tmp_path) == []


@pytest.mark.parametrize("status", [200, 301, 401, 404, 429, 500, 503])
def test_whatever_is_not_an_acceptance_keeps_all_of_it(
    tmp_path: Path, status: int
) -> None:
    with listening() as receiver:
        receiver.status = status
        assert send(tmp_path, receiver.url, *notification("CRITICAL")) == 1
        assert on_disk(tmp_path) == [".json"]

        receiver.status = 202
        assert send(tmp_path, receiver.url, *notification("OK")) == 0

        assert receiver.states == ["CRITICAL", "OK"]
        assert receiver.keys == {"Bearer the-key"}


def test_what_is_refused_for_good_is_put_aside_and_holds_up_nothing(
    tmp_path: Path,
) -> None:
    with listening() as receiver:
        assert send(tmp_path, receiver.url, *notification("DOWN", "refuse me")) == 0
        assert send(tmp_path, receiver.url, *notification("UP")) == 0

        assert receiver.states == ["UP"]
    assert on_disk(tmp_path) == [".refused"]


def test_of_many_at_once_each_arrives_exactly_once(tmp_path: Path) -> None:
    states = [f"STATE-{number}" for number in range(8)]

    with listening() as receiver, ThreadPoolExecutor(4) as pool:
        ended = list(
            pool.map(
                lambda state: send(tmp_path, receiver.url, *notification(state)), states
            )
        )
        assert ended == [0] * len(states)
        assert sorted(receiver.states) == states

    assert on_disk(tmp_path) == []


def test_what_a_check_says_stays_text(tmp_path: Path) -> None:
    said = b"--flush $(reboot) \"quoted\" 'twice'\nnext line \xff"

    with listening() as receiver:
        told = [
            "--type=PROBLEM",
            "--host=db",
            "--state=DOWN",
            "--field=url=https://x.y",
        ]
        assert send(tmp_path, receiver.url, *told, b"--output=" + said) == 0
        (event,) = parse(Inbound(receiver.bodies[0])).events

    assert getattr(event, "body", "") == said.decode("utf-8", "replace")
    assert getattr(event, "source_url", "") == "https://x.y"


def test_the_key_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from-a-file\n")

    with listening() as receiver:
        more = [*notification("DOWN"), f"--key-file={file}"]
        assert send(tmp_path / "queue", receiver.url, *more) == 0

        assert receiver.keys == {"Bearer from-a-file"}


def test_without_an_address_it_is_stored_all_the_same(tmp_path: Path) -> None:
    assert send(tmp_path, "pagefree.example", *notification("DOWN")) == 1

    assert on_disk(tmp_path) == [".json"]


def test_a_queue_that_cannot_be_written_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    queue = tmp_path / "file" / "queue"
    assert send(queue, "http://127.0.0.1:1", *notification("DOWN")) == 2


def test_the_script_is_understood_by_python_3_8() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 8))


def test_the_set_up_text_holds_the_script_as_it_is() -> None:
    assert SCRIPT.read_text() in (FOLDER / "README.md").read_text()

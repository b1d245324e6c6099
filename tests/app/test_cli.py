"""The real program as a person starts it."""

import asyncio
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from pagefree.app.demo import PASSWORD
from pagefree.cli.main import app
from pagefree.infra import log
from pagefree.infra.postgres import erase
from pagefree.invariants.service import PROMISES
from tests.app.conftest import SECRET_KEY, Served
from tests.programs import ANSWER_S, free_port

PAGEFREE = Path(sys.executable).with_name("pagefree")
DEADLINE_S = 180


def environment(**more: str) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PAGEFREE_")}
    return {**clean, "COLUMNS": "200", **more}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*arguments: str, **variables: str) -> Ended:
    """One command, in this process: starting Python anew would take most of the time."""
    done = CliRunner().invoke(app, list(arguments), env=dict(variables))
    log.configure("warning", "text")  # not to the closed output of that command
    return Ended(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@dataclass(slots=True)
class Program:
    """`pagefree up` in a folder of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[str]
    output: Path

    def wait_for(self, text: str) -> str:
        """What it has printed, once `text` is among it."""
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            printed = self.output.read_text()
            if text in printed:
                return printed
            assert self.process.poll() is None, printed
            time.sleep(0.05)
        raise AssertionError(f"not printed in time: {text}\n{self.output.read_text()}")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(DEADLINE_S)


def start(folder: Path, port: int, *options: str) -> Program:
    output = folder / "output.txt"
    with output.open("w") as out:
        process = subprocess.Popen(
            [PAGEFREE, "up", "--port", str(port), *options],
            cwd=folder,
            env=environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Program(folder, port, process, output)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = start(tmp_path_factory.mktemp("demo"), free_port(), "--demo")
    try:
        program.wait_for("Ctrl-C stops it")
        yield program
    finally:
        program.process.kill()
        program.process.wait()
        erase(program.folder / "pagefree-data" / "postgres")


def curl_line(printed: str) -> str:
    (line,) = [line for line in printed.splitlines() if line.startswith("curl ")]
    return line


def incidents(program: Program) -> list[dict[str, object]]:
    address = f"http://127.0.0.1:{program.port}"
    with httpx2.Client(
        base_url=address, headers={"Origin": address}, timeout=ANSWER_S
    ) as client:
        signed_in = client.post(
            "/v1/session", json={"email": "ana@example.org", "password": PASSWORD}
        )
        signed_in.raise_for_status()
        found: list[dict[str, object]] = client.get("/v1/incidents").json()["items"]
        return found


def test_up_says_where_it_is_who_may_sign_in_and_how_to_fire_an_alert(
    demo: Program,
) -> None:
    printed = demo.wait_for("Ctrl-C stops it")

    assert f"http://127.0.0.1:{demo.port}" in printed
    assert printed.count("@example.org") == 6
    assert f"curl -X POST http://127.0.0.1:{demo.port}/v2/enqueue" in printed


def test_a_sample_alert_has_opened_an_incident(demo: Program) -> None:
    assert "Checkout answers 5xx" in str(incidents(demo))


def test_the_printed_line_opens_an_incident(demo: Program) -> None:
    line = shlex.split(curl_line(demo.wait_for("Ctrl-C stops it")))

    done = subprocess.run(line, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["status"] == "success"
    assert "Payments are slow" in str(incidents(demo))


def test_send_posts_an_event_and_says_that_it_was_taken(demo: Program) -> None:
    key = re.search(r'"routing_key": "(\w+)"', demo.output.read_text())
    assert key

    done = run(
        "send",
        "Disk is full",
        "--key",
        key[1],
        "--url",
        f"http://127.0.0.1:{demo.port}",
    )

    assert (done.code, done.out.startswith("Taken:")) == (0, True)
    assert "Disk is full" in str(incidents(demo))


def test_send_ends_with_1_when_the_event_is_refused(demo: Program) -> None:
    address = f"http://127.0.0.1:{demo.port}"

    done = run("send", "--key", "x" * 32, "--url", address)

    assert done.code == 1
    assert "Refused: HTTP 4" in done.err


def test_send_tries_again_and_ends_with_3_when_nobody_answers() -> None:
    address = f"http://127.0.0.1:{free_port()}"

    done = run("send", "--key", "x", "--url", address, "--give-up-after", "1.5")

    assert done.code == 3
    assert "trying again in 1 s" in done.out
    assert "Given up" in done.err


def test_doctor_finds_that_a_running_demo_keeps_every_promise(demo: Program) -> None:
    folder = str(demo.folder / "pagefree-data")

    done = run("doctor", "--invariants", "--data-dir", folder)

    assert done.code == 0, done.out
    assert done.out.count(" holds: ") == len(PROMISES)


def test_doctor_finds_a_running_demo_in_order(demo: Program) -> None:
    done = run("doctor", "--data-dir", str(demo.folder / "pagefree-data"))

    assert done.code == 0, done.out
    for line in (
        "PostgreSQL 18 answers.",
        "The schema is the newest",
        "Every channel can be used.",
        "A worker was heard",
        "The secret key opens what is sealed",
        "Nothing is overdue.",
        "ana@example.org, bo@example.org",  # whom everybody can sign in as
        "PAGEFREE_PORT = 8000  (default)",
    ):
        assert line in done.out


def test_people_whose_password_everybody_knows_are_only_added_to_a_demo(
    demo: Program,
) -> None:
    folder = str(demo.folder / "pagefree-data")

    refused = run("demo", "--data-dir", folder)
    known = run("demo", "--data-dir", folder, PAGEFREE_DEMO="true")

    assert (refused.code, known.code) == (2, 0)
    assert "PAGEFREE_DEMO is not true" in refused.err
    assert "there already" in known.out


def test_a_second_start_on_the_same_data_is_refused_in_one_sentence(
    demo: Program,
) -> None:
    done = run(
        "up",
        "--port",
        str(free_port()),
        "--data-dir",
        str(demo.folder / "pagefree-data"),
    )

    assert done.code == 2
    assert f"in use by process {demo.process.pid}" in done.err


def test_a_port_in_use_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = run("up", "--port", str(port))

    assert done.code == 2
    assert done.err == (
        f"Port {port} on 127.0.0.1 is in use: stop what uses it,"
        " or choose another with --port or PAGEFREE_PORT.\n"
    )
    assert not (tmp_path / "pagefree-data" / "postgres").exists()


def test_a_folder_that_cannot_be_written_is_refused_in_one_sentence(
    tmp_path: Path,
) -> None:
    (tmp_path / "pagefree-data").write_text("a file where the folder should be")

    done = run("up", "--port", str(free_port()))

    assert done.code == 2
    assert done.err.startswith("PAGEFREE_DATA_DIR is ")
    assert done.err.count("\n") == 1


def test_a_wrong_setting_is_refused_in_one_sentence() -> None:
    done = run("up", PAGEFREE_SESSION_DAYS="many")

    assert done.code == 2
    assert done.err.startswith("PAGEFREE_SESSION_DAYS is many (environment): ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("command", ["web", "worker"])
def test_the_parts_need_a_shared_database(command: str) -> None:
    done = run(command)

    assert done.code == 2
    assert done.err.startswith("PAGEFREE_DATABASE_URL is not set")


def test_a_database_that_does_not_answer_is_named() -> None:
    url = f"postgresql://pager@127.0.0.1:{free_port()}/pagefree"

    done = run("worker", PAGEFREE_DATABASE_URL=url)

    assert done.code == 2
    assert "PostgreSQL cannot be reached" in done.err


def test_a_database_without_our_schema_is_refused(postgres: str) -> None:
    done = run(
        "worker",
        PAGEFREE_DATABASE_URL=postgres,
        PAGEFREE_SECRET_KEY=SECRET_KEY,
    )

    assert done.code == 2
    assert "run `pagefree migrate` first" in done.err


async def test_web_in_several_processes_serves_and_stops(
    tmp_path: Path, served: Served, module_database: str
) -> None:
    port = free_port()
    process = subprocess.Popen(
        [PAGEFREE, "web", "--workers", "2", "--port", str(port)],
        cwd=tmp_path,
        env=environment(
            PAGEFREE_DATABASE_URL=module_database, PAGEFREE_SECRET_KEY=SECRET_KEY
        ),
        stdout=subprocess.DEVNULL,
    )
    try:
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=ANSWER_S
        ) as client:
            ready = await until_ready(client, process)
    finally:
        process.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(process.wait, DEADLINE_S)

    assert ready == {"status": "ok"}
    assert code == 0
    assert served.engine is not None


async def until_ready(
    client: httpx2.AsyncClient, process: subprocess.Popen[bytes]
) -> object:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return (await client.get("/readyz")).json()
        except httpx2.TransportError:
            await asyncio.sleep(0.1)
    return None


def test_ctrl_c_stops_everything_and_the_next_start_takes_seconds_and_adds_nothing(
    tmp_path: Path,
) -> None:
    port = free_port()
    first = start(tmp_path, port, "--demo")
    line = curl_line(first.wait_for("Ctrl-C stops it"))

    assert first.stop() == 0
    assert "all data is kept" in first.output.read_text()
    with pytest.raises(httpx2.TransportError):
        httpx2.get(f"http://127.0.0.1:{port}/healthz")

    began = time.monotonic()
    second = start(tmp_path, port, "--demo")
    try:
        assert curl_line(second.wait_for("Ctrl-C stops it")) == line
        assert time.monotonic() - began < 90
        assert len(incidents(second)) == 1
    finally:
        assert second.stop() == 0


def test_up_without_a_demo_makes_one_admin_and_shows_the_password_once(
    tmp_path: Path,
) -> None:
    port = free_port()
    first = start(tmp_path, port)
    printed = first.wait_for("Ctrl-C stops it")
    found = re.search(r"E-mail\s+(\S+)\s+Password\s+(\S+)", printed)
    assert found
    email, password = found.groups()
    address = f"http://127.0.0.1:{port}"
    try:
        answer = httpx2.post(
            f"{address}/v1/session",
            json={"email": email, "password": password},
            headers={"Origin": address},
            timeout=ANSWER_S,
        )
    finally:
        assert first.stop() == 0
    second = start(tmp_path, port, "--fresh")
    printed = second.wait_for("Ctrl-C stops it")
    assert second.stop() == 0

    assert answer.status_code == 200
    assert password not in printed  # another one: the data was forgotten
    assert "Password" in printed
    key = tmp_path / "pagefree-data" / "secret.key"
    assert key.stat().st_mode & 0o777 == 0o600

import io
import json
import logging
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from pagefree.infra import log

KEY = "pfi_abcdefghijklmnopqrstuvwxyz012345"


def said(form: str, **fields: object) -> str:
    out = io.StringIO()
    log.configure("debug", form, out)
    structlog.get_logger().info("something", **fields)
    return out.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "fields",
    [
        {"password": "hunter2"},
        {"routing_key": "hunter2"},
        {"headers": {"Authorization": "Bearer hunter2"}},
        {"path": "/in/generic/hunter2"},
        {"path": "/in/alertmanager/hunter2?x=1"},
        {"url": "https://pager.example/act/hunter2"},
        {"database": "postgresql://ana:hunter2@db/pagefree"},
        {"error": "bad key pf_hunter2hunter2 sent"},
        {"paths": ["/in/generic/hunter2"]},
    ],
)
def test_secrets_never_reach_the_log(form: str, fields: dict[str, object]) -> None:
    assert "hunter2" not in said(form, **fields)


def test_what_is_no_secret_is_said_in_full() -> None:
    line = json.loads(said("json", path="/v1/incidents", status=200))

    assert (line["event"], line["path"], line["status"]) == (
        "something",
        "/v1/incidents",
        200,
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_in_tracebacks_and_in_lines_of_libraries_are_hidden_too(
    form: str,
) -> None:
    out = io.StringIO()
    log.configure("debug", form, out)

    try:
        int("postgresql://ana:hunter2@db/pagefree")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("some.library").exception("failed with %s", KEY)

    assert "hunter2" not in out.getvalue()
    assert KEY not in out.getvalue()
    assert out.getvalue().count("ValueError") >= 2


@pytest.mark.fault("T-15", "the disk that the log is on is full")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_without_room_is_no_reason_to_stop(form: str) -> None:
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 - closing fails, too
    log.configure("info", form, full)

    for _ in range(1000):
        structlog.get_logger().warning("something")
        logging.getLogger("some.library").warning("something")

    with suppress(OSError):
        full.close()


class UnspeakableError(Exception):
    """There is no memory left to say what it is."""

    def __str__(self) -> str:
        raise MemoryError

    __repr__ = __str__


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_for_which_there_is_no_memory_is_lost_and_no_more(form: str) -> None:
    out = io.StringIO()
    log.configure("info", form, out)

    structlog.get_logger().warning("one", error=UnspeakableError())
    structlog.get_logger().warning("another")

    assert [line for line in out.getvalue().splitlines() if "one" in line] == []
    assert "another" in out.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("out", "first"),
    [(io.StringIO(), "{"), (Terminal(), "\x1b")],  # an object, a colour
    ids=["a-file", "a-terminal"],
)
def test_machines_read_json_and_people_at_a_terminal_text(
    out: io.StringIO, first: str
) -> None:
    log.configure("info", "auto", out)

    structlog.get_logger().info("something")

    assert out.getvalue().startswith(first)


def test_every_line_of_a_request_carries_its_id_those_of_libraries_too() -> None:
    out = io.StringIO()
    log.configure("debug", "json", out)

    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger().info("ours")
        logging.getLogger("some.library").warning("theirs")
    structlog.get_logger().info("of a job")

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line.get("request_id") for line in lines] == ["r-1", "r-1", None]

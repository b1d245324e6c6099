import io
import json
import logging

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

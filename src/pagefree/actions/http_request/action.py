"""Any HTTP request; its answer can be used by later steps."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import jsonpath
from pydantic import Field, JsonValue, field_validator

from pagefree.actions.base import (
    Action,
    ActionError,
    Call,
    Form,
    Situation,
    Template,
    json_of,
    one_line,
    require_success,
    run_of,
)
from pagefree.infra.http_connection import Reply

MOST_TEXT = 4000  # characters of an answer that is no JSON
MOST_FOUND = 100  # values of one path
OURS = "x-pagefree-"
# patterns of strangers' making over strangers' text could take minutes
SLOW = ("match", "search", "=~", "..")


class Config(Form):
    """The request to send."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(
        "POST", title="Method"
    )
    url: str = Field(
        title="Address",
        max_length=4000,
        json_schema_extra={"template": True, "escape": "url"},
        examples=["https://example.org/hooks/{{incident.number}}"],
    )
    headers: dict[str, str] = Field(
        {},
        title="Headers",
        max_length=30,
        json_schema_extra={"template": True},
        description="May name secrets: Bearer {{secrets.TOKEN}}",
    )
    json_body: JsonValue = Field(
        None,
        title="Body as JSON",
        json_schema_extra={"template": True},
        description="Every text in it is a template, filled in on its own.",
    )
    text_body: Template = Field("", title="Body as text, if not JSON")
    extract: dict[str, str] = Field(
        {},
        title="What later steps need of the answer",
        max_length=20,
        description="Names, each with a JSONPath into the answer: $.items[0].id",
        examples=[{"id": "$.id"}],
    )

    @field_validator("extract")
    @classmethod
    def _readable(cls, paths: dict[str, str]) -> dict[str, str]:
        for path in paths.values():
            if len(path) > 500 or any(slow in path for slow in SLOW):  # noqa: PLR2004
                raise ValueError("a path has no patterns, no .., and 500 characters")
            try:
                jsonpath.compile(path)
            except jsonpath.JSONPathError as e:
                raise ValueError(f"{path!r} is not a JSONPath: {e}") from e
        return paths


def call(config: Config, at: Situation) -> Call:
    """The request, with a key by which the other side can tell copies.

    If the other side is an address that starts a workflow of ours, the run in it tells a
    circle from something new.
    """
    headers = {"User-Agent": "PageFree", "Idempotency-Key": str(at.key)}
    given = {n: v for n, v in config.headers.items() if not n.lower().startswith(OURS)}
    body = config.text_body.encode()
    if config.json_body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(config.json_body, ensure_ascii=False).encode()
    return Call(config.method, config.url, {**headers, **given, **run_of(at)}, body)


def read(config: Config, reply: Reply) -> Mapping[str, object]:
    """The status, the body, and what the paths find in it."""
    text = reply.body[: MOST_TEXT * 4].decode(errors="replace")
    require_success(reply, "the address", one_line(text, 200))
    body = json_of(reply)
    found = {name: _found(path, body) for name, path in config.extract.items()}
    return {
        "status": reply.status,
        "body": text[:MOST_TEXT] if body is None else body,
        **found,
    }


def _found(path: str, body: Any) -> object:  # noqa: ANN401 - JSON
    """What `path` finds: nothing, one value, or the list of several."""
    if not isinstance(body, (dict, list)):
        return None
    try:
        values = jsonpath.findall(path, body)[:MOST_FOUND]
    except jsonpath.JSONPathError as e:
        raise ActionError(f"{path!r} could not be followed", permanent=True) from e
    return (values or [None])[0] if len(values) <= 1 else values


ACTION = Action(
    title="HTTP request",
    summary="Sends a request to any address; later steps can use the answer.",
    group="automation",
    Config=Config,
    call=call,
    read=read,
    outputs={"status": "of the answer", "body": "of the answer"},
    open_outputs=True,
)

"""What the actions of Linear share: one GraphQL address that answers errors with 200."""

from typing import Any

from pydantic import Field

from pagefree.actions.base import (
    ActionError,
    Call,
    Form,
    SecretName,
    Situation,
    json_call,
    object_of,
    one_line,
    require_success,
    retry_after_s,
)
from pagefree.infra.http_connection import Reply


class LinearForm(Form):
    """Who we are at Linear."""

    api_url: str = Field("https://api.linear.app/graphql", title="Address of the API")
    token: SecretName = Field(title="Secret with the API key", examples=["LINEAR"])


def linear(
    form: LinearForm, at: Situation, query: str, variables: dict[str, object]
) -> Call:
    """A request; personal keys go without "Bearer"."""
    body = {"query": query, "variables": variables}
    return json_call(
        "POST", form.api_url, body, {"Authorization": at.secret(form.token)}
    )


def answered(reply: Reply) -> dict[str, Any]:
    """The `data` that Linear answers. Raises ActionError with its own words."""
    body = object_of(reply)
    errors = body.get("errors")
    if isinstance(errors, list) and errors:
        codes = [e.get("extensions", {}).get("code") for e in errors]
        said = "; ".join(str(e.get("message", "")) for e in errors)
        raise ActionError(
            f"Linear refused: {one_line(said, 300)}",
            permanent="RATELIMITED" not in codes,
            retry_after_s=retry_after_s(reply),
        )
    require_success(reply, "Linear")
    data = body.get("data")
    return data if isinstance(data, dict) else {}

"""What the actions of Jira share: where it is, who we are there, how text is written."""

import base64
from typing import Any, Literal

from pydantic import Field

from pagefree.actions.base import (
    Call,
    Form,
    SecretName,
    Situation,
    joined,
    json_call,
    object_of,
    require_success,
)
from pagefree.infra.http_connection import Reply

MOST_TEXT = 32_767  # characters of a description or a comment


class JiraForm(Form):
    """Where Jira is and who we are there."""

    site: str = Field(
        title="Address",
        description="https://example.atlassian.net, or that of your own Jira.",
        examples=["https://example.atlassian.net"],
    )
    flavour: Literal["cloud", "data_center"] = Field("cloud", title="Edition")
    email: str = Field("", title="E-mail of the token's owner (Cloud)")
    token: SecretName = Field(title="Secret with the API token", examples=["JIRA"])


def jira(form: JiraForm, at: Situation, method: str, path: str, body: object) -> Call:
    """A request; Cloud speaks version 3 of the API, everything else version 2."""
    token = at.secret(form.token)
    version = "3" if form.flavour == "cloud" else "2"
    if form.flavour == "cloud":
        pair = base64.b64encode(f"{form.email}:{token}".encode()).decode()
        authorization = f"Basic {pair}"
    else:
        authorization = f"Bearer {token}"
    url = joined(form.site, f"/rest/api/{version}{path}")
    return json_call(method, url, body, {"Authorization": authorization})


def document(form: JiraForm, text: str) -> object:
    """`text` as Jira wants it: Atlassian's document format on Cloud, plain text elsewhere."""
    text = text[:MOST_TEXT]
    if form.flavour != "cloud":
        return text
    # empty text nodes are refused
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}]}
        for line in text.splitlines()
        if line.strip()
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def answered(reply: Reply) -> dict[str, Any]:
    """The object that Jira answers. Raises ActionError with its own words."""
    body = object_of(reply)
    errors = body.get("errors")
    fields = (
        [f"{k}: {v}" for k, v in errors.items()] if isinstance(errors, dict) else []
    )
    messages = body.get("errorMessages")
    listed = list(map(str, messages)) if isinstance(messages, list) else []
    require_success(reply, "Jira", "; ".join([*listed, *fields]))
    return body

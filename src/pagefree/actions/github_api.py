"""What the actions of GitHub share: where its API is, who we are there, which repository."""

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

API_VERSION = "2022-11-28"


class GitHubForm(Form):
    """Which repository, and who we are there."""

    api_url: str = Field("https://api.github.com", title="Address of the API")
    repository: str = Field(
        title="Repository",
        pattern=r"^[\w.-]+/[\w.-]+$",
        examples=["acme/shop"],
    )
    token: SecretName = Field(title="Secret with the token", examples=["GITHUB"])


def github(
    form: GitHubForm, at: Situation, method: str, path: str, body: object
) -> Call:
    """A request about the repository."""
    headers = {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": API_VERSION,
        "Authorization": f"Bearer {at.secret(form.token)}",
    }
    url = joined(form.api_url, f"/repos/{form.repository}{path}")
    return json_call(method, url, body, headers)


def accept(reply: Reply) -> None:
    """Raise ActionError with GitHub's own words unless it accepted."""
    require_success(reply, "GitHub", str(object_of(reply).get("message", "")))

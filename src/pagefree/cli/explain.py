"""`pagefree explain`: who would be paged for a service or an event, minute by minute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl
from uuid import UUID

import httpx2
import msgspec
import typer
from rich.table import Table

from pagefree.cli.terminal import Refused, err, out

TIMEOUT_S = 10.0
NOT_ANSWERED = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What to ask, and where."""

    address: str
    api_key: str
    service: str | None = None  # its id or its name
    integration_id: str | None = None
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str | None = None
    path: str = ""  # with its query
    at: str | None = None


class Named(msgspec.Struct):
    """Something with a name."""

    name: str


class NamedService(Named):
    """A service in a list."""

    id: str


class Services(msgspec.Struct):
    """A page of services."""

    items: list[NamedService]


class Routing(msgspec.Struct):
    """Where an event belongs."""

    reason: str
    urgency: str
    priority: str
    service: Named


class Message(msgspec.Struct):
    """One message in a minute."""

    at: datetime
    user: Named
    channel: str
    label: str
    cause: str


class Minute(msgspec.Struct):
    """A minute in which somebody is paged."""

    pages: list[Message]


class Finding(msgspec.Struct):
    """Something to look at."""

    weight: str
    detail: str


class Story(msgspec.Struct):
    """What becomes of one event."""

    policy_name: str
    minutes: list[Minute]
    findings: list[Finding]
    routing: Routing | None = None


class Answer(msgspec.Struct):
    """The part of the answer that is shown."""

    stories: list[Story]
    error: str | None = None


def explain(asked: Asked) -> None:
    """Ask, and show the answer; ends with 1 when there is none."""
    headers = {"Authorization": f"Bearer {asked.api_key}"}
    url = asked.address.rstrip("/") + "/v1"
    with httpx2.Client(base_url=url, headers=headers, timeout=TIMEOUT_S) as client:
        try:
            answer = client.post("/explain", json=_question(client, asked))
        except httpx2.TransportError as e:
            raise Refused(f"{asked.address} cannot be reached ({e}).") from e
    told = msgspec.json.decode(_content(answer), type=Answer)
    if told.error:
        out.print(f"It cannot be read: {told.error}", style="yellow", markup=False)
    for story in told.stories:
        _show(story)


def _question(client: httpx2.Client, asked: Asked) -> Mapping[str, object]:
    at = {"at": asked.at} if asked.at else {}
    if asked.integration_id:
        return {"integration_id": asked.integration_id, **_request(asked), **at}
    if not asked.service:
        raise Refused("Say which service, or which --integration.")
    return {"service_id": _service_id(client, asked.service), **at}


def _request(asked: Asked) -> Mapping[str, object]:
    path, _, query = asked.path.partition("?")
    return {
        "body": asked.body,
        "headers": asked.headers,
        "method": asked.method.upper() if asked.method else None,
        "path": path,
        "query": dict(parse_qsl(query, keep_blank_values=True)),
    }


def headers_of(lines: Sequence[str]) -> dict[str, str]:
    """Lines like "X-GitHub-Event: release" as headers. Raises Refused."""
    found = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise Refused(f'A header is written "Name: value", not "{line}".')
        found[name.strip()] = value.strip()
    return found


def _service_id(client: httpx2.Client, service: str) -> str:
    try:
        return str(UUID(service))
    except ValueError:
        found = client.get("/services", params={"query": service})
    services = msgspec.json.decode(_content(found), type=Services)
    for one in services.items:
        if one.name.casefold() == service.casefold():
            return one.id
    raise Refused(f"There is no service named {service}.")


def _content(answer: httpx2.Response) -> bytes:
    if answer.is_success:
        content: bytes = answer.content
        return content
    said = f"HTTP {answer.status_code} {answer.text[:500]}"
    err.print(f"Refused: {said}", style="red", markup=False)
    raise typer.Exit(NOT_ANSWERED)


def _show(story: Story) -> None:
    routing = story.routing
    if routing is not None:
        treated = f"{routing.urgency} urgency, {routing.priority}"
        text = f"{routing.reason} {routing.service.name}: {treated}."
        out.print(text, style="bold", markup=False)
    out.print(f"Escalates by {story.policy_name}.", markup=False)
    table = Table("when", "who", "how", "why")
    for page in (page for minute in story.minutes for page in minute.pages):
        how = page.channel.replace("_", " ")
        if page.label:
            how = f"{how} ({page.label})"
        when = f"{page.at:%Y-%m-%d %H:%M:%S} UTC"
        table.add_row(*(map(_plain, (when, page.user.name, how, page.cause))))
    if story.minutes:
        out.print(table)
    else:
        out.print("Nobody is paged within the hour.")
    for finding in story.findings:
        style = "red" if finding.weight == "problem" else "yellow"
        out.print(f"{finding.weight}: {finding.detail}", style=style, markup=False)


def _plain(text: str) -> str:
    """Names are somebody's own text: no markup."""
    return text.replace("[", r"\[")

"""Every action of workflows, by its folder: its samples, and what all of them promise."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import pagefree.actions
from pagefree.actions import all_actions, load, readme
from pagefree.actions.base import Action, ActionError, Call, Form, Situation
from pagefree.core.workflow_graphs import NodeKind
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.timeline.service import SYSTEM
from pagefree.workflows.content import WorkflowNode
from pagefree.workflows.filling import MASK, filled
from pagefree.workflows.performing import preview_in
from tests.fakes.http_server import serving
from tests.fakes.jira import Jira
from tests.fakes.linear import Linear

FOLDER = Path(pagefree.actions.__file__).parent
FOLDERS = sorted(p.parent.name for p in FOLDER.glob("*/action.py"))
SAMPLES = sorted(str(p.relative_to(FOLDER)) for p in FOLDER.glob("*/samples/*.json"))
SECRETS = {"TOKEN": "hush-hush", "URL": "https://example.org/secret"}
FACTS: dict[str, Any] = {
    "incident": {
        "id": "1",
        "number": 12,
        "title": "Disk full on <db>",
        "url": "https://pagefree.example.org/incidents/1",
        "service": {"id": "2", "name": "Shop"},
        "labels": {"host": "db1"},
    },
    "secrets": SECRETS,
}
AT = Situation(
    key=UUID(int=5),
    attempt=1,
    run_id=UUID(int=6),
    workflow="Flow",
    secrets=SECRETS,
    now=datetime(2026, 3, 2, 9, tzinfo=UTC),
    cause=SYSTEM,
)


def sample(path: str) -> tuple[Action, WorkflowNode, dict[str, Any]]:
    kind = path.split("/", maxsplit=1)[0]
    found: dict[str, Any] = json.loads((FOLDER / path).read_text())
    node = WorkflowNode(
        id="one", kind=NodeKind.ACTION, type=kind, config=found["config"]
    )
    return load(kind), node, found


def called(action: Action, form: Form, at: Situation = AT) -> Call:
    assert action.call is not None
    return action.call(form, at)


def answered(found: dict[str, Any]) -> Reply:
    reply = found["reply"]
    body = b"" if reply["body"] is None else json.dumps(reply["body"]).encode()
    return Reply(reply["status"], {}, body)


def http_samples() -> Iterator[str]:
    return (path for path in SAMPLES if sample(path)[0].call is not None)


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_folder_keeps_the_contract(kind: str) -> None:
    action = load(kind)

    assert kind in all_actions()
    assert action.title
    assert action.summary.endswith(".")
    assert readme(kind).startswith(f"# {action.title}\n")


@pytest.mark.parametrize("path", SAMPLES)
def test_a_sample_is_sent_and_read_as_it_says(path: str) -> None:
    action, node, found = sample(path)
    form = filled(node, FACTS)
    expected = found["expected"]

    if action.call is not None and action.read is not None:
        call = called(action, form)
        output = action.read(form, answered(found))
        assert (call.method, call.url) == (expected["method"], expected["url"])
        assert expected["body"] in (None, json.loads(call.body))
        assert expected["output"].items() <= output.items()
        assert set(action.outputs) <= set(output)
    if action.preview is not None:
        shown = action.preview(form, AT)
        assert expected["preview"].items() <= shown.items()


@pytest.mark.parametrize("path", SAMPLES)
def test_what_is_shown_holds_no_secret(path: str) -> None:
    action, node, _ = sample(path)
    hidden = dict.fromkeys(SECRETS, MASK)

    shown = preview_in(
        action, node, {**FACTS, "secrets": hidden}, replace(AT, secrets=hidden)
    )

    assert not any(secret in str(shown) for secret in SECRETS.values())


@pytest.mark.parametrize("path", list(http_samples()))
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_refusal_says_whether_trying_again_can_help(path: str, status: int) -> None:
    action, node, _ = sample(path)
    form = filled(node, FACTS)
    assert action.read is not None

    with pytest.raises(ActionError) as caught:
        action.read(form, Reply(status, {"retry-after": "7"}, b"<html>no</html>"))

    assert caught.value.permanent == (status in {400, 401, 404})
    assert caught.value.retry_after_s == 7


@pytest.mark.parametrize("path", list(http_samples()))
def test_a_missing_secret_is_named_and_nothing_is_sent(path: str) -> None:
    action, node, _ = sample(path)
    bare = {**FACTS, "secrets": {}}
    if "{{secrets." in str(node.config):
        return  # in a template it is empty; it is missed when the workflow is saved

    with pytest.raises(ActionError, match="there is no secret"):
        called(action, filled(node, bare), replace(AT, secrets={}))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/",
        "https://0x7f.1/",
        "https://user:pass@example.org/",
        "ftp://example.org/",
        "https://example.org\\@10.0.0.1/",
    ],
)
async def test_an_inner_address_is_never_reached(url: str) -> None:
    action, node, _ = sample("http_request/samples/usual.json")
    node = node.model_copy(update={"config": {"method": "GET", "url": url}})
    call = called(action, filled(node, FACTS))
    http = GuardedClient()

    with pytest.raises(Unreachable):
        await http.request(call.method, call.url, call.body, call.headers)


async def ask(call: Call) -> Reply:
    http = GuardedClient(["127.0.0.0/8"])
    try:
        return await http.request(call.method, call.url, call.body, call.headers)
    finally:
        await http.aclose()


@pytest.mark.parametrize("flavour", ["cloud", "data_center"])
async def test_jira_creates_comments_and_moves_and_finds_what_it_created(
    flavour: str,
) -> None:
    jira, at = Jira(), replace(AT, secrets={"TOKEN": "jira-token"})
    async with serving(jira.handle) as url:
        own = {"site": url, "flavour": flavour}
        forms = {}
        for kind in ("jira_create", "jira_comment", "jira_transition"):
            action, node, _ = sample(f"{kind}/samples/usual.json")
            config = {**node.config, **own}
            if kind == "jira_create":
                config["summary"] = "Disk full\non db"
            forms[kind] = filled(node.model_copy(update={"config": config}), FACTS)
        create = load("jira_create")
        jira.loses_answer = True
        with pytest.raises(Unreachable):
            await ask(called(create, forms["jira_create"], at))
        looked = create.look(forms["jira_create"], at)
        assert looked is not None
        assert create.found is not None
        found = create.found(forms["jira_create"], at, await ask(looked))
        for kind in ("jira_comment", "jira_transition"):
            action = load(kind)
            assert action.read is not None
            action.read(forms[kind], await ask(called(action, forms[kind], at)))

    assert found == {"id": "100", "key": "OPS-1", "url": f"{url}/browse/OPS-1"}
    assert jira.issues[0]["fields"]["summary"] == "Disk full on db"
    assert (len(jira.issues), len(jira.comments)) == (1, 1)
    assert jira.moved == [("OPS-1", "31")]


async def test_linear_creates_once_and_says_when_it_is_asked_too_often() -> None:
    linear, at = Linear(), replace(AT, secrets={"TOKEN": "lin_api_token"})
    create, node, _ = sample("linear_create/samples/usual.json")
    async with serving(linear.handle) as url:
        config = {**node.config, "api_url": f"{url}/graphql"}
        form = filled(node.model_copy(update={"config": config}), FACTS)
        assert create.read is not None
        assert create.found is not None
        linear.limited = 1
        with pytest.raises(ActionError) as caught:
            create.read(form, await ask(called(create, form, at)))
        linear.loses_answer = True
        with pytest.raises(Unreachable):
            await ask(called(create, form, at))
        looked = create.look(form, at)
        assert looked is not None
        found = create.found(form, at, await ask(looked))
        with pytest.raises(ActionError, match="already exists"):
            create.read(form, await ask(called(create, form, at)))

    assert not caught.value.permanent
    assert found is not None
    assert found["key"] == "OPS-1"
    assert len(linear.issues) == 1

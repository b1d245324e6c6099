"""GitHub's webhooks (docs.github.com, "Webhook events and payloads"): changes and failures."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from pagefree.core.alerts import (
    TITLE_LENGTH,
    Action,
    AlertEvent,
    ChangeEvent,
    Link,
    key_of,
    web_address,
)
from pagefree.core.signatures import GITHUB
from pagefree.infra import untrusted_json
from pagefree.integrations.base import (
    MEBIBYTE,
    Endpoint,
    Ignored,
    Inbound,
    Integration,
    Parsed,
    Unreadable,
    first_text,
    instant_of,
    mapping_of,
    text_of,
)
from pagefree.integrations.github.settings import Settings

BODY_LIMIT = 4 * MEBIBYTE  # a push of many commits is long
FORM_FIELD = b"payload="
FAILED = frozenset({"failure", "error", "timed_out", "startup_failure"})
PASSED = frozenset({"success"})
OWN_APP = "github-actions"  # whose check suites are told by their workflow runs, too
BRANCH, TAG = "refs/heads/", "refs/tags/"

Tree = dict[str, object]
Event = AlertEvent | ChangeEvent


@dataclass(frozen=True, slots=True)
class Result:
    """How something ended that can fail."""

    key: str
    title: str
    failed: bool
    pages: bool  # when it fails
    address: str
    details: Tree
    began_at: object  # orders the results of one key


def parse(inbound: Inbound) -> Parsed:
    """One event. Raises Ignored for what is no news."""
    name = inbound.headers.get("x-github-event", "")
    if not name:
        raise Unreadable(["the header X-GitHub-Event is missing"])
    body = inbound.body
    if body.startswith(FORM_FIELD):
        body = unquote_to_bytes(body[len(FORM_FIELD) :].replace(b"+", b" "))
    try:
        tree = mapping_of(untrusted_json.decode(body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    read = EVENTS.get(name)
    if read is None:
        raise Ignored(f"{untrusted_json.clean_text(name[:50])} is no change")
    settings = inbound.settings
    chosen = settings if isinstance(settings, Settings) else Settings()
    return Parsed(
        read(tree, chosen), delivery_id=inbound.headers.get("x-github-delivery", "")
    )


def _deployment(tree: Tree, settings: Settings) -> list[Event]:
    status = mapping_of(tree.get("deployment_status"))
    deployment = mapping_of(tree.get("deployment"))
    failed = _failed(text_of(status.get("state")))
    place = first_text(status, ("environment",)) or first_text(
        deployment, ("environment",)
    )
    if settings.environments and place not in settings.environments:
        raise Ignored(f"a deployment to {place}")
    what = f"{text_of(deployment.get('ref'))} of {_repository(tree)} to {place}"
    result = Result(
        key=f"deployment:{_repository(tree)}:{place}",
        title=f"Deployment of {what} failed" if failed else f"Deployed {what}",
        failed=failed,
        pages=settings.failed_deployments,
        address=first_text(status, ("log_url", "target_url")),
        details={"environment": place, "sha": deployment.get("sha")},
        began_at=deployment.get("created_at"),
    )
    return _events(tree, result, settings)


def _run(tree: Tree, settings: Settings) -> list[Event]:
    run = mapping_of(tree.get("workflow_run"))
    return _checked(tree, run, text_of(run.get("name")), settings)


def _suite(tree: Tree, settings: Settings) -> list[Event]:
    suite = mapping_of(tree.get("check_suite"))
    app = mapping_of(suite.get("app"))
    if text_of(app.get("slug")) == OWN_APP:
        raise Ignored(
            "a check suite of GitHub Actions; its workflow run tells the same"
        )
    return _checked(tree, suite, text_of(app.get("name")), settings)


def _checked(tree: Tree, run: Tree, name: str, settings: Settings) -> list[Event]:
    """What a workflow run or a check suite says of a branch."""
    if text_of(tree.get("action")) != "completed":
        raise Ignored("it has not ended yet")
    failed = _failed(text_of(run.get("conclusion")))
    branch = text_of(run.get("head_branch"))
    _require_branch(branch, tree, settings)
    where = f"{branch} of {_repository(tree)}"
    result = Result(
        key=f"run:{_repository(tree)}:{name}:{branch}",
        title=f"{name or 'Checks'} {'failed' if failed else 'passed'} on {where}",
        failed=failed,
        pages=settings.failed_runs,
        address=text_of(run.get("html_url")),
        details={"branch": branch, "sha": run.get("head_sha"), "run": run.get("id")},
        began_at=run.get("run_started_at") or run.get("created_at"),
    )
    return _events(tree, result, settings)


def _push(tree: Tree, settings: Settings) -> list[Event]:
    ref, repository = text_of(tree.get("ref")), _repository(tree)
    address = text_of(tree.get("compare"))
    if tree.get("deleted") is True:
        raise Ignored(f"{ref} was deleted")
    if ref.startswith(TAG):
        tag = ref.removeprefix(TAG)
        summary = f"Tag {tag} of {repository} pushed"
        return [_change(tree, summary, address, {"tag": tag, "by": _by(tree)})]
    branch = ref.removeprefix(BRANCH)
    _require_branch(branch, tree, settings)
    head = mapping_of(tree.get("head_commit"))
    first_line = text_of(head.get("message")).partition("\n")[0]
    commits = tree.get("commits")
    count = len(commits) if isinstance(commits, list) else 0
    many = "1 commit" if count == 1 else f"{count} commits"
    summary = f"{many} pushed to {branch} of {repository}: {first_line}"
    details = {"branch": branch, "sha": tree.get("after"), "by": _by(tree)}
    return [_change(tree, summary, address, details)]


def _release(tree: Tree, _: Settings) -> list[Event]:
    if text_of(tree.get("action")) != "published":
        raise Ignored("a release that is not published now")
    release = mapping_of(tree.get("release"))
    tag = text_of(release.get("tag_name"))
    summary = f"Released {text_of(release.get('name')) or tag} of {_repository(tree)}"
    address = text_of(release.get("html_url"))
    details = {"tag": tag, "prerelease": release.get("prerelease"), "by": _by(tree)}
    return [_change(tree, summary, address, details)]


def _ping(tree: Tree, _: Settings) -> list[Event]:
    raise Ignored(f"a ping: {text_of(tree.get('zen'))}")


EVENTS: dict[str, Callable[[Tree, Settings], list[Event]]] = {
    "check_suite": _suite,
    "deployment_status": _deployment,
    "ping": _ping,
    "push": _push,
    "release": _release,
    "workflow_run": _run,
}


def _failed(state: str) -> bool:
    """Whether it did. Raises Ignored if it neither failed nor passed."""
    if state not in FAILED | PASSED:
        raise Ignored(f"its state is {state or 'not known'}")
    return state in FAILED


def _require_branch(branch: str, tree: Tree, settings: Settings) -> None:
    default = text_of(mapping_of(tree.get("repository")).get("default_branch"))
    if branch not in (settings.branches or (default,)):
        raise Ignored(f"the branch {branch}")


def _repository(tree: Tree) -> str:
    return text_of(mapping_of(tree.get("repository")).get("full_name"))


def _events(tree: Tree, result: Result, settings: Settings) -> list[Event]:
    """A change; where people want to be paged, an alert that opens or resolves."""
    details = {**result.details, "by": _by(tree)}
    change = _change(tree, result.title, result.address, details)
    if not result.pages:
        return [change]
    labels = {"repository": _repository(tree), **details}
    alert = AlertEvent(
        action=Action.TRIGGER if result.failed else Action.RESOLVE,
        dedup_key=key_of(result.key),
        title=result.title[:TITLE_LENGTH],
        severity=settings.severity,
        source_url=web_address(result.address),
        labels={name: value for name, value in labels.items() if value},
        episode_at=instant_of(result.began_at),
    )
    return [alert] if result.failed else [change, alert]


def _change(tree: Tree, summary: str, address: str, details: Tree) -> ChangeEvent:
    href = web_address(address)
    return ChangeEvent(
        summary=summary[:TITLE_LENGTH],
        source=_repository(tree)[:TITLE_LENGTH],
        details={name: value for name, value in details.items() if value},
        links=(Link(href, "GitHub"),) if href else (),
    )


def _by(tree: Tree) -> str:
    return text_of(mapping_of(tree.get("sender")).get("login"))


INTEGRATION = Integration(
    title="GitHub",
    endpoints=(Endpoint("/in/github", parse, body_limit=BODY_LIMIT),),
    category="code",
    summary="Deployments, releases and pushes beside incidents; failed runs as alerts.",
    Settings=Settings,
    signature=GITHUB,
)

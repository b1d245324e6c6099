"""GitLab's webhooks (docs.gitlab.com, "Webhook events"): changes and failed pipelines."""

from collections.abc import Callable
from dataclasses import dataclass

from pagefree.core.alerts import (
    TITLE_LENGTH,
    Action,
    AlertEvent,
    ChangeEvent,
    Link,
    key_of,
    web_address,
)
from pagefree.core.signatures import GITLAB
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
from pagefree.integrations.gitlab.settings import Settings

BODY_LIMIT = 4 * MEBIBYTE  # a pipeline tells about each of its jobs
FAILED, PASSED = "failed", "success"
BRANCH, TAG = "refs/heads/", "refs/tags/"
NOTHING = "0" * 40  # the commit that a deleted branch is at
# the first of these is the same when GitLab tries again
DELIVERY = ("idempotency-key", "webhook-id", "x-gitlab-event-uuid")

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
    """One event, or a change and the end of an alert. Raises Ignored for what is no news."""
    try:
        tree = mapping_of(untrusted_json.decode(inbound.body))
    except ValueError as e:
        raise Unreadable([f"not JSON: {e}"]) from e
    kind = text_of(tree.get("object_kind"))
    if not kind:
        raise Unreadable(["there is no `object_kind`"])
    read = EVENTS.get(kind)
    if read is None:
        raise Ignored(f"{kind[:50]} is no change")
    settings = inbound.settings
    chosen = settings if isinstance(settings, Settings) else Settings()
    ids = (inbound.headers.get(name, "") for name in DELIVERY)
    return Parsed(read(tree, chosen), delivery_id=next(filter(None, ids), ""))


def _pipeline(tree: Tree, settings: Settings) -> list[Event]:
    pipeline = mapping_of(tree.get("object_attributes"))
    failed = _failed(text_of(pipeline.get("status")))
    branch = text_of(pipeline.get("ref"))
    _require_branch(branch, tree, settings)
    number, project = text_of(pipeline.get("id")), _project(tree)
    page = text_of(mapping_of(tree.get("project")).get("web_url"))
    result = Result(
        key=f"pipeline:{project}:{branch}",
        title=f"Pipeline {'failed' if failed else 'passed'} on {branch} of {project}",
        failed=failed,
        pages=settings.failed_pipelines,
        address=first_text(pipeline, ("url",)) or f"{page}/-/pipelines/{number}",
        details={
            "branch": branch,
            "sha": pipeline.get("sha"),
            "pipeline": pipeline.get("id"),
            "failed_jobs": _failed_jobs(tree),
        },
        began_at=pipeline.get("created_at"),
    )
    return _events(tree, result, settings)


def _failed_jobs(tree: Tree) -> list[str]:
    jobs = tree.get("builds")
    told = [mapping_of(job) for job in (jobs if isinstance(jobs, list) else [])]
    names = [text_of(j.get("name")) for j in told if j.get("status") == FAILED]
    return names[:20]


def _deployment(tree: Tree, settings: Settings) -> list[Event]:
    failed = _failed(text_of(tree.get("status")))
    place, project = text_of(tree.get("environment")), _project(tree)
    if settings.environments and place not in settings.environments:
        raise Ignored(f"a deployment to {place}")
    what = f"{text_of(tree.get('ref'))} of {project} to {place}"
    result = Result(
        key=f"deployment:{project}:{place}",
        title=f"Deployment of {what} failed" if failed else f"Deployed {what}",
        failed=failed,
        pages=settings.failed_deployments,
        address=first_text(tree, ("deployable_url", "commit_url")),
        details={
            "environment": place,
            "tier": tree.get("environment_tier"),
            "sha": tree.get("short_sha"),
            "commit": tree.get("commit_title"),
        },
        began_at=tree.get("status_changed_at"),
    )
    return _events(tree, result, settings)


def _push(tree: Tree, settings: Settings) -> list[Event]:
    branch, project = text_of(tree.get("ref")).removeprefix(BRANCH), _project(tree)
    if tree.get("after") == NOTHING:
        raise Ignored(f"{branch} was deleted")
    _require_branch(branch, tree, settings)
    commits = tree.get("commits")
    last = mapping_of(commits[-1]) if isinstance(commits, list) and commits else {}
    count = text_of(tree.get("total_commits_count")) or "0"
    many = "1 commit" if count == "1" else f"{count} commits"
    title = first_text(last, ("title", "message")).partition("\n")[0]
    summary = f"{many} pushed to {branch} of {project}: {title}"
    details = {"branch": branch, "sha": tree.get("after"), "by": _by(tree)}
    return [_change(tree, summary, text_of(last.get("url")), details)]


def _tag(tree: Tree, _: Settings) -> list[Event]:
    tag = text_of(tree.get("ref")).removeprefix(TAG)
    if tree.get("after") == NOTHING:
        raise Ignored(f"the tag {tag} was deleted")
    summary = f"Tag {tag} of {_project(tree)} pushed"
    return [_change(tree, summary, "", {"tag": tag, "by": _by(tree)})]


def _release(tree: Tree, _: Settings) -> list[Event]:
    if text_of(tree.get("action")) != "create":
        raise Ignored("a release that is not made now")
    tag = text_of(tree.get("tag"))
    summary = f"Released {text_of(tree.get('name')) or tag} of {_project(tree)}"
    return [_change(tree, summary, text_of(tree.get("url")), {"tag": tag})]


EVENTS: dict[str, Callable[[Tree, Settings], list[Event]]] = {
    "deployment": _deployment,
    "pipeline": _pipeline,
    "push": _push,
    "release": _release,
    "tag_push": _tag,
}


def _failed(status: str) -> bool:
    """Whether it did. Raises Ignored if it neither failed nor passed."""
    if status not in {FAILED, PASSED}:
        raise Ignored(f"its status is {status or 'not known'}")
    return status == FAILED


def _require_branch(branch: str, tree: Tree, settings: Settings) -> None:
    default = text_of(mapping_of(tree.get("project")).get("default_branch"))
    if branch not in (settings.branches or (default,)):
        raise Ignored(f"the branch {branch}")


def _project(tree: Tree) -> str:
    return text_of(mapping_of(tree.get("project")).get("path_with_namespace"))


def _events(tree: Tree, result: Result, settings: Settings) -> list[Event]:
    """A change; where people want to be paged, an alert that opens or resolves."""
    details = {**result.details, "by": _by(tree)}
    change = _change(tree, result.title, result.address, details)
    if not result.pages:
        return [change]
    labels = {"project": _project(tree), **details}
    alert = AlertEvent(
        action=Action.TRIGGER if result.failed else Action.RESOLVE,
        dedup_key=key_of(result.key),
        title=result.title[:TITLE_LENGTH],
        severity=settings.severity,
        source_url=web_address(result.address),
        labels={name: value for name, value in labels.items() if value},
        episode_at=instant_of(_iso(result.began_at)),
    )
    return [alert] if result.failed else [change, alert]


def _iso(text: object) -> object:
    """GitLab writes "2026-11-20 10:00:00 UTC" and "2026-11-20 10:00:00 +0100", too."""
    if not isinstance(text, str):
        return None
    return text.replace(" UTC", "+00:00").replace(" +", "+").replace(" -", "-")


def _change(tree: Tree, summary: str, address: str, details: Tree) -> ChangeEvent:
    href = web_address(address)
    return ChangeEvent(
        summary=summary[:TITLE_LENGTH],
        source=_project(tree)[:TITLE_LENGTH],
        details={name: value for name, value in details.items() if value},
        links=(Link(href, "GitLab"),) if href else (),
    )


def _by(tree: Tree) -> str:
    user = mapping_of(tree.get("user"))
    return text_of(user.get("username")) or first_text(
        tree, ("user_username", "user_name")
    )


INTEGRATION = Integration(
    title="GitLab",
    endpoints=(Endpoint("/in/gitlab", parse, body_limit=BODY_LIMIT),),
    category="code",
    summary="Deployments, releases and pushes beside incidents; failed pipelines as alerts.",
    Settings=Settings,
    signature=GITLAB,
)

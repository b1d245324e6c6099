"""GitHub and GitLab: whatever stands in their events, it is a change, an alert, or ignored."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.alerts import AlertEvent, ChangeEvent, web_address
from pagefree.integrations.base import Ignored, Inbound, Parse, Unreadable
from pagefree.integrations.github import parse as github
from pagefree.integrations.github.settings import Settings as GitHub
from pagefree.integrations.gitlab import parse as gitlab
from pagefree.integrations.gitlab.settings import Settings as GitLab

MEMBERS = (
    *("action", "repository", "project", "full_name", "default_branch", "ref", "state"),
    *("workflow_run", "check_suite", "app", "slug", "deployment", "deployment_status"),
    *("object_attributes", "status", "conclusion", "head_branch", "commits", "release"),
    *("builds", "user", "sender", "created_at", "environment", "after", "html_url"),
)
WORDS = (
    *("completed", "published", "create", "success", "failure", "failed", "main"),
    *("refs/heads/main", "refs/tags/v1", "https://x.example", "javascript:x", ""),
)
trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from(WORDS)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6),
    ),
    max_leaves=25,
)
objects = st.dictionaries(st.sampled_from(MEMBERS), trees, max_size=8)


@given(tree=objects, event=st.sampled_from(sorted(github.EVENTS)), pages=st.booleans())
def test_any_event_of_github_does_no_harm(
    tree: dict[str, object], event: str, *, pages: bool
) -> None:
    settings = GitHub(failed_runs=pages, failed_deployments=pages)
    inbound = Inbound(
        msgspec.json.encode(tree), {"x-github-event": event}, settings=settings
    )
    check(github.parse, inbound)


@given(tree=objects, kind=st.sampled_from(sorted(gitlab.EVENTS)), pages=st.booleans())
def test_any_event_of_gitlab_does_no_harm(
    tree: dict[str, object], kind: str, *, pages: bool
) -> None:
    settings = GitLab(failed_pipelines=pages, failed_deployments=pages)
    body = msgspec.json.encode({**tree, "object_kind": kind})
    check(gitlab.parse, Inbound(body, settings=settings))


def check(parse: Parse, inbound: Inbound) -> None:
    """It is read or refused; links lead to the web."""
    try:
        events = parse(inbound).events
    except (Ignored, Unreadable):
        return
    assert events
    for event in events:
        assert isinstance(event, AlertEvent | ChangeEvent)
        assert all(web_address(link.href) for link in event.links)


@pytest.mark.parametrize("pages", [False, True])
def test_a_change_pages_only_where_it_was_asked_for(*, pages: bool) -> None:
    tree = {
        "object_kind": "pipeline",
        "object_attributes": {"ref": "main", "status": "failed"},
        "project": {"path_with_namespace": "acme/shop", "default_branch": "main"},
    }
    settings = GitLab(failed_pipelines=pages)

    (event,) = gitlab.parse(
        Inbound(msgspec.json.encode(tree), settings=settings)
    ).events

    assert isinstance(event, AlertEvent if pages else ChangeEvent)

"""A late copy of what is over opens nothing, and what begins anew does: told by samples."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pagefree import integrations
from pagefree.core.alerts import Action, AlertEvent, Outcome, fold

FOLDER = Path(integrations.__file__).parent
RESOLVES = {
    **dict.fromkeys(
        (
            *("alertmanager", "azure_monitor", "datadog", "google_cloud_monitoring"),
            *("generic", "grafana", "kibana", "nagios", "new_relic", "sentry"),
            "zabbix",
        ),
        "resolve.json",
    ),
    "splunk": "observability-resolve.json",
}


def read(name: str, sample: str) -> AlertEvent:
    """The first event in a sample."""
    integration = integrations.all_kinds()[name].integration
    path = FOLDER / name / "samples" / sample
    request = integrations.sample_request(FOLDER / name, path)
    inbound = integrations.inbound(integration, path.read_bytes(), request)
    event = integration.endpoints[0].parse(inbound).events[0]
    assert isinstance(event, AlertEvent)
    return event


def outcomes(*events: AlertEvent) -> list[Outcome]:
    folded = fold(events, is_open=False, ended_episode=None)
    return [outcome for outcome, _ in folded.outcomes]


@pytest.mark.parametrize("name", RESOLVES)
def test_what_arrives_after_its_own_end_is_stale(name: str) -> None:
    late, end = read(name, "out-of-order.json"), read(name, RESOLVES[name])

    assert late.action is Action.TRIGGER
    assert late.dedup_key == end.dedup_key
    assert outcomes(end, late) == [Outcome.UNMATCHED, Outcome.STALE]
    assert outcomes(late, end, late) == [
        *(Outcome.OPENED, Outcome.RESOLVED, Outcome.STALE),
    ]


@pytest.mark.parametrize("name", RESOLVES)
def test_what_begins_after_the_end_is_new(name: str) -> None:
    late, end = read(name, "out-of-order.json"), read(name, RESOLVES[name])
    assert isinstance(end.episode_at, datetime)

    again = replace(late, episode_at=end.episode_at + timedelta(seconds=1))

    assert outcomes(late, end, again)[-1] is Outcome.OPENED

"""The alarms and the dashboard that are shipped: of figures that there are, at the limits told."""

import json
import re
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from pagefree.core import canary, operations, silences
from pagefree.infra.metrics import REGISTRY
from scripts import test_tools
from tests.app.conftest import Api

DEPLOY = Path(__file__).parents[2] / "deploy"
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "operate.md"
DAY = timedelta(days=1)
FIGURE = re.compile(r"\bpagefree_[a-z0-9_]+")
# of ours, and of one class of a histogram
SERIES = re.compile(r"_(bucket|sum|count|total)$")
# of Prometheus itself and of the exporter that looks from outside
THEIRS = {"up", "probe_ssl_earliest_cert_expiry"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One alarm."""

    alert: str
    expr: str
    annotations: dict[str, str]


def rules() -> list[Rule]:
    document = yaml.safe_load(
        (DEPLOY / "prometheus" / "pagefree-alerts.yml").read_text()
    )
    return [
        Rule(rule["alert"], rule["expr"], rule["annotations"])
        for group in document["groups"]
        for rule in group["rules"]
    ]


def questions() -> list[str]:
    """What the dashboard asks."""
    board = json.loads((DEPLOY / "grafana" / "pagefree.json").read_text())
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


RULES = {rule.alert: rule for rule in rules()}


CASES = [
    DEPLOY / "prometheus" / f"pagefree-alerts{which}-test.yml"
    for which in ("", "-days")
]


@pytest.fixture(scope="session")
def promtool() -> Path:
    found = test_tools.promtool()
    assert found, "run `python3 -m scripts.bootstrap tools`"
    return found


def test_prometheus_fires_each_alarm_when_it_should_and_not_before(
    promtool: Path,
) -> None:
    rules_file = DEPLOY / "prometheus" / "pagefree-alerts.yml"
    commands: list[list[str | Path]] = [
        ["check", "rules", rules_file],
        ["test", "rules", *CASES],
    ]
    for asked in commands:
        done = subprocess.run(
            [promtool, *asked], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_alarm_has_a_case_that_fires_and_one_that_does_not() -> None:
    tests = [
        test for file in CASES for test in yaml.safe_load(file.read_text())["tests"]
    ]

    assert sorted(test["name"] for test in tests) == sorted(
        f"{alert} {how}" for alert in RULES for how in ("fires", "stays quiet")
    )


async def test_alarms_and_dashboard_ask_only_for_figures_that_there_are(
    api: Api,
) -> None:
    client = await api.client()
    told = (await client.get("/metrics")).text
    # labelled ones are told with their first value, but are declared at once
    exposed = set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
    asked = [rule.expr for rule in RULES.values()] + questions()

    named = {name for expr in asked for name in FIGURE.findall(expr)}

    assert named
    assert {
        name for name in named if not {name, SERIES.sub("", name)} & exposed
    } == set()


def test_figures_that_are_shipped_are_declared_under_one_prefix() -> None:
    assert all(family.name.startswith("pagefree_") for family in REGISTRY.collect())


@pytest.mark.parametrize(
    ("alert", "limit"),
    [
        ("PageFreeWorkOverdue", f"> {operations.OVERDUE.seconds}"),
        ("PageFreeReaderBehind", f"> {operations.UNREAD.seconds}"),
        ("PageFreeProviderFailing", f"< {operations.LEAST_SUCCESS}"),
        ("PageFreeNotDelivered", f"> {operations.UNCONFIRMED.seconds}"),
        ("PageFreeUnreadable", "> 0"),
        ("PageFreeDiskFull", f"< {operations.LEAST_DISK}"),
        ("PageFreeClockOff", f"> {operations.MOST_CLOCK_OFFSET_S:.0f}"),
        ("PageFreeReplicaBehind", f"> {operations.MOST_REPLICATION_LAG_S:.0f}"),
        ("PageFreeTransactionAge", f"> {operations.MOST_TRANSACTION_AGE:.0e}"),
        ("PageFreeProcessSilent", f"> {operations.SILENT.seconds}"),
        ("PageFreeCanarySilent", f"> {canary.STALE.seconds}"),
        (
            "PageFreeCertificateEnds",
            f"< {operations.LEAST_CERTIFICATE.days} * {DAY.total_seconds():.0f}",
        ),
        (
            "PageFreeIntegrationSilent",
            f"usual_silence_seconds + {silences.MORE.total_seconds():.0f}",
        ),
    ],
)
def test_prometheus_and_the_page_of_operators_have_the_same_limits(
    alert: str, limit: str
) -> None:
    assert re.search(rf"{re.escape(limit)}(?![\d.])", RULES[alert].expr)


def test_the_limits_are_those_that_were_promised() -> None:
    assert operations.UNREAD.seconds == 10
    assert operations.OVERDUE.seconds == 30
    assert operations.LEAST_SUCCESS == 0.95
    assert operations.UNCONFIRMED.seconds == 600
    assert operations.LEAST_DISK == 0.15
    assert operations.MOST_CLOCK_OFFSET_S == 1


@pytest.mark.parametrize("alert", sorted(RULES))
def test_every_alarm_says_what_it_means_and_what_to_do(alert: str) -> None:
    assert RULES[alert].annotations.keys() == {"summary", "meaning", "action"}
    assert all(RULES[alert].annotations.values())
    assert f"`{alert}`" in GUIDE.read_text()


def test_what_the_page_names_is_an_alarm() -> None:
    named = set(re.findall(r"PageFree[A-Z]\w+", Path(operations.__file__).read_text()))

    assert named <= RULES.keys()

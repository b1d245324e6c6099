"""What is in deploy/ says only what PageFree understands: commands, settings, addresses."""

import asyncio
import json
import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import asyncpg
import pytest
import typer.core
import typer.main
import yaml

from pagefree.alerts.ingest import LANE_SETTINGS
from pagefree.cli.main import app
from pagefree.cli.serving import GRACE_S
from pagefree.infra.settings import NO_SETTINGS, Settings
from tests.app.conftest import serving
from tests.programs import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file()]
VARIABLE = re.compile(r"PAGEFREE_[A-Z_]+")
# of the files themselves
THEIRS = frozenset({"PAGEFREE_IMAGE", "PAGEFREE_UPSTREAMS"})
# PgBouncer knows these itself
TRACKED = frozenset({"application_name", "TimeZone"})


def documents(folder: str) -> list[tuple[str, dict[str, object]]]:
    """Every YAML document of a folder, with the name of its file."""
    return [
        (path.name, document)
        for path in sorted((DEPLOY / folder).glob("*.yaml"))
        for document in yaml.safe_load_all(path.read_text())
    ]


def instruction(name: str) -> list[str]:
    """The last such line of the Dockerfile, as JSON lists are written there."""
    text = (DEPLOY / "docker" / "Dockerfile").read_text()
    found: list[str] = json.loads(
        re.findall(rf"^ *{name} (\[.*\])", text, re.MULTILINE)[-1]
    )
    return found


def unit(path: Path) -> dict[str, str]:
    """What a unit says of its service; of a word that is there twice the last."""
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text())
    return dict(parser["Service"])


def containers() -> list[tuple[str, dict[str, object], dict[str, object]]]:
    """Every container of Kubernetes with the pod it is in."""
    return [
        (name, pod, container)
        for name, document in documents("kubernetes")
        if document["kind"] in {"Deployment", "Job"}
        for pod in [document["spec"]["template"]["spec"]]  # type: ignore[index]
        for container in pod["containers"]
    ]


def commands() -> list[list[str]]:
    """What `pagefree` is told everywhere."""
    told = [instruction("CMD")]
    told += [
        service["command"]
        for _, document in documents("compose")
        for service in document["services"].values()  # type: ignore[attr-defined]
        if "command" in service
    ]
    told += [container["args"] for *_, container in containers()]  # type: ignore[misc]
    for path in sorted((DEPLOY / "systemd").glob("*.service")):
        program, *rest = shlex.split(unit(path)["ExecStart"])
        assert Path(program).name == "pagefree"
        told.append(rest)
    return told


@pytest.mark.parametrize("told", commands(), ids=" ".join)
def test_every_command_is_one_that_pagefree_takes(told: list[str]) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    context = group.make_context("pagefree", list(told), resilient_parsing=True)

    name, command, rest = group.resolve_command(context, list(told))

    assert command is not None
    command.make_context(name, rest, parent=context)  # raises where it takes none such


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_variable_is_a_setting(path: Path) -> None:
    known = {f"PAGEFREE_{name.upper()}" for name in Settings.model_fields}

    named = set(VARIABLE.findall(path.read_text()))

    assert named <= known | NO_SETTINGS | THEIRS


async def test_the_health_check_of_the_image_tells_an_answer_from_none(
    database_url: str,
) -> None:
    text = (DEPLOY / "docker" / "Dockerfile").read_text()
    found = re.search(r"HEALTHCHECK[^[]*CMD (\[.*\])", text)
    assert found
    program, option, code = json.loads(found[1])

    async with serving(database_url) as served:
        port = served.address.rsplit(":", maxsplit=1)[1]
        up = await ended(option, code.replace(":8000", f":{port}"))
    down = await ended(option, code.replace(":8000", f":{free_port()}"))

    assert program == "python"
    assert "/healthz" in code  # not the database
    assert up == 0
    assert down != 0


async def ended(*arguments: str) -> int:
    """How Python ends with them."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


def test_pods_are_restarted_for_themselves_and_left_out_for_the_database() -> None:
    (web,) = [container for name, _, container in containers() if name == "web.yaml"]

    paths = {
        probe: web[probe]["httpGet"]["path"]  # type: ignore[index]
        for probe in ("livenessProbe", "readinessProbe", "startupProbe")
    }

    assert paths == {
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
        "startupProbe": "/healthz",
    }


def test_every_container_is_nobody_and_writes_only_where_it_may() -> None:
    for _, pod, container in containers():
        context = container["securityContext"]
        assert pod["securityContext"]["runAsNonRoot"] is True  # type: ignore[index]
        assert context["readOnlyRootFilesystem"] is True  # type: ignore[index]
        assert context["allowPrivilegeEscalation"] is False  # type: ignore[index]
        assert context["capabilities"] == {"drop": ["ALL"]}  # type: ignore[index]
    for _, document in documents("compose"):
        for service in document["services"].values():  # type: ignore[attr-defined]
            ours = "caddy" not in service["image"]
            assert (service.get("read_only") is True) == ours


def test_nobody_is_killed_before_it_had_time_to_drain() -> None:
    (config,) = [
        document for name, document in documents("kubernetes") if name == "config.yaml"
    ]
    drain_s = float(config["data"]["PAGEFREE_DRAIN_SECONDS"])  # type: ignore[index]

    for name, pod, _ in containers():
        if name != "migrate.yaml":
            assert pod["terminationGracePeriodSeconds"] > drain_s + 2 * GRACE_S  # type: ignore[operator]
    for path in (DEPLOY / "systemd").glob("pagefree*.service"):
        assert float(unit(path)["TimeoutStopSec"]) > 2 * GRACE_S


def test_the_pooler_lets_through_what_is_asked_of_it_at_the_start() -> None:
    text = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text()
    found = re.search(r"^ignore_startup_parameters = (.*)$", text, re.MULTILINE)
    assert found

    ignored = set(found[1].split(", "))

    assert set(LANE_SETTINGS) - TRACKED <= ignored
    assert "pool_mode = transaction" in text


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not on this machine"
)
async def test_the_address_in_the_example_of_a_secret_needs_no_file() -> None:
    text = (DEPLOY / "kubernetes/secret.example.yaml").read_text()
    url = yaml.safe_load(text)["stringData"]["PAGEFREE_DATABASE_URL"]
    here = url.replace("db-1,db-2", f"127.0.0.1:{free_port()}")

    with pytest.raises(OSError, match=r"refused|Connect"):
        await asyncpg.connect(here, timeout=5)


def test_systemd_understands_its_units(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").glob("pagefree*.*"):
        text = path.read_text().replace("/opt/pagefree/bin/pagefree", sys.executable)
        (tmp_path / path.name).write_text(text)
    units = [str(path) for path in tmp_path.iterdir() if "env" not in path.name]

    done = subprocess.run(
        ["systemd-analyze", "verify", *units],
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in done.stderr.splitlines() if "pagefree" in line]
    assert ours == []

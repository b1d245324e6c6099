"""A real Prometheus Alertmanager that reports to the program."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2

from pagefree.infra.clock import system_clock
from tests.e2e.company import Company
from tests.programs import START_S, Program, eventually, free_port

AT_ONCE = "0s"
SOON = "1s"  # its shortest
LONG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Alertmanager:
    """What Prometheus would talk to."""

    client: httpx2.AsyncClient

    async def fire(self, title: str, via: str = "webhook") -> None:
        """Report a condition; `via` chooses the receiver."""
        await self._report(title, via, LONG)

    async def resolve(self, title: str, via: str = "webhook") -> None:
        """Report that it is over."""
        await self._report(title, via, timedelta(0))

    async def _report(self, title: str, via: str, ends_in: timedelta) -> None:
        alert = {
            "labels": {"alertname": title, "via": via, "severity": "critical"},
            "annotations": {"summary": title, "description": f"{title}: look at it"},
            "endsAt": (system_clock() + ends_in).isoformat(),
            "generatorURL": "http://prometheus.example.org/graph",
        }
        answer = await self.client.post("/api/v2/alerts", json=[alert])
        assert answer.is_success, answer.text


@asynccontextmanager
async def alertmanager_for(
    company: Company, binary: Path, folder: Path
) -> AsyncIterator[Alertmanager]:
    """One that is set up for this company, running."""
    file = folder / "alertmanager.yml"
    file.write_text(json.dumps(_settings(company)))  # JSON is YAML
    port = free_port()
    program = Program(
        (
            binary,
            f"--config.file={file}",
            f"--storage.path={folder / 'storage'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ),
        folder,
        name="alertmanager",
        cwd=binary.parents[2],  # its templates are looked for from there
    )
    program.start()
    try:
        address = f"http://127.0.0.1:{port}"
        async with httpx2.AsyncClient(base_url=address, timeout=START_S) as client:

            async def is_ready() -> bool:
                assert program.runs, program.printed
                try:
                    return (await client.get("/-/ready")).is_success
                except httpx2.TransportError:
                    return False

            await eventually(is_ready, START_S)
            yield Alertmanager(client)
    finally:
        program.stop()


def _settings(company: Company) -> dict[str, object]:
    webhook = {
        "url": f"{company.address}/in/alertmanager",
        "http_config": {"authorization": {"credentials": company.keys["alertmanager"]}},
    }
    pagerduty = {
        "url": f"{company.address}/v2/enqueue",
        "routing_key": company.keys["pagerduty_v2"],
        "description": "{{ .CommonAnnotations.summary }}",
    }
    return {
        "route": {
            "receiver": "webhook",
            "group_by": ["alertname"],
            "group_wait": AT_ONCE,
            "group_interval": SOON,
            "repeat_interval": "1h",
            "routes": [{"matchers": ['via="pagerduty"'], "receiver": "pagerduty"}],
        },
        "receivers": [
            {"name": "webhook", "webhook_configs": [webhook]},
            {"name": "pagerduty", "pagerduty_configs": [pagerduty]},
        ],
    }

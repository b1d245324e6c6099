"""Monitoring tools that send alerts, a folder each; a folder found is an integration."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import unquote

import msgspec

from pagefree.infra import folders
from pagefree.integrations.base import Inbound, Integration, Kind, printable

EXPECTED, REQUEST = ".expected.json", ".request.json"
FIRE = "fire"


class SampleRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What belongs to a sample besides its body: `<name>.request.json` beside it."""

    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    method: str = "POST"
    rest: str = ""
    settings: dict[str, object] = {}
    path: str = ""  # of the endpoint; the first one's if empty
    received_at: datetime | None = None


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind of integration, by the name of its folder."""
    return {name: _load(name) for name in folders.names(__path__)}


def _load(name: str) -> Kind:
    package = f"{__name__}.{name}"
    folder = files(package)
    integration: Integration = import_module(f"{package}.parse").INTEGRATION
    first = next(s for s in samples(folder) if s.name.startswith(FIRE))
    return Kind(
        name=name,
        integration=integration,
        readme=folder.joinpath("README.md").read_text("utf-8"),
        test=inbound(integration, first.read_bytes(), sample_request(folder, first)),
    )


def samples(folder: Traversable) -> Iterable[Traversable]:
    """The bodies among the samples of a kind's folder, by name."""
    found = folder.joinpath("samples").iterdir()
    bodies = [s for s in found if not s.name.endswith((EXPECTED, REQUEST))]
    return sorted(bodies, key=lambda sample: sample.name)


def sample_request(folder: Traversable, sample: Traversable) -> SampleRequest:
    """What is told about the request of a sample, or the usual."""
    stem = sample.name.rpartition(".")[0]
    told = folder.joinpath("samples", stem + REQUEST)
    if not told.is_file():
        return SampleRequest()
    return msgspec.json.decode(told.read_bytes(), type=SampleRequest)


def inbound(integration: Integration, body: bytes, request: SampleRequest) -> Inbound:
    """A request of a sample as the parser sees it."""
    model = integration.Settings
    return Inbound(
        body=body,
        headers=_lower(request.headers),
        query=request.query,
        rest=printable(unquote(request.rest)),
        method=request.method,
        settings=None if model is None else model.model_validate(request.settings),
        received_at=request.received_at,
    )


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}

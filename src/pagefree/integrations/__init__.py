"""Monitoring tools that send alerts, a folder each; a folder found is an integration."""

import pkgutil
from functools import cache
from importlib import import_module
from importlib.resources import files

from pagefree.integrations.base import Kind


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind of integration, by the name of its folder."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.ispkg]
    return {name: _load(name) for name in names}


def _load(name: str) -> Kind:
    package = f"{__name__}.{name}"
    folder = files(package)
    return Kind(
        name=name,
        integration=import_module(f"{package}.parse").INTEGRATION,
        readme=folder.joinpath("README.md").read_text("utf-8"),
        sample=folder.joinpath("samples", "sample.json").read_text("utf-8"),
    )

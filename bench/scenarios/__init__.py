"""One scenario a file; a file found is a scenario."""

import pkgutil
from importlib import import_module

from bench.scenario import Scenario


def all_scenarios() -> list[Scenario]:
    """Every scenario, in the order of the files' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [import_module(f"{__name__}.{name}").SCENARIO for name in names]

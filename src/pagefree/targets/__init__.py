"""Systems outside that run something for a runbook, a folder each."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import structlog
from pydantic import BaseModel

from pagefree.targets.base import Target

KIND = re.compile(r"[a-z][a-z0-9_]{0,30}")

log = structlog.get_logger()


@cache
def all_targets() -> dict[str, Target]:
    """Every folder here, by its name; the name is public and never changes.

    A folder that breaks the contract is left out, and the log says why.
    """
    found: dict[str, Target] = {}
    for module in iter_modules(__path__):
        if not module.ispkg:
            continue
        try:
            found[module.name] = _load(module.name)
        except Exception:
            log.exception("target.left_out", target=module.name)
    return found


@cache
def readme(kind: str) -> str:
    """How to set it up, in Markdown."""
    return (Path(__path__[0]) / kind / "README.md").read_text(encoding="utf-8")


def _load(kind: str) -> Target:
    target = import_module(f"{__name__}.{kind}.target").TARGET
    if not isinstance(target, Target):
        raise TypeError("TARGET is not a Target")
    if not KIND.fullmatch(kind):
        raise ValueError("the folder's name is not in lower case")
    if not (Path(__path__[0]) / kind / "README.md").is_file():
        raise ValueError("README.md is missing")
    for form in (target.Connection, target.Content):
        _require_titles(form)
    return target


def _require_titles(form: type[BaseModel]) -> None:
    schema = form.model_json_schema()
    for field, shown in schema.get("properties", {}).items():
        if not shown.get("title"):
            raise ValueError(f"{form.__name__}.{field} has no title")
    if schema.get("additionalProperties") is not False:
        raise ValueError(f"{form.__name__} takes unknown fields")

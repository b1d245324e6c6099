"""What workflows can do, a folder each."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import structlog

from pagefree.actions.base import Action

KIND = re.compile(r"[a-z][a-z0-9_]{0,30}")

log = structlog.get_logger()


@cache
def all_actions() -> dict[str, Action]:
    """Every folder here, by its name; the name is public and never changes.

    A folder that breaks the contract is left out: it must not keep the others from working.
    """
    actions: dict[str, Action] = {}
    for found in iter_modules(__path__):
        if not found.ispkg:
            continue
        try:
            actions[found.name] = load(found.name)
        except Exception:
            log.exception("action.left_out", action=found.name)
    return actions


@cache
def readme(kind: str) -> str:
    """What it does and how to set it up, in Markdown."""
    return (Path(__path__[0]) / kind / "README.md").read_text(encoding="utf-8")


def load(kind: str) -> Action:
    """The action of one folder. Raises where the folder breaks the contract."""
    action = import_module(f"{__name__}.{kind}.action").ACTION
    if not isinstance(action, Action):
        raise TypeError("ACTION is not an Action")
    for wrong in _wrongs(kind, action):
        raise ValueError(wrong)
    return action


def _wrongs(kind: str, action: Action) -> list[str]:
    """What the contract asks of a folder beyond types."""
    wrong = []
    if not KIND.fullmatch(kind):
        wrong.append("the folder's name is not in lower case")
    if not (Path(__path__[0]) / kind / "README.md").is_file():
        wrong.append("README.md is missing")
    if not any((Path(__path__[0]) / kind / "samples").glob("*.json")):
        wrong.append("samples/ holds no sample")
    ways = [way for way in (action.call, action.send, action.apply) if way is not None]
    if len(ways) != 1:
        wrong.append("exactly one of call, send and apply does the work")
    if action.call is not None and action.read is None:
        wrong.append("`call` needs `read`")
    if action.send is not None and action.preview is None:
        wrong.append("`send` needs `preview`")
    schema = action.Config.model_json_schema()
    wrong += [
        f"{field} has no title"
        for field, shown in schema.get("properties", {}).items()
        if not shown.get("title")
    ]
    return wrong

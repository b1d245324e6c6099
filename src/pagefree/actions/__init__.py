"""What workflows can do, a folder each."""

from functools import cache
from importlib import import_module
from pathlib import Path

from pagefree.actions.base import Action
from pagefree.infra import folders


@cache
def all_actions() -> dict[str, Action]:
    """Every folder here, by its name; the name is public and never changes."""
    return folders.loaded(__path__, "action", load)[0]


@cache
def readme(kind: str) -> str:
    """What it does and how to set it up, in Markdown."""
    return folders.readme(__path__, kind)


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
    wrong = folders.wrongs(__path__, kind)
    if not any((Path(__path__[0]) / kind / "samples").glob("*.json")):
        wrong.append("samples/ holds no sample")
    ways = [way for way in (action.call, action.send, action.apply) if way is not None]
    if len(ways) != 1:
        wrong.append("exactly one of call, send and apply does the work")
    if action.call is not None and action.read is None:
        wrong.append("`call` needs `read`")
    if action.send is not None and action.preview is None:
        wrong.append("`send` needs `preview`")
    return wrong + folders.untitled("Config", action.Config)

"""Systems outside that run something for a runbook, a folder each."""

from functools import cache
from importlib import import_module

from pagefree.infra import folders
from pagefree.targets.base import Target


@cache
def all_targets() -> dict[str, Target]:
    """Every folder here, by its name; the name is public and never changes."""
    return folders.loaded(__path__, "target", _load)[0]


@cache
def readme(kind: str) -> str:
    """How to set it up, in Markdown."""
    return folders.readme(__path__, kind)


def _load(kind: str) -> Target:
    target = import_module(f"{__name__}.{kind}.target").TARGET
    if not isinstance(target, Target):
        raise TypeError("TARGET is not a Target")
    wrongs = (
        *folders.wrongs(__path__, kind),
        *folders.untitled("Connection", target.Connection),
        *folders.untitled("Content", target.Content),
    )
    for wrong in wrongs:
        raise ValueError(wrong)
    return target

"""Parts that are found by being there: every folder of a package, loaded by its contract."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from pkgutil import iter_modules
from typing import TypeVar

import structlog
from pydantic import BaseModel

T = TypeVar("T")

KIND = re.compile(r"[a-z][a-z0-9_]{0,30}")

log = structlog.get_logger()


def names(path: Sequence[str]) -> list[str]:
    """The folders of a package, by its `__path__`."""
    return [module.name for module in iter_modules(path) if module.ispkg]


def loaded(
    path: Sequence[str], what: str, load: Callable[[str], T]
) -> tuple[dict[str, T], dict[str, str]]:
    """What each folder holds, by its name; and why the others were left out.

    A folder that breaks the contract must not keep the others from working: the log names
    it, and `what` it should have held.
    """
    found: dict[str, T] = {}
    broken: dict[str, str] = {}
    for name in names(path):
        try:
            found[name] = load(name)
        except Exception as e:
            log.exception("folder.left_out", kind=what, folder=name)
            broken[name] = str(e) or type(e).__name__
    return found, broken


def readme(path: Sequence[str], kind: str) -> str:
    """What the folder says about itself, in Markdown."""
    return (Path(path[0]) / kind / "README.md").read_text(encoding="utf-8")


def wrongs(path: Sequence[str], kind: str) -> list[str]:
    """What is wrong with a folder, whatever it holds."""
    wrong = []
    if not KIND.fullmatch(kind):
        wrong.append("the folder's name is not in lower case")
    if not (Path(path[0]) / kind / "README.md").is_file():
        wrong.append("README.md is missing")
    return wrong


def untitled(name: str, form: type[BaseModel]) -> list[str]:
    """What keeps a form from being drawn: fields without titles, fields unknown."""
    schema = form.model_json_schema()
    wrong = [
        f"{name}.{field} has no title"
        for field, shown in schema.get("properties", {}).items()
        if not shown.get("title")
    ]
    if schema.get("additionalProperties") is not False:
        wrong.append(f"{name} takes unknown fields")
    return wrong

"""Workflows as YAML files: to keep them in a repository, and the library that comes along."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from pagefree.core.errors import Invalid
from pagefree.infra.web import Shape
from pagefree.workflows.content import WorkflowContent

LONGEST = 200_000  # characters
LIBRARY = Path(__file__).parent / "library"

BREAKS = frozenset("\r\x85\u2028\u2029\ufeff")  # read as an end of line, or not at all


class _Dumper(yaml.SafeDumper):
    """Writes in quotes, escaped, what would be read as something else."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if BREAKS & frozenset(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)


class WorkflowFile(Shape):
    """A workflow as it is exported: no ids of this installation but those in its forms."""

    name: str = Field(min_length=1, max_length=100)
    description: str = Field("", max_length=2000)
    workflow: WorkflowContent


@dataclass(frozen=True, slots=True)
class WorkflowTemplate:
    """A workflow of the library, to begin with."""

    id: str
    group: str  # ticketing | communication | auto-resolution | escalation
    name: str
    description: str
    content: WorkflowContent


def exported(name: str, description: str, content: WorkflowContent) -> str:
    """The file, with what is as usual left out."""
    file = WorkflowFile(name=name, description=description, workflow=content)
    data = file.model_dump(mode="json", exclude_defaults=True)
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=88
    )


def imported(text: str) -> WorkflowFile:
    """What a file holds. Raises Invalid."""
    try:
        return WorkflowFile.model_validate(_read(text))
    except ValidationError as e:
        problems = (
            f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
            for error in e.errors(include_input=False, include_url=False)
        )
        raise Invalid("; ".join(problems)) from None


def _read(text: str) -> Any:  # noqa: ANN401 - YAML
    if len(text) > LONGEST:
        raise Invalid(f"a file has at most {LONGEST} characters")
    try:
        # an alias can stand for what has aliases itself, and so on
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise Invalid("aliases are not read: write it out")
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as e:
        first, *_ = str(e).splitlines() or [""]
        raise Invalid(f"it is not YAML: {first}") from e


@cache
def library() -> tuple[WorkflowTemplate, ...]:
    """The workflows that come along, by group and name."""
    found = []
    for path in sorted(LIBRARY.glob("*/*.yaml")):
        file = imported(path.read_text(encoding="utf-8"))
        found.append(
            WorkflowTemplate(
                path.stem, path.parent.name, file.name, file.description, file.workflow
            )
        )
    return tuple(found)

"""What somebody writes a version of, checked when it is saved and read again when it runs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pagefree.core import parameters
from pagefree.core.errors import Invalid
from pagefree.core.runbook_runs import Bounds, Calendar
from pagefree.core.runbooks import RunClass
from pagefree.infra import json_schema
from pagefree.targets import all_targets
from pagefree.targets.base import Target

Fact = Annotated[
    str,
    Field(
        pattern=r"^(incident\.(number|title|severity|priority|urgency|status|service|team)"
        r"|alert\.(title|severity|dedup_key)|alert\.labels\.[A-Za-z0-9_.:/-]{1,100})$"
    ),
]


class RunbookContent(BaseModel):
    """All that is approved of a runbook."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    description: str = Field("", max_length=10_000)  # Markdown
    run_class: RunClass = RunClass.DIAGNOSTIC
    target: str = Field(max_length=40)  # a kind of target
    content: dict[str, Any] = Field(default_factory=dict)  # as the target's form says
    connection_ids: list[UUID] = Field(min_length=1, max_length=20)
    parameters: dict[str, Any] = Field(default_factory=dict)  # JSON Schema
    bindings: dict[str, Fact] = Field(default_factory=dict, max_length=40)
    timeout_s: int = Field(300, ge=10, le=86_400)
    auto_safe: bool = False
    calendar: Calendar = Calendar.ALWAYS
    most_per_hour: int = Field(6, ge=1, le=1000)
    cool_down_s: int = Field(0, ge=0, le=86_400)
    at_once: int = Field(1, ge=1, le=50)

    @property
    def bounds(self) -> Bounds:
        """How often it may run."""
        cool_down = timedelta(seconds=self.cool_down_s)
        return Bounds(self.most_per_hour, cool_down, self.at_once)


def checked(given: RunbookContent) -> RunbookContent:
    """`given` as it is kept: strict where it was left open. Raises Invalid."""
    target = target_of(given.target)
    if given.auto_safe and given.run_class is RunClass.DESTRUCTIVE:
        raise Invalid("what is destructive never starts by itself")
    schema = parameters.completed(given.parameters)
    json_schema.check(schema)
    unknown = set(given.bindings) - set(schema["properties"])  # type: ignore[call-overload]
    if unknown:
        raise Invalid(f"the binding of {min(unknown)!r} is of no parameter")
    made = _form(target, given.content).model_dump(mode="json")
    ids = sorted(set(given.connection_ids))
    return given.model_copy(
        update={"content": made, "parameters": schema, "connection_ids": ids}
    )


def canonical(content: RunbookContent) -> dict[str, object]:
    """The plain JSON that is hashed and kept."""
    return content.model_dump(mode="json")


def read(kept: Mapping[str, object]) -> RunbookContent:
    """What was kept. Raises Invalid where another release wrote it."""
    try:
        return RunbookContent.model_validate(kept)
    except ValidationError as e:
        raise Invalid(
            "the version was written for another release: save it anew"
        ) from e


def target_content(content: RunbookContent) -> Any:  # noqa: ANN401 - the target's Content
    """What the target is told, in its own form. Raises Invalid."""
    return _form(target_of(content.target), content.content)


def target_of(kind: str) -> Target:
    """The target of this kind. Raises Invalid."""
    target = all_targets().get(kind)
    if target is None:
        raise Invalid(f"there is no target {kind!r}")
    return target


def _form(target: Target, values: Mapping[str, object]) -> BaseModel:
    try:
        return target.Content.model_validate(values)
    except ValidationError as e:
        raise Invalid(problems(e)) from e


def problems(error: ValidationError) -> str:
    """What was wrong, without what was typed in: that may be a secret."""
    return "; ".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
        for one in error.errors(include_input=False)
    )

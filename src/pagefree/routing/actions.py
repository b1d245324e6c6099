"""What a rule does, as it is asked for and kept: JSON with seconds and plain names."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from pagefree.core.alerts import Link, Severity, web_address
from pagefree.core.conditions import FIELDS, LABELS, Comparison, Operator, to_cel
from pagefree.core.routing import Urgency
from pagefree.core.rules import LONGEST_COUNT, MOST_COUNTED, Actions, Count
from pagefree.infra.cel import LONGEST
from pagefree.infra.web import Shape

DAY_S = 86_400
MOST_LABELS = 20


def _web(text: str) -> str:
    if web_address(text) is None:
        raise ValueError("an address begins with https:// or http://")
    return text


Seconds = Annotated[int, Field(ge=1, le=30 * DAY_S)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class RuleLink(Shape):
    """A page worth opening, e.g. a runbook."""

    href: Annotated[str, AfterValidator(_web)]
    text: str = Field("", max_length=200)


class RuleSuppression(Shape):
    """Tell nobody, and why; `for_s` seconds from its opening on, or until it is over."""

    reason: Word
    for_s: Seconds | None = None


class RuleCount(Shape):
    """Tell people when it has fired so many times within a while."""

    times: int = Field(ge=2, le=MOST_COUNTED)
    within_s: int = Field(ge=1, le=int(LONGEST_COUNT.total_seconds()))


class RuleActions(Shape):
    """What a rule does; what is null stays as it is."""

    service_id: UUID | None = None
    severity: Severity | None = None
    priority: Literal["P1", "P2", "P3", "P4", "P5"] | None = None
    urgency: Urgency | None = None
    dedup_key: str | None = Field(None, min_length=1, max_length=LONGEST)  # a template
    labels: dict[Word, Annotated[str, Field(max_length=1000)]] = Field(
        default_factory=dict, max_length=MOST_LABELS
    )
    links: list[RuleLink] = Field(default_factory=list, max_length=MOST_LABELS)
    suppress: RuleSuppression | None = None
    hold_s: Annotated[int, Field(ge=1, le=DAY_S)] | None = None
    count: RuleCount | None = None
    auto_resolve_s: Annotated[int, Field(ge=60, le=30 * DAY_S)] | None = None


class BuilderLine(Shape):
    """One comparison; a label is written `labels.name`."""

    field: str = Field(max_length=300)
    operator: Operator
    values: list[Annotated[str, Field(max_length=500)]] = Field(
        default_factory=list, max_length=50
    )


class Builder(Shape):
    """A condition for people who do not write CEL: every line holds, or any of them."""

    every: bool = True
    lines: list[BuilderLine] = Field(max_length=20)


WITHOUT_VALUE = {Operator.EXISTS, Operator.MISSING}


def problem_of(builder: Builder) -> str | None:
    """What is wrong with a condition that was put together; none: nothing."""
    for line in builder.lines:
        label = line.field.removeprefix(f"{LABELS}.")
        if line.field not in FIELDS and (label == line.field or not label):
            return f"there is no field {line.field!r}"
        if line.operator not in WITHOUT_VALUE and not line.values:
            return f"{line.field} is compared with nothing"
    return None


def condition_of(builder: Builder) -> str:
    """The same in CEL; without a line it is always true."""
    lines = [
        Comparison(line.field, line.operator, tuple(line.values))
        for line in builder.lines
    ]
    return to_cel(lines, every=builder.every)


def core_actions(kept: Mapping[str, object]) -> Actions:
    """What a rule does, in the words of the core."""
    asked = RuleActions.model_validate(kept)
    suppress, count = asked.suppress, asked.count
    return Actions(
        service_id=asked.service_id,
        severity=asked.severity,
        priority=asked.priority,
        urgency=asked.urgency,
        dedup_key=asked.dedup_key,
        labels=asked.labels,
        links=tuple(Link(link.href, link.text) for link in asked.links),
        suppress=suppress.reason if suppress else None,
        suppress_for=_span(suppress.for_s if suppress else None),
        hold=_span(asked.hold_s),
        count=Count(count.times, timedelta(seconds=count.within_s)) if count else None,
        auto_resolve=_span(asked.auto_resolve_s),
    )


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)

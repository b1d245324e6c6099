"""What somebody saves of a postmortem, as it is kept in its versions."""

from collections.abc import Mapping
from datetime import UTC
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic import model_validator as validator

from pagefree.core.postmortem_timelines import Item, ordered
from pagefree.infra.web import Shape

Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)
]
Tag = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)
]


class PostmortemLine(Shape):
    """One line of the story; `event-…` ids are of what PageFree has recorded itself."""

    id: str = Field(pattern=r"^[A-Za-z0-9-]{1,64}$")
    at: Instant
    text: str = Field(max_length=2000)
    incident: int | None = None  # its number
    hidden: bool = False


class PostmortemImpact(Shape):
    """What it amounted to; filled in from the incidents, corrected by people."""

    started_at: Instant
    acknowledged_at: Instant | None = None
    resolved_at: Instant | None = None
    people: list[Annotated[str, Field(max_length=200)]] = Field(
        default_factory=list, max_length=200
    )
    alerts: int = Field(0, ge=0, le=2_000_000_000)
    folded: int = Field(0, ge=0, le=2_000_000_000)
    note: str = Field("", max_length=4000)  # who noticed what

    @validator(mode="after")
    def _in_order(self) -> Self:
        if self.resolved_at is not None and self.resolved_at < self.started_at:
            raise ValueError("it cannot have ended before it began")
        return self


class PostmortemContent(Shape):
    """All that is written together and kept in versions."""

    title: Line
    summary: str = Field("", max_length=4000)
    body: str = Field("", max_length=60_000)  # Markdown
    impact: PostmortemImpact
    timeline: list[PostmortemLine] = Field(default_factory=list, max_length=500)
    tags: list[Tag] = Field(default_factory=list, max_length=20)


def canonical(content: PostmortemContent) -> dict[str, object]:
    """The plain JSON that is compared and kept: the story in the order of time."""
    story = ordered(map(to_core, content.timeline))
    tidy = content.model_copy(
        update={
            "timeline": [PostmortemLine.model_validate(item) for item in story],
            "tags": list(dict.fromkeys(content.tags)),
        }
    )
    return tidy.model_dump(mode="json")


def read(kept: Mapping[str, object]) -> PostmortemContent:
    """What was kept."""
    return PostmortemContent.model_validate(kept)


def to_core(item: PostmortemLine) -> Item:
    """A line in the words of the core."""
    return Item(item.id, item.at, item.text, item.incident, item.hidden)

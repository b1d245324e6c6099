"""Which parts of somebody's JSON are which fields: what people set for one integration."""

from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pagefree.infra.untrusted_json import clean_text
from pagefree.integrations.generic.language import TEMPLATE_LENGTH, compiled

MOST = 20


def _plain(text: str) -> str:
    if clean_text(text) != text:
        raise ValueError("there are characters in it that cannot be stored")
    return text


def _checked(source: str) -> str:
    if source:
        compiled(source)
    return source


Template = Annotated[
    str,
    Field(max_length=TEMPLATE_LENGTH),
    AfterValidator(_plain),
    AfterValidator(_checked),
]
Word = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
Words = Annotated[tuple[Word, ...], Field(max_length=MOST)]


class LinkSettings(BaseModel):
    """A page worth opening."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    href: Template = Field("", title="Address")
    text: Template = Field("", title="Text")


class Settings(BaseModel):
    """Where each field comes from; a field that is left empty is guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    events: Template = Field(
        "",
        title="List of events",
        description="Path of the list, if the body is not itself the event or the list.",
    )
    title: Template = Field("", title="Title")
    body: Template = Field("", title="Text")
    severity: Template = Field("", title="Severity")
    dedup: tuple[Template, ...] = Field(
        (),
        title="Dedup key",
        description="Events for which all of these are the same are the same alert.",
        max_length=MOST,
    )
    status: Template = Field(
        "", title="Status", description="What tells firing from resolved."
    )
    fires: Words = Field((), title="It fires when the status is")
    acknowledges: Words = Field((), title="It is acknowledged when the status is")
    resolves: Words = Field(
        (),
        title="It is resolved when the status is",
        description="Any status that is in none of these lists fires.",
    )
    source_url: Template = Field("", title="Address of the source")
    group_key: Template = Field("", title="Group key")
    episode_at: Template = Field("", title="When the condition began")
    labels: dict[Word, Template] = Field({}, title="Labels", max_length=MOST * 5)
    links: tuple[LinkSettings, ...] = Field((), title="Links", max_length=MOST)

    @model_validator(mode="after")
    def _each_word_says_one_thing(self) -> "Settings":
        words = [
            word.lower() for word in self.fires + self.acknowledges + self.resolves
        ]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"the status {twice[0]!r} is listed twice")
        if words and not self.status:
            raise ValueError("there are words for the status, but no status")
        return self

    @cached_property
    def maps(self) -> bool:
        """Whether anything is set."""
        return bool(self.model_dump(exclude_defaults=True))

"""What people set for the mail of one integration."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pagefree.core.alerts import Severity
from pagefree.infra.patterns import compiled
from pagefree.infra.untrusted_json import clean_text

MOST_DOMAINS = 100
DOMAIN = r"^[A-Za-z0-9.-]+\.?$"


def _checked(pattern: str) -> str:
    if clean_text(pattern) != pattern:
        raise ValueError("there are characters in it that cannot be stored")
    compiled(pattern)
    return pattern


Pattern = Annotated[str, Field(max_length=1000), AfterValidator(_checked)]
Domain = Annotated[
    str, Field(max_length=253, pattern=DOMAIN), AfterValidator(lambda d: d.lower())
]


class Settings(BaseModel):
    """How a mail is understood; everything may be left as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity = Field(Severity.CRITICAL, title="Severity")
    dedup: Pattern = Field(
        "",
        title="Dedup key",
        description="A regular expression: what it finds in the subject makes two mails"
        " the same alert. If it is empty, the whole subject does.",
    )
    ignore: Pattern = Field(
        "",
        title="Leave out of the subject",
        description="A regular expression for what differs from mail to mail, such as"
        " numbers; used where the subject is the dedup key.",
    )
    resolve_subject: Pattern = Field(
        "",
        title="It is over when the subject matches",
        description="A regular expression, e.g. (?i)^(resolved|recovery)",
    )
    resolve_body: Pattern = Field(
        "", title="It is over when the text matches", description="The same."
    )
    senders: Annotated[tuple[Domain, ...], Field(max_length=MOST_DOMAINS)] = Field(
        (),
        title="Domains of senders",
        description="Mail from others is kept, but opens nothing. Senders can be forged:"
        " the address of the integration is the secret.",
    )
    ignore_bulk: bool = Field(
        False,
        title="Ignore bulk mail",
        description="Mail that says `Precedence: bulk` or `list`.",
    )

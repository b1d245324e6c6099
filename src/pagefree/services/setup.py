"""The set-up text of an integration, with what this installation knows filled in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from pagefree.integrations import all_kinds

UNKNOWN_DOMAIN = "<mail domain>"


@dataclass(frozen=True, slots=True)
class Here:
    """How senders reach this installation."""

    address: str
    mail_domain: str | None  # none: it takes in no mail

    def setup(self, kind_name: str, key: str) -> str:
        """What to enter in a tool, as Markdown."""
        kind = all_kinds().get(kind_name)
        if kind is None:
            return "This version of PageFree no longer understands this integration."
        return self.placed(
            kind.readme.replace("{{url}}", self.address + kind.path)
        ).replace("{{key}}", key)

    def placed(self, readme: str) -> str:
        """A set-up text in which only address and key are still to be filled in."""
        return readme.replace("{{mail_domain}}", self.mail_domain or UNKNOWN_DOMAIN)


def _here(request: Request) -> Here:
    state = request.app.state
    return Here(state.base_url, state.mail_domain)


HereNow = Annotated[Here, Depends(_here)]

"""What partners are sent: a link to sign in with, or an invitation."""

from uuid import UUID

from pagefree.channels import letters
from pagefree.channels.letters import Letter, Mail
from pagefree.core.partners import INVITATION_LIFE, LINK_LIFE, LinkKind

MINUTES = int(LINK_LIFE.total_seconds() // 60)
SIGN_IN = (
    "Sign in to your status pages",
    "Somebody, hopefully you, asked to sign in with this address.",
    "Sign in",
    f"It works once, within {MINUTES} minutes. If it was not you, do nothing.",
)
ABOUT = (
    "You can see there how what you use is doing. There is no password: links like this"
    " one are sent to you whenever you want to sign in."
)
DAYS = (
    f"It works once, within {INVITATION_LIFE.days} days."
    " If you did not expect it, do nothing."
)
INVITATION = ("You are invited to status pages", ABOUT, "Accept the invitation", DAYS)


def write(kind: LinkKind, link_id: UUID, to: tuple[str, str], url: str) -> Mail:
    """The mail that brings a link; `to`: address and name."""
    recipient, name = to
    words = INVITATION if kind is LinkKind.INVITATION else SIGN_IN
    title, text, button, small = words
    return letters.write(
        Letter(f"partner-{link_id}", recipient, name, title, text, button, small, url)
    )

"""What followers of pages hold: links that confirm, that change, and where mail bounces to.

What confirms counts once, so its hash is kept until then; nothing is kept of the others.
"""

from uuid import UUID

from pagefree.infra.crypto import Vault
from pagefree.infra.signed_ids import SignedIds

MAILBOX = "status"  # what stands before the plus sign
CONFIRMS = SignedIds("status subscriber confirm {}", one_case=True)
CHANGES = SignedIds("status subscriber change {}", one_case=True)
BOUNCES = SignedIds("status subscriber bounce {}", one_case=True)


def bounce_address(vault: Vault, subscriber_id: UUID, domain: str) -> str:
    """Where a mail to this subscriber comes back to."""
    return f"{MAILBOX}+{BOUNCES.token(vault, subscriber_id)}@{domain}"

"""Ids: UUIDv7, so that they sort by the time they were made (RFC 9562 section 5.7)."""

from uuid import UUID

from uuid_utils import compat


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return compat.uuid7()

"""Runbooks: what a version is, who may approve it, and whether it may run."""

import json
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from pagefree.core.errors import Conflict, Forbidden

APPROVAL_DAYS = 90


class RunClass(StrEnum):
    """How much harm a runbook can do."""

    DIAGNOSTIC = "diagnostic"  # reads only
    REMEDIATION = "remediation"
    DESTRUCTIVE = "destructive"  # cannot be taken back


class VersionState(StrEnum):
    """The life of a version; none goes back to where it was but a review that is withdrawn."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    DEPRECATED = "deprecated"


class Why(StrEnum):
    """Why a version may not run, in the words in which it is refused."""

    NOT_APPROVED = "this version is not approved"
    DEPRECATED = "this version is deprecated"
    CHANGED = "the content is not what was approved"
    EXPIRED = "the approval has expired"
    DEMOTED = "whoever approved it may no longer approve it"
    TOO_FEW = "it has not been approved by enough people"
    MOVED = "the connection has been changed since the approval"


NEXT_STATES: Mapping[VersionState, frozenset[VersionState]] = {
    VersionState.DRAFT: frozenset({VersionState.IN_REVIEW, VersionState.DEPRECATED}),
    VersionState.IN_REVIEW: frozenset(
        {VersionState.DRAFT, VersionState.APPROVED, VersionState.DEPRECATED}
    ),
    VersionState.APPROVED: frozenset({VersionState.DEPRECATED}),
    VersionState.DEPRECATED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version, as far as it is decided upon."""

    content: Mapping[str, object]
    content_hash: str  # as it was stored
    state: VersionState
    run_class: RunClass
    author_id: UUID  # who has written it
    writer_ids: Collection[UUID]  # and what is in it that nobody has approved yet


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes to one content."""

    approver_id: UUID
    content_hash: str
    expires_at: datetime
    connections: Mapping[str, str]  # fingerprints by id, as they were then
    revoked: bool = False


def canonical(content: Mapping[str, object]) -> bytes:
    """`content` written in the one way in which it is hashed: as RFC 8785, for our values.

    Names are sorted, nothing is between the tokens, text is UTF-8, whole numbers have no
    point: what the database gives back is written the same. Raises ValueError for numbers
    that are not finite.
    """
    return json.dumps(
        _plain(content),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    ).encode()


def _plain(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def content_hash(content: Mapping[str, object]) -> str:
    """The name of a content: its SHA-256 in hex."""
    return sha256(canonical(content)).hexdigest()


def moved(state: VersionState, to: VersionState) -> VersionState:
    """The state after it. Raises Conflict where none leads there."""
    if to not in NEXT_STATES[state]:
        raise Conflict(f"a version that is {_words(state)} cannot become {_words(to)}")
    return to


def approvals_needed(run_class: RunClass) -> int:
    """How many people have to agree."""
    return 2 if run_class is RunClass.DESTRUCTIVE else 1


def require_may_approve(
    version: Version, approver_id: UUID, approvals: Sequence[Approval], shown_hash: str
) -> None:
    """Raise Forbidden or Conflict unless this person may approve it, who has the right to.

    `shown_hash` is what the approver was looking at.
    """
    if version.state is not VersionState.IN_REVIEW:
        raise Conflict("only what is in review can be approved")
    if shown_hash != version.content_hash or not is_intact(version):
        raise Conflict("this is not the content that you were shown")
    if approver_id == version.author_id or approver_id in version.writer_ids:
        raise Forbidden("whoever has written a version cannot approve it")
    if any(one.approver_id == approver_id and not one.revoked for one in approvals):
        raise Conflict("you have approved it already")


def is_intact(version: Version) -> bool:
    """Whether the content still is what its hash says."""
    return content_hash(version.content) == version.content_hash


def is_approved(version: Version, approvals: Sequence[Approval], now: datetime) -> bool:
    """Whether enough people agree by now for it to leave review."""
    return len(_agreeing(version, approvals, now)) >= approvals_needed(
        version.run_class
    )


def why_not(
    version: Version,
    approvals: Sequence[Approval],
    entitled: AbstractSet[UUID],
    connection: tuple[str, str],
    now: datetime,
) -> Why | None:
    """Why it may not run through `connection` (id and fingerprint); none: it may.

    `entitled` are those of the approvers who may still approve it.
    """
    if version.state is VersionState.DEPRECATED:
        return Why.DEPRECATED
    if version.state is not VersionState.APPROVED:
        return Why.NOT_APPROVED
    if not is_intact(version):
        return Why.CHANGED
    return _missing(version, approvals, entitled, connection, now)


def _missing(
    version: Version,
    approvals: Sequence[Approval],
    entitled: AbstractSet[UUID],
    connection: tuple[str, str],
    now: datetime,
) -> Why | None:
    needed = approvals_needed(version.run_class)
    own = [one for one in approvals if one.content_hash == version.content_hash]
    if len({one.approver_id for one in own}) < needed:
        return Why.CHANGED if len(own) < len(approvals) else Why.TOO_FEW
    agreeing = _agreeing(version, own, now)
    if len({one.approver_id for one in agreeing}) < needed:
        return Why.EXPIRED
    counting = [one for one in agreeing if one.approver_id in entitled]
    if len({one.approver_id for one in counting}) < needed:
        return Why.DEMOTED
    id_, fingerprint = connection
    saw = [one for one in counting if one.connections.get(id_) == fingerprint]
    return None if len({one.approver_id for one in saw}) >= needed else Why.MOVED


def _agreeing(
    version: Version, approvals: Sequence[Approval], now: datetime
) -> list[Approval]:
    """The approvals of this content that count at `now`: never a writer's own."""
    writers = {version.author_id, *version.writer_ids}
    return [
        one
        for one in approvals
        if one.content_hash == version.content_hash
        and not one.revoked
        and now < one.expires_at
        and one.approver_id not in writers
    ]


def _words(state: VersionState) -> str:
    return state.value.replace("_", " ")

"""The chain of the audit: each entry's hash covers it and all before it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

MOST_FINDINGS = 20
HEAD_NOT_OURS = (
    "audit.head_not_ours"  # noted when a head was found that we did not seal
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place: what it says, and the hash that it was sealed with."""

    seq: int
    content: Mapping[str, object]  # plain JSON
    hash: bytes


@dataclass(frozen=True, slots=True)
class End:
    """One end of the chain: the head, or the anchor behind which entries were cut off."""

    seq: int = 0
    hash: bytes = b""


@dataclass(slots=True)
class Walk:
    """A walk along the chain, from the anchor on; `findings` are sentences for people."""

    at: End
    count: int = 0
    findings: list[str] = field(default_factory=list)

    def over(self, links: Iterable[Link]) -> None:
        """Go on over `links`, which come in the order of their numbers."""
        for link in links:
            self._step(link)

    def end(self, head: End) -> None:
        """Compare where the walk has come to with the head of the chain."""
        if self.at.seq < head.seq:
            self._missing(self.at.seq + 1, head.seq)
        elif self.at.seq > head.seq:
            self._find(f"entries {head.seq + 1} to {self.at.seq} come after the head")
        elif self.at.hash != head.hash:
            self._find(f"the head is not the hash of entry {head.seq}")

    def _step(self, link: Link) -> None:
        follows = link.seq == self.at.seq + 1
        if not follows:
            self._missing(self.at.seq + 1, link.seq - 1)
        elif seal(self.at.hash, link.seq, link.content) != link.hash:
            self._find(f"entry {link.seq} is not what was sealed")
        elif link.content.get("kind") == HEAD_NOT_OURS:
            self._find(f"before entry {link.seq}, somebody else had sealed the chain")
        self.count += 1
        # what was sealed, not what it should be: so only the entry at fault is named
        self.at = End(link.seq, link.hash)

    def _missing(self, first: int, last: int) -> None:
        which = (
            f"entry {first} is" if first == last else f"entries {first} to {last} are"
        )
        self._find(f"{which} missing")

    def _find(self, finding: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


def seal(previous: bytes, seq: int, content: Mapping[str, object]) -> bytes:
    """The hash of an entry that follows the one with the hash `previous`.

    SHA-256 over the hash before it and the canonical JSON of the entry with its number:
    sorted keys, no spaces, UTF-8. Whoever has an export can work it out, too.
    """
    return sha256(previous + canonical({**content, "seq": seq})).digest()


def canonical(content: Mapping[str, object]) -> bytes:
    """The one way to write `content` as JSON."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return text.encode()


def signed(which: str, end: End) -> str:
    """What the installation's key signs of one end of the chain."""
    return f"audit {which} {end.seq} {end.hash.hex()}"

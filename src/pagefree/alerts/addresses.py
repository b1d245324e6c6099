"""Where a request is for: one function from its path to an endpoint and a key."""

from collections.abc import Iterable
from dataclasses import dataclass

from pagefree.integrations.base import Answer, Endpoint, Kind

# Addresses that Grafana OnCall and GoAlert gave out. The key says what kind sends; the
# name in the address, which they chose, does not matter.
ONCALL = "/integrations/v1/"
GOALERT = "/api/v2/"
GOALERT_END = "/incoming"
HEARTBEAT = "/heartbeat"
ONCALL_ANSWER = Answer(200, "Ok.")
GOALERT_ANSWER = Answer(204, None)


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint of a kind, and what it is asked with."""

    kind: str
    endpoint: Endpoint
    methods: frozenset[str]
    is_first: bool  # of its kind: the one in the set-up text


@dataclass(frozen=True, slots=True)
class Target:
    """What a path stands for. Without an address it is the first one of the key's kind."""

    address: Address | None
    key: str | None = None
    rest: str = ""
    answer: Answer | None = None  # instead of the endpoint's

    @property
    def is_beat(self) -> bool:
        """Whether a sender only says that it is there, at an address of Grafana OnCall."""
        return self.address is None and self.rest == HEARTBEAT


class Addresses:
    """Every address that senders use."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._exact: dict[str, Address] = {}
        self._targets: dict[str, Target] = {}  # of those, made once
        self._first: dict[str, Address] = {}
        for kind in kinds:
            for endpoint in kind.integration.endpoints:
                methods = endpoint.methods or kind.integration.methods
                is_first = kind.name not in self._first
                address = Address(kind.name, endpoint, frozenset(methods), is_first)
                self._exact[endpoint.path] = address
                self._targets[endpoint.path] = Target(address)
                self._first.setdefault(kind.name, address)
        self._open_ended = [
            address
            for address in self._exact.values()
            if address.endpoint.rest or not address.endpoint.key_in_path
        ]

    def first(self, kind: str) -> Address | None:
        """The address in the set-up text of a kind."""
        return self._first.get(kind)

    def find(self, path: str) -> Target | None:
        """What `path` stands for; none if it is not for us."""
        target = self._targets.get(path) or _legacy(path)
        if target is not None:
            return target
        start, _, key = path.rpartition("/")
        found = self._exact.get(start)
        if found is not None:
            return _keyed(found, key)
        return self._longer(path)

    def _longer(self, path: str) -> Target | None:
        for address in self._open_ended:
            start = address.endpoint.path + "/"
            if path.startswith(start):
                return _open_ended(address, path[len(start) :])
        if path.endswith("/"):
            start, _, key = path[:-1].rpartition("/")
            found = self._exact.get(start)
            if found is not None and key:
                return _keyed(found, key)
        return None


def _keyed(address: Address, last: str) -> Target | None:
    endpoint = address.endpoint
    if not endpoint.key_in_path:
        return Target(address, rest="/" + last)
    if endpoint.key_in_body:
        return Target(address) if not last else None
    return Target(address, last or None)


def _open_ended(address: Address, after: str) -> Target:
    if not address.endpoint.key_in_path:
        return Target(address, rest="/" + after)
    key, slash, rest = after.partition("/")
    return Target(address, key, slash + rest)


def _legacy(path: str) -> Target | None:
    if path.startswith(ONCALL):
        parts = path[len(ONCALL) :].split("/", 2)
        key = parts[1] if len(parts) > 1 else ""
        rest = "/" + parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 -- type, key, rest
        return Target(None, key, rest.rstrip("/"), ONCALL_ANSWER)
    if path.startswith(GOALERT) and path.endswith(GOALERT_END):
        return Target(None, None, "", GOALERT_ANSWER)
    return None

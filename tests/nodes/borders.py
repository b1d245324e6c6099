"""What lies between a node and all that it speaks to: each of it can be cut off, and comes back.

A network of its own where the machine lets us make one: packets leave for an address that
nobody has, as if a cable were pulled. Else our proxy, which passes nothing on.
"""

import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from tests.chaos.proxy import BOTH, Proxy, Target, Way, Weather, proxy_to

NUMBERS = count(1)
NOWHERE = "02:00:00:00:00:fe"  # nobody has it


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is found from behind the border."""

    host: str
    port: int


class Border(Protocol):
    """One that a node is behind."""

    @property
    def behind(self) -> tuple[str, ...]:
        """What a command begins with that runs there."""
        ...

    @property
    def places(self) -> Mapping[str, Place]:
        """Where each is found."""
        ...

    def cut(self, name: str, ways: frozenset[Way] = BOTH) -> None:
        """Nothing passes in these directions any more, and nobody is told."""
        ...

    def heal(self, name: str) -> None:
        """As before."""
        ...


@dataclass(slots=True)
class Proxies:
    """A border of proxies."""

    proxies: dict[str, Proxy] = field(default_factory=dict)
    behind: tuple[str, ...] = ()

    @property
    def places(self) -> Mapping[str, Place]:
        return {k: Place("127.0.0.1", proxy.port) for k, proxy in self.proxies.items()}

    def cut(self, name: str, ways: frozenset[Way] = BOTH) -> None:
        """See Border."""
        self.proxies[name].change(Weather(lost=ways))

    def heal(self, name: str) -> None:
        """See Border."""
        self.proxies[name].change(Weather())


@dataclass(frozen=True, slots=True)
class Cable:
    """Between the machine and a network of its own on it."""

    number: int
    space: str
    port: int

    @property
    def ends(self) -> tuple[str, str]:
        return f"pfa{self.number}", f"pfb{self.number}"

    @property
    def addresses(self) -> tuple[str, str]:
        net = f"10.213.{self.number % 250}"
        return f"{net}.1", f"{net}.2"

    def lay(self) -> None:
        """Both ends are up, and have their addresses."""
        (near, far), (here, there) = self.ends, self.addresses
        _ip("link", "add", near, "type", "veth", "peer", "name", far)
        _ip("link", "set", far, "netns", self.space)
        _ip("addr", "add", f"{here}/24", "dev", near)
        _ip("link", "set", near, "up")
        self.inside("addr", "add", f"{there}/24", "dev", far)
        self.inside("link", "set", far, "up")

    def inside(self, *words: str) -> str:
        """`ip` on the other side."""
        return _ip("-n", self.space, *words)

    def pull(self, ways: frozenset[Way]) -> None:
        """What leaves for the other end gets nowhere."""
        (near, far), (here, there) = self.ends, self.addresses
        if Way.THERE in ways:
            self.inside(*_neighbour(here, NOWHERE, far))
        if Way.BACK in ways:
            _ip(*_neighbour(there, NOWHERE, near))

    def plug_in(self) -> None:
        """As before."""
        (near, far), (here, there) = self.ends, self.addresses
        with suppress(subprocess.CalledProcessError):
            self.inside("neigh", "del", here, "dev", far)
        with suppress(subprocess.CalledProcessError):
            _ip("neigh", "del", there, "dev", near)


def _neighbour(address: str, is_at: str, device: str) -> tuple[str, ...]:
    at = ("lladdr", is_at, "dev", device, "nud", "permanent")
    return "neigh", "replace", address, *at


@dataclass(slots=True)
class Cables:
    """A border of cables to a network of its own."""

    space: str
    cables: dict[str, Cable] = field(default_factory=dict)

    @property
    def behind(self) -> tuple[str, ...]:
        return "ip", "netns", "exec", self.space

    @property
    def places(self) -> Mapping[str, Place]:
        return {k: Place(one.addresses[0], one.port) for k, one in self.cables.items()}

    def cut(self, name: str, ways: frozenset[Way] = BOTH) -> None:
        """See Border."""
        self.cables[name].pull(ways)

    def heal(self, name: str) -> None:
        """See Border."""
        self.cables[name].plug_in()


@asynccontextmanager
async def proxies(targets: Mapping[str, Target]) -> AsyncIterator[Border]:
    """A border behind which these are found."""
    async with AsyncExitStack() as stack:
        made = Proxies()
        for name, target in targets.items():
            made.proxies[name] = await stack.enter_async_context(proxy_to(target))
        yield made


@asynccontextmanager
async def cables(targets: Mapping[str, Target]) -> AsyncIterator[Border]:
    """A border behind which these are found, and nothing else at all."""
    made = Cables(f"pagefree-{os.getpid()}-{next(NUMBERS)}")
    _ip("netns", "add", made.space)
    async with AsyncExitStack() as stack:
        stack.callback(_ip, "netns", "del", made.space)
        _ip("-n", made.space, "link", "set", "lo", "up")
        for name, target in targets.items():
            cable = Cable(os.getpid() % 1000 * 10 + next(NUMBERS) % 10, made.space, 0)
            cable.lay()
            proxy = await stack.enter_async_context(
                proxy_to(target, cable.addresses[0])
            )
            made.cables[name] = Cable(cable.number, made.space, proxy.port)
        yield made


def may_lay_cables() -> bool:
    """Whether this machine lets us."""
    name = f"pagefree-{os.getpid()}-try"
    try:
        _ip("netns", "add", name)
        _ip("-n", name, "link", "add", "pftry", "type", "veth", "peer", "name", "pfyrt")
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        with suppress(OSError, subprocess.CalledProcessError):
            _ip("netns", "del", name)
    return True


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
    return done.stdout

"""The slots of one channel, and what is leased for those that become free next."""

from collections import deque
from dataclasses import dataclass, field

from pagefree.notifications.handing_over import Assignment

FRESH_S = (
    1.0  # it was looked at so lately that nothing has changed; far below the lease
)
MOST_AHEAD = 200


@dataclass(slots=True)
class Lane:
    """At most `at_once` attempts run; times are those of the event loop."""

    at_once: int
    busy: int = 0
    _ended: int = 0  # since the last claim
    _waiting: deque[tuple[Assignment, float]] = field(default_factory=deque)

    def room(self) -> int:
        """How many to claim now: for the free slots, and for those that will be free soon.

        That is told by how many became free since this was asked before. A channel that
        hangs frees none, so that nothing waits behind what hangs.
        """
        ahead = min(2 * self._ended, MOST_AHEAD)
        self._ended = 0
        return max(0, self.at_once + ahead - self.busy - len(self._waiting))

    def add(self, assignment: Assignment, at_s: float) -> None:
        """Keep it for the next free slot."""
        self._waiting.append((assignment, at_s))

    def begin(self, now_s: float) -> Assignment | None:
        """The next to send, if there is one and a slot for it."""
        if self.busy >= self.at_once or not self._waiting or self._is_stale(now_s):
            return None
        self.busy += 1
        return self._waiting.popleft()[0]

    def end(self) -> None:
        """One slot is free again."""
        self.busy -= 1
        self._ended += 1

    def take_stale(self, now_s: float) -> list[Assignment]:
        """Those that have waited so long that they have to be looked at once more."""
        stale = []
        while self._waiting and self._is_stale(now_s):
            stale.append(self._waiting.popleft()[0])
        return stale

    def _is_stale(self, now_s: float) -> bool:
        return now_s - self._waiting[0][1] > FRESH_S

"""Which part of all services a map shows: those asked for, and their direct neighbours."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pagefree.core.dependencies import graph_of, reversed_graph, upstream
from pagefree.core.routing import Lifecycle
from pagefree.core.services import WORST_FIRST, ServiceKind, ServiceState, worst

HIDDEN = UUID(int=0)  # all services that whoever looks may not see, as one
MOST_SHOWN = 300  # more boxes than that are no picture
Pair = tuple[UUID, UUID]  # a service and one that it depends on


@dataclass(frozen=True, slots=True)
class Spot:
    """One service on the map."""

    id: UUID
    name: str
    team_id: UUID
    team: str
    kind: ServiceKind
    tier: int | None
    lifecycle: Lifecycle
    tags: frozenset[str]
    state: ServiceState


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part to show; nothing set: all that hangs together with something."""

    team_id: UUID | None = None
    tier: int | None = None
    tag: str | None = None
    around: UUID | None = None  # all above and below this one

    @property
    def everything(self) -> bool:
        """Whether nothing is asked for in particular."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """What is drawn. Neighbours are there because something that was asked for touches them."""

    spots: tuple[Spot, ...]
    neighbours: frozenset[UUID]
    pairs: tuple[Pair, ...]  # where `HIDDEN` stands for what is not seen
    alone: int  # asked for, but nothing depends on them and they on nothing
    left_out: int  # more than a map can show


def derived(spots: Iterable[Spot], pairs: Iterable[Pair]) -> list[Spot]:
    """The same, where a business service is as badly off as the worst that it stands on."""
    known = {spot.id: spot for spot in spots}
    graph = graph_of(pairs)

    def settled(spot: Spot) -> Spot:
        if spot.kind is not ServiceKind.BUSINESS:
            return spot
        below = [known[one].state for one in upstream(graph, spot.id) if one in known]
        return replace(spot, state=worst([spot.state, *below]))

    return [settled(spot) for spot in known.values()]


def map_of(
    spots: Sequence[Spot],
    pairs: Sequence[Pair],
    wanted: Wanted,
    most: int = MOST_SHOWN,
) -> ServiceMap:
    """The part of the map that is wanted; archived services are on none."""
    there = {
        spot.id: spot for spot in spots if spot.lifecycle is not Lifecycle.ARCHIVED
    }
    unseen = {one for pair in pairs for one in pair} - {spot.id for spot in spots}
    lines = [pair for pair in pairs if (there.keys() | unseen).issuperset(pair)]
    tied = {one for pair in lines for one in pair}
    asked = {spot.id for spot in there.values() if _fits(spot, wanted)}
    if wanted.around is not None:
        asked &= _around(lines, wanted.around)
    near = {one for pair in lines if asked & set(pair) for one in pair} - asked - unseen
    neighbours = set() if wanted.everything or wanted.around else near
    fitting = [there[one] for one in (asked & tied) | neighbours]
    ties = Counter(one for pair in lines for one in pair)
    drawn = _most_telling(fitting, asked, ties, wanted.around)[:most]
    shown = {spot.id for spot in drawn}
    return ServiceMap(
        tuple(drawn),
        frozenset(neighbours & shown),
        _nameless(lines, shown, unseen),
        len(asked - tied),
        len(fitting) - len(drawn),
    )


def _nameless(
    lines: Iterable[Pair], shown: Collection[UUID], unseen: Collection[UUID]
) -> tuple[Pair, ...]:
    """The lines between what is shown, and to whatever is not seen: that is one box."""

    def named(one: UUID) -> UUID | None:
        return one if one in shown else HIDDEN if one in unseen else None

    told = {
        (named(down), named(up)): None
        for down, up in lines
        if down in shown or up in shown
    }
    return tuple((down, up) for down, up in told if down and up)


def _fits(spot: Spot, wanted: Wanted) -> bool:
    return (
        wanted.team_id in {None, spot.team_id}
        and wanted.tier in {None, spot.tier}
        and (wanted.tag is None or wanted.tag in spot.tags)
    )


def _around(lines: Sequence[Pair], middle: UUID) -> set[UUID]:
    graph = graph_of(lines)
    return {middle, *upstream(graph, middle), *upstream(reversed_graph(graph), middle)}


def _most_telling(
    spots: list[Spot],
    asked: Collection[UUID],
    ties: Mapping[UUID, int],
    middle: UUID | None,
) -> list[Spot]:
    """In the order of drawing: the middle, then what is wrong, then what has most ties."""

    def telling(spot: Spot) -> tuple[bool, bool, int, int, str]:
        return (
            spot.id != middle,
            spot.id not in asked,
            WORST_FIRST.index(spot.state),
            -ties[spot.id],
            spot.name,
        )

    return sorted(spots, key=telling)

"""Which part of all services a map shows."""

from dataclasses import replace
from uuid import UUID, uuid4

from pagefree.core.routing import Lifecycle
from pagefree.core.service_maps import HIDDEN, Spot, Wanted, derived, map_of
from pagefree.core.services import ServiceKind, ServiceState

WEB, OPS = uuid4(), uuid4()


def spot(name: str, team_id: UUID = WEB, tier: int | None = None) -> Spot:
    return Spot(
        id=uuid4(),
        name=name,
        team_id=team_id,
        team="Web",
        kind=ServiceKind.TECHNICAL,
        tier=tier,
        lifecycle=Lifecycle.ACTIVE,
        tags=frozenset({name.lower()}),
        state=ServiceState.QUIET,
    )


SHOP, API = spot("Shop", tier=1), spot("API", tier=2)
DATABASE, LONELY = spot("Database", OPS), spot("Lonely")
ALL = [SHOP, API, DATABASE, LONELY]
PAIRS = [(SHOP.id, API.id), (API.id, DATABASE.id)]


def names(wanted: Wanted, spots: list[Spot] = ALL) -> list[str]:
    return [one.name for one in map_of(spots, PAIRS, wanted).spots]


def test_a_map_shows_what_hangs_together_and_counts_the_others() -> None:
    drawn = map_of(ALL, PAIRS, Wanted())

    assert {one.name for one in drawn.spots} == {"Shop", "API", "Database"}
    assert (drawn.alone, drawn.left_out, drawn.neighbours) == (1, 0, frozenset())
    assert drawn.pairs == tuple(PAIRS)


def test_what_touches_the_services_asked_for_is_shown_beside_them() -> None:
    drawn = map_of(ALL, PAIRS, Wanted(team_id=OPS))

    assert [one.name for one in drawn.spots] == ["Database", "API"]
    assert drawn.neighbours == {API.id}
    assert names(Wanted(tier=1)) == ["Shop", "API"]
    assert names(Wanted(tag="api")) == ["API", "Database", "Shop"]


def test_around_a_service_is_all_above_and_below_it() -> None:
    assert names(Wanted(around=API.id)) == ["API", "Database", "Shop"]
    assert names(Wanted(around=LONELY.id)) == []


def test_all_that_is_not_seen_is_one_box_without_a_name() -> None:
    known = [SHOP, DATABASE, LONELY]  # the API is not for whoever looks
    secret = uuid4()
    pairs = [*PAIRS, (secret, LONELY.id), (API.id, secret)]

    drawn = map_of(known, pairs, Wanted())
    around = map_of(known, pairs, Wanted(around=SHOP.id))

    assert {one.name for one in drawn.spots} == {"Shop", "Database", "Lonely"}
    assert set(drawn.pairs) == {
        (SHOP.id, HIDDEN),
        (HIDDEN, DATABASE.id),
        (HIDDEN, LONELY.id),
    }
    # what hangs together through it does
    assert {one.name for one in around.spots} == {"Shop", "Database", "Lonely"}


def test_archived_services_are_on_no_map() -> None:
    gone = replace(API, lifecycle=Lifecycle.ARCHIVED)

    drawn = map_of([SHOP, gone, DATABASE], PAIRS, Wanted())

    assert (drawn.spots, drawn.pairs, drawn.alone) == ((), (), 2)


def test_what_is_wrong_and_what_has_most_ties_is_drawn_first() -> None:
    burning = replace(DATABASE, state=ServiceState.TRIGGERED)

    drawn = map_of([SHOP, API, burning], PAIRS, Wanted(), most=2)

    assert [one.name for one in drawn.spots] == ["Database", "API"]
    assert (drawn.left_out, drawn.pairs) == (1, ((API.id, DATABASE.id),))


def test_a_business_service_is_as_badly_off_as_the_worst_that_it_stands_on() -> None:
    shop = replace(SHOP, kind=ServiceKind.BUSINESS)
    burning = replace(DATABASE, state=ServiceState.ACKNOWLEDGED)

    found = derived([shop, API, burning], [*PAIRS, (shop.id, uuid4())])

    assert [one.state for one in found] == ["acknowledged", "quiet", "acknowledged"]

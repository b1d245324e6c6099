"""Who is on call: layers over each other, changes, overrides, gaps, and who follows."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from pagefree.core.fairness import Load, loads
from pagefree.core.intervals import Interval
from pagefree.core.layers import Layer
from pagefree.core.restrictions import Restriction, Window
from pagefree.core.rotations import Rotation, Unit
from pagefree.core.schedule_health import Code, Finding, Members, Severity, findings
from pagefree.core.schedules import (
    Gap,
    Plan,
    Standing,
    Version,
    everyone,
    final_shifts,
    holes,
    layer_shifts,
    on_call,
    own_shifts,
    standing,
    upcoming,
)
from pagefree.core.shifts import Override, Shift, clash

ANA, BO, CY, DI = (UUID(int=n) for n in (1, 2, 3, 4))
BASE, TOP = UUID(int=100), UUID(int=101)
COVER = UUID(int=200)
START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GREENWICH = ZoneInfo("UTC")
OFFICE = Restriction((Window(frozenset(range(5)), time(9), time(17)),))


def layer(
    layer_id: UUID,
    *users: UUID | None,
    cut: Restriction | None = None,
    at_once: int = 1,
) -> Layer:
    turns = Rotation(users, START, Unit.DAY, (1,), GREENWICH, at_once)
    return Layer(layer_id, turns, cut)


def plan(*layers: Layer, overrides: tuple[Override, ...] = ()) -> Plan:
    return Plan((Version(START - DAY, layers),), overrides)


TWO = plan(layer(BASE, ANA, BO), layer(TOP, CY, cut=OFFICE))


def test_the_topmost_layer_that_has_somebody_wins() -> None:
    assert on_call(TWO, START) == (ANA,)
    assert on_call(TWO, START + 9 * HOUR) == (CY,)
    assert on_call(TWO, START + 17 * HOUR) == (ANA,)
    assert everyone(TWO, START + 9 * HOUR) == (CY, ANA)
    assert on_call(TWO, START - HOUR) == everyone(TWO, START - HOUR) == ()


def test_nobody_is_on_call_before_the_first_version_and_after_the_end() -> None:
    turns = replace(TWO.versions[0].layers[0].rotation, end=START + HOUR)
    short = plan(Layer(BASE, turns))

    assert on_call(TWO, START - 2 * DAY) == ()
    assert on_call(short, START + HOUR / 2) == (ANA,)
    assert on_call(short, START + HOUR) == ()
    assert on_call(Plan(()), START) == ()


def test_shifts_say_of_which_layer_they_are() -> None:
    found = final_shifts(TWO, START, START + DAY)

    assert found == (
        Shift((ANA,), START, START + 9 * HOUR, BASE),
        Shift((CY,), START + 9 * HOUR, START + 17 * HOUR, TOP),
        Shift((ANA,), START + 17 * HOUR, START + DAY, BASE),
    )
    assert layer_shifts(TWO, START, START + DAY) == {
        BASE: (Shift((ANA,), START, START + DAY, BASE),),
        TOP: (Shift((CY,), START + 9 * HOUR, START + 17 * HOUR, TOP),),
    }


def test_turns_of_one_person_in_a_row_are_one_shift() -> None:
    alone = plan(layer(BASE, ANA))

    assert final_shifts(alone, START, START + 9 * DAY) == (
        Shift((ANA,), START, START + 9 * DAY, BASE),
    )


def test_a_change_holds_from_its_instant_on_and_leaves_the_past() -> None:
    noon = START + DAY / 2
    changed = Plan(
        (*TWO.versions, Version(noon, (layer(TOP, DI), layer(BASE, BO, None))))
    )

    assert on_call(changed, noon - HOUR) == (CY,)
    assert on_call(changed, noon) == (BO,)
    assert on_call(changed, noon + DAY) == (DI,)
    assert [s.people for s in final_shifts(changed, START, noon + DAY)] == [
        (ANA,),
        (CY,),
        (BO,),
        (DI,),
    ]
    assert layer_shifts(changed, START, START + DAY)[TOP] == (
        Shift((CY,), START + 9 * HOUR, noon, TOP),
        Shift((DI,), noon, START + DAY, TOP),
    )


def test_an_override_covers_everybody_or_one_person() -> None:
    hours = (START + 16 * HOUR, START + 20 * HOUR)
    whole = replace(TWO, overrides=(Override(COVER, *hours, DI),))
    one = replace(TWO, overrides=(Override(COVER, *hours, DI, replaces=ANA),))

    assert on_call(whole, hours[0]) == (DI,)
    assert everyone(whole, hours[0]) == (DI, ANA)
    assert on_call(one, hours[0]) == (CY,)
    assert everyone(one, hours[0]) == (CY, DI)
    assert on_call(one, START + 17 * HOUR) == (DI,)
    assert on_call(one, hours[1]) == (ANA,)
    assert Shift((DI,), *hours, None, COVER) in final_shifts(whole, START, START + DAY)
    assert final_shifts(one, START + 17 * HOUR, START + DAY)[0] == Shift(
        (DI,), START + 17 * HOUR, hours[1], BASE, COVER
    )


def test_an_override_of_another_day_is_not_seen() -> None:
    later = Override(COVER, START + 9 * DAY, START + 10 * DAY, DI)
    covered = replace(TWO, overrides=(later,))

    assert on_call(covered, START) == (ANA,)
    assert final_shifts(covered, START, START + DAY) == final_shifts(
        TWO, START, START + DAY
    )


def test_an_override_of_a_layer_leaves_what_is_above_it() -> None:
    hours = (START + 8 * HOUR, START + 10 * HOUR)
    covered = replace(TWO, overrides=(Override(COVER, *hours, DI, layer_id=BASE),))

    assert on_call(covered, hours[0]) == (DI,)
    assert everyone(covered, START + 9 * HOUR) == (CY, DI)
    assert layer_shifts(covered, START, START + DAY)[BASE] == (
        Shift((ANA,), START, hours[0], BASE),
        Shift((DI,), *hours, BASE, COVER),
        Shift((ANA,), hours[1], START + DAY, BASE),
    )


def test_an_override_puts_somebody_on_call_where_nobody_was() -> None:
    empty = plan(
        layer(BASE, None), overrides=(Override(COVER, START, START + HOUR, DI),)
    )

    assert on_call(empty, START) == everyone(empty, START) == (DI,)
    assert final_shifts(empty, START, START + DAY) == (
        Shift((DI,), START, START + HOUR, None, COVER),
    )


def test_whoever_covers_can_be_covered_and_shadows_stay() -> None:
    pair = plan(
        layer(BASE, ANA, BO, at_once=2),
        overrides=(
            Override(UUID(int=1), START, START + DAY, CY, replaces=ANA),
            Override(UUID(int=2), START, START + HOUR, DI, replaces=CY),
            Override(UUID(int=3), START, START + HOUR / 2, BO, replaces=DI),
        ),
    )

    assert on_call(pair, START) == (BO,)
    assert on_call(pair, START + HOUR / 2) == (DI, BO)
    assert on_call(pair, START + HOUR) == (CY, BO)


def test_a_gap_by_design_wins_over_everything_and_is_no_hole() -> None:
    gap = Gap(START + HOUR, START + 2 * HOUR)
    override = Override(COVER, START, START + DAY, DI)
    quiet = replace(TWO, overrides=(override,), gaps=(gap,))
    half = plan(layer(BASE, ANA, None))

    assert on_call(quiet, gap.start) == everyone(quiet, gap.start) == ()
    assert on_call(quiet, gap.end) == (DI,)
    assert holes(quiet, START, START + DAY) == []
    assert holes(half, START, START + 3 * DAY) == [
        Interval(START + DAY, START + 2 * DAY)
    ]


@pytest.mark.parametrize(
    ("made", "new", "clashes"),
    [
        ((0, 2, ANA, None), (1, 3, BO, None), True),
        ((0, 2, ANA, None), (2, 3, BO, None), False),  # they only touch
        ((2, 3, ANA, None), (0, 2, BO, None), False),
        ((0, 2, ANA, BO), (1, 3, CY, BO), True),
        ((0, 2, ANA, BO), (1, 3, CY, DI), False),  # two who are replaced
        ((0, 2, ANA, BO), (1, 3, CY, ANA), False),  # the cover is covered
        ((0, 2, ANA, None), (1, 3, CY, ANA), False),
        ((0, 2, ANA, None), (1, 3, CY, DI), True),
        ((0, 2, ANA, BO), (1, 3, CY, None), True),
    ],
)
def test_overrides_clash_where_one_would_undo_the_other(
    *,
    made: tuple[int, int, UUID, UUID | None],
    new: tuple[int, int, UUID, UUID | None],
    clashes: bool,
) -> None:
    one, other = (
        Override(COVER, START + o[0] * HOUR, START + o[1] * HOUR, o[2], o[3])
        for o in (made, new)
    )

    assert clash(one, other) is clashes
    assert not clash(one, replace(other, layer_id=BASE))


def test_standing_says_until_when_and_who_follows() -> None:
    alone = plan(layer(BASE, ANA))
    half = plan(layer(BASE, ANA, None, BO))

    assert standing(TWO, START) == Standing(
        (ANA,), START + 9 * HOUR, (CY,), START + 9 * HOUR
    )
    assert standing(alone, START) == Standing((ANA,), None)
    assert standing(alone, START - 100 * DAY) == Standing((), START, (ANA,), START)
    assert standing(half, START) == Standing(
        (ANA,), START + DAY, (BO,), START + 2 * DAY
    )
    assert standing(half, START + DAY) == Standing(
        (), START + 2 * DAY, (BO,), START + 2 * DAY
    )
    assert standing(Plan(()), START) == Standing((), None)


def test_standing_knows_an_end_after_which_nobody_follows_and_gaps_by_design() -> None:
    turns = replace(
        TWO.versions[0].layers[0].rotation, end=START + 5 * DAY, users=(ANA,)
    )
    short = plan(Layer(BASE, turns))
    quiet = replace(short, gaps=(Gap(START, START + HOUR),))

    assert standing(short, START) == Standing((ANA,), START + 5 * DAY)
    assert standing(quiet, START).people == ()
    assert standing(quiet, START).by_design
    assert not standing(quiet, START + HOUR).by_design


def test_upcoming_is_the_first_group_with_somebody_new() -> None:
    office = plan(layer(BASE, ANA, BO, cut=OFFICE))

    assert upcoming(TWO, START) == (CY,)
    assert upcoming(office, START + 9 * HOUR) == (BO,)
    assert upcoming(office, START + 18 * HOUR) == (BO,)
    assert upcoming(plan(layer(BASE, ANA)), START) == ()


def test_nobody_follows_where_all_others_are_of_the_past() -> None:
    gone = replace(layer(BASE, BO).rotation, end=START + DAY)
    before = Version(START - DAY, (layer(BASE, ANA, BO),))
    after = Version(START + DAY, (layer(BASE, ANA), Layer(TOP, gone)))
    cover = Override(COVER, START, START + DAY, CY)

    assert upcoming(Plan((before, after), (cover,)), START + DAY) == ()


def test_nobody_follows_out_of_a_layer_that_another_always_covers() -> None:
    assert upcoming(plan(layer(BASE, ANA, BO), layer(TOP, CY)), START) == ()
    assert upcoming(plan(layer(BASE, ANA, BO), layer(TOP, CY, None)), START) == (BO,)
    later = plan(layer(BASE, ANA), layer(TOP, CY))
    assert upcoming(later, START - DAY) == (CY,)


def test_nobody_follows_who_is_on_call_only_after_all_that_can_be_seen() -> None:
    far = START + 500 * DAY
    cover = Override(COVER, far, far + DAY, CY)
    alone = plan(layer(BASE, ANA, cut=OFFICE))

    assert upcoming(replace(alone, overrides=(cover,)), START + 9 * HOUR) == ()
    assert upcoming(alone, START + 9 * HOUR) == ()


def test_own_shifts_are_the_current_and_the_next_one() -> None:
    turns = plan(layer(BASE, ANA, BO, CY))
    noon = START + DAY / 2

    assert own_shifts(turns, ANA, noon) == (
        Interval(START, START + DAY),
        Interval(START + 3 * DAY, START + 4 * DAY),
    )
    assert own_shifts(turns, CY, noon)[0].start == START + 2 * DAY
    assert own_shifts(turns, DI, noon) == ()
    alone = own_shifts(plan(layer(BASE, ANA)), ANA, noon)
    assert [one.start for one in alone] == [START]


def test_loads_count_nights_and_weekends_where_people_live() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # an hour ahead of UTC in winter
    week = Interval(START, START + 7 * DAY)
    shifts = [
        Shift((ANA, BO), START + 21 * HOUR, START + DAY, BASE),
        Shift((ANA,), START + 4 * DAY + 22 * HOUR, START + 5 * DAY + 2 * HOUR, BASE),
    ]

    found = loads(shifts, {ANA: berlin, BO: GREENWICH, CY: berlin}, week)

    assert found[ANA] == Load(total=7 * HOUR, night=7 * HOUR, weekend=3 * HOUR)
    assert found[BO] == Load(total=3 * HOUR, night=2 * HOUR, weekend=0 * HOUR)
    assert found[CY].total == timedelta()


def test_findings_name_the_shifts_of_who_is_away() -> None:
    away = {ANA: [Interval(START + HOUR, START + 2 * HOUR)], BO: []}
    members = Members(all=[ANA], left=set(), unreachable=set(), away=away)

    found = findings(plan(layer(BASE, ANA)), members, START)

    absent = [one for one in found if one.code is Code.AWAY]
    assert absent == [
        Finding(Code.AWAY, START + HOUR, START + 2 * HOUR, user_id=ANA),
    ]


def test_findings_name_gaps_people_and_layers_the_worst_first() -> None:
    gone = layer(BASE, ANA, None)
    hidden = layer(TOP, DI)
    last = layer(UUID(int=102), BO, cut=OFFICE)
    ended = Layer(hidden.id, replace(hidden.rotation, end=START), hidden.restriction)
    members = Members(all=[ANA, BO, CY, DI], left={CY}, unreachable={BO})

    found = findings(plan(gone, ended, last), members, START)

    assert found[0] == Finding(Code.GAP, START + DAY, START + DAY + 9 * HOUR)
    assert found[0].severity is Severity.ERROR
    others = [f for f in found if f.code is not Code.GAP]
    assert others == [
        Finding(Code.UNREACHABLE, user_id=BO),
        Finding(Code.LEFT, user_id=CY),
        Finding(Code.NEVER_ON_CALL, user_id=DI),
        Finding(Code.IDLE_LAYER, layer_id=TOP),
    ]

"""Nothing that is not granted survives the projection, and nothing can be told from it."""

from dataclasses import replace
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pagefree.core import status_facts as facts
from pagefree.core.status_pages import Impact, Stage, State, WorkStatus
from pagefree.core.status_views import (
    PUBLIC,
    Audience,
    IncidentView,
    PageView,
    ToldTo,
    WorkView,
    visible,
)
from tests.core.status_view_strategies import (
    COMPONENTS,
    audiences,
    incidents,
    named,
    pages,
    works,
)


def as_text(view: PageView) -> str:
    return msgspec.json.encode(view).decode()


@given(pages(), audiences)
def test_nothing_ungranted_is_left(view: PageView, audience: Audience) -> None:
    granted = audience.component_ids

    seen = as_text(visible(view, audience))

    for one in COMPONENTS:
        known = any(component.id == one for component in view.components)
        if not known or (granted is not None and one not in granted):
            assert str(one) not in seen
            assert named(one) not in seen
    for group in view.groups:
        inside = [c for c in view.components if c.group_id == group.id]
        if not any(granted is None or c.id in granted for c in inside):
            assert str(group.id) not in seen
    for incident in view.incidents:
        for update in incident.updates:
            if not audience.partner and update.told_to is ToldTo.PARTNERS:
                assert str(update.id) not in seen


def narrowed(view: PageView, audience: Audience) -> tuple[Audience, frozenset[UUID]]:
    """The same audience with only some components granted, and those of the page."""
    granted = audience.component_ids or frozenset(COMPONENTS[:3])
    mine = frozenset(one.id for one in view.components if one.id in granted)
    return Audience(mine, audience.partner), mine


def touches(one: IncidentView | WorkView, granted: frozenset[UUID]) -> bool:
    return any(touched.component_id in granted for touched in one.affected)


@settings(max_examples=50)
@given(pages(), audiences)
def test_what_touches_nothing_granted_is_not_there(
    view: PageView, audience: Audience
) -> None:
    audience, mine = narrowed(view, audience)

    seen = visible(view, audience)

    shown = {*(one.id for one in seen.incidents), *(one.id for one in seen.works)}
    others = [one.id for one in view.incidents if not touches(one, mine)]
    others += [one.id for one in view.works if not touches(one, mine)]
    assert shown.isdisjoint(others)


@given(pages(), audiences)
def test_looking_twice_shows_the_same(view: PageView, audience: Audience) -> None:
    once = visible(view, audience)

    assert visible(once, audience) == once


@settings(max_examples=50)
@given(pages(), audiences, st.data())
def test_nothing_seen_depends_on_what_is_not_granted(
    view: PageView, audience: Audience, data: st.DataObject
) -> None:
    """Change all that is not granted: what is seen stays the same to the last letter."""
    audience, mine = narrowed(view, audience)
    other = replace(
        view,
        components=tuple(
            one
            if one.id in mine
            else replace(one, name="changed", state=State.MAJOR_OUTAGE, days=())
            for one in view.components
            if one.id in mine or data.draw(st.booleans())
        ),
        incidents=(
            *(one for one in view.incidents if touches(one, mine)),
            *(
                one
                for one in data.draw(st.lists(incidents, max_size=2))
                if not touches(one, mine)
            ),
        ),
        works=(
            *(one for one in view.works if touches(one, mine)),
            *(
                one
                for one in data.draw(st.lists(works, max_size=2))
                if not touches(one, mine)
            ),
        ),
    )

    assert visible(other, audience) == visible(view, audience)
    assert facts.page_state(visible(other, audience)) is facts.page_state(
        visible(view, audience)
    )


@given(pages())
def test_the_page_is_as_bad_as_what_is_seen_on_it(view: PageView) -> None:
    seen = visible(view, PUBLIC)
    state = facts.page_state(seen)

    calm = all(one.state is State.OPERATIONAL for one in seen.components)
    told = any(
        facts.is_open(one) and facts.impact(one) is not Impact.NONE
        for one in seen.incidents
    )
    work = bool(facts.under_way(seen))
    assert (state is State.OPERATIONAL) == (calm and not told and not work)


@given(pages())
def test_times_follow_from_what_was_told(view: PageView) -> None:
    for incident in view.incidents:
        over = facts.resolved_at(incident)
        assert (over is None) == facts.is_open(incident)
        watched = facts.monitoring_at(incident)
        stages = [update.status for update in incident.updates]
        assert (watched is None) == (Stage.MONITORING not in stages)
        assert facts.incident_updated_at(incident) <= facts.page_updated_at(view)
    order = facts.upcoming(view), facts.finished(view)
    assert [w.scheduled_for for w in order[0]] == sorted(
        w.scheduled_for for w in order[0]
    )
    assert all(one.status is WorkStatus.SCHEDULED for one in order[0])
    assert len(order[0]) + len(order[1]) + len(facts.under_way(view)) == len(view.works)

"""Any page at all, for properties of what is visible of it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from pagefree.core.status_pages import STATES, Impact, Stage, WorkStatus
from pagefree.core.status_views import (
    Affected,
    Audience,
    ComponentView,
    GroupView,
    IncidentView,
    Look,
    PageView,
    Texts,
    ToldTo,
    UpdateView,
    WorkView,
)
from pagefree.core.uptime import Day

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GROUPS = [UUID(int=100 + n) for n in range(3)]
COMPONENTS = [UUID(int=200 + n) for n in range(6)]
DAY = timedelta(days=1)

states = st.sampled_from(STATES)
instants = st.integers(0, 10_000).map(lambda n: NOW - n * timedelta(minutes=1))
ids = st.uuids()
texts = st.text(alphabet="abcdefgh <>&'\"\n", max_size=20)
affected = st.builds(Affected, st.sampled_from(COMPONENTS), st.just("?"), states)
touched = st.lists(affected, max_size=3, unique_by=lambda one: one.component_id).map(
    tuple
)


def named(id_: UUID) -> str:
    return f"name-{id_.hex[-4:]}"


def with_names(found: tuple[Affected, ...]) -> tuple[Affected, ...]:
    return tuple(
        Affected(one.component_id, named(one.component_id), one.state) for one in found
    )


def updates(status: type[Stage] | type[WorkStatus]) -> st.SearchStrategy[UpdateView]:
    return st.builds(
        UpdateView,
        id=ids,
        status=st.sampled_from(list(status)).map(str),
        body=texts,
        told_to=st.sampled_from(ToldTo),
        quiet=st.booleans(),
        affected=touched.map(with_names),
        created_at=instants,
        updated_at=instants,
        display_at=instants,
    )


def newest_first(found: list[UpdateView]) -> tuple[UpdateView, ...]:
    return tuple(sorted(found, key=lambda one: one.display_at, reverse=True))


incidents = st.builds(
    IncidentView,
    id=ids,
    name=texts,
    chosen_impact=st.none() | st.sampled_from(Impact),
    postmortem_url=st.none() | st.just("https://example.org/report"),
    affected=touched.map(with_names),
    updates=st.lists(updates(Stage), min_size=1, max_size=3).map(newest_first),
    started_at=instants,
    created_at=instants,
)
works = st.builds(
    WorkView,
    id=ids,
    name=texts,
    body=texts,
    status=st.sampled_from(WorkStatus),
    affected=touched.map(with_names),
    updates=st.lists(updates(WorkStatus), max_size=2).map(newest_first),
    scheduled_for=instants,
    scheduled_until=instants.map(lambda at: at + 10 * DAY),
    started_at=st.none() | instants,
    completed_at=st.none() | instants,
    sequence=st.integers(0, 9),
    created_at=instants,
    updated_at=instants,
)
bars = st.builds(
    Day,
    on=st.just(date(2026, 3, 1)),
    worst=states,
    down=st.integers(0, 86_400).map(lambda s: timedelta(seconds=s)),
    known=st.just(DAY),
)


@st.composite
def pages(draw: st.DrawFn) -> PageView:
    chosen = draw(st.lists(st.sampled_from(COMPONENTS), unique=True))
    groups = draw(st.lists(st.sampled_from(GROUPS), unique=True))
    components = tuple(
        ComponentView(
            id=one,
            group_id=draw(st.sampled_from([None, *groups])),
            name=named(one),
            description=draw(texts),
            position=place,
            state=draw(states),
            showcase=draw(st.booleans()),
            only_show_if_degraded=draw(st.booleans()),
            started_on=None,
            created_at=draw(instants),
            updated_at=draw(instants),
            days=tuple(draw(st.lists(bars, max_size=2))),
        )
        for place, one in enumerate(chosen, 1)
    )
    return PageView(
        id=UUID(int=1),
        url="https://status.example.org",
        texts=(Texts("en", "Page"),),
        time_zone="UTC",
        look=Look(),
        support_url=None,
        changed_at=NOW - 20 * DAY,
        rendered_at=NOW,
        groups=tuple(
            GroupView(one, named(one), "", place, draw(st.booleans()), NOW, NOW)
            for place, one in enumerate(groups, 1)
        ),
        components=components,
        incidents=tuple(draw(st.lists(incidents, max_size=3))),
        works=tuple(draw(st.lists(works, max_size=2))),
    )


audiences = st.builds(
    Audience, st.none() | st.frozensets(st.sampled_from(COMPONENTS)), st.booleans()
)

"""Status pages in a list, each with what is going on there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.status_pages import State, worst
from pagefree.infra.db import Tx
from pagefree.status_pages import listing_queries, queries
from pagefree.status_pages.queries import Page


@dataclass(frozen=True, slots=True)
class Summary:
    """A page, how it is, and how much is going on."""

    page: Page
    state: State
    open_incidents: int
    planned_works: int


async def summaries(
    tx: Tx, team_id: UUID | None, before: UUID | None, limit: int
) -> list[Summary]:
    """Newest first; of one team, or all."""
    pages = await queries.list_pages(tx, team_id, before, limit)
    ids = [page.id for page in pages]
    states = await listing_queries.component_states_of(tx, ids)
    incidents = await listing_queries.count_open_incidents(tx, ids)
    works = await listing_queries.count_planned_works(tx, ids)
    return [
        Summary(
            page,
            worst(states.get(page.id, ())),
            incidents.get(page.id, 0),
            works.get(page.id, 0),
        )
        for page in pages
    ]


async def next_changes(tx: Tx, page_id: UUID, now: datetime) -> list[datetime]:
    """When something on the page ends by itself."""
    return await listing_queries.list_override_ends(tx, page_id, now)

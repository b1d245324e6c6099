"""The partner of the demo: an agency that sees two lines of the status page."""

from datetime import datetime, timedelta

from pagefree.core.access import Actor
from pagefree.infra.db import Tx
from pagefree.partners import requests, service
from pagefree.partners.link_queries import Caller, NewRequest
from pagefree.partners.queries import NewPartner
from pagefree.partners.service import Granted
from pagefree.status_pages import queries

PAGE = "example"  # its slug
SEEN = {"Web shop", "Checkout"}
YEAR = timedelta(days=365)


async def load(tx: Tx, actor: Actor, now: datetime) -> None:
    """Add the partner, and somebody who asks to be one."""
    page = await queries.page_of_slug(tx, PAGE)
    if page is None:
        return
    new = NewPartner(
        "noor@agency.example",
        "Noor Haddad",
        "Bright Pixel Agency",
        "They build the shop's campaigns, and need to know when it is slow.",
        actor.user_id,
        now + YEAR,
    )
    partner = await service.add_partner(tx, new, actor, now)
    lines = await queries.list_components(tx, page.id)
    seen = frozenset(one.id for one in lines if one.name in SEEN)
    granted = Granted(seen, partner_updates=True)
    await service.grant(tx, partner.id, page.id, granted, actor, now)
    asking = NewRequest(
        "lea@courier.example",
        "Lea Fontaine",
        "Swift Courier",
        "We print your labels and would like to see how the API is doing.",
        Caller("203.0.113.40", "Mozilla/5.0"),
    )
    await requests.ask(tx, asking, now)

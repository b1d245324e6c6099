"""Telling people about shifts: through their own channels, in their own zones and languages."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.accounts import service as accounts
from pagefree.core.intervals import Interval
from pagefree.core.words import DEFAULT, words_in
from pagefree.core.words.tables import NoticeWords
from pagefree.infra.db import Tx
from pagefree.schedules import notice_queries


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom something is said to."""

    words: NoticeWords
    zone: ZoneInfo

    def span(self, shift: Interval) -> str:
        """The shift as they say it."""
        start, end = shift.start.astimezone(self.zone), shift.end.astimezone(self.zone)
        at, same_day = self.words.at, end.date() == start.date()
        until = f"{end:%H:%M}" if same_day else at(end)
        return self.words.span.format(start=at(start), end=until, zone=self.zone.key)


Said = Callable[[Listener], str]


async def tell(tx: Tx, user_ids: Collection[UUID], said: Said, now: datetime) -> None:
    """Have these people told once the transaction commits; never whoever has left."""
    people = await accounts.colleagues(tx, user_ids)
    languages = await notice_queries.list_languages(tx, people.keys())
    texts = [
        (
            person.id,
            said(_listener(languages.get(person.id, DEFAULT), person.time_zone)),
        )
        for person in people.values()
        if person.active
    ]
    await notice_queries.insert(tx, texts, now)


def _listener(language: str, zone: str) -> Listener:
    return Listener(words_in(language).notices, ZoneInfo(zone))

"""Everything that PageFree says to people outside the web app: one table for each language.

What an alert brings stays as it is, and so do the words that people answer with.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PageWords:
    """The page behind the link of a message."""

    moment: str  # {time} {day} {month} {date}
    nobody_has_it: str
    got_it: str
    has_it_already: str
    other_has_it: str  # {who}
    over: str
    since: str  # {at}
    nobody_else: str
    acknowledged: str  # {at}
    nothing_to_do: str
    part_of: str  # followed by the number of an incident
    resolved: str  # {at}
    resolved_by: str  # {who} {at}
    open_incident: str
    open_app: str
    yours: str  # the title where there are several
    got_one: str
    got_many: str  # {count}
    nobody_has_one: str
    nobody_has_many: str
    all_taken: str
    paged_one: str
    paged_many: str  # {count}
    take_one: str
    take_many: str  # {count}

    def at(self, moment: datetime) -> str:
        """An instant, as people read it."""
        return self.moment.format(
            time=f"{moment:%H:%M}",
            day=moment.day,
            month=f"{moment:%B}",
            date=f"{moment:%d.%m.%Y}",
        )


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """What comes of an answer or a command; whoever is not known reads English."""

    help: str
    nothing: str
    acknowledged: str  # {number}
    resolved: str  # {number}
    passed_on: str  # {number}
    many: str  # {count} {first}
    linked: str
    over: str  # {number}
    merged: str  # {number}
    may_not: str  # {number}
    may_not_that: str
    how_to_page: str
    say_what: str
    paged: str  # {number} {name}
    unknown: str
    names_nothing: str  # {text}
    several: str  # {names}
    which_service: str  # {name}
    of_team: str  # {names}
    no_schedule: str
    nobody: str
    somebody: str
    service: str
    user: str
    schedule: str
    team: str


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What people need not react to: shifts, and what is wrong with reaching somebody."""

    days: str
    moment: str  # {day} {at}
    span: str  # {start} {end} {zone}
    upcoming: str  # {schedule} {when}
    started: str  # {schedule} {when}
    ended: str  # {schedule}
    cover_asked: str  # {name} {schedule} {when}
    covers_you: str  # {name} {schedule} {when}
    nobody_covers: str  # {schedule} {when}
    swap_offered: str  # {name} {schedule} {when}
    swap_offered_for: str  # {name} {schedule} {when} {wanted}
    swap_accepted: str  # {name} {schedule} {when}
    swap_declined: str  # {name} {schedule} {when}
    swap_withdrawn: str  # {name} {schedule} {when}
    swap_unanswered: str  # {schedule} {when}
    refuses: str  # {channel} {error}
    partner_asks: str  # {email}
    room_dead: str  # {name} {reason}
    room_off: str
    room_not_set_up: str
    room_unproven: str
    room_failed: str
    unproven: str  # {name} {when}

    def at(self, moment: datetime) -> str:
        """An instant on the clocks that it was given in."""
        day = self.days.split()[moment.weekday()]
        return self.moment.format(day=day, at=moment)


@dataclass(frozen=True, slots=True)
class DigestWords:
    """The mail about one's week, and the page that ends it."""

    title: str  # {told}
    no_pages: str
    one_page: str
    pages: str  # {count}
    comes: str
    to_end: str  # {url}
    end: str
    open_app: str
    last_week: str
    nothing: str
    acknowledged: str  # {count}
    night: str  # {count}
    weekend: str  # {count}
    workday: str  # {count}
    next_week: str
    shift: str  # {schedule} {start} {end}
    reach: str
    unreachable: str
    unproven: str  # {way}
    team: str  # {name}
    not_reachable: str  # {name}
    on_call: str  # {schedule} {names}
    nobody: str
    installation: str
    name: str
    other: str
    ended: str
    back: str


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The mail with figures of a week or month, and the page that ends it."""

    title: str  # {name} {start} {end}
    everything: str
    incidents: str
    high: str
    acknowledged: str
    to_acknowledge: str
    to_resolve: str
    escalated: str
    unanswered: str
    reopened: str
    before: str  # {figure}, of the period before
    services: str
    alerts: str
    nothing: str
    see: str
    comes: str  # {name}
    name: str
    ended: str
    back: str


@dataclass(frozen=True, slots=True)
class Words:
    """All of one language; what stands here itself is said by messages and calls."""

    language: str
    voice: str  # as Twilio calls it
    menu: str
    test: str
    code: str  # {code}
    critical: str
    incident: str  # {number} {title} {service}
    nobody_answered: str
    nobody_reached: str
    more: str  # {count}
    code_line: str  # {code}, first: phones offer to fill it in
    test_line: str
    incidents: str  # {count}
    and_more: str  # {count}
    answer: str  # {code}
    reply: str  # under a mail
    acknowledge: str
    acknowledge_all: str
    resolve: str
    open: str
    escalate: str
    # why somebody is told
    why_you: str
    why_here: str
    room: str
    on_call: str
    last_resort: str
    helper: str
    for_team: str
    # the facts
    name: str
    service: str
    severity: str
    since: str
    others: str
    # what has become of it
    acknowledged: str
    resolved: str
    snoozed: str
    merged: str
    passed_on: str
    all_resolved: str
    all_taken: str
    by: str  # {what} {name}
    push_works: str
    code_about: str  # {code}
    room_code_about: str  # {code}
    hello: str  # {name}
    reached: str
    room_line: str
    pages: PageWords
    answers: AnswerWords
    notices: NoticeWords
    digest: DigestWords
    report: ReportWords

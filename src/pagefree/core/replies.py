"""What people answer: which word means what, and which incident they mean."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from uuid import UUID

CODES = 99  # the longest that is still quick to type is two digits
EVERYTHING = "all"
# the whole of it: a sentence that begins with one of the words is no order
WORDS = re.compile(r"[\W_]*([a-z]+)[\W_]*(?:([0-9]{1,6})|(all))?[\W_]*")
LONGEST = 100  # characters of an answer; more is no answer but a letter
QUOTE = ">"
VERBS = {
    "ack": "acknowledge",
    "acknowledge": "acknowledge",
    "ok": "acknowledge",
    "yes": "acknowledge",
    "res": "resolve",
    "resolve": "resolve",
    "resolved": "resolve",
    "fixed": "resolve",
    "esc": "escalate",
    "escalate": "escalate",
    "next": "escalate",
}


class Verb(StrEnum):
    """What somebody wants to be done."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    ESCALATE = "escalate"
    NONE = "none"  # nothing that is understood


@dataclass(frozen=True, slots=True)
class Wish:
    """An answer as it is understood."""

    verb: Verb
    code: str | None = None  # "3", "all"; none: the newest


def read(text: str) -> Wish:
    """`ack`, `Ack 3`, `res3`, `ack all`: what phones and people make of it.

    Anything else means nothing: a thank-you never resolves an incident.
    """
    found = WORDS.fullmatch(text.strip().lower()[: LONGEST + 1])
    if found is None:
        return Wish(Verb.NONE)
    word, code, everything = found.groups()
    verb = VERBS.get(word)
    if verb is None:
        return Wish(Verb.NONE)
    return Wish(Verb(verb), everything or (str(int(code)) if code else None))


def own_line(text: str) -> str:
    """The first line of a mail that its writer has written; "" where all of it is quoted.

    The line that says who wrote what is quoted belongs to the quotation.
    """
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        introduces = line.endswith(":") and following.startswith(QUOTE)
        if not line.startswith(QUOTE) and not introduces:
            return line
    return ""


@dataclass(frozen=True, slots=True)
class Told:
    """An incident that is not over and that a person was told of."""

    incident_id: UUID
    number: int
    code: int | None  # this person's, if they were given one
    at: datetime  # when they were told last


def meant(code: str | None, told: Sequence[Told]) -> tuple[UUID, ...]:
    """The incidents that an answer is about; none: there is nothing like it.

    A number is the short code of the person, else the number of the incident itself.
    """
    if code is None:
        newest = max(told, key=lambda one: (one.at, one.number), default=None)
        return (newest.incident_id,) if newest else ()
    if code == EVERYTHING:
        return tuple(one.incident_id for one in told)
    by_code = [one.incident_id for one in told if str(one.code) == code]
    by_number = [one.incident_id for one in told if str(one.number) == code]
    return tuple((by_code or by_number)[:1])


@dataclass(frozen=True, slots=True)
class Given:
    """A short code that a person has for an incident."""

    code: int
    incident_id: UUID
    over: bool  # the incident
    at: datetime


def code_for(incident_id: UUID, given: Iterable[Given]) -> int | None:
    """The short code of this person for an incident: the one it has, or the lowest free.

    Codes of what is over are given again, the oldest last used first; none: all are taken.
    """
    given = list(given)
    for one in given:
        if one.incident_id == incident_id:
            return one.code
    return _free({one.code for one in given}, given)


def _free(taken: Collection[int], given: Iterable[Given]) -> int | None:
    never = next((code for code in range(1, CODES + 1) if code not in taken), None)
    reusable = sorted((one for one in given if one.over), key=lambda one: one.at)
    if never is not None and (never <= 9 or not reusable):  # noqa: PLR2004 - one digit
        return never
    return reusable[0].code if reusable else never

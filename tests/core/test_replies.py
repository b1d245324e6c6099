"""What people answer, and which incident they mean."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.replies import (
    CODES,
    Given,
    Told,
    Verb,
    Wish,
    code_for,
    meant,
    own_line,
    read,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
A, B, C = (UUID(int=n) for n in (1, 2, 3))
ACK, RES, ESC = Verb.ACKNOWLEDGE, Verb.RESOLVE, Verb.ESCALATE


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("ack", Wish(ACK)),
        ("  ACK  ", Wish(ACK)),
        ("Ack.", Wish(ACK)),
        ("ack 3", Wish(ACK, "3")),
        ("Ack3", Wish(ACK, "3")),
        ("ack #03", Wish(ACK, "3")),
        ("ack: all", Wish(ACK, "all")),
        ("res 12", Wish(RES, "12")),
        ("Resolve", Wish(RES)),
        ("esc", Wish(ESC)),
        ("\u201cack 3\u201d", Wish(ACK, "3")),
        ("", Wish(Verb.NONE)),
        ("3", Wish(Verb.NONE)),
        ("stop", Wish(Verb.NONE)),
        ("thanks, resolved", Wish(Verb.NONE)),
        ("acknowledgement received", Wish(Verb.NONE)),
    ],
    ids=range(16),
)
def test_an_answer_is_read_as_phones_write_it(text: str, wish: Wish) -> None:
    assert read(text) == wish


@given(st.text(max_size=200))
def test_any_text_means_something_or_nothing(text: str) -> None:
    wish = read(text)

    assert wish.code is None or wish.code == "all" or wish.code.isdecimal()


@given(
    st.sampled_from(["ack", "ACK", "Acknowledge", "ok"]),
    st.sampled_from(["", " ", ": ", " #", "_", ", "]),
    st.integers(0, 999_999) | st.just("all") | st.none(),
    st.sampled_from(["", ".", "!", " \U0001f44d", "\u201d", "\n"]),
)
def test_what_phones_add_to_an_answer_changes_nothing(
    word: str, between: str, code: int | str | None, end: str
) -> None:
    text = f"{word}{between or ' '}{'' if code is None else code}{end}"

    assert read(text) == Wish(ACK, None if code is None else str(code))


@given(st.sampled_from(["resolve", "ack", "next", "ok"]), st.from_regex("[a-z]{4,}"))
def test_a_sentence_is_no_order_however_it_begins(word: str, more: str) -> None:
    assert read(f"{word} the {more}").verb is Verb.NONE


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("  \n\n ack \nthanks", "ack"),
        ("> res\n>> ack", ""),
        ("Bo wrote:\n> res\n\nack", "ack"),
        ("Note:\nres", "Note:"),
        ("Bo wrote:", "Bo wrote:"),
    ],
    ids=range(6),
)
def test_the_first_line_of_ones_own_is_found(text: str, line: str) -> None:
    assert own_line(text) == line


@given(st.text())
def test_ones_own_line_is_one_of_the_lines(text: str) -> None:
    line = own_line(text)

    assert not line.startswith(">")
    assert line in {one.strip() for one in text.splitlines()} | {""}


def told(incident: UUID, number: int, code: int | None, minute: int) -> Told:
    return Told(incident, number, code, NOW + timedelta(minutes=minute))


TOLD = [told(A, 101, 1, 5), told(B, 102, 2, 3), told(C, 2, None, 1)]


@pytest.mark.parametrize(
    ("code", "incidents"),
    [
        (None, (A,)),
        ("all", (A, B, C)),
        ("2", (B,)),  # the person's own code wins over the number of the incident
        ("101", (A,)),
        ("9", ()),
    ],
)
def test_a_code_means_an_incident(code: str | None, incidents: tuple[UUID]) -> None:
    assert meant(code, TOLD) == incidents


def test_nothing_is_meant_where_nothing_was_told() -> None:
    assert meant(None, []) == ()


def held(code: int, incident: UUID, *, over: bool = False, minute: int = 0) -> Given:
    return Given(code, incident, over, NOW + timedelta(minutes=minute))


def test_an_incident_keeps_its_code() -> None:
    assert code_for(B, [held(1, A), held(2, B)]) == 2


def test_the_lowest_free_code_is_given() -> None:
    assert code_for(C, [held(1, A), held(3, B)]) == 2


def test_a_code_of_one_digit_is_used_again_rather_than_two_given() -> None:
    taken = [
        held(n, UUID(int=100 + n), over=n in {4, 6}, minute=-n) for n in range(1, 10)
    ]

    assert code_for(A, taken) == 6


def test_where_all_codes_are_in_use_none_is_given() -> None:
    taken = [held(n, UUID(int=100 + n)) for n in range(1, CODES + 1)]

    assert code_for(A, taken) is None
    assert code_for(A, taken[:50]) == 51
    assert code_for(A, [*taken[:-1], held(CODES, B, over=True)]) == CODES

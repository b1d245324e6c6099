"""Signed ids: read back by this installation only, and in one spelling only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.infra.crypto import Vault
from pagefree.infra.ids import new_id
from pagefree.infra.signed_ids import SignedIds

VAULT = Vault("a secret key that is only for tests")
LINK = SignedIds("end {} for {}")
ADDRESS = SignedIds("answer {}", one_case=True)


def test_a_secret_says_which_rows_it_is_for() -> None:
    one, other = new_id(), new_id()
    assert LINK.read(VAULT, LINK.token(VAULT, one, other)) == (one, other)
    assert ADDRESS.read_one(VAULT, ADDRESS.token(VAULT, one)) == one


def test_the_case_of_an_address_does_not_matter() -> None:
    one = new_id()
    token = ADDRESS.token(VAULT, one)
    assert token == token.lower()
    assert ADDRESS.read_one(VAULT, token.upper()) == one


def test_a_key_that_was_replaced_is_still_read() -> None:
    one = new_id()
    token = ADDRESS.token(VAULT, one)
    after = Vault("another secret key for tests", "a secret key that is only for tests")
    assert ADDRESS.read_one(after, token) == one
    assert ADDRESS.read_one(Vault("another secret key for tests"), token) is None


def test_a_secret_of_one_kind_is_none_of_another() -> None:
    one = new_id()
    token = ADDRESS.token(VAULT, one)
    assert SignedIds("bounce {}", one_case=True).read(VAULT, token) is None
    assert LINK.read(VAULT, token) is None


@pytest.mark.parametrize("kind", [LINK, ADDRESS], ids=["link", "address"])
@given(place=st.integers(0, 200), letter=st.characters(codec="utf-8"))
def test_no_letter_can_be_changed(kind: SignedIds, place: int, letter: str) -> None:
    ids = [new_id() for _ in range(kind.purpose.count("{}"))]
    token = kind.token(VAULT, *ids)
    at = place % len(token)
    other = token[:at] + letter + token[at + 1 :]
    same = (other.lower() if kind.one_case and other.isascii() else other) == token
    assert (kind.read(VAULT, other) is not None) == same


@pytest.mark.parametrize("token", ["", "=", "x", "é", "\x00" * 51, "a" * 5000])
def test_rubbish_is_no_secret(token: str) -> None:
    assert LINK.read(VAULT, token) is None
    assert ADDRESS.read(VAULT, token) is None

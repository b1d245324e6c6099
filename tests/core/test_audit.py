from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.audit import (
    HEAD_NOT_OURS,
    MOST_FINDINGS,
    End,
    Link,
    Walk,
    seal,
    signed,
)

texts = st.lists(st.text(max_size=5), min_size=1, max_size=8)


def chain(words: list[str]) -> list[Link]:
    links, previous = [], b""
    for seq, word in enumerate(words, 1):
        content = {"kind": "test", "word": word}
        previous = seal(previous, seq, content)
        links.append(Link(seq, content, previous))
    return links


def findings(links: list[Link], head: End) -> list[str]:
    walk = Walk(End())
    walk.over(links)
    walk.end(head)
    return walk.findings


def end(links: list[Link]) -> End:
    return End(links[-1].seq, links[-1].hash)


@given(texts)
def test_an_untouched_chain_is_sound(words: list[str]) -> None:
    links = chain(words)
    assert findings(links, end(links)) == []


@given(texts, st.data())
def test_one_altered_entry_is_the_only_one_that_is_named(
    words: list[str], data: st.DataObject
) -> None:
    links = chain(words)
    at = data.draw(st.integers(0, len(links) - 1))
    link = links[at]
    altered = Link(link.seq, {**link.content, "word": "other words"}, link.hash)

    found = findings([*links[:at], altered, *links[at + 1 :]], end(links))
    assert found == [f"entry {link.seq} is not what was sealed"]


@given(texts, st.data())
def test_missing_entries_are_named(words: list[str], data: st.DataObject) -> None:
    links = chain(words)
    at = data.draw(st.integers(0, len(links) - 1))

    found = findings([*links[:at], *links[at + 1 :]], end(links))
    assert found == [f"entry {at + 1} is missing"]


def test_several_missing_entries_are_one_finding() -> None:
    links = chain(["a", "b", "c", "d"])
    assert findings([links[0], links[3]], end(links)) == ["entries 2 to 3 are missing"]


def test_entries_after_the_head_are_named() -> None:
    links = chain(["a", "b"])
    found = findings(links, End(1, links[0].hash))
    assert found == ["entries 2 to 2 come after the head"]


def test_a_head_with_another_hash_is_named() -> None:
    links = chain(["a"])
    assert findings(links, End(1, b"x")) == ["the head is not the hash of entry 1"]


def test_a_walk_may_begin_at_an_anchor() -> None:
    links = chain(["a", "b", "c"])
    walk = Walk(End(1, links[0].hash))
    walk.over(links[1:])
    walk.end(end(links))
    assert (walk.findings, walk.count) == ([], 2)


def test_word_of_a_foreign_head_is_a_finding() -> None:
    content = {"kind": HEAD_NOT_OURS}
    link = Link(1, content, seal(b"", 1, content))
    found = findings([link], end([link]))
    assert found == ["before entry 1, somebody else had sealed the chain"]


def test_not_everything_is_listed() -> None:
    links = chain([str(n) for n in range(3 * MOST_FINDINGS)])
    broken = [Link(one.seq, {"word": "x"}, one.hash) for one in links]
    assert len(findings(broken, end(links))) == MOST_FINDINGS


def test_what_is_signed_names_the_end_and_its_hash() -> None:
    assert signed("head", End(7, b"\xab\xcd")) == "audit head 7 abcd"

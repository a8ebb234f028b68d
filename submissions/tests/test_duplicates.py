"""Papers that may be the same work are paired, whoever wrote them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from submissions.duplicates import Document, find_pairs

TEXT = (
    "We train a network on optical and radar scenes of three continents and show that it maps flooded fields better "
    "than models which see only one kind of image, also where clouds hide most of the ground for weeks."
)
OTHER = (
    "Counting trees from aerial photographs is slow work for people. Our detector counts the crowns of a whole city in "
    "a day, and its errors are smaller than the differences between two foresters who count the same street."
)


def doc(key: int, title: str, text: str = "", *digests: str) -> Document:
    return Document(key, title, text, frozenset(digests))


def keys(*documents: Document) -> list[tuple[int, int]]:
    return [(pair.first, pair.second) for pair in find_pairs(documents)]


def test_a_title_with_a_word_changed_is_alike():
    assert keys(doc(1, "Mapping floods with radar images"), doc(2, "Mapping flood with radar imagery")) == [(1, 2)]


def test_a_text_with_a_sentence_changed_is_alike():
    changed = TEXT.replace("three continents", "two large countries")
    assert keys(doc(1, "Floods", TEXT), doc(2, "Something else", changed)) == [(1, 2)]


def test_works_on_other_things_are_not():
    assert keys(doc(1, "Mapping floods with radar", TEXT), doc(2, "Counting trees in cities", OTHER)) == []


def test_the_same_file_is_enough():
    (pair,) = find_pairs([doc(1, "Floods", TEXT, "a" * 64), doc(2, "Trees", OTHER, "a" * 64)])
    assert pair.same_file
    assert (pair.titles, pair.texts) == (0, 0)


def test_the_likeliest_pair_comes_first():
    documents = [doc(1, "Mapping floods", TEXT), doc(2, "Mapping floods", TEXT, "f"), doc(3, "Mapping flood", "", "f")]
    pairs = find_pairs(documents)
    assert [pair.weight for pair in pairs] == sorted((pair.weight for pair in pairs), reverse=True)


def test_empty_and_very_short_texts_are_alike_to_nothing():
    assert keys(doc(1, ""), doc(2, ""), doc(3, "?!", "a b"), doc(4, "a", "a b")) == []


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=200)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_texts_give_pairs_of_two_different_documents_once(texts):
    pairs = find_pairs([doc(number, title, text) for number, (title, text) in enumerate(texts)])
    assert all(pair.first < pair.second for pair in pairs)
    assert len({(pair.first, pair.second) for pair in pairs}) == len(pairs)
    assert all(0 <= value <= 1.001 for pair in pairs for value in (pair.titles, pair.texts))

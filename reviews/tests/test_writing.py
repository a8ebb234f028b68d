"""The engines that help to write a review: offline form, hints, names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.writing import offline
from reviews.writing.hints import hints
from reviews.writing.naming import Names

QUESTIONS = [
    offline.Question("weaknesses", "Weaknesses", "Be kind."),
    offline.Question("overall", "Overall", options=(("1", "Reject"), ("2", "Accept"))),
    offline.Question("more", "More (optional)"),
]
ANSWERS = {"weaknesses": "Short.\n== not a heading\n# nor help\n\\ nor an escape", "overall": "2", "more": ""}


def written(answers=ANSWERS):
    return offline.write("abcdefgh2345", 7, "Clouds", QUESTIONS, answers)


def read(text, form="abcdefgh2345"):
    return offline.read(text.encode() if isinstance(text, str) else text, form, QUESTIONS)


def faults(text, form="abcdefgh2345"):
    return [(each.line, each.words) for each in read(text, form).faults]


def test_what_is_written_is_read_again():
    filled = read(written())
    assert (filled.form, filled.revision, filled.faults) == ("abcdefgh2345", 7, [])
    assert filled.answers == ANSWERS


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n"), max_size=200))
def test_any_text_survives_the_file(text):
    expected = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    assert read(written({"weaknesses": text})).answers["weaknesses"] == expected


def line_of(text, beginning):
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(beginning))


def test_a_score_off_the_scale_is_named_with_its_line():
    text = written({"overall": "7"})
    assert faults(text) == [(line_of(text, "7"), "“7” is no answer to “Overall”. Write one of 1, 2.")]


def test_unknown_and_doubled_questions_are_named_with_their_lines():
    text = written() + "\n== nothing\nx\n== more\ny\n"
    assert [words for _, words in faults(text)] == [
        "There is no question “nothing” in this form.",
        "“More (optional)” stands here a second time.",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("== form abcdefgh2345 7\n", ""), "is missing"),
        (lambda text: text.replace("abcdefgh2345 7", "abcdefgh2345 seven"), "This line was changed"),
        (lambda text: text.replace("abcdefgh2345", "zzzzzzzz2345"), "another paper"),
        (lambda text: b"\x00\x01\x02", "no text file"),
        (lambda text: "", "is missing"),
    ],
)
def test_a_file_that_is_none_of_this_review_is_refused(change, words):
    assert any(words in said for _, said in faults(change(written())))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_tell_themselves_are_read(encoding):
    filled = read(written({"weaknesses": "Größe – schön"}).encode(encoding))
    assert (filled.answers["weaknesses"], filled.remark) == ("Größe – schön", "")


def test_an_encoding_that_had_to_be_guessed_is_said():
    filled = read(written({"weaknesses": "Größe"}).encode("cp1252"))
    assert filled.answers["weaknesses"] == "Größe"
    assert "not UTF-8" in filled.remark


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(data):
    filled = read(data)
    assert filled.faults or filled.form


LONG = "The second table lacks a baseline that others report; adding it would settle the question. " * 6


def test_a_long_and_friendly_review_gets_no_hint():
    assert hints([LONG]) == []
    assert hints([""]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nice work.", "has 2 words"),
        (LONG + "This is garbage.", "“garbage” may hurt"),
        (LONG + "The authors clearly do not understand Fourier.", "speaks of people"),
        (LONG + "Reject!!", "shouting"),
    ],
)
def test_what_could_be_said_more_helpfully_is_pointed_out(text, words):
    (hint,) = hints([text])
    assert words in hint


PEOPLE = Names({1: ("María Rossi-Čapek", ["maria@uni.example"]), 2: ("Jo Smith", []), 3: ("Cher", [])})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("As Maria Rossi Capek showed", {1}),
        ("see ROSSI-ČAPEK, MARÍA", {1}),
        ("write to Maria@Uni.example.", {1}),
        ("Smith Jo and Maria", {2}),
        ("John Smith", set()),
        ("Cher", set()),
        ("", set()),
    ],
)
def test_people_are_found_however_they_are_written(text, found):
    assert PEOPLE.in_text(text) == found


def test_nobody_to_look_for_is_nobody_found():
    assert Names({}).in_text("Anybody at all") == set()

"""Every mistake in an edition's file is told at once, in words, at its line and column."""

from pathlib import Path

import pytest

from ml4rs.editions.filing import InvalidFileError, read
from ml4rs.editions.filing.reading import read_yaml

BASICS = """\
edition:
  slug: toy
  name: Toy
  short_name: T
  time_zone: UTC
"""


def problems(text: str, folder: Path = Path()) -> list[tuple[int, int, str]]:
    with pytest.raises(InvalidFileError) as caught:
        read(text, folder)
    return [(each.line, each.column, each.words) for each in caught.value.problems]


def one(text: str) -> tuple[int, int, str]:
    (found,) = problems(BASICS + text)
    return found


def test_what_is_right_has_no_problems():
    assert read(BASICS, Path()).core.edition.slug == "toy"


def test_a_missing_key_is_told_where_it_is_missing():
    assert problems("edition:\n  slug: toy\n  name: Toy\n  time_zone: UTC\n") == [
        (2, 3, "“short_name” is missing here.")
    ]


def test_an_unknown_key_comes_with_a_guess():
    line, column, words = one("tracks:\n  - slug: a\n    name: A\n    page_limits: 4\n")
    assert (line, column) == (9, 5)
    assert words == "There is no key “page_limits” here. Did you mean “page_limit”?"


def test_an_unknown_section_too():
    assert one("topic: []\n") == (6, 1, "There is no key “topic” here. Did you mean “topics”?")


def test_a_key_that_stands_twice_names_the_first():
    assert one("topics: []\ntopics: []\n") == (7, 1, "“topics” stands here a second time; the first is in line 6.")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("date: 2025-02-30", "“2025-02-30” is no date. Write it as 2025-02-10, or “to be confirmed”."),
        ("date: 10 Feb", "“10 Feb” is no date. Write it as 2025-02-10, or “to be confirmed”."),
        ("date: [2025]", "Write a single value here, not a list or keys of its own."),
        ("at: 2025-03-03", "“2025-03-03” is no day with a time. Write it as 2025-03-03 12:00, or “to be confirmed”."),
        ("at: 2025-03-03 25:00", "“2025-03-03 25:00” is no day with a time. "
         "Write it as 2025-03-03 12:00, or “to be confirmed”."),
    ],
)  # fmt: skip
def test_dates_that_are_none(written, words):
    line, column, told = one(f"milestones:\n  - kind: submission\n    {written}\n")
    assert (line, told) == (8, words)
    assert column == 5 + written.index(":") + 2


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            "kind: submision",
            "“submision” is none of: submission, bidding, review, response, notification",
        ),
        ("kind: review\n    grace: soon", "“soon” is no span of time."),
        ("kind: review\n    track: posters", "There is no track “posters” in this file."),
        ("kind: review\n    anywhere_on_earth: perhaps", "“perhaps” is neither true nor false."),
        ("kind: review\n    at: 2025-03-03 12:00", "Give either `date`"),
    ],
)
def test_milestones_that_cannot_be(written, words):
    (found,) = problems(BASICS + f"tracks: []\nmilestones:\n  - date: 2025-02-10\n    {written}\n")
    assert words in found[2]


def test_a_time_that_the_clocks_skip_is_told():
    text = BASICS.replace("UTC", "Europe/Paris") + "milestones:\n  - kind: review\n    at: 2025-03-30 02:30\n"
    ((line, _, words),) = problems(text)
    assert line == 8
    assert "the clocks skip it" in words


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("topics:\n  - {slug: a, name: A}\n  - {slug: a, name: B}\n", "“a” stands here a second time."),
        ("people:\n  keynote:\n    - name: A\n    - name: A\n", "“A” stands here a second time."),
        ("milestones:\n  - {kind: review, date: 2025-01-01}\n  - {kind: review, date: 2025-01-02}\n",
         "“review” stands here a second time."),
        ("sponsor_tiers:\n  - {slug: g, name: G, amount: 3000}\n", "“3000” is no amount. Write it as 3000 EUR."),
        ("sponsor_tiers:\n  - {slug: g, name: G, amount: 1.999 EUR}\n", "EUR has no unit that small."),
        ("texts:\n  about: {body: ''}\n", "This cannot be empty."),
        ("texts:\n  About: {body: x}\n", "“About” does not do here. Use lower-case letters"),
        ("texts: [about]\n", "Write keys with values here"),
        ("topics: {a: b}\n", "Write a list here"),
        ("roles:\n  organiser: [nobody]\n", "“nobody” is no e-mail address."),
        ("people:\n  keynote:\n    - {name: A, url: example.org}\n", "“example.org” is no web address."),
        ("people:\n  keynote:\n    - {name: A, portrait: gone.png}\n", "There is no file “gone.png”"),
        ("tracks:\n  - {slug: a, name: A, page_limit: 0}\n", "0 is too small: at least 1."),
        ("tracks:\n  - {slug: a, name: A, page_limit: four}\n", "“four” is no whole number."),
        ("tracks:\n  - {slug: a, name: A, files: [{kind: manuscript, types: []}]}\n", "needs at least one entry"),
        ("tracks:\n  - {slug: a, name: A, questions: [{key: q, label: Q}, {key: q, label: R}]}\n",
         "“q” stands here a second time."),
        ("tracks:\n  - {slug: a, name: A, questions: [{key: q, label: Q, kind: choice}]}\n",
         "needs at least two `choices`"),
        ("tracks:\n  - {slug: a, name: A, severities: {page.size: shouts}}\n",
         "“shouts” is none of: blocks, warns, informs or ignored."),
        ("programme:\n  sessions:\n    - {slug: a, kind: orals, title: A, room: hall}\n", "There is no room “hall”"),
        ("programme:\n  sessions:\n    - {slug: a, kind: orals, title: A, time: 10:00 to 09:00}\n",
         "ends before it starts"),
        ("programme:\n  sessions:\n    - {slug: a, kind: orals, title: A, time: 09:00 to 10:00}\n",
         "This time needs a `day`"),
        ("travel: {who: friends}\n", "“friends” is none of: students or everybody."),
        ("mail: {reminders: [{to: everybody, hours_before: 3}]}\n", "there is no audience everybody"),
    ],
)  # fmt: skip
def test_other_mistakes_in_words(section, words):
    assert words in one(section)[2]


def test_speakers_come_from_the_people_of_the_file():
    text = (
        "people: {keynote: [{name: A}]}\nprogramme:\n  sessions:\n    - slug: s\n      kind: keynote\n      title: T\n"
    )
    text += "      slots:\n        - speakers: [A, B]\n"
    assert one(text) == (13, 25, "There is nobody called “B” under `people`.")


def test_two_sessions_in_one_room_at_a_time_are_told():
    session = "    - {{slug: {0}, kind: orals, title: {0}, room: hall, day: 2025-04-27, time: '{1}'}}\n"
    text = "programme:\n  rooms: [{slug: hall, name: Hall}]\n  sessions:\n"
    text += session.format("a", "09:00 to 10:00") + session.format("b", "09:30 to 10:30")
    line, _, words = one(text + session.format("c", "10:30 to 11:00"))
    assert line == 10
    assert words == "“a” is in hall at that time."


def test_all_of_them_at_once_in_the_order_of_the_lines():
    text = "edition:\n  slug: Toy\n  nam: Toy\n  short_name: T\n  time_zone: Mars/Utopia\ntracks:\n  - slug: a\n"
    assert [line for line, _, _ in problems(text)] == [2, 2, 3, 5, 7]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "The file has no keys."),
        ("- a\n", 1, "The file has no keys."),
        ("a: [1\nb: 2\n", 2, "This is not valid YAML"),
        ("a: 1\n---\nb: 2\n", 2, "This is not valid YAML"),
        ("edition: &e\n  slug: a\nother: *e\n", 3, "anchors and aliases"),
        ("edition:\n  slug: \x07\n", 2, "special characters are not allowed"),
        ("? [a]\n: b\n", 1, "A key is a single word."),
    ],
)
def test_what_is_no_edition_file_at_all(text, line, words):
    found = problems(text)
    assert found[0][0] == line
    assert any(words in told for _, _, told in found)


def test_deep_nesting_is_refused_and_not_followed():
    assert any("nested too deeply" in words for _, _, words in problems("a:\n  " + "[" * 40 + "]" * 40))


def test_values_are_what_was_written():
    text = "edition:\n  country: no\n  name: 2025\n  tagline: 0123\n  venue:\n  city: ~\n  host: '~'\n"
    assert read_yaml(text).data["edition"] == {
        "country": "no", "name": "2025", "tagline": "0123", "venue": None, "city": None, "host": "~",
    }  # fmt: skip

"""What a mail says: plain text as written, HTML that says the same, an edition's own words without any power."""

from datetime import date
from html.parser import HTMLParser

import pytest

from ml4rs.editions.tests.factories import EditionFactory
from ml4rs.notifications import wording
from ml4rs.notifications.models import Template
from ml4rs.notifications.registry import Recipient, mail_events

pytestmark = pytest.mark.django_db
SAMPLE = {"what": "Submit “Seeing fields”", "url": "https://x.org/a?b=1&c=2", "milestone": "Deadline", "due": "Monday",
          "remaining": "3 days"}  # fmt: skip
WORDED = [event for event in mail_events if not event.by_hand]


class Tags(HTMLParser):
    """Every tag with its attributes, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def words(edition=None, context=SAMPLE, name="Ada"):
    recipient = Recipient("ada@example.org", name)
    return wording.words_for("notifications.reminder", edition=edition, recipient=recipient, context=context)


@pytest.mark.parametrize("event", WORDED, ids=lambda event: event.name)
def test_the_usual_words_of_every_kind_of_mail_are_complete(event):
    """Every variable that the template uses is in the sample; an undefined one is an error in tests."""
    edition = EditionFactory(contact_email="chairs@example.org")
    subject, body = wording.default_wording(
        event.name, edition=edition, recipient=Recipient("ada@example.org", "Ada"), context=event.sample
    )
    assert subject
    assert len(body.split()) > 5
    assert "{{" not in subject + body


@pytest.mark.parametrize("event", WORDED, ids=lambda event: event.name)
def test_an_editions_own_words_can_start_from_the_usual_ones(event):
    subject, body = wording.starting_point(event, EditionFactory())
    assert wording.unknown_variables(subject + body, event) == []
    assert "{{ " in subject + body


def test_nothing_is_escaped_in_plain_text():
    found = words(context={**SAMPLE, "what": "Tom & Jerry's <b>"}, name="O'Brien")
    assert "Tom & Jerry's <b>" in found.subject
    assert "Hello O'Brien," in found.text
    assert "https://x.org/a?b=1&c=2" in found.text


def test_everything_is_escaped_in_html():
    found = words(context={**SAMPLE, "what": "<script>alert(1)</script> & <img src=x>"})
    tags = Tags(found.html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in tags.tags)
    assert "<script>alert(1)</script> & <img src=x>" in tags.text


def test_the_html_says_the_same_and_fetches_nothing():
    edition = EditionFactory()
    found = words(edition)
    tags = Tags(found.html)
    assert " ".join(found.text.replace("-- \n", "").split()) in " ".join(tags.text.split())
    assert all("src" not in attributes and "background" not in attributes for _, attributes in tags.tags)
    assert "url(" not in found.html


def test_links_are_links_without_the_full_stop_behind_them():
    html = wording.reworded("s", "See https://x.org/a?b=1&c=2. Or (https://y.org/).", None).html
    assert [a["href"] for tag, a in Tags(html).tags if tag == "a"] == ["https://x.org/a?b=1&c=2", "https://y.org/"]


def test_the_subject_begins_with_the_edition_and_its_year():
    assert words(EditionFactory(starts_on=date(2025, 4, 27))).subject.startswith("[ML4RS 2025] ")
    unknown = EditionFactory(starts_on=None, ends_on=None, host="ICLR 2026")
    assert words(unknown).subject.startswith("[ML4RS 2026] ")
    by_address = EditionFactory(starts_on=None, ends_on=None, host="", slug="iclr2027")
    assert words(by_address).subject.startswith("[ML4RS 2027] ")
    timeless = EditionFactory(starts_on=None, ends_on=None, host="", slug="next")
    assert words(timeless).subject.startswith("[ML4RS] ")


def test_a_subject_cannot_smuggle_a_header():
    found = words(context={**SAMPLE, "what": "Paper\r\nBcc: everybody@example.org"})
    assert "\n" not in found.subject
    assert "\r" not in found.subject
    assert "Paper Bcc: everybody@example.org" in found.subject


def test_a_subject_of_ten_thousand_letters_is_cut():
    assert len(words(context={**SAMPLE, "what": "x" * 10_000}).subject) == 300


def test_every_script_and_emoji_survives():
    name = "Ζωή 山田 الملكة 👩🏽‍🚀"
    assert name in words(name=name).text


def test_the_foot_says_why_and_who_answers(known_event):
    event = known_event(why="you are an author", sample=SAMPLE)
    found = words(EditionFactory(contact_email="chairs@example.org"))
    assert f"You get this mail because {event.why}. Answers go to the organisers." in found.text


# --- An edition's own words -----------------------------------------------------------------------


def own(edition, subject="{{ what }}", body="Dear {{ recipient_name }}, {{ what }}"):
    Template.objects.create(edition=edition, event="notifications.reminder", subject=subject, body=body)


def test_an_editions_own_words_win():
    edition = EditionFactory()
    own(edition)
    assert words(edition).text.startswith("Dear Ada, Submit “Seeing fields”")
    assert "Dear Ada, Submit" not in words(EditionFactory()).text


def test_own_words_reach_no_attribute_and_run_nothing():
    edition = EditionFactory()
    own(edition, body="{{ edition.contact_email }} {{ what.__class__ }} {% now 'Y' %} {{ what|upper }} {{ secret }}")
    text = words(edition, context={**SAMPLE, "secret": "Juniper"}).text
    assert "Juniper" not in text
    assert "{{ edition.contact_email }} {{ what.__class__ }} {% now 'Y' %} {{ what|upper }} {{ secret }}" in text


def test_a_value_is_not_looked_at_twice():
    edition = EditionFactory()
    own(edition)
    assert "{{ url }}" in words(edition, context={**SAMPLE, "what": "{{ url }}"}).text


def test_only_plain_values_are_offered(known_event):
    event = known_event(
        variables=("title", "number", "accepted", "files"),
        sample={"title": "T", "number": 1, "accepted": True, "files": [{"kind": "x"}]},
    )
    assert wording.offered(event) == ["title", "number", *wording.ALWAYS]


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("{{ what }} {{recipient_name}}", []),
        ("{{ waht }}", ["waht"]),
        ("{{ what.url }}", ["{{ what.url }}"]),
        ("{{ what|upper }}", ["{{ what|upper }}"]),
        ("{% if what %}", ["{% if what %}"]),
        ("50 % {of} all", []),
    ],
)
def test_unknown_variables_are_found_before_they_are_stored(known_event, text, strange):
    event = known_event(variables=("what",), sample={"what": "x"})
    assert wording.unknown_variables(text, event) == strange

"""Whom organisers are told to look at twice, and tables of people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from ml4rs.notifications.models import Message
from reviews.actions import invite
from reviews.invitees import lines_of_table, read_invitees
from reviews.matching.identities import Known
from reviews.models import Affinity, Bid, Reviewer
from reviews.tests.conftest import BIDDING
from reviews.tests.factories import ReviewerFactory
from submissions.tests.factories import SubmissionFactory

KNOWN = Known([("Grace Hopper", "grace@navylabs.edu"), ("Jo", "jo@modern-maps.org")])


@pytest.mark.parametrize(
    ("name", "email", "words"),
    [
        ("Hopper, Grace", "grace@gmail.com", "is known by another address, grace@navylabs.edu"),
        ("Ada", "ada@navy1abs.edu", "navy1abs.edu looks much like navylabs.edu"),
        ("Ada", "ada@navlyabs.edu", "looks much like"),
        ("Ada", "ada@navylab.edu", "looks much like"),
        ("Ada", "ada@rnodern-maps.org", "looks much like modern-maps.org"),
        ("Ada", "ada@nаvylabs.edu", "letters that can look like others"),
        ("Ada", "ada@xn--nvylabs-tfg.edu", "letters that can look like others"),
    ],
)
def test_what_is_suspicious_is_said(name, email, words):
    assert words in " ".join(KNOWN.suspicions(name, email))


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Grace Hopper", "grace@navylabs.edu"),
        ("Ada Lovelace", "ada@cs.navylabs.edu"),
        ("Ada Lovelace", "ada@elsewhere.edu"),
        ("Jo", "other@elsewhere.edu"),
        ("", "ada@gmail.com"),
    ],
)
def test_what_is_not_is_passed(name, email):
    assert KNOWN.suspicions(name, email) == []


@given(st.text(max_size=20), st.text(max_size=30))
def test_no_text_breaks_it(name, email):
    assert isinstance(KNOWN.suspicions(name, email), list)


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        (
            'name,email,affiliation\n"Lovelace, Ada",ada@x.edu,"Society, London"',
            "Ada Lovelace <ada@x.edu>, Society, London",
        ),
        ("E-Mail;Name\nada@x.edu;Ada Lovelace\n;;\n", "Ada Lovelace <ada@x.edu>"),
        ("Ada\tada@x.edu", "Ada <ada@x.edu>"),
        ("nobody,here\n", "nobody, here"),
        ("Ada,ada@x.edu\rBo,bo@x.edu\r", "Ada <ada@x.edu>\nBo <bo@x.edu>"),
        ("", ""),
    ],
)
def test_a_table_becomes_lines(table, lines):
    assert lines_of_table(table.encode()) == (lines, "")


def test_a_table_in_an_old_encoding_is_read_with_a_remark():
    lines, remark = lines_of_table("name,email\nRené,rene@x.edu".encode("cp1252"))
    assert lines == "René <rene@x.edu>"
    assert "not UTF-8" in remark


@given(st.binary(max_size=200))
def test_no_file_breaks_it(data):
    try:
        lines, _ = lines_of_table(data)
    except ValueError:
        return
    assert isinstance(lines, str)


def invite_page(stage, **data):
    there = reverse("reviews:invite", args=["iclr2025"])
    return stage.client(stage.organiser).post(there, {"load": "4", "people": "", **data}, follow=True)


def test_an_uploaded_table_is_shown_before_anything_is_sent(stage, mails):
    ReviewerFactory(edition=stage.edition, user__name="Grace Hopper", user__email="grace@navylabs.edu")
    table = "name,email\nAda Lovelace,ada@x.edu\nGrace Hopper,grace@elsewhere.edu\nNobody,\n"
    page = invite_page(stage, file=SimpleUploadedFile("people.csv", table.encode())).text
    assert "2 new, 0 known, 1 faulty" in page
    assert "Look twice" in page
    assert "Ada Lovelace &lt;ada@x.edu&gt;" in page
    assert not mails.messages
    people = "Ada Lovelace <ada@x.edu>\nGrace Hopper <grace@elsewhere.edu>"
    assert "Invited: 2" in invite_page(stage, people=people, send="1").text


@pytest.mark.parametrize(
    ("data", "words"), [(b"\0\1\2", "no text file"), (b"x" * 1_100_000, "larger than 1 MB"), (b"", "Write or upload")]
)
def test_what_is_no_table_is_refused_in_words(stage, data, words):
    assert words in invite_page(stage, file=SimpleUploadedFile("people.csv", data)).text


def test_who_cannot_be_reached_is_seen_at_a_glance(stage, mails):
    invite(stage.edition, read_invitees(stage.edition, "Ada <ada@x.edu>\nBo <bo@x.edu>"), by=stage.chair)
    Message.objects.filter(recipient="ada@x.edu").update(state="bounced", sent_at=stage.chair.now)
    client, there = stage.client(stage.organiser), reverse("reviews:committee", args=["iclr2025"])
    assert "Mail came back</span>" in client.get(there).text
    only = client.get(there + "?state=bounced").context["page"].object_list
    assert [row.email for row in only] == ["ada@x.edu"]


def test_papers_to_bid_on_come_by_closeness_with_a_nudge(stage, at):
    with at(BIDDING):
        far, near = (SubmissionFactory(track=stage.track, title=title) for title in ("A far one", "Zebras near"))
        reviewer = ReviewerFactory(edition=stage.edition)
        for paper, score in ((far, 0.1), (near, 0.9)):
            Affinity.objects.create(reviewer=reviewer, submission=paper, score=score)
        SubmissionFactory(track=stage.track, title="Not known")
        client, there = stage.client(reviewer.user), reverse("reviews:bids", args=["iclr2025"])
        page = client.get(there)
        titles = [paper.title for paper, _ in page.context["rows"]]
        assert titles == ["Zebras near", "A far one", "Not known"]
        assert "About 3 would help" in page.text
        for paper in (far, near):
            Bid.objects.create(reviewer=reviewer, submission=paper, level=2)
        Reviewer.objects.update(load=1)
        Bid.objects.create(reviewer=reviewer, submission_id=page.context["rows"][2][0].pk, level=1)
        assert "would help" not in client.get(there).text

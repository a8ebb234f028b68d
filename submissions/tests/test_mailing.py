"""Whom organisers reach when they write to authors, chosen as on their list."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from ml4rs.editions.tests.factories import RoleFactory
from ml4rs.notifications.models import Message
from reviews.tests.factories import ConflictFactory
from submissions.mailing import AUTHORS, authors
from submissions.tests.conftest import BEFORE
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")


@pytest.fixture
def papers(track):
    return [SubmissionFactory(track=track, authors=2) for _ in range(3)]


@pytest.fixture
def chair(track, viewer_of):
    return viewer_of(RoleFactory(edition=track.edition).user, track.edition, now=BEFORE)


def reached(chair, query=""):
    return [person.recipient.address for person in authors(chair, QueryDict(query))]


def test_the_corresponding_author_of_each_paper(chair, papers):
    assert reached(chair) == [paper.created_by.email for paper in papers]


def test_all_authors_where_all_are_meant_or_nobody_speaks_for_the_paper(chair, track, papers):
    assert len(reached(chair, "whom=all")) == 6
    paper = SubmissionFactory(track=track, authors=0, title="Juniper")
    AuthorshipFactory(submission=paper, email="a@x.example")
    AuthorshipFactory(submission=paper, email="b@x.example")
    assert reached(chair, "q=Juniper") == ["a@x.example", "b@x.example"]


def test_who_presents(chair, papers):
    presenter = papers[0].authorships.last()
    papers[0].authorships.filter(pk=presenter.pk).update(is_presenter=True)
    assert reached(chair, f"whom=presenter&paper={papers[0].public_id}") == [presenter.email]


def test_only_what_the_filters_and_the_ticks_leave(chair, papers):
    assert reached(chair, f"q=%23{papers[1].number}") == [papers[1].created_by.email]
    assert reached(chair, f"paper={papers[2].public_id}") == [papers[2].created_by.email]


def test_no_paper_that_the_organiser_is_in_conflict_with(chair, papers):
    ConflictFactory(user=chair.user, submission=papers[0])
    assert reached(chair) == [paper.created_by.email for paper in papers[1:]]
    assert reached(chair, f"paper={papers[0].public_id}") == []


def test_the_words_name_each_ones_own_paper(chair, papers):
    values = [person.values["title"] for person in authors(chair, QueryDict())]
    assert values == [paper.title for paper in papers]


def test_the_lists_button_leads_there_with_its_filters(client, track, chair, papers):
    client.force_login(chair.user)
    where = reverse("submissions:selected", args=[track.edition.slug])
    ticked = {"verb": "mail", "filters": "track=papers", "paper": [papers[0].public_id]}
    answer = client.post(where, ticked)
    there = reverse("notifications:write", args=[track.edition.slug, AUTHORS.name])
    assert answer.url == f"{there}?track=papers&paper={papers[0].public_id}"
    assert client.get(answer.url).context["people"][0].recipient.address == papers[0].created_by.email
    everything = client.post(where, {"verb": "mail", "filters": "track=papers", "scope": "all"})
    assert everything.url == f"{there}?track=papers"


def test_writing_costs_the_same_for_many_papers(client, track, chair, papers, cost_of):
    client.force_login(chair.user)
    where = reverse("notifications:write", args=[track.edition.slug, AUTHORS.name])
    client.get(where)
    with cost_of() as few:
        client.get(where)
    for _ in range(8):
        SubmissionFactory(track=track)
    with cost_of() as many:
        client.get(where)
    assert many.queries == few.queries <= 12


def test_each_mail_is_kept_with_its_paper(client, track, chair, papers):
    client.force_login(chair.user)
    where = reverse("notifications:write", args=[track.edition.slug, AUTHORS.name])
    page = client.get(where)
    data = {"subject": "Poster of {{ title }}", "body": "Number {{ number }}", "batch": "abcdefgh2345"}
    answer = client.post(where, {**data, "seen": page.context["digest"], "send": "1"})
    assert answer.status_code == 302
    assert set(Message.objects.values_list("submission_id", flat=True)) == {paper.pk for paper in papers}
    mail = Message.objects.get(submission_id=papers[0].pk)
    assert mail.subject.endswith(f"Poster of {papers[0].title}")
    assert f"Number {papers[0].number}" in mail.body_text

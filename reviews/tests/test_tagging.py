"""Tags: on papers, in the table, shown to whom they are for."""

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory
from reviews import actions
from reviews.models import Tag, Tagging
from reviews.queries.papers import judged
from reviews.queries.tagging import tagged, tags_of, tags_on
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory


@pytest.fixture
def papers(stage):
    return [SubmissionFactory(track=stage.track, title=title) for title in ("Clouds", "Rivers")]


def rows(viewer):
    return list(judged(viewer).order_by("pk"))


def put(stage, name, viewer=None, count=1):
    viewer = viewer or stage.chair
    return actions.tag(rows(viewer)[:count], name, by=viewer)


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


def names(viewer, paper):
    return [tag.name for tag in tags_on(viewer, [paper.pk])[paper.pk]]


def test_a_tag_is_put_on_many_papers_filtered_by_and_taken_off(stage, papers):
    client = stage.client(stage.organiser)
    ticked = {"paper": [paper.public_id for paper in papers], "verdict": "", "tag": "discuss"}
    client.post(url("decide"), {**ticked, "verb": "tag"})
    client.post(url("decide"), {**ticked, "paper": papers[1].public_id, "verb": "untag"})
    page = client.get(url("decisions") + "?tag=discuss").text
    assert "Clouds" in page
    assert "Rivers" not in page
    others = client.get(url("decisions") + "?tag=-discuss").text
    assert "Rivers" in others
    assert "Clouds" not in others
    assert '"tags": "discuss"' in client.get(url("decisions") + "?format=json").text


def test_the_same_word_is_one_tag_however_it_is_written(stage, papers):
    assert (put(stage, "Discuss"), put(stage, "#discuss")) == (1, 0)
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("word", ["", "two words", "a" * 31, "<script>", "~", "-minus"])
def test_what_is_no_word_is_refused(stage, papers, word):
    with pytest.raises(NotAllowed, match="is no tag"):
        put(stage, word)


def test_a_private_tag_is_its_owners_alone(stage, papers):
    other = stage.viewer(RoleFactory(edition=stage.edition).user)
    put(stage, "~mine")
    assert names(stage.chair, papers[0]) == ["~mine"]
    assert names(other, papers[0]) == []
    assert tags_of(other) == []
    assert not tagged(other, judged(other), "~mine").exists()
    assert not Entry.objects.filter(verb__startswith="paper.tagged").exists()
    found = Tag.objects.get()
    client = stage.client(other.user)
    assert client.post(url("change_tag", found.public_id), {"verb": "delete"}).status_code == 404


def test_tags_of_a_paper_in_conflict_are_hidden(stage, papers):
    put(stage, "shortlist")
    tied = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=tied, submission=papers[0])
    viewer = stage.viewer(tied)
    assert names(viewer, papers[0]) == []
    assert tags_of(viewer) == []
    assert "shortlist" not in stage.client(tied).get(url("decisions")).text
    with pytest.raises(NotAllowed):
        actions.tag(Submission.objects.seen_by(viewer).filter(pk=papers[0].pk) or [_blind(papers[0])], "x", by=viewer)


def _blind(paper):
    paper.is_chair = False
    return paper


def test_an_organiser_cannot_touch_the_tags_of_a_paper_in_conflict(stage, papers):
    put(stage, "award", count=2)
    tied = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=tied, submission=papers[0])
    viewer = stage.viewer(tied)
    actions.delete_tag(Tag.objects.get(), by=viewer)
    assert names(stage.chair, papers[0]) == ["award"]
    assert names(stage.chair, papers[1]) == []
    words = []
    for name in ("award", "nothing"):
        with pytest.raises(NotAllowed) as refusal:
            actions.untag([], name, by=viewer)
        words.append(str(refusal.value).replace(name, "*"))
    assert words[0] == words[1]


def test_reviewers_see_the_committees_tags_on_their_papers(stage, papers):
    put(stage, "dataset-paper", count=2)
    seat = AssignmentFactory(submission=papers[0], reviewer=ReviewerFactory(edition=stage.edition))
    viewer = stage.viewer(seat.reviewer.user)
    assert names(viewer, papers[0]) == []
    actions.change_tag(Tag.objects.get(), tone="good", audience="committee", by=stage.chair)
    assert names(viewer, papers[0]) == ["dataset-paper"]
    assert names(viewer, papers[1]) == []
    assert "dataset-paper" in stage.client(seat.reviewer.user).get(url("review", seat.public_id)).text


def test_colour_and_audience_are_changed_on_the_page(stage, papers):
    put(stage, "discuss")
    found, client = Tag.objects.get(), stage.client(stage.organiser)
    client.post(url("change_tag", found.public_id), {"tone": "bad", "audience": "committee"})
    found.refresh_from_db()
    assert (found.tone, found.audience) == ("bad", "committee")
    assert "Choose a colour" in client.post(url("change_tag", found.public_id), {"tone": "pink"}, follow=True).text
    client.post(url("change_tag", found.public_id), {"verb": "delete"})
    assert not Tagging.objects.exists()


@pytest.mark.parametrize("count", [1, 20])
def test_the_table_asks_for_tags_once(stage, cost_of, count):
    for number in range(count):
        SubmissionFactory(track=stage.track)
        put(stage, f"tag{number}", count=count)
    client = stage.client(stage.organiser)
    with cost_of() as cost:
        client.get(url("decisions"))
    assert cost.queries <= 13, cost.statements

"""Decisions against the room that the programme has: counted as each organiser sees them, and never a bar."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from reviews import actions
from reviews.actions.capacity import copy_capacities
from reviews.models import Capacity
from reviews.queries.capacity import tally
from reviews.tests.factories import ConflictFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory


def accept(stage, number, presentation="oral"):
    papers = [SubmissionFactory(track=stage.track) for _ in range(number)]
    seen = Submission.objects.seen_by(stage.chair).select_related("track").filter(pk__in=[p.pk for p in papers])
    actions.decide(list(seen), outcome="accepted", presentation=presentation, by=stage.chair)
    return papers


def orals(viewer):
    return next(each for each in tally(viewer).forms if each.presentation == "oral")


def url(name):
    return reverse(f"reviews:{name}", args=["iclr2025"])


def test_orals_are_counted_against_their_minutes(stage):
    Capacity.objects.create(edition=stage.edition, presentation="oral", minutes=50, minutes_each=20)
    accept(stage, 2)
    assert (orals(stage.chair).is_full, orals(stage.chair).is_over) == (True, False)
    accept(stage, 1)
    found = orals(stage.chair)
    assert (found.papers, found.capacity.room_for, found.minutes, found.is_over) == (3, 2, 60, True)


def test_the_table_of_decisions_says_so(stage):
    Capacity.objects.create(edition=stage.edition, presentation="oral", minutes=50, minutes_each=20)
    accept(stage, 3)
    page = stage.client(stage.organiser).get(url("decisions")).text
    assert "3 of 2 oral" in page
    assert "3 chosen, room for 2 (60 of 50 minutes)" in page


def test_papers_in_conflict_are_in_no_count(stage):
    other = RoleFactory(edition=stage.edition).user
    papers = accept(stage, 2)
    ConflictFactory(user=other, submission=papers[0])
    assert orals(stage.viewer(other)).papers == 1
    assert orals(stage.chair).papers == 2


def test_those_without_a_form_are_counted_apart(stage):
    accept(stage, 2, presentation="")
    SubmissionFactory(track=stage.track)
    found = tally(stage.chair)
    assert (found.formless, found.undecided, found.rejected) == (2, 1, 0)


def test_the_room_is_set_in_the_browser(stage):
    client = stage.client(stage.organiser)
    assert "Oral: minutes in all" in client.get(url("capacity")).text
    client.post(url("capacity"), {"oral-minutes": "90", "oral-minutes_each": "15", "poster-places": "40"})
    rows = set(Capacity.objects.values_list("presentation", "places", "minutes", "minutes_each"))
    assert rows == {("oral", None, 90, 15), ("poster", 40, None, None)}
    client.post(url("capacity"), {"poster-places": "30"})
    assert list(Capacity.objects.values_list("presentation", "places")) == [("poster", 30)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"oral-places": "3", "oral-minutes": "90", "oral-minutes_each": "15"}, "not both"),
        ({"oral-minutes": "90"}, "minutes need both"),
        ({"oral-minutes": "90", "oral-minutes_each": "0"}, "greater than or equal to 1"),
        ({"oral-places": "-1"}, "greater than or equal to 0"),
        ({"oral-places": "many"}, "whole number"),
    ],
)
def test_what_makes_no_sense_is_answered_in_words(stage, typed, words):
    page = stage.client(stage.organiser).post(url("capacity"), typed)
    assert page.status_code == 200
    assert words in page.text
    assert not Capacity.objects.exists()


def test_the_database_takes_one_measure_only(stage):
    for wrong in ({}, {"places": 1, "minutes": 2, "minutes_each": 1}, {"minutes": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Capacity.objects.create(edition=stage.edition, presentation="oral", **wrong)


def test_only_organisers_set_it(stage):
    for person in (ReviewerFactory(edition=stage.edition).user, UserFactory()):
        assert stage.client(person).get(url("capacity")).status_code == 404
        with pytest.raises(NotAllowed):
            actions.set_capacities(stage.edition, [], by=stage.viewer(person))


def test_the_next_edition_begins_with_the_same_room(stage):
    Capacity.objects.create(edition=stage.edition, presentation="poster", places=40)
    target = EditionFactory(slug="iclr2026")
    copy_capacities(stage.edition, target)
    assert list(target.capacities.values_list("presentation", "places")) == [("poster", 40)]

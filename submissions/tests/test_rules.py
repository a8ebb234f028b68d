"""What a file is held to follows from its track and its kind."""

import pytest

from ml4rs.editions.models import Track, TrackFile
from ml4rs.editions.tests.factories import TrackFactory
from submissions.models import FileVersion
from submissions.tasks import rules_for
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


def rules(file, **track):
    paper = SubmissionFactory(track=TrackFactory(**track))
    return rules_for(FileVersion(submission=paper, kind=file))


@pytest.mark.parametrize("track", [Track.Kind.SLIDE, Track.Kind.DEMO])
def test_a_slide_has_the_shape_of_a_slide_in_any_track(track):
    assert rules(TrackFile.Kind.SLIDE, kind=track).landscape


def test_a_paper_has_the_shape_of_a_page():
    assert not rules(TrackFile.Kind.MANUSCRIPT, kind=Track.Kind.PAPER).landscape


def test_authors_may_name_themselves_once_they_are_accepted():
    assert rules(TrackFile.Kind.MANUSCRIPT, blind="double").blind == "double"
    assert rules(TrackFile.Kind.CAMERA_READY, blind="double").blind == "none"


def test_only_the_main_file_has_a_length_to_keep_to():
    assert rules(TrackFile.Kind.MANUSCRIPT).is_main_file
    assert not rules(TrackFile.Kind.SUPPLEMENTARY).is_main_file

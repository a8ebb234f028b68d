"""One paper gets more time: it alone, until that moment, with its reason."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from ml4rs.editions.models import Edition, Extension
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from submissions import actions
from submissions.models import Submission
from submissions.policy import may_edit
from submissions.tests.conftest import AFTER, DEADLINE, LATER, pdf_file
from submissions.tests.factories import SubmissionFactory
from submissions.tests.pdfs import make_pdf

pytestmark = pytest.mark.usefixtures("mails")
UNTIL = DEADLINE + timedelta(days=1)


@pytest.fixture
def chair(track):
    return Viewer.of(RoleFactory(edition=track.edition).user, track.edition, AFTER)


def extend(paper, chair, kind="submission", until=UNTIL, reason="Their power was out"):
    return actions.extend(paper, kind, until=until, reason=reason, by=chair)


def may(viewer, paper) -> bool:
    return bool(may_edit(viewer, Submission.objects.seen_by(viewer).select_related("track").get(pk=paper.pk)))


def test_the_paper_may_come_in_until_then_and_no_later(author, at, chair, complete):
    late = at(author, AFTER)
    assert not may(late, complete)
    extend(complete, chair)
    assert may(at(author, UNTIL), complete)
    assert not may(at(author, UNTIL + timedelta(seconds=1)), complete)
    assert actions.submit(complete, by=at(author, AFTER)).state == "submitted"


def test_other_papers_of_the_same_author_get_no_more_time(author, at, chair, complete, track):
    other = SubmissionFactory(track=track, created_by=author.user, draft=True)
    extend(complete, chair)
    assert not may(at(author, AFTER), other)


def test_a_camera_ready_version_gets_more_time_as_well(author, at, accepted, track):
    past = LATER.replace(month=5)
    chair = Viewer.of(RoleFactory(edition=track.edition).user, Edition.objects.get(), past)
    extend(accepted, chair, "camera_ready", past + timedelta(days=1))
    upload = actions.upload(accepted, "camera_ready", pdf_file(data=make_pdf(3)), by=at(author, past))
    assert upload.version == 1


def test_authors_are_told_once_and_without_the_reason(chair, complete, mails):
    extend(complete, chair)
    (mail,) = mails.to("ada@quux.example", "submissions.extended")
    assert "Tue 11 Feb 2025, 23:59 AoE" in mail.body_text
    assert "power" not in mail.body_text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"until": AFTER - timedelta(hours=1)}, "still ahead"),
        ({"reason": " "}, "reason"),
        ({"kind": "review"}, "no such date"),
    ],
)
def test_what_makes_no_sense_is_refused(chair, complete, changed, words):
    with pytest.raises(NotAllowed, match=words):
        extend(complete, chair, **changed)
    assert not Extension.objects.exists()


def test_a_date_before_the_common_one_is_no_extension(track, complete, author, at):
    chair = Viewer.of(RoleFactory(edition=track.edition).user, track.edition, DEADLINE - timedelta(days=3))
    with pytest.raises(NotAllowed, match="no later"):
        extend(complete, chair, until=DEADLINE - timedelta(days=1))


def test_only_an_organiser_grants_it(author, at, complete):
    with pytest.raises(NotAllowed):
        extend(complete, at(author, AFTER))


def test_a_double_click_tells_nobody_twice(chair, complete, mails):
    extend(complete, chair)
    extend(complete, chair)
    assert len(mails.to("ada@quux.example", "submissions.extended")) == 1


def test_a_second_one_takes_the_place_of_the_first(chair, complete):
    extend(complete, chair)
    extend(complete, chair, until=UNTIL + timedelta(days=1))
    assert Extension.objects.get().until == UNTIL + timedelta(days=1)


def test_it_can_be_taken_back(author, at, chair, complete):
    extend(complete, chair)
    actions.revoke_extension(complete, "submission", by=chair)
    assert not may(at(author, AFTER), complete)
    with pytest.raises(NotAllowed, match="no extension"):
        actions.revoke_extension(complete, "submission", by=chair)


def test_the_form_reads_the_time_anywhere_on_earth(client, chair, complete):
    client.force_login(chair.user)
    address = reverse("submissions:extend", args=[complete.edition.slug, complete.public_id])
    with time_machine.travel(AFTER, tick=False):
        sent = {"kind": "submission", "until": "2025-02-12T23:59", "reason": "Power"}
        assert client.post(address, sent).status_code == 302
        assert "Power" in client.get(address).content.decode()
    assert Extension.objects.get().until.isoformat() == "2025-02-13T11:59:00+00:00"


def test_the_page_is_for_organisers_and_the_date_for_authors(client, author, chair, complete):
    extend(complete, chair)
    form = reverse("submissions:extend", args=[complete.edition.slug, complete.public_id])
    detail = reverse("submissions:detail", args=[complete.edition.slug, complete.public_id])
    with time_machine.travel(AFTER, tick=False):
        for user in (author.user, UserFactory()):
            client.force_login(user)
            assert client.get(form).status_code == 404
        client.force_login(author.user)
        assert "extended until" in client.get(detail).content.decode()
        assert "power" not in client.get(detail).content.decode()

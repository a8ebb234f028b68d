"""`manage.py demo`: whoever tries the system finds everything that there is to try."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from ml4rs.accounts.demo import TO_TRY
from ml4rs.accounts.models import User
from ml4rs.demo.checks import no_demo_accounts_in_production
from ml4rs.demo.showcase import PARTS, prepare
from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.queries import is_open
from ml4rs.editions.viewer import Viewer
from reviews.models import Assignment, Review, Reviewer
from submissions.models import Submission
from travel.models import Application, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def debug(settings, tmp_path):
    settings.DEBUG = True
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def demo(debug):
    prepare()


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@demo.example")


def test_outside_debug_mode_it_refuses(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="debug mode only"):
        call_command("demo")
    assert not User.objects.exists()


def test_the_real_edition_is_current_and_the_sandbox_is_public(demo):
    assert Edition.objects.get(is_current=True).slug == "iclr2025"
    sandbox = Edition.objects.get(slug="sandbox")
    assert sandbox.is_public
    assert "made up" in sandbox.tagline


def test_a_second_run_changes_nothing(demo):
    before = (User.objects.count(), Submission.objects.count(), Review.objects.count())
    assert prepare() == []
    assert (User.objects.count(), Submission.objects.count(), Review.objects.count()) == before


def test_weeks_later_the_dates_are_around_that_day_and_the_rest_stays(demo):
    sandbox = Edition.objects.get(slug="sandbox")
    sandbox.texts.filter(key="about").update(body="Our own words.")
    later = timezone.now() + timedelta(days=40)
    with time_machine.travel(later, tick=False):
        assert prepare() == ["The sandbox's dates are moved to around today."]
        tiny = sandbox.tracks.get(slug="tiny-papers")
        assert is_open(Edition.objects.get(slug="sandbox"), Milestone.Kind.SUBMISSION, later, tiny)
    assert sandbox.texts.get(key="about").body == "Our own words."


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_each_account_can_sign_in_with_the_known_password(demo, client, part):
    page = client.post("/accounts/login/", {"login": part.email, "password": "look-around"})
    assert page.status_code == 302
    assert client.get("/sandbox/my/").status_code == 200


def test_the_author_has_a_draft_to_mend_a_paper_under_review_and_one_with_a_decision(demo):
    papers = Submission.objects.filter(created_by=person("author"))
    assert sorted(papers.values_list("edition__slug", "state", "outcome")) == [
        ("rehearsal", "submitted", "accepted"),
        ("sandbox", "draft", ""),
        ("sandbox", "submitted", ""),
    ]
    newest = papers.get(state="draft").files.order_by("-version").first().reports.get()
    assert newest.verdict == "blocked"
    assert newest.findings.filter(code="length.over_limit").exists()


def test_the_rehearsal_is_over_and_complete(demo, client):
    assert Review.objects.filter(assignment__submission__edition__slug="rehearsal", state="submitted").count() > 60
    assert "Poster session" in client.get("/rehearsal/programme/").content.decode()
    assert Offer.objects.filter(application__edition__slug="rehearsal").exists()


def test_the_2025_edition_keeps_its_own_people_and_papers(demo):
    assert not Submission.objects.filter(edition__slug="iclr2025").exists()
    assert not Reviewer.objects.filter(edition__slug="iclr2025").exists()


def test_the_reviewer_has_one_review_done_one_begun_and_others_to_write(demo):
    mine = Assignment.objects.filter(reviewer__user=person("reviewer"), submission__edition__slug="sandbox")
    assert mine.count() == 4
    assert sorted(mine.values_list("review__state", flat=True), key=str) == [None, None, "draft", "submitted"]


def test_the_reviewer_sees_none_of_the_authors(demo):
    sandbox = Edition.objects.get(slug="sandbox")
    seen = Submission.objects.seen_by(Viewer.of(person("reviewer"), sandbox)).filter(reads=True)
    assert seen.exists()
    assert not seen.filter(sees_authors=True).exists()


def test_the_organiser_and_the_grants_officer_have_their_roles_in_all_editions(demo):
    editions = ("iclr2025", "rehearsal", "sandbox")
    for key, role in (("organiser", "organiser"), ("grants", "grants_officer")):
        held = person(key).roles.values_list("edition__slug", "name")
        assert sorted(held) == [(slug, role) for slug in editions]
    assert Application.objects.filter(edition__slug="sandbox", state="submitted").exists()


def test_the_page_says_what_to_try_and_one_press_leads_to_the_sandbox(demo, client):
    page = client.get("/demo/").content.decode()
    assert "look-around" in page
    for part in PARTS:
        assert client.post(f"/demo/{person(part.key).public_id}/").url == "/sandbox/my/"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_whatever_is_offered_to_try_opens(demo, client, part):
    for words, page in TO_TRY[part.key]:
        answer = client.post(f"/demo/{person(part.key).public_id}/", {"to": page}, follow=True)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, page), words


def test_administrators_are_warned_of_demo_accounts_in_production(demo, settings):
    assert no_demo_accounts_in_production(["default"]) == []
    settings.DEBUG = False
    (warning,) = no_demo_accounts_in_production(["default"])
    assert "4 demo accounts" in warning.msg
    assert no_demo_accounts_in_production(None) == []
    User.objects.filter(email__endswith="@demo.example").update(is_active=False)
    assert no_demo_accounts_in_production(["default"]) == []

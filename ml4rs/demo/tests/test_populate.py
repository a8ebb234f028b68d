"""`manage.py populate`: a load that is whole, keeps every rule of the database, and can be repeated."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from django.db import transaction

from ml4rs.accounts.models import User
from ml4rs.demo.population import AlreadyFilledError, Order, Star, populate
from ml4rs.demo.population.people import ascii_name
from ml4rs.demo.sandbox import FIRST_EDITION
from ml4rs.editions.filing import load, read
from ml4rs.editions.models import Edition
from ml4rs.editions.tests.factories import UserFactory
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from ml4rs.notifications.models import Message
from reviews.models import Affinity, Answer, Assignment, Bid, Conflict, Decision, Review, Reviewer
from schedule.models import Slot
from submissions.models import Authorship, FileVersion, Submission
from submissions.pdfcheck import check
from submissions.tasks import rules_for
from travel.models import Application, Offer, Pool

pytestmark = pytest.mark.django_db

MADE = (User, Submission, Authorship, FileVersion, Reviewer, Conflict, Assignment, Review, Slot, Application, Offer)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def edition() -> Edition:
    return load(read(FIRST_EDITION.read_text(), FIRST_EDITION.parent)).edition


def fingerprints() -> dict[str, list[str]]:
    """What was made, without the keys that the database counts."""
    return {model.__name__: sorted(_without_keys(row) for row in model.objects.all()) for model in MADE}


def without_times() -> dict[str, list[str]]:
    when = re.compile(r'"\w+_(at|on|joined|deadline)": (null|"[^"]*")')
    return {name: sorted(when.sub("", row) for row in rows) for name, rows in fingerprints().items()}


def _without_keys(row) -> str:
    keys = {field.name for field in row._meta.fields if field.is_relation} | {"password"}
    fields = [field.name for field in row._meta.fields if field.name not in keys]
    return serialize("jsonl", [row], fields=fields).replace(f'"pk": {row.pk}', "")


def test_everything_is_there_at_the_end(edition):
    populate(edition, Order(60, 20))
    assert Submission.objects.count() == 60
    assert {"draft", "submitted"} <= set(Submission.objects.values_list("state", flat=True))
    assert {"accepted", "invited"} & set(Reviewer.objects.values_list("state", flat=True))
    for model in (Conflict, Bid, Affinity, Assignment, Answer, Decision, Application, Offer):
        assert model.objects.exists(), model
    assert Slot.objects.filter(submission__isnull=False).exists()
    assert edition.releases.count() == 2


def test_no_mail_and_no_job_comes_of_it(edition):
    populate(edition, Order(20, 8))
    assert not Message.objects.exists()
    assert not Job.objects.exists()


def test_the_same_seed_gives_the_same_data_and_another_one_other_data(edition):
    seen = []
    for seed in (5, 5, 6):
        with transaction.atomic():
            populate(edition, Order(30, 10, seed))
            seen.append(fingerprints())
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]
    assert set(seen[0]["Submission"]).isdisjoint(seen[2]["Submission"])


def test_dates_that_lie_ahead_move_times_and_nothing_else(edition, media):
    """The sandbox's dates lie around today: another day must not make other people, papers or files."""
    due = edition.milestones.get(kind="submission", track=None).instant
    seen = []
    for ahead in (timedelta(days=9), timedelta(days=2, hours=5, minutes=7)):
        with transaction.atomic():
            populate(edition, Order(30, 10, 5), now=due - ahead)
            seen.append((without_times(), sorted(path.name for path in media.rglob("*") if path.is_file())))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


def test_nothing_is_later_than_the_instant_asked_for(edition):
    now = edition.milestones.get(kind="notification").instant - timedelta(days=2)
    populate(edition, Order(20, 8, phase="review"), now=now)
    assert not Review.objects.filter(updated_at__gt=now).exists()
    assert not Submission.objects.filter(submitted_at__gt=now).exists()


def test_a_second_time_with_the_same_seed_is_refused_and_another_seed_adds(edition):
    populate(edition, Order(10, 4, 1, "review"))
    with pytest.raises(AlreadyFilledError, match="seed 1 already"):
        populate(edition, Order(10, 4, 1, "review"))
    populate(edition, Order(10, 4, 2, "review"))
    assert Submission.objects.count() == 20


@pytest.mark.parametrize(
    ("phase", "there", "not_there"),
    [
        ("submission", Submission, Bid),
        ("bidding", Bid, Assignment),
        ("review", Review, Decision),
        ("decided", Decision, Application),
        ("released", Application, Offer),
    ],
)
def test_an_edition_can_stand_at_any_phase(edition, phase, there, not_there):
    populate(edition, Order(30, 10, phase=phase))
    assert there.objects.exists()
    assert not not_there.objects.exists()


def test_staged_decisions_do_not_show_on_the_papers(edition):
    populate(edition, Order(30, 10, phase="decided"))
    assert not Submission.objects.exclude(outcome="").exists()
    assert not Decision.objects.filter(state="released").exists()


def test_released_decisions_stand_on_the_papers(edition):
    populate(edition, Order(30, 10, phase="released"))
    for decision in Decision.objects.select_related("submission"):
        paper = decision.submission
        assert (paper.outcome, paper.presentation) == (decision.outcome, decision.presentation)
        assert paper.released_at == decision.released_at


def test_nobody_reviews_a_paper_in_conflict(edition):
    populate(edition, Order(60, 20, phase="review"))
    for user, paper in Assignment.objects.values_list("reviewer__user", "submission"):
        assert not Conflict.objects.filter(user=user, submission=paper).exists()
        assert not Authorship.objects.filter(user=user, submission=paper).exists()


def test_reviewers_see_what_is_assigned_to_them_and_no_names(edition):
    populate(edition, Order(30, 10, phase="review"))
    assignment = Assignment.objects.select_related("reviewer__user").first()
    seen = Submission.objects.seen_by(Viewer.of(assignment.reviewer.user, edition))
    assert seen.filter(pk=assignment.submission_id, reads=True, sees_authors=False).exists()


def test_the_check_says_of_the_pdfs_what_their_reports_say(edition, media):
    populate(edition, Order(12, 4, phase="submission"))
    versions = FileVersion.objects.filter(kind__in=["manuscript", "slide"]).order_by("pk")
    for version in versions[:4]:
        result = check(Path(version.stored.path), rules_for(version))
        report = version.reports.get()
        assert (result.verdict, result.pages) == (report.verdict, report.pages)
        assert result.main_text_pages == report.facts["main_text_pages"]
        assert Path(version.reviewers_copy.path).exists()


def test_no_more_money_is_promised_than_there_is(edition):
    populate(edition, Order(80, 20))
    pool = Pool.objects.get()
    standing = Offer.objects.filter(state__in=["open", "accepted"])
    assert pool.committed_minor == sum(standing.values_list("amount_minor", flat=True)) <= pool.amount_minor


def test_a_star_gets_a_paper_in_the_wanted_state_and_track(edition):
    user = UserFactory()
    populate(edition, Order(5, 2, phase="submission", tracks=("tiny-papers",), stars=(Star(user, "draft"),)))
    assert Submission.objects.get(created_by=user).state == "draft"
    assert set(Submission.objects.values_list("track__slug", flat=True)) == {"tiny-papers"}


def test_an_edition_without_dates_can_be_filled(edition):
    edition.milestones.all().delete()
    edition.sessions.all().delete()
    Edition.objects.filter(pk=edition.pk).update(starts_on=None)
    populate(Edition.objects.get(pk=edition.pk), Order(20, 8))
    assert Slot.objects.exists()


def test_names_with_any_letters_make_plain_addresses():
    assert ascii_name("Łukasz Dvořák") == "lukasz.dvorak"
    assert ascii_name("Đorđe O'Sullivan") == "dorde.osullivan"
    assert ascii_name("Thảo Nguyễn") == "thao.nguyen"


def test_the_command_asks_before_it_fills_a_real_site(edition, settings, capsys):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--force"):
        call_command("populate", "--edition=iclr2025", "--submissions=5", "--reviewers=2")
    call_command("populate", "--edition=iclr2025", "--submissions=5", "--reviewers=2", "--force", "--phase=review")
    assert "5 submissions by 11 authors" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("populate", "--edition=iclr2025", "--submissions=5", "--reviewers=2", "--force")
    with pytest.raises(CommandError, match="no edition"):
        call_command("populate", "--edition=iclr1999", "--force")
    with pytest.raises(CommandError, match="no such tracks"):
        call_command("populate", "--edition=iclr2025", "--track=posters", "--force")
    with pytest.raises(CommandError, match="at least one"):
        call_command("populate", "--edition=iclr2025", "--submissions=0", "--force")

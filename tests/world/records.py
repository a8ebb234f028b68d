"""An application for a grant with all that belongs to it, mails, and entries in the log."""

from datetime import UTC, datetime
from hashlib import sha256

from django.core.files.base import ContentFile

from ml4rs.audit.actions import record
from ml4rs.editions.tests.factories import UserFactory
from ml4rs.notifications.models import Message
from submissions.tests.pdfs import make_pdf
from tests.world.scene import World
from travel.models import Application, Confirmation, Plan, Pool, Proof


def apply_for_grant(world: World) -> None:
    applicant = UserFactory(name="Applicantsorrel", email="applicantsorrel@far.example")
    world.actors["applicant"] = applicant
    then = datetime(2025, 1, 31, tzinfo=UTC)
    world.application = Application.objects.create(
        edition=world.edition,
        user=applicant,
        state=Application.State.SUBMITTED,
        legal_name="Applicantsorrel",
        status="phd",
        institution="Far University",
        country="KE",
        airport="NBO",
        amount_minor=123_456,
        currency="EUR",
        benefit="Applicantsorrel wants to come.",
        is_true=True,
        consents=True,
        created_at=then,
        updated_at=then,
        submitted_at=then,
    )
    _proof_and_plan(world, then)


def _proof_and_plan(world: World, then: datetime) -> None:
    """A letter, an advisor who was asked, and an offer that is planned and not released."""
    letter = make_pdf(pages=1, text="Prooflaurel")
    proof = Proof(
        application=world.application,
        sha256=sha256(letter).hexdigest(),
        size=len(letter),
        content_type="application/pdf",
        uploaded_at=then,
    )
    proof.stored.save("x", ContentFile(letter))
    Confirmation.objects.create(
        application=world.application,
        name="Advisorlaurel",
        email="advisorlaurel@far.example",
        token_hash="0" * 64,
        asked_at=then,
    )
    pool = Pool.objects.create(edition=world.edition, name="Poolsycamore", amount_minor=500_000, currency="EUR")
    officer = world.actors["officer"]
    money = {"answer": Plan.Answer.OFFER, "pool": pool, "amount_minor": 123_456}
    Plan.objects.create(application=world.application, planned_by=officer, planned_at=then, **money)


def keep_records(world: World) -> None:
    """One mail and one audit entry about the paper, one of each about grants."""
    then = datetime(2025, 1, 31, tzinfo=UTC)
    about = (("Mailpaperclover", world.paper.pk, None), ("Mailgrantjuniper", None, world.application.pk))
    for text, paper_id, application_id in about:
        Message.objects.create(
            edition=world.edition,
            event="submissions.receipt",
            key=text,
            recipient="somebody@else.example",
            submission_id=paper_id,
            application_id=application_id,
            grants_only=application_id is not None,
            subject=text,
            body_text=text,
            state="sent",
            sent_at=then,
            created_at=then,
            due_at=then,
            message_id=f"<{text}@ml4rs>",
        )
    record(
        "submission.noted",
        by=None,
        edition=world.edition,
        subject=world.paper,
        submission_id=world.paper.pk,
        details={"note": "Auditpaperlarch"},
    )
    record(
        "grant.noted",
        by=None,
        subject=world.application,
        edition=world.edition,
        grants_only=True,
        details={"note": "Auditgrantalder"},
    )

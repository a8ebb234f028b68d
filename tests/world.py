"""A small world in which every person and every hidden text is a word found nowhere else.

`build_world(phase)` makes one edition with one double-blind paper, its people, and everything that may be
known of it in that phase. Whoever meets one of `World.canaries` has learnt the fact that it stands for.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import numpy as np
from django.core.files.base import ContentFile

from ml4rs.accounts.models import User
from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition, Question, Role, TrackFile
from ml4rs.editions.tests.factories import (
    EditionFactory,
    MilestoneFactory,
    RoleFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from ml4rs.notifications.models import Message
from reviews.actions import ensure_forms
from reviews.models import (
    Answer,
    Assignment,
    AssignmentRun,
    Award,
    AwardCandidate,
    Bid,
    Conflict,
    Decision,
    Delegation,
    Discussion,
    Exclusion,
    Field,
    JournalCandidate,
    JournalStream,
    MetaReview,
    Post,
    Rating,
    Response,
    Review,
    Tag,
    Tagging,
)
from reviews.proposing.scores import Scores
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
from schedule.models import Absence, PlacingRun, Resource, Session, Slot, StarList, Step
from submissions.models import Authorship, CheckReport, FileVersion, Finding, Submission
from submissions.tests.pdfs import make_pdf
from travel.models import Application, Confirmation, Plan, Pool, Proof

PHASES = ("submission", "bidding", "reviewing", "released", "rejected", "published")

# When each phase is looked at; the milestones of the edition lie between.
CLOCK = {
    "submission": datetime(2025, 2, 1, 12, tzinfo=UTC),
    "bidding": datetime(2025, 2, 12, 12, tzinfo=UTC),
    "reviewing": datetime(2025, 2, 20, 12, tzinfo=UTC),
    "released": datetime(2025, 3, 4, 12, tzinfo=UTC),
    "rejected": datetime(2025, 3, 4, 12, tzinfo=UTC),
    "published": datetime(2025, 4, 21, 12, tzinfo=UTC),
}

# Fact of visibility.yaml → words that only somebody who learnt the fact has met.
CANARIES: dict[str, tuple[str, ...]] = {
    "paper": ("Zephyrglade", "Umbraquill"),
    "manuscript": ("Manuscriptwort",),
    "supplementary": ("Supplementhazel",),
    "format_findings": ("Formatthistle",),
    "author_names": ("Corvina", "Featherinstitute"),
    "author_addresses": ("corvina.mailwren",),
    "answers_organisers": ("Answerash",),
    "answers_reviewers": ("Answerelm",),
    "answers_public": ("Answeroak",),
    "conditions": ("Conditionbirch",),
    "identity_findings": ("Identityfern",),
    "old_versions": ("Oldversionmoss",),
    "reviewer_identity": ("Ravenswrite", "Doverdone"),
    "review_text": ("Reviewheather",),
    "review_confidential": ("Confidentialivy",),
    "review_draft": ("Draftbramble",),
    "rating": ("Ratinghawthorn",),
    "meta_review": ("Metaviburnum",),
    "discussion": ("Discussionmaple", "Replyrowanberry"),
    "author_response": ("Responsehornbeam",),
    "response_draft": ("Responsedraftsloe",),
    "exclusions": ("Excludedmyrtle",),
    "tags": ("Tagspruce",),
    "proposals": ("Proposalquince",),
    "delegation": ("Colleaguecedar",),
    "decision_unreleased": ("Decisionrowan",),
    "decision_comment": ("Decisionrowan",),
    "award": ("Awardjasmine",),
    "journal": ("Journaltamarisk",),
    "camera_ready": ("Camerayarrow",),
    "grant_application": ("Applicantsorrel",),
    "grant_proof": ("Prooflaurel", "Advisorlaurel"),
    "grant_plan": ("Poolsycamore",),
    "mail_about_paper": ("Mailpaperclover",),
    "mail_about_grants": ("Mailgrantjuniper",),
    "audit_of_paper": ("Auditpaperlarch",),
    "audit_of_grants": ("Auditgrantalder",),
    "programme_unpublished": ("Programmelinden",),
}
CONFLICT_EVIDENCE = {"committee_conflict": "Evidencepoplar", "chair_conflict": "Evidencewillow"}


@dataclass
class World:
    edition: Edition
    paper: Submission
    actors: dict[str, User | None] = field(default_factory=dict)
    application: Application | None = None


def build_world(phase: str) -> World:
    """The edition as it stands in `phase`. Run with the clock frozen at `CLOCK[phase]`."""
    for factory in (UserFactory, TrackFactory, TopicFactory):
        factory.reset_sequence(0)
    edition = EditionFactory(slug="iclr2025", is_current=True, papers_public=phase == "published")
    _milestones(edition)
    switches = {"has_author_response": True, "journal_eligible": True, "has_meta_review": True}
    track = TrackFactory(edition=edition, slug="papers", reviews_per_paper=2, **switches)
    TrackFile.objects.create(track=track, kind="supplementary", types=["pdf"])
    TrackFile.objects.create(track=track, kind="camera_ready", types=["pdf"])
    for audience in Question.Audience.values:
        Question.objects.create(track=track, key=audience, label=f"For {audience}", audience=audience)
    TopicFactory(edition=edition)
    author = UserFactory(name="Ottoline Firstauthor", email="ottoline@first.example")
    paper = _paper(edition, track, author)
    world = World(edition, paper)
    world.actors = {"anyone": None, "stranger": UserFactory(name="Stranger"), "author": author}
    Exclusion.objects.create(
        submission=paper, line="Excludedmyrtle", reason="Why", named_by=author, named_at=paper.created_at
    )
    _staff(world)
    _committee(world)
    _files(world, phase)
    _grant(world)
    _records(world)
    Session.objects.create(
        edition=edition,
        slug="draft",
        kind="orals",
        title="Programmelinden",
        **_hours(datetime(2025, 4, 27, 2, tzinfo=UTC)),
    )
    if phase not in ("submission", "bidding"):
        _reviewing(world)
    if phase in ("released", "rejected", "published"):
        _release(world, "rejected" if phase == "rejected" else "accepted", published=phase == "published")
    return world


def _hours(start: datetime) -> dict:
    return {"starts_at": start, "ends_at": start + timedelta(hours=1)}


def _milestones(edition: Edition) -> None:
    for kind, instant in {
        "submission": datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC),
        "bidding": datetime(2025, 2, 15, 11, 59, 59, tzinfo=UTC),
        "review": datetime(2025, 2, 27, 11, 59, 59, tzinfo=UTC),
        "response": datetime(2025, 3, 1, 11, 59, 59, tzinfo=UTC),
        "notification": datetime(2025, 3, 3, 12, tzinfo=UTC),
        "camera_ready": datetime(2025, 4, 20, 11, 59, 59, tzinfo=UTC),
        "travel": datetime(2025, 3, 29, 11, 59, 59, tzinfo=UTC),
        "workshop": datetime(2025, 4, 27, 1, tzinfo=UTC),
    }.items():
        MilestoneFactory(edition=edition, kind=kind, instant=instant)


def _paper(edition: Edition, track, author: User) -> Submission:
    then = datetime(2025, 1, 30, 12, tzinfo=UTC)
    paper = Submission.objects.create(
        edition=edition,
        track=track,
        number=417,
        title="Zephyrglade",
        abstract="Umbraquill",
        declarations={"journal": True},
        answers={"organisers": "Answerash", "reviewers": "Answerelm", "public": "Answeroak"},
        state=Submission.State.SUBMITTED,
        created_by=author,
        created_at=then,
        updated_at=then,
        submitted_at=then,
    )
    Authorship.objects.create(
        submission=paper, position=0, name=author.name, email=author.email, user=author, is_corresponding=True
    )
    Authorship.objects.create(
        submission=paper,
        position=1,
        name="Corvina Quill",
        email="corvina.mailwren@quill.example",
        affiliation="Featherinstitute",
    )
    return paper


def _staff(world: World) -> None:
    for key, role in {
        "chair": Role.Name.ORGANISER,
        "chair_conflict": Role.Name.ORGANISER,
        "officer": Role.Name.GRANTS_OFFICER,
        "editor": Role.Name.SCHEDULE_EDITOR,
    }.items():
        world.actors[key] = RoleFactory(
            edition=world.edition, name=role, user=UserFactory(name=f"Staff {key.replace('_', ' ')}")
        ).user
    _conflict(world, "chair_conflict")


def _committee(world: World) -> None:
    for key, name in {
        "reviewer_writing": "Ravenswrite",
        "reviewer_done": "Doverdone",
        "committee": "Committeeplain",
        "committee_conflict": "Committeeconflict",
    }.items():
        person = UserFactory(name=name, email=f"{name.lower()}@{name.lower()}.example")
        reviewer = ReviewerFactory(edition=world.edition, user=person, show_publicly=False)
        world.actors[key] = person
        if key.startswith("reviewer"):
            Bid.objects.create(reviewer=reviewer, submission=world.paper, level=2)
    _conflict(world, "committee_conflict")


def _conflict(world: World, key: str) -> None:
    Conflict.objects.create(
        user=world.actors[key],
        submission=world.paper,
        kind="declared",
        evidence=CONFLICT_EVIDENCE[key],
        created_at=datetime(2025, 2, 1, tzinfo=UTC),
    )


def _files(world: World, phase: str) -> None:
    _file(world.paper, "manuscript", 1, "Oldversionmoss")
    current = _file(world.paper, "manuscript", 2, "Manuscriptwort")
    _file(world.paper, "supplementary", 1, "Supplementhazel")
    report = CheckReport.objects.create(
        file_version=current, rule_version="1", verdict="warnings", pages=4, checked_at=current.uploaded_at
    )
    Finding.objects.create(report=report, code="a", kind="format", severity="warns", message="Formatthistle")
    Finding.objects.create(report=report, code="b", kind="identity", severity="warns", message="Identityfern")
    if phase in ("released", "published"):
        _file(world.paper, "camera_ready", 1, "Camerayarrow")


def _file(paper: Submission, kind: str, version: int, text: str) -> FileVersion:
    content = make_pdf(pages=1, text=text, author="Corvina Quill" if kind != "camera_ready" else "")
    copy = make_pdf(pages=1, text=text)
    row = FileVersion(
        submission=paper,
        kind=kind,
        version=version,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        content_type="application/pdf",
        original_name="corvina.mailwren.pdf",
        uploaded_by=paper.created_by,
        uploaded_at=paper.submitted_at,
    )
    row.stored.save("x", ContentFile(content), save=False)
    row.reviewers_copy.save("x", ContentFile(copy), save=False)
    row.save()
    return row


def _grant(world: World) -> None:
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


def _records(world: World) -> None:
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


def _reviewing(world: World) -> None:
    form = ensure_forms(world.paper.track)
    texts = {f.audience: f for f in form.fields.filter(kind=Field.Kind.TEXT)}
    then = datetime(2025, 2, 18, 9, tzinfo=UTC)
    for key, letter in (("reviewer_writing", "K"), ("reviewer_done", "Q")):
        reviewer = world.edition.reviewers.get(user=world.actors[key])
        assignment = AssignmentFactory(submission=world.paper, reviewer=reviewer, pseudonym=letter)
        done = key == "reviewer_done"
        review = Review.objects.create(
            assignment=assignment,
            form=form,
            state="submitted" if done else "draft",
            created_at=then,
            updated_at=then,
            submitted_at=then if done else None,
        )
        words = "Reviewheather" if done else "Draftbramble"
        Answer.objects.create(review=review, field=texts[Field.Audience.AUTHORS], text=words)
        if done:
            chair = world.actors["chair"]
            Rating.objects.create(review=review, grade=3, note="Ratinghawthorn", rated_by=chair, rated_at=then)
            Answer.objects.create(review=review, field=texts[Field.Audience.ORGANISERS], text="Confidentialivy")
    _discussion(world)
    _respond(world)
    _tag_and_colleague(world)
    _propose(world)
    _award(world)
    Decision.objects.create(
        submission=world.paper,
        outcome="accepted",
        presentation="oral",
        comment="Decisionrowan",
        conditions="Conditionbirch",
        decided_by=world.actors["chair"],
        decided_at=datetime(2025, 2, 19, tzinfo=UTC),
    )


def _discussion(world: World) -> None:
    then = datetime(2025, 2, 19, 9, tzinfo=UTC)
    chair, done = world.actors["chair"], world.actors["reviewer_done"]
    seat = Assignment.objects.get(submission=world.paper, reviewer__user=done)
    MetaReview.objects.create(
        submission=world.paper, assignment=seat, text="Metaviburnum", recommendation="accepted",
        asked_by=chair, asked_at=then, submitted_at=then,
    )  # fmt: skip
    Discussion.objects.create(submission=world.paper, opened_by=chair, opened_at=then)
    said = Post.objects.create(submission=world.paper, writer=chair, text="Discussionmaple", created_at=then)
    Post.objects.create(
        submission=world.paper, writer=done, assignment=seat, parent=said, text="Replyrowanberry", created_at=then
    )


def _respond(world: World) -> None:
    """Sent, though the reviews are not shown: that authors may respond tells them nothing by itself."""
    then = datetime(2025, 2, 19, 10, tzinfo=UTC)
    Response.objects.create(
        submission=world.paper,
        text="Responsedraftsloe",
        sent_text="Responsehornbeam",
        written_by=world.actors["author"],
        updated_at=then,
        sent_at=then,
    )


def _award(world: World) -> None:
    """The paper wins, and nobody has been told."""
    then = datetime(2025, 2, 19, 11, tzinfo=UTC)
    award = Award.objects.create(edition=world.edition, name="Best paper", state="closed", created_at=then)
    AwardCandidate.objects.create(
        award=award,
        submission=world.paper,
        wins=True,
        laudation="Awardjasmine",
        nominated_by=world.actors["chair"],
        nominated_at=then,
    )


def _tag_and_colleague(world: World) -> None:
    then = datetime(2025, 2, 19, 9, tzinfo=UTC)
    tag = Tag.objects.create(edition=world.edition, name="Tagspruce")
    Tagging.objects.create(tag=tag, submission=world.paper, tagged_by=world.actors["chair"], tagged_at=then)
    seat = Assignment.objects.get(submission=world.paper, reviewer__user=world.actors["reviewer_writing"])
    Delegation.objects.create(
        assignment=seat, name="Colleaguecedar", email="colleaguecedar@far.example", reason="Why", proposed_at=then
    )


def _propose(world: World) -> None:
    """One more reviewer for the paper, beside those it has."""
    members = list(world.edition.reviewers.filter(state="accepted").order_by("pk"))
    comes = next(each for each in members if each.user == world.actors["committee"])
    paper, people = world.paper.pk, tuple(each.pk for each in members)
    scores = Scores((paper,), people, np.linspace(0.1, 0.9, len(people), dtype=np.float32).reshape(1, -1))
    standing = world.paper.assignments.values_list("submission_id", "reviewer_id")
    AssignmentRun.objects.create(
        edition=world.edition,
        figures={
            "papers": {str(paper): {"wanted": 3, "missing": 0, "conflicts": 1}},
            "standing": [list(pair) for pair in standing],
        },
        pairs=[[paper, comes.pk, 0.5, "Proposalquince", None, 0.5]],
        scores=scores.packed(),
        created_by=world.actors["chair"],
        created_at=datetime(2025, 2, 19, 9, tzinfo=UTC),
    )


def _follow(world: World) -> None:
    """What a programme brings with it: an absence, stars, a step that can be undone, a proposal of places."""
    at = datetime(2025, 3, 4, 12, tzinfo=UTC)
    author, editor = world.actors["author"], world.actors["editor"]
    Absence.objects.create(edition=world.edition, user=author, starts_at=at, ends_at=at.replace(hour=13))
    StarList.objects.create(edition=world.edition, user=author, items=["abc"])
    nothing = {"sessions": {}, "slots": {}}
    Step.objects.create(edition=world.edition, by=editor, words="Moved", before=nothing, after=nothing, done_at=at)
    figures = {"gap": 0, "seconds": 0.1}
    PlacingRun.objects.create(edition=world.edition, figures=figures, created_by=editor, created_at=at)


def _release(world: World, outcome: str, *, published: bool) -> None:
    at = datetime(2025, 3, 3, 12, tzinfo=UTC)
    accepted = outcome == "accepted"
    presentation, conditions = ("oral", "Conditionbirch") if accepted else ("", "")
    Decision.objects.filter(submission=world.paper).update(
        state="released", released_at=at, outcome=outcome, presentation=presentation, conditions=conditions
    )
    Submission.objects.filter(pk=world.paper.pk).update(
        outcome=outcome,
        presentation=presentation,
        conditions=conditions,
        released_at=at,
        published_at=datetime(2025, 4, 20, 13, tzinfo=UTC) if published else None,
    )
    if published:
        Award.objects.update(state="announced", announced_at=datetime(2025, 4, 20, 14, tzinfo=UTC))
    if outcome == "accepted":
        session = world.edition.sessions.get(slug="draft")
        slot = Slot.objects.create(session=session, submission=world.paper)
        Resource.objects.create(slot=slot, kind="slides", url="https://slides.example/")
        _follow(world)
        JournalStream.objects.create(edition=world.edition, name="Letters", portal_url="https://letters.example/")
        JournalCandidate.objects.create(
            submission=world.paper, article_type="Journaltamarisk", invited_by=world.actors["chair"], invited_at=at
        )

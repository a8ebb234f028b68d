"""What `manage.py demo` sets up: the 2025 edition, two made-up ones, and one account for each part that people play."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from ml4rs.accounts.demo import DOMAIN, PASSWORD
from ml4rs.accounts.models import User, random_public_id
from ml4rs.demo.population import Order, Star, populate
from ml4rs.demo.population.manuscripts import manuscript
from ml4rs.demo.population.scene import Draw
from ml4rs.demo.sandbox import FIRST_EDITION, REHEARSAL, REVIEWED_TRACK, SLUG, rehearsal_file, sandbox_file
from ml4rs.editions.filing import load, read
from ml4rs.editions.models import Edition, Role, TrackFile
from reviews.models import Reviewer
from submissions.actions import record_check
from submissions.models import FileVersion, Submission
from submissions.pdfcheck import check
from submissions.tasks import picture_slide, rules_for


@dataclass(frozen=True)
class Part:
    """Somebody to sign in as, and the role that this person has in every edition."""

    key: str
    name: str
    affiliation: str
    country: str
    role: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


PARTS = (
    Part("author", "Ada Author", "Coastal University", "GH"),
    Part("reviewer", "Ravi Reviewer", "Institute of the High Plains", "NP"),
    Part("organiser", "Olga Organiser", "Northern Lakes University", "FI", Role.Name.ORGANISER),
    Part("grants", "Gita Grants", "Foundation for Open Skies", "IN", Role.Name.GRANTS_OFFICER),
)

OPEN_TRACK = "tiny-papers"
_SINCE_REHEARSAL = timedelta(days=160)  # its committee was asked before its papers came
_KNOWN_TOPICS = ("self-supervised-learning", "time-series", "agriculture", "forestry")


@transaction.atomic
def prepare(now: datetime | None = None) -> list[str]:
    """Set up what is missing, and move the sandbox's dates to around today. What people changed stays."""
    now = now or timezone.now()
    done = []
    first = _first_edition(done)
    sandbox = _sandbox(now, done)
    rehearsal = _rehearsal(now, done)
    people = {part.key: _account(part) for part in PARTS}
    for part in PARTS:
        if part.role:
            for edition in (sandbox, rehearsal, first):
                Role.objects.get_or_create(edition=edition, name=part.role, user=people[part.key])
    _on_committee(sandbox, people["reviewer"], now)
    _on_committee(rehearsal, people["reviewer"], now - _SINCE_REHEARSAL)
    if not Submission.objects.filter(edition=sandbox).exists():
        _fill(sandbox, people["author"], now)
        done.append("The sandbox has papers, reviewers and reviews to look at.")
    if not Submission.objects.filter(edition=rehearsal).exists():
        populate(rehearsal, Order(40, 24, 3, "programme", stars=(Star(people["author"], quality=2),)), now=now)
        _draw_slides(rehearsal)
        done.append("The rehearsal has a programme, papers, reviews and grants to look back on.")
    return done


def _fill(sandbox: Edition, author: User, now: datetime) -> None:
    """Workshop papers under review, and what has come in so far on the tracks that are still open."""
    under_review = Order(24, 24, 1, "review", (REVIEWED_TRACK,), (Star(author),), with_grants=True)
    populate(sandbox, under_review, now=now)
    others = tuple(sandbox.tracks.exclude(slug=REVIEWED_TRACK).values_list("slug", flat=True))
    populate(sandbox, Order(11, 0, 2, "submission", others), now=now)
    draft = Order(1, 0, 3, "submission", (OPEN_TRACK,), (Star(author, Submission.State.DRAFT),))
    _replace_with_longer_file(populate(sandbox, draft, now=now).papers[0], now)


def _draw_slides(edition: Edition) -> None:
    """The pictures of slides that the check of an upload makes, for the screen in the room."""
    for version in FileVersion.objects.filter(submission__edition=edition, kind=TrackFile.Kind.SLIDE, picture=""):
        with TemporaryDirectory() as scratch:
            picture_slide(version, Path(version.stored.path), Path(scratch) / "picture")


def _replace_with_longer_file(draft: Submission, now: datetime) -> None:
    """A page too many, as the real check finds it: there is something to mend."""
    content = manuscript(Draw(draft.public_id), draft.title, draft.abstract, pages=draft.track.page_limit + 1)
    version = draft.files.get(kind=TrackFile.Kind.MANUSCRIPT)
    version.pk, version.public_id, version.version = None, random_public_id(), version.version + 1
    version.sha256, version.size, version.uploaded_at = sha256(content).hexdigest(), len(content), now
    version.stored.save("", ContentFile(content), save=False)
    version.reviewers_copy = version.stored.name
    version.save()
    record_check(version, check(Path(version.stored.path), rules_for(version)), None, at=now)


def _first_edition(done: list[str]) -> Edition:
    text = FIRST_EDITION.read_text(encoding="utf-8")
    file = read(text, FIRST_EDITION.parent)
    known = Edition.objects.filter(slug=file.core.edition.slug).first()
    if known is not None:
        return known
    done.append("The 2025 edition is loaded.")
    return load(file).edition


def _sandbox(now: datetime, done: list[str]) -> Edition:
    known = Edition.objects.filter(slug=SLUG).exists()
    loaded = load(read(sandbox_file(now.date(), only_dates=known), FIRST_EDITION.parent))
    if loaded.differences:
        done.append("The sandbox's dates are moved to around today." if known else "The sandbox edition is set up.")
    return loaded.edition


def _rehearsal(now: datetime, done: list[str]) -> Edition:
    known = Edition.objects.filter(slug=REHEARSAL).first()
    if known is not None:
        return known
    done.append("The rehearsal, an edition that is over, is set up.")
    return load(read(rehearsal_file(now.date()), FIRST_EDITION.parent)).edition


def _account(part: Part) -> User:
    user, is_new = User.objects.get_or_create(
        email=part.email, defaults={"name": part.name, "affiliation": part.affiliation, "country": part.country}
    )
    if is_new:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def _on_committee(edition: Edition, user: User, now: datetime) -> None:
    """As if invited, answered and done with declaring conflicts."""
    answered = {"state": Reviewer.State.ACCEPTED, "answered_at": now, "conflicts_declared_at": now}
    member, is_new = Reviewer.objects.get_or_create(
        edition=edition,
        user=user,
        defaults={
            "email": user.email,
            "name": user.name,
            "affiliation": user.affiliation,
            "profile": "Self-supervised learning on satellite time series; mapping of crops and forests.",
            "invited_at": now,
            **answered,
        },
    )
    if is_new:
        member.topics.set(edition.topics.filter(slug__in=_KNOWN_TOPICS))
    Role.objects.get_or_create(edition=edition, name=Role.Name.REVIEWER, user=user)

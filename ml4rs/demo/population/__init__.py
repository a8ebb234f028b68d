"""A made-up load for an edition: who submits, who reviews, what is decided and shown. The same seed, the same data."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from ml4rs.accounts.models import User
from ml4rs.demo.population import afterwards, judging
from ml4rs.demo.population.papers import add_papers
from ml4rs.demo.population.people import add_committee, add_people
from ml4rs.demo.population.scene import PHASES, Calendar, Draw, Scene, Star
from ml4rs.editions.models import Edition, Role
from reviews.models import Reviewer

__all__ = ["PHASES", "AlreadyFilledError", "Order", "Star", "populate"]

_AUTHORS_PER_PAPER = 2.2
_REVIEWED_SO_FAR = 0.6


class AlreadyFilledError(Exception):
    """The edition was filled with this seed before."""


@dataclass(frozen=True)
class Order:
    """What is wanted. `phase` is how far the edition has come; `tracks` are slugs, none for all."""

    submissions: int
    reviewers: int
    seed: int = 1
    phase: str = "programme"
    tracks: tuple[str, ...] = ()
    stars: tuple[Star, ...] = ()
    with_grants: bool = False  # also before decisions are out

    def has_reached(self, phase: str) -> bool:
        return PHASES.index(self.phase) >= PHASES.index(phase)


@transaction.atomic
def populate(edition: Edition, order: Order, *, now: datetime | None = None) -> Scene:
    """Fill an edition. Rows are made in bulk: no mail, no job, no log entry but the programme's release.

    The same order gives the same people, papers and files whenever it is given; where a date of the edition is
    still ahead, what would have happened by then is told to have happened before `now`.

    Raises:
        AlreadyFilledError: the edition was filled with this seed before.
        ValueError: the edition has no such tracks.
    """
    scene = _scene(edition, order, (now or timezone.now()).replace(minute=0, second=0, microsecond=0))
    add_people(scene, authors=max(4, round(order.submissions * _AUTHORS_PER_PAPER)), reviewers=order.reviewers)
    add_papers(scene, order.submissions)
    members = [*_members_before(scene), *add_committee(scene)]
    if order.has_reached("bidding"):
        _committee_work(scene, members, order)
    chair = _staff(scene, Role.Name.ORGANISER)
    if order.has_reached("decided"):
        judging.add_decisions(scene, chair, released=scene.calendar.released if order.has_reached("released") else None)
    if order.has_reached("released"):
        afterwards.answer_bonus_items(scene, scene.calendar.released)
    if order.has_reached("released") or order.with_grants:
        officer = _staff(scene, Role.Name.GRANTS_OFFICER)
        afterwards.add_grants(scene, officer, answered=order.has_reached("programme"))
    if order.has_reached("programme"):
        afterwards.add_final_files(scene)
        afterwards.add_programme(scene)
    return scene


def _scene(edition: Edition, order: Order, now: datetime) -> Scene:
    tracks = list(edition.tracks.prefetch_related("files"))
    if order.tracks:
        tracks = [track for track in tracks if track.slug in order.tracks]
    if not tracks:
        raise ValueError("The edition has no such tracks.")
    draw = Draw(f"{edition.slug}:{order.seed}")
    tag = sha256(f"{edition.slug}:{order.seed}".encode()).hexdigest()[:4] + "-"
    if User.objects.filter(email__contains=f".{tag}").exists():
        raise AlreadyFilledError(f"“{edition.slug}” was filled with seed {order.seed} already. Choose another seed.")
    topics = list(edition.topics.all())
    return Scene(edition, draw, Calendar(edition, now), tag, tracks, topics, stars=list(order.stars))


def _members_before(scene: Scene) -> list[Reviewer]:
    """Who is on the committee already and has declared conflicts; their reviews are theirs to write."""
    members = Reviewer.objects.filter(
        edition=scene.edition, state=Reviewer.State.ACCEPTED, conflicts_declared_at__isnull=False
    )
    found = list(members.select_related("user").order_by("pk"))
    scene.waiting = {member.pk for member in found}
    return found


def _committee_work(scene: Scene, members: list[Reviewer], order: Order) -> None:
    judging.add_conflicts(scene, members)
    matches = judging.Matches.of(scene, members)
    judging.add_preferences(scene, members, matches)
    if not order.has_reached("review"):
        return
    assignments = judging.add_assignments(scene, members, matches)
    judging.add_reviews(scene, assignments, share=1 if order.has_reached("decided") else _REVIEWED_SO_FAR)


def _staff(scene: Scene, role: str) -> User:
    """Somebody in this role, or an invented person who gets it."""
    held = Role.objects.filter(edition=scene.edition, name=role, user__isnull=False).select_related("user").first()
    if held is not None:
        return held.user
    name = f"Invented {role.replace('_', ' ')}"
    joined = scene.calendar.closes()
    user = User.objects.create_user(
        f"{role}.{scene.tag}0@staff.example", public_id=scene.draw.public_id(), name=name, date_joined=joined
    )
    Role.objects.create(edition=scene.edition, name=role, user=user)
    return user
